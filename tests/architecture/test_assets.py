"""Vendored files are what was vendored, and no page reaches outside or needs unsafe policies."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from tools import vendor

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src/cmis"
#: The names of the SVG language are identifiers, not addresses: nothing is fetched from them.
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")
OUTSIDE = [
    (re.compile(r"https?://", re.IGNORECASE), "an outside address"),
    (re.compile(r"""["'(]//[a-z]""", re.IGNORECASE), "a protocol-relative address"),
    (re.compile(r"@import", re.IGNORECASE), "an @import"),
]
INLINE = [
    (re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE), "a style attribute"),
    (re.compile(r"<style[\s>]", re.IGNORECASE), "a style element"),
    (re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE), "an event attribute"),
    (re.compile(r"javascript:", re.IGNORECASE), "a javascript: address"),
    (re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE), "an inline script"),
    (re.compile(r"\bhx-on\b|\bhx-on:", re.IGNORECASE), "an hx-on attribute"),
]
SCRIPT = [
    (re.compile(r"\beval\s*\(|new Function\s*\("), "evaluated code"),
    (re.compile(r"setAttribute\(\s*[\"']style"), "a style attribute"),
    (re.compile(r"\.innerHTML\s*="), "HTML put together from text"),
]


def faults_in(text: str, rules: list[tuple[re.Pattern[str], str]]) -> list[str]:
    for namespace in NAMESPACES:
        text = text.replace(f'"{namespace}"', '""')
    return [
        f"line {number}: {name}"
        for number, line in enumerate(text.splitlines(), 1)
        for rule, name in rules
        if rule.search(line)
    ]


def web_files() -> list[Path]:
    """Every template, style sheet and script of our own."""
    found = [
        path
        for folder in ("templates", "static")
        for path in SOURCE.rglob(f"{folder}/**/*")
        if path.suffix in (".html", ".txt", ".css", ".js", ".svg") and "vendor" not in path.parts
    ]
    return sorted(found)


def test_no_page_reaches_outside_or_needs_an_unsafe_policy() -> None:
    files = web_files()
    assert len(files) > 40
    found = []
    for path in files:
        rules = OUTSIDE + {".html": INLINE, ".svg": INLINE, ".js": SCRIPT}.get(path.suffix, [])
        text = path.read_text(encoding="utf-8")
        found += [f"{path.relative_to(ROOT)}: {fault}" for fault in faults_in(text, rules)]
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        '<link href="https://cdn.example/x.css">',
        '<script src="//cdn.example/x.js"></script>',
        "@import url(x.css);",
        '<p style="color:red">',
        '<button class="b" onclick="go()">',
        "<script>go()</script>",
        "<style>p{}</style>",
        '<a href="javascript:go()">',
        '<div hx-on:click="go()">',
        "element.innerHTML = text",
        "eval(text)",
    ],
)
def test_each_planted_fault_is_found(planted: str) -> None:
    assert faults_in(planted, OUTSIDE + INLINE + SCRIPT) != []


def test_vendored_files_are_unchanged() -> None:
    assert vendor.faults() == []


def test_a_changed_an_added_and_a_lost_file_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("changed")
    (tmp_path / "b.js").write_text("added")
    lines = [
        f'[[file]]\npath = "{name}"\nsha256 = "{hashlib.sha256(b"first").hexdigest()}"\n'
        for name in ("a.js", "c.js")
    ]
    (tmp_path / "VENDOR.toml").write_text("\n".join(lines))
    assert vendor.faults(tmp_path) == [
        "a.js: changed since it was vendored",
        "b.js: not listed in VENDOR.toml",
        "c.js: listed but missing",
    ]


def test_every_wanted_file_is_vendored_with_its_licence() -> None:
    listed = tomllib.loads(vendor.MANIFEST.read_text(encoding="utf-8"))["file"]
    wanted = {
        f"{package.folder}/{Path(name).name}": package.licence
        for package in vendor.wanted()
        for name in package.files
    }
    assert {item["path"]: item["licence"] for item in listed} == wanted
    assert set(wanted.values()) <= {"MIT", "OFL-1.1", "ISC", "BSD-2-Clause", "BSD-3-Clause"}
    assert all((vendor.VENDOR / package.folder / "LICENSE").exists() for package in vendor.wanted())


def test_the_lock_names_no_registry() -> None:
    assert "resolved" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")

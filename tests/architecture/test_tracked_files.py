"""What is committed runs anywhere, is tied to no machine, and holds no real person's data."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT, tracked

TEXT = {
    *(".py", ".md", ".toml", ".txt", ".in", ".cfg", ".ini", ".sh", ".yaml", ".yml", ".json"),
    *(".jsonl", ".csv", ".tsv", ".xml", ".xsd", ".html", ".css", ".js", ".po", ".typ", ".svg", ""),
}
#: Third-party files, kept byte for byte.
VENDORED = ("/static/vendor/", "LICENSE")

#: Written in two halves so that this file does not find itself.
PLACES = {
    "a home folder": r"/(?:root|home/[a-z]\w*)" + r"/(?!\.\.\.)",
    "a build machine's folder": r"(?<![\w.])/(?:work|opt/wheels|opt/pypi)" + r"(?:/|\b)(?!ing)",
    "a package index address": r"(?:files\.pythonhosted|registry\.npmjs|registry\.yarnpkg|pypi)"
    + r"\.(?:org|com)/(?:simple|packages|[@a-z][\w.-]*/-/)",
    "an option naming an index": r"--(?:extra-)?index-" + r"url|--find-" + r"links\b",
}
#: The lock maker has to know the options it refuses.
KNOWS_OPTIONS = {"tools/lock.py"}

#: Phones of the synthetic data: subscriber numbers that begin with 0000000.
PHONE = re.compile(r"(?<![\w.,=-])(?:\+84|0)(?:[35789]\d{8}|2\d{9})(?![\w.])")
SYNTHETIC_PHONE = re.compile(r"(?:\+84|0)(?:[35789]0000\d{4}|2\d000\d{6}|[35789]000\d{5})")
MAIL = re.compile(r"\b[\w.+-]+@([\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})\b")
RESERVED_DOMAIN = re.compile(r"(?:^|\.)(?:invalid|test|example|example\.(?:com|org|net))$")
#: Vietnamese identity-card numbers: province 001–096, then sex and century, then year.
IDENTITY = re.compile(r"(?<![\w.,-])0(?:0[1-9]|[1-8]\d|9[0-6])[0-3]\d{8}(?![\w.])")
#: Codes of units and customers of the trade; ours begin with PX, which no utility uses.
UNIT = re.compile(r"(?<![A-Za-z0-9])P[A-WYZ]\d{2}[0-9A-Z]{2}\d{5,9}(?![A-Za-z0-9])")


def readable() -> Iterator[tuple[str, str]]:
    """Every tracked text file as (place, text)."""
    for path in tracked():
        where = path.relative_to(ROOT).as_posix()
        if path.suffix in TEXT and not any(part in where for part in VENDORED):
            yield where, path.read_text(encoding="utf-8", errors="replace")


def faults(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group()


def personal(text: str) -> Iterator[str]:
    """Phones, addresses, identity numbers and codes that could be somebody's."""
    for match in PHONE.finditer(text):
        if not SYNTHETIC_PHONE.fullmatch(match.group()):
            yield f"phone {match.group()}"
    for match in MAIL.finditer(text):
        if not RESERVED_DOMAIN.search(match.group(1)):
            yield f"mail {match.group()}"
    yield from (f"identity number {match.group()}" for match in IDENTITY.finditer(text))
    yield from (f"code {match.group()}" for match in UNIT.finditer(text))


@pytest.mark.parametrize("kind", PLACES)
def test_no_file_is_tied_to_a_machine(kind: str) -> None:
    pattern = re.compile(PLACES[kind])
    found = [
        f"{where}:{line}: {text}"
        for where, content in readable()
        if not (kind == "an option naming an index" and where in KNOWS_OPTIONS)
        for line, text in faults(pattern, content)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a home folder", "open('/home/" + "lan/books')"),
        ("a home folder", "cd /root" + "/cmis"),
        ("a build machine's folder", "see /wo" + "rk/notes"),
        ("a package index address", "https://files.pythonhosted.org" + "/packages/aa/x.whl"),
        ("a package index address", "https://registry.npmjs.org" + "/idb/-/idb-8.0.4.tgz"),
        ("an option naming an index", "--extra-index-" + "url https://mirror.test/"),
    ],
)
def test_a_planted_place_is_found(kind: str, text: str) -> None:
    assert [line for line, _ in faults(re.compile(PLACES[kind]), text)] == [1]


def test_no_file_holds_data_that_could_be_a_persons() -> None:
    found = [
        f"{where}: {what}"
        for where, content in readable()
        if where != "tests/architecture/test_tracked_files.py" and "requirements/" not in where
        for what in sorted(set(personal(content)))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("gọi 0912345678 để hỏi", "phone 0912345678"),
        ("call +84987654321", "phone +84987654321"),
        ("lan.nguyen@gmail.com", "mail lan.nguyen@gmail.com"),
        ("CCCD 001190012345", "identity number 001190012345"),
        ("khách hàng PA25010012345", "code PA25010012345"),
    ],
)
def test_planted_personal_data_is_found(text: str, kind: str) -> None:
    assert kind in list(personal(text))


@pytest.mark.parametrize(
    "text", ["0900001234", "cskh@example.invalid", "PX01000000001", "MST 0000000017", "1.234.567"]
)
def test_synthetic_data_is_let_through(text: str) -> None:
    assert list(personal(text)) == []


def test_scripts_can_be_run() -> None:
    scripts = [path for path in tracked() if path.suffix == ".sh" or path == ROOT / ".ci" / "run"]
    assert [str(path) for path in scripts if not path.stat().st_mode & 0o111] == []
    assert ROOT / ".ci" / "run" in scripts


def test_locks_hold_hashes_for_every_package() -> None:
    for name in ("base", "dev"):
        lock = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pins = re.split(r"^(?=[A-Za-z0-9][\w.-]*==)", lock, flags=re.MULTILINE)[1:]
        assert pins
        assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_wanted_package_is_locked() -> None:
    def wanted(path: Path) -> set[str]:
        lines = path.read_text(encoding="utf-8").splitlines()
        names = (re.match(r"[A-Za-z0-9][\w.-]*", line) for line in lines)
        return {name.group().lower().replace("_", "-") for name in names if name}

    base, dev = ROOT / "requirements/base.txt", ROOT / "requirements/dev.txt"
    assert wanted(base.with_suffix(".in")) <= wanted(base)
    assert wanted(dev.with_suffix(".in")) | wanted(base) <= wanted(dev)

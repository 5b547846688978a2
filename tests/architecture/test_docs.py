"""The documents say what the code does: every code, command, setting and link is there and real."""

import argparse
import ast
import csv
import re
from pathlib import Path

import pytest

from cmis.interfaces.commands.main import build_parser
from tests.architecture.source_tree import ROOT
from tools import code_facts
from tools.docs import HEADER
from tools.reference_pages import LAW_TABLE, PAGES, table

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
CALL = re.compile(r"(?<![\w./-])(?:\.venv/bin/)?cmis ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)")
FENCE = re.compile(r"```(?:sh|console|bash|ini)\n(.*?)```|`(cmis [^`\n]+)`", re.DOTALL)
WRITTEN = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def read(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def commands(parser: argparse.ArgumentParser, words: str = "") -> set[str]:
    """Every command and every command group, as words."""
    found = set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                full = f"{words} {name}".strip()
                found |= {full} | commands(command, full)
    return found


def test_every_error_code_is_explained() -> None:
    explained = set(re.findall(r"^## (\S+)$", read("errors.md"), re.MULTILINE))
    assert {fact.code for fact in code_facts.errors()} == explained


def test_every_setting_is_explained() -> None:
    explained = set(re.findall(r"^\| `(CMIS_[A-Z_]+)` \|", read("settings.md"), re.MULTILINE))
    assert {fact.name for fact in code_facts.settings()} == explained


def test_every_command_is_explained() -> None:
    explained = set(re.findall(r"^## `cmis (.+)`$", read("commands.md"), re.MULTILINE))
    known = commands(build_parser())
    groups = {words.rsplit(" ", 1)[0] for words in known if " " in words}
    assert known - groups == explained


def test_every_generated_page_is_there_and_marked() -> None:
    assert [name for name in PAGES if not read(name).startswith(HEADER)] == []


def test_the_documents_call_only_commands_that_exist() -> None:
    known = commands(build_parser())
    unknown = set()
    for path in WRITTEN:
        for block, span in FENCE.findall(path.read_text(encoding="utf-8")):
            for call in CALL.findall(block or span):
                first, _, second = call.partition(" ")
                has_inner = any(words.startswith(f"{first} ") for words in known)
                if first not in known or (has_inner and second and call not in known):
                    unknown.add(f"{path.relative_to(ROOT)}: cmis {call}")
    assert sorted(unknown) == []


def test_every_link_between_documents_leads_somewhere() -> None:
    dead = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in WRITTEN
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target
        and not target.startswith("mailto:")
        and not (path.parent / target).exists()
    ]
    assert dead == []


def test_every_page_is_reached_from_the_index() -> None:
    seen: set[Path] = set()
    queue = [DOCS / "index.md"]
    while queue:
        path = queue.pop().resolve()
        if path in seen or path.suffix != ".md":
            continue
        seen.add(path)
        targets = LINK.findall(path.read_text(encoding="utf-8"))
        queue += [path.parent / target for target in targets if "://" not in target]
    assert sorted(str(p.relative_to(DOCS)) for p in set(DOCS.rglob("*.md")) - seen) == []


def law_rows() -> list[dict[str, str]]:
    with LAW_TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_law_table_points_at_files_that_exist() -> None:
    missing = [
        f"{row['article']}: {place}"
        for row in law_rows()
        for side, folder in (("built_in", ROOT / "src" / "cmis"), ("proved_by", ROOT / "tests"))
        for place in row[side].split(" · ")
        if place and not (folder / place).is_file()
    ]
    assert missing == []


def test_every_article_of_the_law_table_is_proved_by_a_test() -> None:
    assert [row["article"] for row in law_rows() if not row["proved_by"]] == []


PLANTED = Path("planted.py")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("class UnableToSee(UnableTo): pass", "UnableToSee needs code, what and next_step"),
        (
            "class UnableToSee(UnableTo):\n    code = 'X-1'\n    what = Bilingual('a', 'b')",
            "UnableToSee needs code, what and next_step",
        ),
        (
            "class UnableToSee(UnableTo):\n    code = 'X-1'\n    what = 'a'\n    next_step = 'b'",
            "UnableToSee needs code, what and next_step",
        ),
    ],
)
def test_a_failure_without_its_texts_is_refused(source: str, complaint: str) -> None:
    with pytest.raises(SystemExit, match=complaint):
        code_facts.errors({code_facts.ROOT / PLANTED: ast.parse(source)})


def test_two_failures_with_one_code_are_refused() -> None:
    one = (
        "class UnableToSee(UnableTo):\n    code = 'X-1'\n"
        "    what = Bilingual('a', 'b')\n    next_step = Bilingual(vi='c', en='d')\n"
    )
    (fact,) = code_facts.errors({code_facts.ROOT / PLANTED: ast.parse(one)})
    assert (fact.code, fact.what, fact.next_step) == ("X-1", ("a", "b"), ("c", "d"))
    with pytest.raises(SystemExit, match="UnableToHear and UnableToSee share X-1"):
        code_facts.errors(
            {code_facts.ROOT / PLANTED: ast.parse(one + one.replace("ToSee", "ToHear"))}
        )


def test_a_failure_is_found_under_any_name_at_any_depth() -> None:
    texts = "\n    what = next_step = Bilingual('a', 'b')\n"
    source = (
        f"class BookCut(UnableToRead):\n    code = 'X-2'{texts}"
        f"class UnableToRead(UnableTo):\n    code = 'X-1'{texts}"
        f"class Torn(failures.BookCut):\n    code = 'X-3'{texts}"
    )
    found = code_facts.errors({code_facts.ROOT / PLANTED: ast.parse(source)})
    assert [fact.name for fact in found] == ["UnableToRead", "BookCut", "Torn"]


@pytest.mark.parametrize(
    "source",
    ["os.environ['CMIS_NEW']", "os.environ.get('CMIS_NEW', '')", "os.getenv('CMIS_NEW')"],
)
def test_a_variable_that_nobody_describes_is_refused(source: str) -> None:
    with pytest.raises(SystemExit, match="CMIS_NEW"):
        code_facts.settings({code_facts.ROOT / PLANTED: ast.parse(source)})
    described = ast.parse(f"{source}\nsetting('CMIS_NEW', '1', 'What it does.')")
    (fact,) = code_facts.settings({code_facts.ROOT / PLANTED: described})
    assert (fact.name, fact.default, fact.meaning) == ("CMIS_NEW", "1", "What it does.")


def test_a_table_cell_cannot_break_its_table() -> None:
    assert table(("a", "b"), [("x|y", "two\nlines")]).splitlines()[2] == "| x\\|y | two lines |"


def test_every_package_of_the_product_has_its_licence_listed() -> None:
    lock = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
    installed = set(re.findall(r"^([a-z0-9][\w.-]*)==", lock, re.MULTILINE))
    listed = set(re.findall(r"^\| ([a-z0-9][\w.-]*) \| \S", read("licences.md"), re.MULTILINE))
    assert installed == listed

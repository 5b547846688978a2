"""Files of at most 400 lines, functions of at most 60; exceptions are named, few and still needed.

``size_allowances.txt`` holds one exception a line: place, lines allowed, reason.
"""

import ast
from pathlib import Path

from tests.architecture.source_rules import functions
from tests.architecture.source_tree import ROOT, parsed, python_files

FILE_LINES = 400
FUNCTION_LINES = 60
MOST_ALLOWANCES = 12
ALLOWANCES = Path(__file__).with_name("size_allowances.txt")


def allowances() -> dict[str, int]:
    """``{"src/…/x.py" or "src/…/x.py::function": lines}``; each line must give a reason."""
    allowed: dict[str, int] = {}
    for line in ALLOWANCES.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        where, lines, reason = line.split(maxsplit=2)
        assert reason
        allowed[where] = int(lines)
    return allowed


def measured() -> dict[str, int]:
    """Every file and function that is longer than the rule."""
    long: dict[str, int] = {}
    for path in python_files():
        where = path.relative_to(ROOT).as_posix()
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            long[where] = lines
        for name, length in functions(parsed(path)):
            if length > FUNCTION_LINES:
                long[f"{where}::{name}"] = length
    return long


def test_nothing_is_longer_than_allowed() -> None:
    allowed = allowances()
    too_long = {
        where: lines for where, lines in measured().items() if lines > allowed.get(where, 0)
    }
    assert too_long == {}


def test_every_exception_is_still_needed_and_they_are_few() -> None:
    allowed = allowances()
    assert sorted(set(allowed) - set(measured())) == []
    assert len(allowed) <= MOST_ALLOWANCES


def test_a_long_function_is_measured_without_its_docstring() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(70))
    docstring = '    """' + "a\n" * 30 + '    """\n'
    tree = ast.parse(f"def long():\n{docstring}{body}\n")
    assert list(functions(tree)) == [("long", 71)]

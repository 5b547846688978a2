"""The house rules hold in the tree, and each of them finds a planted fault."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import source_rules
from tests.architecture.exchange_names import EXCHANGE_NAMES
from tests.architecture.source_rules import EDGES, Fault
from tests.architecture.source_tree import (
    PURE,
    ROOT,
    SOURCE,
    parsed,
    place,
    product_files,
    python_files,
    tracked,
)

Rule = Callable[[ast.Module], Iterator[Fault]]


def everywhere(_where: str) -> bool:
    return True


def pure(where: str) -> bool:
    return where.split("/")[0] in PURE


def outside_modules(where: str) -> bool:
    return not where.startswith("modules/")


def outside_formats(where: str) -> bool:
    return not where.startswith("formats/")


def inside_the_edge(where: str) -> bool:
    return not where.startswith(EDGES)


HOUSE: list[tuple[Rule, Callable[[str], bool]]] = [
    (source_rules.floats, pure),
    (source_rules.clocks, pure),
    (source_rules.managers, outside_modules),
    (source_rules.broad_excepts, inside_the_edge),
    (source_rules.exchange_names, outside_formats),
]


@pytest.mark.parametrize(("rule", "applies"), HOUSE, ids=[rule.__name__ for rule, _ in HOUSE])
def test_the_tree_keeps_the_rule(rule: Rule, applies: Callable[[str], bool]) -> None:
    faults = [
        f"src/cmis/{place(path)}:{line}: {what}"
        for path in product_files()
        if applies(place(path))
        for line, what in rule(parsed(path))
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("rule", "source", "fault"),
    [
        (source_rules.floats, "vat = 0.08", (1, "float literal 0.08")),
        (source_rules.floats, "x = float('1')", (1, "the type float")),
        (source_rules.floats, "def f(x: float): ...", (1, "the type float")),
        (source_rules.floats, "a = np.zeros(3, dtype=np.float64)", (1, "the type float64")),
        (source_rules.floats, "z = 1j", (1, "float literal 1j")),
        (source_rules.clocks, "d = date.today()", (1, "reads the clock with .today")),
        (source_rules.clocks, "d = datetime.now(UTC)", (1, "reads the clock with .now")),
        (source_rules.clocks, "d = timezone.now()", (1, "reads the clock with .now")),
        (source_rules.clocks, "import time", (1, "imports time")),
        (source_rules.clocks, "from time import monotonic", (1, "imports from time")),
        (source_rules.managers, "Bill.objects.all()", (1, "reaches a table with .objects")),
        (
            source_rules.managers,
            "m = apps.get_model('a', 'B')",
            (1, "reaches a table with .get_model"),
        ),
        (source_rules.broad_excepts, "try: f()\nexcept Exception: pass", (2, "catches Exception")),
        (source_rules.broad_excepts, "try: f()\nexcept: pass", (2, "catches everything")),
        (
            source_rules.broad_excepts,
            "try: f()\nexcept (OSError, BaseException): pass",
            (2, "catches BaseException"),
        ),
        (source_rules.exchange_names, "row['MA_KHANG']", (1, "the exchange name MA_KHANG")),
        (source_rules.exchange_names, "path = './/HDon/DLHDon'", (1, "the exchange name DLHDon")),
        (source_rules.exchange_names, "BOCSO_ID = 1", (1, "the exchange name BOCSO_ID")),
        (source_rules.exchange_names, "f(SHDon=1)", (1, "the exchange name SHDon")),
        (source_rules.exchange_names, "row.CHUOI_GIA", (1, "the exchange name CHUOI_GIA")),
    ],
)
def test_a_planted_fault_is_found(rule: Rule, source: str, fault: Fault) -> None:
    assert fault in list(rule(ast.parse(source)))


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (source_rules.floats, "if isinstance(value, float): raise TypeError"),
        (source_rules.floats, "rate = Decimal('0.08')"),
        (source_rules.clocks, "start = date(2026, 7, 1)"),
        (source_rules.managers, "objects = list(found)"),
        (source_rules.broad_excepts, "try: f()\nexcept OSError: pass"),
        (source_rules.exchange_names, '"""Reads MA_KHANG."""\ncode = row.customer_code'),
        (source_rules.exchange_names, "code = 'UNKNOWN_BOCSO_ID'"),
    ],
)
def test_what_is_allowed_is_not_a_fault(rule: Rule, source: str) -> None:
    assert list(rule(ast.parse(source))) == []


def test_templates_and_scripts_name_no_exchange_field() -> None:
    """A page that shows a tax field by its tag would bind people's words to a file format."""
    faults = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in tracked()
        if path.is_relative_to(SOURCE)
        and path.suffix in {".html", ".js", ".txt"}
        and "formats" not in path.parts
        and "vendor" not in path.parts
        for name in sorted(
            EXCHANGE_NAMES.intersection(
                source_rules.TOKEN.findall(path.read_text(encoding="utf-8"))
            )
        )
    ]
    assert faults == []


def test_no_file_or_folder_has_a_vague_name() -> None:
    paths = set(python_files()) | {parent for path in python_files() for parent in path.parents}
    ours = [path for path in paths if path != ROOT and path.is_relative_to(ROOT)]
    assert [str(path.relative_to(ROOT)) for path in ours if source_rules.vague(path)] == []


@pytest.mark.parametrize(
    "name", ["utils.py", "helpers.py", "common.py", "misc.py", "date_utils.py"]
)
def test_a_vague_name_is_found(name: str) -> None:
    assert source_rules.vague(Path("src/cmis/kernel") / name)


@pytest.mark.parametrize("name", ["rounding.py", "commonwealth.py", "receipts.py"])
def test_an_honest_name_is_not_vague(name: str) -> None:
    assert not source_rules.vague(Path("src/cmis/kernel") / name)

"""Geometry of bars: lengths are shares of the longest, exact, and never negative."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cmis.interfaces.ui.charts import Bar, columns, drawn, per_mille


def test_lengths_are_shares_of_the_longest() -> None:
    rows = drawn([("5/2026", 100), ("6/2026", None), Bar("7/2026", 300, now=True), ("8/2026", -5)])
    assert [row.width for row in rows] == ["33.3%", "0.0%", "100.0%", "0.0%"]
    assert [row.bar.now for row in rows] == [False, False, True, False]


def test_all_zero_draws_nothing_and_divides_by_nothing() -> None:
    assert [row.width for row in drawn([("a", 0), ("b", 0)])] == ["0.0%", "0.0%"]
    assert drawn([]) == []


def test_decimals_need_no_float() -> None:
    assert [row.width for row in drawn([("a", Decimal("0.5")), ("b", Decimal("2"))])] == [
        "25.0%",
        "100.0%",
    ]


def test_a_true_zero_differs_from_a_missing_month() -> None:
    zero, missing, now = columns([0, None], 10, height=32)
    assert (zero.kind, zero.height, zero.y) == ("past", 1, 31)
    assert (missing.kind, missing.height) == ("missing", 31)
    assert (now.kind, now.height, now.x) == ("now", 32, 16)


@given(st.lists(st.one_of(st.none(), st.integers(-(10**12), 10**12)), max_size=30))
def test_every_column_stays_inside_the_picture(values: list[int | None]) -> None:
    for column in columns(values, 5, height=40):
        assert column.y >= 0
        assert column.y + column.height <= 40
        assert column.height >= 1


@given(st.integers(), st.integers())
def test_a_share_is_between_nothing_and_all(value: int, of: int) -> None:
    assert 0 <= per_mille(value, of) <= 1000

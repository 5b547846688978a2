"""Bulk work balances or does not exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.kernel.tally import NOTHING, Tally

COUNTS = st.integers(0, 10**9)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    done, held, failed = draw(COUNTS), draw(COUNTS), draw(COUNTS)
    return Tally(done + held + failed, done, held, failed)


def test_a_tally_that_does_not_balance_is_refused() -> None:
    message = r"done 3 \+ held 1 \+ failed 0 ≠ input 5"
    with pytest.raises(ValueError, match=message):
        Tally(5, 3, 1)


def test_a_tally_as_data() -> None:
    assert Tally(10, 7, 2, 1).as_dict() == {"input": 10, "done": 7, "held": 2, "failed": 1}


@given(one=tallies(), two=tallies())
def test_a_sum_of_tallies_balances_and_loses_nothing(one: Tally, two: Tally) -> None:
    both = one + two
    assert both.input == one.input + two.input
    assert (both.done, both.held, both.failed) == (
        one.done + two.done,
        one.held + two.held,
        one.failed + two.failed,
    )
    assert one + NOTHING == one


@given(tally=tallies(), off_by=st.integers(1, 10))
def test_any_missing_row_is_noticed(tally: Tally, off_by: int) -> None:
    with pytest.raises(ValueError, match="does not balance"):
        Tally(tally.input + off_by, tally.done, tally.held, tally.failed)

"""Half-open periods and the billing month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.kernel.period import BillingMonth, Period, days_in_month_before

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
MONTHS = st.builds(BillingMonth, st.integers(1901, 9998), st.integers(1, 12), st.integers(1, 3))


def test_the_start_belongs_to_a_period_and_the_end_does_not() -> None:
    period = Period(date(2026, 6, 13), date(2026, 7, 13))
    assert period.days == 30
    assert period.last_day == date(2026, 7, 12)
    assert date(2026, 6, 13) in period
    assert date(2026, 7, 12) in period
    assert date(2026, 7, 13) not in period
    assert date(2026, 6, 12) not in period


def test_an_empty_period_has_no_days() -> None:
    empty = Period(date(2026, 7, 1), date(2026, 7, 1))
    assert empty.days == 0
    assert list(empty.each_day()) == []
    assert date(2026, 7, 1) not in empty


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="ends 2026-06-30 before it starts 2026-07-01"):
        Period(date(2026, 7, 1), date(2026, 6, 30))


@given(start=DAYS, days=st.integers(0, 400), at=st.integers(0, 400))
def test_two_parts_of_a_period_have_all_its_days_once(start: date, days: int, at: int) -> None:
    period = Period(start, start + timedelta(days=days))
    cut = start + timedelta(days=min(at, days))
    first, second = period.split(cut)
    assert first.days + second.days == period.days
    assert [*first.each_day(), *second.each_day()] == list(period.each_day())
    assert all((day in first) != (day in second) for day in period.each_day())


def test_a_split_outside_the_period_is_refused() -> None:
    period = Period(date(2026, 7, 1), date(2026, 8, 1))
    with pytest.raises(ValueError, match="before it starts"):
        period.split(date(2026, 6, 30))
    with pytest.raises(ValueError, match="before it starts"):
        period.split(date(2026, 8, 2))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-7-1", BillingMonth(2026, 7, 1)),
        ("2026-07", BillingMonth(2026, 7, 1)),
        ("2026-12-3", BillingMonth(2026, 12, 3)),
    ],
)
def test_a_billing_month_is_read_as_people_write_it(text: str, month: BillingMonth) -> None:
    assert BillingMonth.parse(text) == month


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13-1", "2026-0-1", "2026-7-0", "2026-7-1-1", "7/2026", "-2026-7", "x-y"],
)
def test_what_is_not_a_billing_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a billing month"):
        BillingMonth.parse(text)


@given(month=MONTHS)
def test_a_billing_month_survives_being_written(month: BillingMonth) -> None:
    assert BillingMonth.parse(str(month)) == month


@given(month=MONTHS)
def test_previous_and_next_undo_each_other(month: BillingMonth) -> None:
    assert month.previous < month < month.next
    assert month.previous.next == month
    assert month.next.previous == month
    assert month.next.cycle == month.cycle


def test_december_is_followed_by_january() -> None:
    assert BillingMonth(2025, 12, 2).next == BillingMonth(2026, 1, 2)
    assert BillingMonth(2026, 1, 2).previous == BillingMonth(2025, 12, 2)


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (date(2026, 7, 12), 30),
        (date(2026, 8, 1), 31),
        (date(2026, 3, 31), 28),
        (date(2028, 3, 1), 29),
        (date(2026, 1, 15), 31),
    ],
)
def test_reference_days_are_those_of_the_month_before(day: date, days: int) -> None:
    assert days_in_month_before(day) == days

"""Working days of 2024–2027, terms and reading days."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.rules.calendar.table import UnableToCountWorkingDays, UnableToReadCalendar, load_table
from cmis.rules.calendar.working_days import (
    ReadingDay,
    UnableToShiftReadingDay,
    add_working_days,
    is_working_day,
    next_working_day,
    reading_day_with_shift,
    special_day,
    working_days_between,
)

MONTHS = {
    2024: [22, 16, 21, 19, 23, 20, 23, 22, 19, 23, 21, 22],
    2025: [17, 20, 21, 21, 20, 21, 23, 21, 20, 23, 20, 23],
    2026: [21, 15, 22, 20, 20, 22, 23, 21, 20, 22, 20, 23],
    2027: [20, 15, 23, 20, 20, 22, 22, 22, 20, 21, 21, 23],
}


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 250), (2026, 249), (2027, 249)])
def test_working_days_of_the_year_and_its_months(year: int, count: int) -> None:
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    months = [working_days_between(start, end) for start, end in itertools.pairwise(starts)]
    assert months == MONTHS[year]
    assert sum(months) == count


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 2), False),  # announced swap
        (date(2026, 1, 10), True),  # Saturday worked for it
        (date(2026, 2, 17), False),  # first day of Tết
        (date(2026, 4, 27), False),  # Hùng Kings' day fell on a Sunday
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 7, 11), False),
        (date(2026, 7, 13), True),
    ],
)
def test_single_days(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("received", "count", "due"),
    [
        (date(2025, 12, 31), 3, date(2026, 1, 7)),
        (date(2026, 1, 5), 5, date(2026, 1, 10)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),
        (date(2026, 7, 10), 0, date(2026, 7, 10)),
        (date(2026, 7, 11), 0, date(2026, 7, 13)),
    ],
)
def test_terms(received: date, count: int, due: date) -> None:
    assert add_working_days(received, count) == due


def test_a_unit_overrides_single_days() -> None:
    storm = {date(2026, 7, 13): False, date(2026, 7, 11): True}
    assert next_working_day(date(2026, 7, 13), storm) == date(2026, 7, 14)
    assert add_working_days(date(2026, 7, 10), 2, storm) == date(2026, 7, 14)
    assert add_working_days(date(2026, 7, 10), 2) == date(2026, 7, 14)
    assert is_working_day(date(2031, 1, 1), {date(2031, 1, 1): True})


def test_a_year_without_table_is_refused() -> None:
    with pytest.raises(UnableToCountWorkingDays) as refusal:
        add_working_days(date(2027, 12, 30), 3)
    assert refusal.value.values == {"year": 2028}


def test_a_negative_term_is_a_bug() -> None:
    with pytest.raises(ValueError, match="-1"):
        add_working_days(date(2026, 7, 13), -1)


@pytest.mark.parametrize(
    ("planned", "read"),
    [
        (date(2026, 7, 13), ReadingDay(date(2026, 7, 13), 0)),
        (date(2026, 7, 12), ReadingDay(date(2026, 7, 12), 0)),  # a Sunday is read as planned
        (date(2026, 4, 30), ReadingDay(date(2026, 4, 29), -1)),
        (date(2026, 5, 1), ReadingDay(date(2026, 5, 2), 1)),
        (date(2026, 2, 16), ReadingDay(date(2026, 2, 15), -1)),
    ],
)
def test_reading_days(planned: date, read: ReadingDay) -> None:
    assert reading_day_with_shift(planned) == read


def test_the_middle_of_tet_needs_an_approved_change() -> None:
    with pytest.raises(UnableToShiftReadingDay):
        reading_day_with_shift(date(2026, 2, 18))


def test_days_keep_their_certainty_and_source() -> None:
    open_day = special_day(date(2026, 11, 24))
    swapped = special_day(date(2026, 1, 2))
    assert open_day is not None
    assert swapped is not None
    assert open_day.certainty == "open"
    assert "12729/VPCP-KGVX" in swapped.source
    assert special_day(date(2026, 7, 13)) is None


def test_a_day_under_the_wrong_year_is_refused(tmp_path) -> None:
    path = tmp_path / "days.yaml"
    path.write_text(
        "years:\n  - {year: 2026, source: x, days: [{date: 2025-01-01, kind: holiday,"
        " name_vi: a, name_en: b, certainty: observed}]}\n",
        encoding="utf-8",
    )
    with pytest.raises(UnableToReadCalendar):
        load_table(path)


_DAYS = st.dates(date(2024, 1, 1), date(2027, 6, 30))


@given(day=_DAYS, count=st.integers(1, 60))
def test_a_term_ends_on_a_working_day_with_so_many_between(day: date, count: int) -> None:
    due = add_working_days(day, count)
    assert is_working_day(due)
    assert working_days_between(day + timedelta(days=1), due + timedelta(days=1)) == count


@given(day=_DAYS, count=st.integers(1, 30), more=st.integers(0, 30))
def test_terms_add_up(day: date, count: int, more: int) -> None:
    assert add_working_days(add_working_days(day, count), more) == add_working_days(
        day, count + more
    )

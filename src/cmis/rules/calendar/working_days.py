"""Counting working days and moving reading days off holidays.

``overrides`` replaces single days for one organisation: True is worked, False is off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.rules.calendar.table import (
    CalendarTable,
    DayKind,
    SpecialDay,
    UnableToCountWorkingDays,
    load_table,
)

Overrides = Mapping[date, bool]
NO_OVERRIDES: Overrides = MappingProxyType({})

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)


class UnableToShiftReadingDay(UnableTo):
    """A reading day on a holiday has no free day beside it."""

    code = "CAL-003"
    what = Bilingual(
        "Ngày ghi {day} là ngày nghỉ lễ và cả hai ngày liền kề cũng nghỉ.",
        "The reading day {day} is a holiday, and so are the days beside it.",
    )
    next_step = Bilingual(
        "Trình duyệt thay đổi lịch ghi chỉ số cho kỳ này.",
        "Have a change of the reading calendar approved for this period.",
    )


@dataclass(frozen=True, slots=True)
class ReadingDay:
    """The day a book is read and how far it lies from the calendar (−1, 0, +1)."""

    day: date
    shift_days: int


def special_day(day: date, table: CalendarTable | None = None) -> SpecialDay | None:
    """What the calendar says of a day that differs from the week."""
    return (table or load_table()).days.get(day)


def is_working_day(day: date, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether a day is worked: by override, by the table, by the week.

    Raises:
        UnableToCountWorkingDays: the year is not in the calendar and the day not overridden.
    """
    if day in overrides:
        return overrides[day]
    table = load_table()
    if day.year not in table.years:
        raise UnableToCountWorkingDays(year=day.year)
    special = table.days.get(day)
    if special is not None:
        return special.kind is DayKind.MADE_UP
    return day.weekday() < _SATURDAY


def is_holiday(day: date, overrides: Overrides = NO_OVERRIDES) -> bool:
    """Whether a day is a public holiday or an announced day off; a plain weekend is not.

    Raises:
        UnableToCountWorkingDays: the year is not in the calendar and the day not overridden.
    """
    if day in overrides:
        return not overrides[day]
    table = load_table()
    if day.year not in table.years:
        raise UnableToCountWorkingDays(year=day.year)
    special = table.days.get(day)
    return special is not None and special.kind is not DayKind.MADE_UP


def next_working_day(day: date, overrides: Overrides = NO_OVERRIDES) -> date:
    """``day`` itself when it is worked, or the first worked day after it."""
    while not is_working_day(day, overrides):
        day += _ONE_DAY
    return day


def add_working_days(day: date, count: int, overrides: Overrides = NO_OVERRIDES) -> date:
    """The due day of a term of ``count`` working days from an event on ``day``.

    The day of the event does not count; a term of 0 ends on it, moved to a working day (Civil
    Code 91/2015/QH13, art. 147–148).

    Raises:
        ValueError: ``count`` is negative.
        UnableToCountWorkingDays: the calendar ends before the term does.
    """
    if count < 0:
        raise ValueError(f"a term of {count} working days")
    for _ in range(count):
        day = next_working_day(day + _ONE_DAY, overrides)
    return next_working_day(day, overrides)


def working_days_between(start: date, end: date, overrides: Overrides = NO_OVERRIDES) -> int:
    """Working days in ``[start, end)``."""
    return sum(
        is_working_day(start + timedelta(days=offset), overrides)
        for offset in range((end - start).days)
    )


def reading_day_with_shift(planned: date, overrides: Overrides = NO_OVERRIDES) -> ReadingDay:
    """The day a book planned for ``planned`` is read: a holiday moves it by one day (READ-04).

    A plain weekend does not move it, since reading days are fixed days of the month. The day before
    is tried first: an earlier reading never delays the invoice.

    Raises:
        UnableToShiftReadingDay: both neighbours are holidays too (Tết).
        UnableToCountWorkingDays: the year is not in the calendar.
    """
    for shift_days in (0, -1, 1):
        day = planned + timedelta(days=shift_days)
        if not is_holiday(day, overrides):
            return ReadingDay(day, shift_days)
    raise UnableToShiftReadingDay(day=planned.isoformat())

"""The dated table of days that differ from the week, from its own data file."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from cmis.kernel.errors import Bilingual, UnableTo

DATA = Path(__file__).parent / "data" / "working_days.yaml"


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    SWAP_OFF = "swap_off"
    MADE_UP = "made_up"


class UnableToReadCalendar(UnableTo):
    """The data file of the calendar breaks its form."""

    code = "CAL-001"
    what = Bilingual(
        "Không đọc được lịch làm việc: {problem}.", "The working calendar is unusable: {problem}."
    )
    next_step = Bilingual("Sửa tệp lịch làm việc.", "Correct the calendar file.")


class UnableToCountWorkingDays(UnableTo):
    """A day lies in a year the calendar does not hold."""

    code = "CAL-002"
    what = Bilingual(
        "Lịch làm việc chưa có năm {year}.", "The working calendar does not hold the year {year}."
    )
    next_step = Bilingual(
        "Bổ sung ngày nghỉ của năm {year} vào lịch làm việc.",
        "Add the days off of {year} to the calendar.",
    )


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is off inside the week, or worked on a weekend."""

    day: date
    kind: DayKind
    name: Bilingual
    certainty: str
    source: str


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """``version`` names the contents; it is stored with every deadline counted by them."""

    version: str
    years: frozenset[int]
    days: dict[date, SpecialDay]


@lru_cache(maxsize=4)
def load_table(path: Path = DATA) -> CalendarTable:
    """The calendar of a data file, read once a process.

    Raises:
        UnableToReadCalendar: wrong form, a day in the wrong year or named twice.
    """
    raw = path.read_bytes()
    try:
        content = yaml.safe_load(raw)
        years = {int(entry["year"]): entry for entry in content["years"]}
        days: dict[date, SpecialDay] = {}
        for year, entry in years.items():
            for item in entry["days"]:
                special = _special_day(item, entry["source"])
                if special.day.year != year or special.day in days:
                    raise UnableToReadCalendar(problem=f"{special.day} in the year {year}")
                days[special.day] = special
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise UnableToReadCalendar(problem=" ".join(str(error).split())) from error
    return CalendarTable(hashlib.sha256(raw).hexdigest()[:12], frozenset(years), days)


def _special_day(item: dict[str, Any], source: str) -> SpecialDay:
    day = item["date"]
    if not isinstance(day, date):
        raise UnableToReadCalendar(problem=f"{day!r} is no day")
    return SpecialDay(
        day=day,
        kind=DayKind(item["kind"]),
        name=Bilingual(item["name_vi"], item["name_en"]),
        certainty=item["certainty"],
        source=source,
    )

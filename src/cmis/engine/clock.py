"""The only clock of the house: real time, or a fixed one for rehearsals and tests."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

#: Viet Nam has one zone without summer time.
VIETNAM = timezone(timedelta(hours=7), "+07")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


def fixed_clock(text: str) -> Clock:
    """A clock that stands still at an ISO time; without a zone it is Vietnamese time.

    Raises:
        ValueError: when the text is not an ISO date and time.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    return lambda: moment.astimezone(UTC)


def clock_of(text: str) -> Clock:
    """The fixed clock named in a setting, or real time when it is empty."""
    return fixed_clock(text) if text else system_clock


def local_date(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()

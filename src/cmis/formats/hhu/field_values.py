"""Numbers, dates and times as the exchange file writes them; strict, because they end in a bill.

A value that cannot be read answers ``None`` or ``UNREADABLE``; whether that stops anything is for
the caller to say.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

INTEGER_DIGITS_LIMIT = 11
FRACTION_DIGITS_LIMIT = 6
KEY_DIGITS_LIMIT = 18  # fits a 64-bit database key

_NUMBER = re.compile(r"-?([0-9]{1,30})(?:\.([0-9]{1,30}))?", re.ASCII)
_COORDINATE = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?", re.ASCII)
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].{0,24})?", re.ASCII)
_CAPTURE_TIME = re.compile(
    r"([0-9]{2})/([0-9]{2})/([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2})", re.ASCII
)

#: Days that mean "no date"; each generation of systems had its own.
NO_DATE = frozenset({date(1000, 1, 1), date(1753, 1, 1), date(1900, 1, 1), date(1970, 1, 1)})
#: The one written for "no date" where none came.
NO_DATE_TEXT = "1000-01-01T00:00:00"
_CACHED_TEXTS = 16_384  # zeros, ones, small consumptions and the same few days


class Unreadable:
    """A text that should have been a value and is not."""


UNREADABLE: Final = Unreadable()


@lru_cache(_CACHED_TEXTS)
def number_in(text: str) -> Decimal | None:
    """``"1137"``, ``"-5"``, ``"12.500"``: dot decimal, no thousands mark, no exponent.

    ``None`` for anything else, also beyond 11 whole or 6 decimal digits (zeros at the ends do not
    count). Blanks around the number are allowed, as XML allows them.
    """
    if text.isdecimal() and text.isascii() and len(text) <= INTEGER_DIGITS_LIMIT:
        return Decimal(text)
    match = _NUMBER.fullmatch(text.strip(" \t\r\n"))
    if match is None:
        return None
    whole, fraction = match[1].lstrip("0"), (match[2] or "").rstrip("0")
    if len(whole) > INTEGER_DIGITS_LIMIT or len(fraction) > FRACTION_DIGITS_LIMIT:
        return None
    return Decimal(match[0])


def whole_number_in(text: str) -> int | None:
    """A key, month or year: ASCII digits only, at most 18 of them."""
    text = text.strip(" \t\r\n")
    if len(text) <= KEY_DIGITS_LIMIT and text.isascii() and text.isdecimal():
        return int(text)
    return None


@lru_cache(_CACHED_TEXTS)
def day_in(text: str) -> date | Unreadable | None:
    """The day of ``2026-07-11T00:00:00``; ``None`` for no date, a sentinel or an empty text."""
    stripped = text.strip(" \t\r\n")
    if not stripped:
        return None
    match = _DAY.fullmatch(stripped)
    if match is None:
        return UNREADABLE
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        return UNREADABLE
    return None if day in NO_DATE else day


def moment_in(text: str) -> datetime | Unreadable | None:
    """Local time of ``2026-07-11T14:30:00`` (GMT+7, without zone); sentinels are ``None``."""
    day = day_in(text)
    if not isinstance(day, date):
        return day
    try:
        return datetime.fromisoformat(text.strip(" \t\r\n")).replace(tzinfo=None)
    except ValueError:
        return UNREADABLE


def capture_time_in(text: str) -> datetime | Unreadable | None:
    """Local time of ``13/07/2026 07:37:13``: the day comes first, always."""
    stripped = text.strip(" \t\r\n")
    if not stripped:
        return None
    match = _CAPTURE_TIME.fullmatch(stripped)
    if match is None:
        return UNREADABLE
    day, month, year, hour, minute, second = map(int, match.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 — local by format
    except ValueError:
        return UNREADABLE
    return None if moment.date() in NO_DATE else moment


def coordinate_in(text: str) -> Decimal | None:
    """Degrees north or east, or ``None`` (also for negative numbers: none lies in Vietnam)."""
    match = _COORDINATE.fullmatch(text.strip(" \t\r\n"))
    return Decimal(match[0]) if match else None


def number_text(number: Decimal) -> str:
    """The invariant form, never with an exponent."""
    return format(number, "f")

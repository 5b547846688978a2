"""Amounts, energy and days as people read them, in the language of the page.

Digits group as the language does (1.234.567 in Vietnamese, 1,234,567 in English); days are
dd/mm/yyyy in both. A missing value is a dash, never an empty place.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cmis.kernel.period import BillingMonth, Period

MISSING = "–"


def number(value: int | Decimal | None, digits: int | None = None) -> str:
    """A grouped number; a Decimal loses the zeros at its end unless ``digits`` fixes them.

    Raises:
        TypeError: a float, a bool or text (energy and money are int or Decimal).
    """
    if value is None:
        return MISSING
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"a number to show must be int or Decimal, not {type(value).__name__}")
    if isinstance(value, Decimal) and digits is None:
        value = value.normalize()
        digits = max(0, -int(value.as_tuple().exponent))
    return str(number_format(value, decimal_pos=digits, use_l10n=True, force_grouping=True))


def vnd(amount_vnd: int | None) -> str:
    """``717714`` → ``717.714 đ``.

    Raises:
        TypeError: anything but int or None.
    """
    if amount_vnd is None:
        return MISSING
    if isinstance(amount_vnd, Decimal):
        raise TypeError("an amount in đồng must be int, not Decimal")
    return f"{number(amount_vnd)} đ"


def kwh(energy_kwh: int | Decimal | None) -> str:
    """``1234`` → ``1.234 kWh``; registers with decimals keep theirs."""
    return MISSING if energy_kwh is None else f"{number(energy_kwh)} kWh"


def vn_date(day: date | datetime | None) -> str:
    """``05/11/2026``; a point in time counts as the day it is in the time zone of the pages."""
    if day is None:
        return MISSING
    if isinstance(day, datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    return day.strftime("%d/%m/%Y")


def vn_datetime(moment: datetime | date | None) -> str:
    """``14:05 05/11/2026`` in the time zone of the pages."""
    if moment is None:
        return MISSING
    if not isinstance(moment, datetime):
        return vn_date(moment)  # an event of which only the day is known
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return moment.strftime("%H:%M %d/%m/%Y")


def period_text(period: Period | None) -> str:
    """``01/07/2026 – 31/07/2026``: people read the last day, not the half-open end."""
    if period is None:
        return MISSING
    return f"{vn_date(period.start)} – {vn_date(period.last_day)}"


def month_text(month: BillingMonth | None) -> str:
    """``kỳ 1 tháng 7/2026`` from a billing month."""
    if month is None:
        return MISSING
    return _("kỳ %(cycle)s tháng %(month)s/%(year)s") % {
        "cycle": month.cycle,
        "month": month.month,
        "year": month.year,
    }


#: How a value of a kind is shown in a table cell, a bar or a figure.
SHOWN: dict[str, Callable[..., str]] = {
    "text": lambda value: MISSING if value in (None, "") else str(value),
    "number": number,
    "vnd": vnd,
    "kwh": kwh,
    "date": vn_date,
    "datetime": vn_datetime,
}

#: The kinds that stand to the right and sort as numbers.
NUMERIC = frozenset({"number", "vnd", "kwh"})


def sort_value(value: object) -> str:
    """What the table script sorts by: digits for numbers, ISO for days, the text itself else."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)

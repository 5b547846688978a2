"""How figures and dates look on paper for people."""

from datetime import date
from decimal import Decimal


def shown_number(value: int | Decimal, mark: str = ".") -> str:
    """``9355.96`` → ``9.355,96``; the decimal sign follows the thousands mark.

    Args:
        mark: thousands mark: a dot, a blank, or a comma (English figures).
    """
    decimal_sign = "." if mark == "," else ","
    sign = "-" if value < 0 else ""
    text = f"{abs(value):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, decimals = text.partition(".")
    grouped = f"{int(whole):,}".replace(",", mark)
    return f"{sign}{grouped}{decimal_sign}{decimals}" if decimals else sign + grouped


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def shown_date(day: date | None, language: str = "vi") -> str:
    """``03/07/2026``, in English ``3 Jul 2026``; nothing for no date."""
    if day is None:
        return ""
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"

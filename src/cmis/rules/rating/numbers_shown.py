"""Exact quantities as texts and decimals, as bills and explanations print them."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from cmis.rules.rating.reasons import Reason
from cmis.rules.rating.splitting import Quantity


@lru_cache(maxsize=1024)
def tier_reason(tier: int, norm: Quantity | None) -> Reason:
    """Why energy stands in a tier; made once for each width."""
    if norm is None:
        return Reason("tier_rest", {"tier": tier})
    return Reason("tier", {"tier": tier, "norm": show(norm)})


@lru_cache(maxsize=256)
def percent_shown(hundredths: int) -> str:
    """``800`` → ``8``, ``1250`` → ``12.5``."""
    return show(Fraction(hundredths, 100))


def energy_shown(kwh: Quantity) -> int | Decimal:
    """kWh as bills print it: whole, or a finite decimal (quarters of households give those)."""
    if isinstance(kwh, int):
        return kwh
    return Decimal(kwh.numerator) / Decimal(kwh.denominator)


def decimal_shown(value: int, places: int) -> str:
    """``55176`` with four places → ``5.5176``; not below zero, trailing zeros left out."""
    whole, rest = divmod(value, 10**places)
    return f"{whole}.{rest:0{places}d}".rstrip("0") if rest else str(whole)


def show(value: Quantity) -> str:
    """A number as text: whole, decimal where finite and short, else a fraction."""
    if isinstance(value, int):
        return str(value)
    if value.denominator == 1:
        return str(value.numerator)
    if 10**6 % value.denominator == 0:
        return format(energy_shown(value), "f")
    return str(value)


def show_all(values: list[Quantity] | list[int]) -> str:
    return " + ".join(show(value) for value in values)

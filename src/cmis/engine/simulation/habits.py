"""How much energy invented customers use: by kind, month, days and their own level."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import exp
from random import Random
from statistics import median


class CustomerKind(StrEnum):
    HOUSEHOLD = "household"
    BUSINESS = "business"
    PRODUCTION = "production"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Habit:
    """``season`` is the share of the level used in January … December; ``spread`` the standard
    deviation of the logarithm from month to month; ``usual_kwh`` the median of the kind in 30 days
    and ``variety`` its spread between customers."""

    season: tuple[float, ...]
    spread: float
    usual_kwh: float
    variety: float


_HOUSEHOLD_YEAR = (0.85, 0.8, 0.85, 0.95, 1.12, 1.28, 1.32, 1.25, 1.1, 0.98, 0.9, 0.86)
_BUSINESS_YEAR = (0.95, 0.82, 0.95, 1.0, 1.06, 1.12, 1.12, 1.1, 1.04, 1.0, 0.96, 0.95)
_WORKS_YEAR = (0.98, 0.72, 1.0, 1.0, 1.02, 1.03, 1.03, 1.03, 1.02, 1.02, 1.02, 1.03)

HABITS = {
    CustomerKind.HOUSEHOLD: Habit(_HOUSEHOLD_YEAR, 0.14, 165.0, 0.62),
    CustomerKind.BUSINESS: Habit(_BUSINESS_YEAR, 0.1, 620.0, 0.9),
    CustomerKind.PRODUCTION: Habit(_WORKS_YEAR, 0.09, 1500.0, 1.0),
    CustomerKind.OFFICE: Habit(_BUSINESS_YEAR, 0.12, 540.0, 0.7),
}

#: Group codes of price strings, in the order they decide the kind of a mixed point.
_GROUPS = (
    ("SXBT", CustomerKind.PRODUCTION),
    ("KDDV", CustomerKind.BUSINESS),
    ("CQHC", CustomerKind.OFFICE),
)
#: Months that do not follow the habit: away from home, guests and heat waves.
_AWAY_SHARE = 0.006
_GUESTS_SHARE = 0.012
_DAYS = 30


def kind_of(price_text: str) -> CustomerKind:
    """The kind of a customer by the price groups of its point."""
    for group, kind in _GROUPS:
        if group in price_text:
            return kind
    return CustomerKind.HOUSEHOLD


def first_level_kwh(kind: CustomerKind, rng: Random) -> float:
    """The energy a new customer of that kind uses in 30 days of an average month."""
    habit = HABITS[kind]
    return habit.usual_kwh * exp(rng.gauss(0.0, habit.variety))


def level_kwh(kind: CustomerKind, month: int, history_kwh: Sequence[Decimal]) -> float | None:
    """The customer's own level from the periods before (newest first), None without any.

    The median, so that one wrong month does not become a habit.
    """
    season = HABITS[kind].season
    known = [
        float(energy) / season[(month - 2 - ago) % 12] for ago, energy in enumerate(history_kwh)
    ]
    return median(known) if known else None


def month_factor(kind: CustomerKind, month: int, rng: Random) -> float:
    """What this month makes of the level: season, chance, and now and then an odd month."""
    habit = HABITS[kind]
    factor = habit.season[month - 1] * exp(rng.gauss(0.0, habit.spread))
    odd = rng.random()
    if odd < _AWAY_SHARE:
        return factor * rng.uniform(0.1, 0.5)
    if odd < _AWAY_SHARE + _GUESTS_SHARE:
        return factor * rng.uniform(1.4, 2.2)
    return factor


def share_of_month(days: int) -> float:
    """What a part of a month is of the usual 30 days."""
    return days / _DAYS

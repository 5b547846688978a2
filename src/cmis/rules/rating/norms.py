"""Widths of the tiers (tariffs §4, §5; BILL-05…08): whole, or by days with the two different T."""

from fractions import Fraction
from functools import lru_cache

from cmis.rules.rating.case import BillCase
from cmis.rules.rating.plan import Plan
from cmis.rules.rating.splitting import Quantity, plain, rounded


@lru_cache(maxsize=1024)
def full_norms(
    widths_kwh: tuple[int | None, ...], households: Fraction, fractional_norm_rounding: str
) -> tuple[Quantity, ...]:
    """Norm × households; fractions of a kWh stay unless the switch rounds them. Bills share few
    ladders and numbers of households, so each product is made once."""
    exact = [plain(width * households) for width in widths_kwh if width is not None]
    if fractional_norm_rounding == "half_up":
        return tuple(rounded(norm, "half_up") for norm in exact)
    return tuple(exact)


def days_of(plan: Plan, number: int) -> int:
    """N of a part: the billed days of a period in one piece, else the days of the part."""
    return plan.billed_days if len(plan.parts) == 1 else plan.parts[number].days


def exact_norm(case: BillCase, plan: Plan, width_kwh: int, days: int) -> Fraction:
    """``Mq ÷ T × days × h`` before rounding; T is the month before, not the billed period."""
    assert plan.norm_reference_days is not None  # only prorated plans come here
    return width_kwh * case.households * Fraction(days, plan.norm_reference_days)


def prorated_norms(case: BillCase, plan: Plan, width_kwh: int) -> list[int]:
    """One tier's norm in each part of the period, whole kWh.

    The last part takes the remainder of the whole period's norm (BILL-08: the full quota is kept),
    unless the switch ``norm_remainder`` rounds each part by itself.
    """
    how = case.switches.norm_rounding
    count = len(plan.parts)
    each = [
        rounded(plain(exact_norm(case, plan, width_kwh, days_of(plan, number))), how)
        for number in range(count)
    ]
    if count == 1 or case.switches.norm_remainder == "each_part":
        return each
    left = rounded(plain(exact_norm(case, plan, width_kwh, plan.billed_days)), how)
    norms = []
    for norm in each[:-1]:
        norms.append(min(norm, left))
        left -= norms[-1]
    return [*norms, left]

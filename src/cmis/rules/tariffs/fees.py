"""Amounts of the fees beside the energy price, before VAT."""

from cmis.kernel.rounding import half_up
from cmis.rules.tariffs.schema import DisconnectFees, Fees, LadderPrice, Law, PriceDecision


def disconnect_fee_vnd(*, base_vnd: int, k_hundredths: int, n_hundredths: int) -> int:
    """M × k × n, half-up to the đồng (TT 23/2020/TT-BCT)."""
    return half_up(base_vnd * k_hundredths * n_hundredths, 10_000)


def household_disconnect_fee_vnd(fees: DisconnectFees, voltage: str) -> int:
    """The charge of a household: k and n are 1."""
    return fees.base_vnd_by_voltage[voltage]


def poor_household_support_vnd(law: Law, decision: PriceDecision) -> int:
    """Monthly support of a poor household: its kWh at the price of tier 1 (QĐ 14/2025)."""
    form = decision.items["SH"].form
    assert isinstance(form, LadderPrice)
    return law.fees.poor_household_kwh * form.prices_vnd_per_kwh[0]


def social_policy_support_vnd(law: Law, decision: PriceDecision, *, used_kwh: int) -> int:
    """Monthly support of a social-policy household: the same, 0 above its limit of use."""
    if used_kwh > law.fees.social_policy_used_kwh_max:
        return 0
    return poor_household_support_vnd(law, decision)


def late_interest_vnd(
    *, debt_vnd: int, overdue_days: int, rate_bp_per_year: int, year_days: int
) -> int:
    """Debt × rate × days from the day after the due date, half-up (L61 Điều 48.1b).

    ``year_days`` is 365, or the days of the year with the switch ``interest_year_basis`` actual.
    """
    return half_up(debt_vnd * rate_bp_per_year * overdue_days, 10_000 * year_days)


def payment_guarantee_vnd(
    fees: Fees, *, month_kwh: int, normal_vnd_per_kwh: int, days: int, month_days: int
) -> int:
    """Guarantee of a large buyer: so many days of the month's energy at the normal-hour price
    (NĐ 18/2025/NĐ-CP); 0 below the threshold of energy.

    Raises:
        ValueError: days outside the law's range.
    """
    least, most = fees.guarantee_days
    if not least <= days <= most:
        raise ValueError(f"the guarantee covers {least} to {most} days, not {days}")
    if month_kwh < fees.guarantee_threshold_kwh_per_month:
        return 0
    return half_up(month_kwh * normal_vnd_per_kwh * days, month_days)

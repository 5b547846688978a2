"""Amounts of the fees beside the energy price, before VAT."""

from cmis.kernel.rounding import half_up
from cmis.rules.tariffs.schema import DisconnectFees, LadderPrice, Law, PriceDecision


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

"""Contracts beyond one meter and one purpose: joined invoices, mixed use, rooftop export, fees."""

from datetime import date

import pytest

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import BillCase, ExplainedBill, Purpose, RegisterEnergy, Switches, explain
from cmis.rules.rating.joined_invoice import UnableToJoinBills, join_bills
from cmis.rules.rating.mixed_use import priced_by_contract
from cmis.rules.rating.rooftop_export import settle_export
from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.fees import (
    late_interest_vnd,
    payment_guarantee_vnd,
    poor_household_support_vnd,
    social_policy_support_vnd,
)

LAW = load_law()
JUNE = Period(date(2026, 5, 14), date(2026, 6, 14))


def case(
    name: str, kwh: int, *purposes: tuple[str, int], period: Period = JUNE, **switches: str
) -> BillCase:
    register = RegisterEnergy(
        RegisterKind.SINGLE, kwh, tuple(Purpose(*purpose) for purpose in purposes)
    )
    return BillCase(name, period, (register,), switches=Switches(**switches))  # type: ignore[arg-type]


def bill(one: BillCase) -> ExplainedBill:
    answer = explain(one, LAW)
    assert isinstance(answer, ExplainedBill), answer
    return answer


def test_meters_of_one_contract_are_rated_apart_and_taxed_together() -> None:
    """1 kWh and 3 kWh: 158.72 + 476.16 đ of VAT alone are 159 + 476, together 634.88 → 635."""
    meters = [bill(case("M1", 1, ("SH", 100))), bill(case("M2", 3, ("SH", 100)))]
    joined = join_bills(meters)
    assert [annex.net_vnd for annex in joined.annexes] == [1_984, 5_952]
    assert (joined.net_vnd, joined.vat_vnd, joined.total_vnd) == (7_936, 635, 8_571)
    assert joined.vat_difference_vnd == 0
    three = [bill(case(name, 1, ("SH", 100))) for name in ("A", "B", "C")]
    joined = join_bills(three)
    assert (joined.vat_vnd, joined.vat_difference_vnd) == (476, -1)  # 3 × 159 = 477
    assert [(one.vat_rate_bp, one.net_vnd) for one in joined.vat_sums] == [(800, 5_952)]


def test_every_meter_keeps_its_own_first_tier() -> None:
    joined = join_bills([bill(case("M1", 50, ("SH", 100))), bill(case("M2", 50, ("SH", 100)))])
    assert joined.net_vnd == 100 * 1984


def test_meters_that_do_not_belong_together_are_not_joined() -> None:
    one = bill(case("M1", 10, ("SH", 100)))
    other = bill(case("M2", 10, ("SH", 100), norm_rounding="ceiling"))
    for wrong, problem in (([], "no meter"), ([one, one], "twice"), ([one, other], "switches")):
        with pytest.raises(UnableToJoinBills, match=problem):
            join_bills(wrong)


def test_a_household_contract_with_a_shop_pays_the_household_price_for_all() -> None:
    mixed = case("M", 200, ("SH", 70), ("KD_LT6", 30))
    assert bill(priced_by_contract(mixed, LAW, household_contract=True)).net_vnd == 439_700
    assert priced_by_contract(mixed, LAW, household_contract=False) is mixed
    before = Period(date(2025, 10, 14), date(2025, 11, 14))
    earlier = case("M", 200, ("SH", 70), ("KD_LT6", 30), period=before)
    assert priced_by_contract(earlier, LAW, household_contract=True) is earlier
    kept = case("M", 200, ("SH", 70), ("KD_LT6", 30), mixed_household_contract="shares")
    assert priced_by_contract(kept, LAW, household_contract=True) is kept
    assert LAW.mixed_use.effective_from == date(2025, 12, 2)


def test_rooftop_export_is_settled_apart() -> None:
    hours = {
        RegisterKind.EXPORT_TOTAL: 60,
        RegisterKind.EXPORT_NORMAL: 40,
        RegisterKind.EXPORT_PEAK: 15,
        RegisterKind.EXPORT_OFF_PEAK: 5,
    }
    settled = settle_export(hours, price_vnd_per_kwh=671)
    assert settled is not None
    assert (settled.kwh, settled.amount_vnd) == (60, 40_260)
    unpriced = settle_export({RegisterKind.EXPORT_TOTAL: 60}, price_vnd_per_kwh=None)
    assert unpriced is not None
    assert (unpriced.kwh, unpriced.amount_vnd) == (60, None)
    assert settle_export({RegisterKind.SINGLE: 10}, price_vnd_per_kwh=671) is None
    with pytest.raises(ValueError, match="not the sum"):
        settle_export({**hours, RegisterKind.EXPORT_TOTAL: 61}, price_vnd_per_kwh=671)


def test_support_interest_and_guarantee() -> None:
    decision = LAW.decision("1279")
    assert poor_household_support_vnd(LAW, decision) == 59_520
    assert social_policy_support_vnd(LAW, decision, used_kwh=50) == 59_520
    assert social_policy_support_vnd(LAW, decision, used_kwh=51) == 0
    interest = {"debt_vnd": 1_000_000, "overdue_days": 30, "rate_bp_per_year": 1000}
    assert late_interest_vnd(**interest, year_days=365) == 8_219
    assert late_interest_vnd(**interest, year_days=366) == 8_197
    large = {"normal_vnd_per_kwh": 1_987, "days": 10, "month_days": 30}
    assert payment_guarantee_vnd(LAW.fees, month_kwh=1_200_000, **large) == 794_800_000
    assert payment_guarantee_vnd(LAW.fees, month_kwh=999_999, **large) == 0
    with pytest.raises(ValueError, match="10 to 15 days"):
        payment_guarantee_vnd(LAW.fees, month_kwh=1_200_000, **{**large, "days": 16})


@pytest.mark.parametrize(
    "values", [{"backbill_lookback_months": -1}, {"interest_year_basis": "360"}]
)
def test_unknown_values_of_switches_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(values))):
        Switches.of(values)

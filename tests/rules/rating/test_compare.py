"""Why a bill changed: parts that sum to the đồng, and a sentence people understand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import BillCase, ExplainedBill, Purpose, RegisterEnergy, Switches, explain
from cmis.rules.rating.compare import BillChange, ChangeKind, compare
from cmis.rules.tariffs import load_law
from tests.rules.rating.case_factory import CaseFactory

LAW = load_law()
JUNE = Period(date(2026, 5, 14), date(2026, 6, 14))
JULY = Period(date(2026, 6, 14), date(2026, 7, 14))


def household(kwh: int, period: Period = JULY, **changes: object) -> BillCase:
    register = RegisterEnergy(RegisterKind.SINGLE, kwh, (Purpose("SH"),))
    return replace(BillCase("B", period, (register,)), **changes)  # type: ignore[arg-type]


def bill(case: BillCase) -> ExplainedBill:
    answer = explain(case, LAW)
    assert isinstance(answer, ExplainedBill), answer
    return answer


def change(before: BillCase, after: BillCase) -> BillChange:
    return compare(bill(before), bill(after), LAW)


def parts(found: BillChange) -> dict[str, int]:
    return {part.kind.value: part.amount_vnd for part in found.parts if part.amount_vnd}


def test_the_same_bill_has_not_changed() -> None:
    found = change(household(275), household(275))
    assert parts(found) == {}
    assert found.sentence() == "Hóa đơn kỳ này là 717.714 đồng, bằng kỳ trước."
    assert found.sentence("en") == "This bill is 717,714 đồng, the same as the one before."


def test_more_energy_a_day_and_higher_tiers() -> None:
    """200 kWh cost 439,700 đ, 275 kWh 664,550 đ; at the old mean price 164,888 đ more."""
    found = change(household(200), household(275))
    assert parts(found) == {"quantity": 164_888, "tier_effect": 59_962, "vat": 17_988}
    assert found.change_vnd == 242_838
    assert found.sentence() == (
        "Hóa đơn kỳ này là 717.714 đồng, tăng 242.838 đồng so với kỳ trước, chủ yếu do mỗi ngày"
        " dùng nhiều điện hơn (+164.888 đồng) và phần dùng ở giá cao nhiều hơn (+59.962 đồng);"
        " sản lượng 275 kWh, kỳ trước 200 kWh."
    )
    assert found.sentence("en") == (
        "This bill is 717,714 đồng, 242,838 đồng more than the one before, mainly because of more"
        " energy used a day (+164,888 đồng) and more of it at the higher prices (+59,962 đồng);"
        " 275 kWh used, 200 kWh before."
    )


def test_a_longer_period_at_the_same_daily_use() -> None:
    """31 and 30 days at 10 kWh a day: the days alone cost a thirty-first of the bill."""
    found = change(household(310, JUNE), household(300, JULY))
    assert found.previous_days == 31
    assert found.amount_vnd(ChangeKind.DAYS) == -24_935  # 773,000 / 31
    assert found.amount_vnd(ChangeKind.QUANTITY) == 0
    assert found.amount_vnd(ChangeKind.PRICE) == 0
    assert "kỳ tính tiền ngắn hơn (30 ngày)" in found.sentence()


def test_a_new_price_decision_is_the_price() -> None:
    """100 kWh: 192,450 đ by decision 2699, 201,700 đ by decision 1279."""
    april = Period(date(2025, 3, 15), date(2025, 4, 14))
    june = Period(date(2025, 5, 15), date(2025, 6, 14))
    found = change(household(100, april), household(100, june))
    assert parts(found) == {"price": 9_250, "vat": 740}
    assert "giá điện tăng (+9.250 đồng)" in found.sentence()


def test_a_second_household_widens_the_blocks() -> None:
    found = change(household(400), household(400, households=Fraction(2)))
    assert set(parts(found)) == {"households_purpose", "vat"}
    assert found.amount_vnd(ChangeKind.CONTRACT) == 879_400 - 1_074_500
    assert "change of households" in found.sentence("en")


def test_norms_by_days_of_a_new_customer_count_as_days() -> None:
    new = household(100, Period(date(2026, 5, 30), date(2026, 6, 14)), prorate=True)
    found = change(replace(new, prorate_reason="new_customer"), household(200))
    assert set(parts(found)) == {"days", "tier_effect", "vat"}
    assert found.amount_vnd(ChangeKind.PRICE) == found.amount_vnd(ChangeKind.CONTRACT) == 0


def test_from_a_single_rate_meter_to_time_of_use() -> None:
    single = BillCase("B", JULY, (RegisterEnergy(RegisterKind.SINGLE, 3000, (Purpose("SX_LT6"),)),))
    energies = {RegisterKind.NORMAL: 1500, RegisterKind.PEAK: 700, RegisterKind.OFF_PEAK: 800}
    several = replace(
        single,
        time_of_use=True,
        registers=tuple(
            RegisterEnergy(kind, kwh, (Purpose("SX_LT6"),)) for kind, kwh in energies.items()
        ),
    )
    assert parts(change(single, several)) == {"households_purpose": 607_500, "vat": 48_600}
    assert parts(change(several, single)) == {"households_purpose": -607_500, "vat": -48_600}


def test_vat_is_named_only_when_its_rate_changes() -> None:
    found = change(household(200, vat_rate_bp=1000), household(200, vat_rate_bp=800))
    assert parts(found) == {"vat": -8_794}
    assert "thuế suất GTGT giảm còn 8 % (−8.794 đồng)" in found.sentence()


def test_money_beside_the_bill_is_a_correction() -> None:
    found = compare(bill(household(200)), bill(household(200)), LAW, current_correction_vnd=-50_000)
    assert parts(found) == {"correction": -50_000}
    assert found.change_vnd == -50_000


def test_from_nothing_and_to_nothing() -> None:
    assert parts(change(household(0), household(100))) == {"quantity": 201_700, "vat": 16_136}
    assert parts(change(household(100), household(0))) == {"quantity": -201_700, "vat": -16_136}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_the_parts_of_any_two_bills_sum_exactly(seed: int, before: int, after: int) -> None:
    """Also of bills that have nothing in common: other meters, decisions, purposes, days."""
    answers = [explain(case, LAW) for case in CaseFactory(seed, Switches()).cases(40)]
    bills = [answer for answer in answers if isinstance(answer, ExplainedBill)]
    for one, other in pairwise(bills):
        found = compare(
            one, other, LAW, previous_correction_vnd=before, current_correction_vnd=after
        )
        assert sum(part.amount_vnd for part in found.parts) == found.change_vnd
        assert found.change_vnd == other.total_vnd + after - one.total_vnd - before
        assert [part.kind for part in found.parts] == list(ChangeKind)
        assert found.sentence("vi")
        assert found.sentence("en")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_part_has_a_label(language: str) -> None:
    labels = [part.label(language) for part in change(household(1), household(2)).parts]
    assert len(set(labels)) == len(ChangeKind)

"""Single bills with exact đồng, each a sentence of the law or of the business process."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import (
    BillCase,
    ExplainedBill,
    PriceSegment,
    Purpose,
    RefusalCode,
    Refused,
    RegisterEnergy,
    Switches,
    explain,
)
from cmis.rules.tariffs import load_law

LAW = load_law()
JULY = Period(date(2026, 6, 14), date(2026, 7, 14))
KT, BT, CD, TD = (RegisterKind(code) for code in ("KT", "BT", "CD", "TD"))


def household(kwh: int | Decimal, *, period: Period = JULY, **fields: object) -> BillCase:
    return BillCase("X", period, (RegisterEnergy(KT, kwh, (Purpose("SH"),)),), **fields)  # type: ignore[arg-type]


def bill(case: BillCase) -> ExplainedBill:
    answer = explain(case, LAW)
    assert isinstance(answer, ExplainedBill), answer
    return answer


def refusal(case: BillCase) -> Refused:
    answer = explain(case, LAW)
    assert isinstance(answer, Refused)
    return answer


def tiers(answer: ExplainedBill, part: int = 0) -> list[int | Decimal]:
    kwh: list[int | Decimal] = [0] * 6
    for line in answer.lines:
        if line.part == part and line.tier:
            kwh[line.tier - 1] += line.kwh
    return kwh


def norms(answer: ExplainedBill) -> list[str]:
    """Norms in the order of parts and tiers."""
    return [str(step.values["norm"]) for step in answer.steps if step.key == "norm_rounded"]


def test_household_of_275_kwh_at_decision_1279() -> None:
    answer = bill(household(275))
    assert [(line.kwh, line.price_vnd_per_kwh, line.amount_vnd) for line in answer.lines] == [
        (50, 1984, 99_200),
        (50, 2050, 102_500),
        (100, 2380, 238_000),
        (75, 2998, 224_850),
    ]
    assert (answer.net_vnd, answer.vat_vnd, answer.total_vnd) == (664_550, 53_164, 717_714)
    assert answer.lines[0].reference == "1279/QĐ-BCT (09/05/2025): SH"
    assert answer.lines[0].reason.text("vi") == "Bậc 1: định mức 50 kWh."
    assert answer.lines[3].reason.text("en") == "Tier 4: block of 100 kWh."
    assert answer.steps[-1].text("vi") == (
        "Thuế GTGT 8 % của 664.550 đồng = 53.164, làm tròn 53.164 đồng (NQ 204/2025/QH15;"
        " NĐ 174/2025/NĐ-CP; ngày chọn thuế suất: 13/07/2026)."
    )
    assert answer.law_digest == LAW.digest


def test_two_households_have_twice_the_blocks() -> None:
    answer = bill(household(275, households=Fraction(2)))
    assert tiers(answer) == [100, 100, 75, 0, 0, 0]
    assert answer.net_vnd == 100 * 1984 + 100 * 2050 + 75 * 2380


def test_no_consumption_costs_nothing() -> None:
    answer = bill(household(0))
    assert (answer.lines, answer.net_vnd, answer.total_vnd) == ((), 0, 0)
    assert [step.key for step in answer.steps] == ["vat", "no_consumption"]


def test_scenario_3_short_first_period() -> None:
    """N = 25, the month before has 31 days: blocks 40/40/81/81/81, 323 kWh before tier 6."""
    period = Period(date(2026, 6, 5), date(2026, 6, 30))
    answer = bill(household(400, period=period, prorate=True, prorate_reason="new_customer"))
    assert (period.days, answer.plan.norm_reference_days) == (25, 31)
    assert tiers(answer) == [40, 40, 81, 81, 81, 77]


def test_scenario_4_the_same_for_two_households() -> None:
    period = Period(date(2026, 6, 5), date(2026, 6, 30))
    answer = bill(household(700, period=period, prorate=True, households=Fraction(2)))
    assert tiers(answer) == [81, 81, 161, 161, 161, 55]


def test_scenario_5_price_change_without_a_reading() -> None:
    """15 Sep to 14 Oct, new price on 11 Oct: S = 300 is 260 old and 40 new."""
    case = household(
        300,
        period=Period(date(2024, 9, 15), date(2024, 10, 15)),
    )
    answer = bill(case)
    assert [(part.decision.code, part.days) for part in answer.plan.parts] == [
        ("2941/QĐ-BCT", 26),
        ("2699/QĐ-BCT", 4),
    ]
    assert answer.plan.norm_reference_days == 30
    assert norms(answer) == ["43", "43", "87", "87", "87", "7", "7", "13", "13", "13"]
    assert tiers(answer, 0) == [43, 43, 87, 87, 0, 0]
    assert tiers(answer, 1) == [7, 7, 13, 13, 0, 0]
    assert answer.net_vnd == (
        43 * 1806 + 43 * 1866 + 87 * 2167 + 87 * 2729 + 7 * 1893 + 7 * 1956 + 13 * 2271 + 13 * 2860
    )
    assert answer.vat_rate_bp == 800


def test_scenario_6_norms_never_exceed_the_full_block() -> None:
    """Block 50, T = 28, Nc = 7, Nm = 21: 12.5 and 37.5 become 13 and 37, never 51 together."""
    case = household(
        1000,
        segments=(PriceSegment("2699", 7), PriceSegment("1279", 21)),
        norm_reference_days=28,
    )
    answer = bill(case)
    assert norms(answer) == ["13", "13", "25", "25", "25", "37", "37", "75", "75", "75"]
    each = Switches(norm_remainder="each_part")
    assert norms(explain_with(case, each))[:6] == ["13", "13", "25", "25", "25", "38"]


def explain_with(case: BillCase, switches: Switches) -> ExplainedBill:
    return bill(replace(case, switches=switches))


def test_scenario_7_on_calendar_keeps_the_full_norms_a_moved_reading_does_not() -> None:
    moved = Period(date(2026, 6, 14), date(2026, 7, 15))
    on_calendar = bill(household(275, period=moved))
    prorated = bill(household(275, period=moved, prorate=True, prorate_reason="reading_moved"))
    assert tiers(on_calendar) == [50, 50, 100, 75, 0, 0]
    assert (prorated.plan.billed_days, prorated.plan.norm_reference_days) == (31, 30)
    assert tiers(prorated) == [52, 52, 103, 68, 0, 0]


def test_scenario_8_changed_number_of_households_holds_for_the_whole_period() -> None:
    answer = bill(household(1100, households=Fraction(3)))
    assert tiers(answer) == [150, 150, 300, 300, 200, 0]


def test_last_bill_prorates_unless_the_switch_forbids_it() -> None:
    period = Period(date(2026, 7, 1), date(2026, 7, 11))
    case = household(100, period=period, prorate=True, prorate_reason="final_bill")
    assert tiers(bill(case)) == [17, 17, 33, 33, 0, 0]
    assert tiers(explain_with(case, Switches(final_bill_prorate=False))) == [50, 50, 0, 0, 0, 0]


def test_energy_measured_at_the_price_change_is_not_split() -> None:
    period = Period(date(2024, 9, 15), date(2024, 10, 15))
    register = RegisterEnergy(KT, 300, (Purpose("SH"),), (200, 100))
    answer = bill(BillCase("X", period, (register,)))
    assert sum(tiers(answer, 0)) == 200
    assert tiers(answer, 1) == [7, 7, 13, 13, 13, 47]


def test_renters_count_as_quarters_of_a_household_and_keep_fractions() -> None:
    answer = bill(household(40, households=Fraction(3, 4)))
    assert tiers(answer)[:2] == [Decimal("37.5"), Decimal("2.5")]
    assert answer.net_vnd == 37.5 * 1984 + 2.5 * 2050
    rounded = explain_with(
        household(40, households=Fraction(3, 4)), Switches(fractional_norm_rounding="half_up")
    )
    assert tiers(rounded)[:2] == [38, 2]


def test_undeclared_renters_pay_tier_3_for_everything() -> None:
    answer = bill(household(120, renters_undeclared=True))
    assert [(line.tier, line.kwh, line.amount_vnd) for line in answer.lines] == [(3, 120, 285_600)]
    assert answer.total_vnd == 308_448


def test_time_of_use_point() -> None:
    """Three registers, production below 6 kV, as a point with multiplier 40 would deliver them."""
    registers = tuple(
        RegisterEnergy(kind, kwh, (Purpose("SX_LT6"),))
        for kind, kwh in ((BT, 4000), (CD, 1200), (TD, 2000))
    )
    answer = bill(BillCase("X", JULY, registers, time_of_use=True))
    assert [(line.register, line.amount_vnd) for line in answer.lines] == [
        (BT, 4000 * 1987),
        (TD, 2000 * 1300),
        (CD, 1200 * 3640),
    ]
    below = bill(BillCase("X", JULY, registers))
    assert {line.price_vnd_per_kwh for line in below.lines} == {1987}
    assert below.lines[0].reason.key == "below_time_of_use"


def test_mixed_shares_the_last_takes_the_rest() -> None:
    purposes = (Purpose("KD_LT6", 60), Purpose("SH", 40))
    answer = bill(BillCase("X", JULY, (RegisterEnergy(KT, 101, purposes),)))
    assert [(line.item and line.item.code, line.kwh, line.amount_vnd) for line in answer.lines] == [
        ("KD_LT6", 61, 61 * 3152),
        ("SH", 40, 40 * 1984),
    ]


def test_household_shares_of_three_registers_fill_one_ladder() -> None:
    purposes = (Purpose("SX_LT6", 50), Purpose("SH", 50))
    registers = tuple(RegisterEnergy(kind, 100, purposes) for kind in (BT, CD, TD))
    answer = bill(BillCase("X", JULY, registers, time_of_use=True))
    assert tiers(answer) == [50, 50, 50, 0, 0, 0]


def test_reactive_charge_stands_on_its_own_line_with_vat_on_the_sum() -> None:
    """P = 8,000 kWh, Q = 6,000 kvarh: cos φ = 0.80, k = 12.50 %."""
    register = RegisterEnergy(KT, 8000, (Purpose("SX_LT6"),))
    answer = bill(BillCase("X", JULY, (register,), reactive_kvarh=6000))
    active = 8000 * 1987
    assert answer.active_vnd == active
    assert answer.reactive is not None
    assert (answer.reactive.cos_phi_hundredths, answer.reactive.k_hundredths) == (80, 1250)
    assert answer.reactive.amount_vnd == active // 8
    assert answer.net_vnd == active + active // 8
    assert answer.vat_vnd == answer.net_vnd * 8 // 100


@pytest.mark.parametrize(("rounding", "cos_phi"), [("half_up", 90), ("truncate", 89)])
def test_cos_phi_rounding_decides_between_0_89_and_0_90(rounding: str, cos_phi: int) -> None:
    register = RegisterEnergy(KT, 8960, (Purpose("SX_LT6"),))  # cos φ = 0.8960…
    case = BillCase("X", JULY, (register,), reactive_kvarh=4440)
    answer = explain_with(case, Switches(cos_phi_rounding=rounding))
    assert answer.reactive is not None
    assert answer.reactive.cos_phi_hundredths == cos_phi
    assert (answer.reactive.amount_vnd == 0) is (cos_phi == 90)


def test_vat_rounds_half_up_on_the_sum() -> None:
    answer = bill(household(1, vat_rate_bp=1250))  # 1984 × 12.5 % = 248
    assert answer.vat_vnd == 248
    assert bill(household(1, vat_rate_bp=2500 + 1)).vat_vnd == 496  # 496.1984
    assert bill(household(2, vat_rate_bp=1)).vat_vnd == 0  # 0.3968


def test_vat_date_rule_selects_the_rate() -> None:
    period = Period(date(2026, 12, 14), date(2027, 1, 14))
    case = household(10, period=period, invoice_date=date(2026, 12, 31))
    assert bill(case).vat_rate_bp == 1000
    assert explain_with(case, Switches(vat_date_rule="invoice_date")).vat_rate_bp == 800


def test_unverified_prices_refuse_until_they_are_allowed_by_name() -> None:
    period = Period(date(2025, 1, 10), date(2025, 2, 10))
    case = BillCase("X", period, (RegisterEnergy(KT, 100, (Purpose("SX_LT6"),)),))
    refused = refusal(case)
    assert refused.code is RefusalCode.PRICE_UNVERIFIED
    assert refused.message("en") == (
        "RATE-012: The price of SX_LT6 in decision 2699/QĐ-BCT was not compared with its text"
        " (unverified). Compare it with the decision, or allow it by name: '2699/QĐ-BCT SX_LT6'."
    )
    allowed = explain_with(case, Switches(allow_unverified_prices=("2699/QĐ-BCT SX_LT6",)))
    assert allowed.net_vnd == 100 * 1896
    assert allowed.steps[0].key == "unverified_allowed"


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (BillCase("X", JULY, ()), RefusalCode.NO_REGISTER),
        (
            BillCase("X", JULY, (RegisterEnergy(RegisterKind.TOTAL, 1, (Purpose("SH"),)),)),
            RefusalCode.REGISTER_NOT_PRICED,
        ),
        (household(-1), RefusalCode.NEGATIVE_ENERGY),
        (household(Decimal("1.5")), RefusalCode.ENERGY_NOT_WHOLE),
        (
            BillCase("X", JULY, (RegisterEnergy(KT, 1, (Purpose("SH", 99),)),)),
            RefusalCode.SHARES,
        ),
        (household(1, households=Fraction(1, 3)), RefusalCode.HOUSEHOLDS),
        (household(2**62), RefusalCode.OUT_OF_RANGE),
        (household(1, period=Period(date(2014, 1, 1), date(2014, 2, 1))), RefusalCode.NO_DECISION),
        (household(1, prorate=True, norm_reference_days=0), RefusalCode.DAYS),
        (
            BillCase("X", JULY, (RegisterEnergy(KT, 1, (Purpose("SH"),), (1, 0)),)),
            RefusalCode.MEASURED_PARTS,
        ),
        (
            BillCase("X", JULY, (RegisterEnergy(KT, 1, (Purpose("NO"),)),)),
            RefusalCode.ITEM_MISSING,
        ),
        (household(1, switches=Switches(vat_date_rule="invoice_date")), RefusalCode.NO_VAT),
        (household(1, reactive_kvarh=-1), RefusalCode.REACTIVE),
        (
            household(1, renters_undeclared=True, switches=Switches(undeclared_renter_tier=7)),
            RefusalCode.RENTER_TIER,
        ),
    ],
)
def test_what_cannot_be_rated_is_refused_with_its_code(case: BillCase, code: RefusalCode) -> None:
    refused = refusal(case)
    assert refused.code is code
    for language in ("vi", "en"):
        assert refused.message(language).startswith(code.code)
        assert "{" not in refused.message(language)


def test_a_float_never_enters_a_bill() -> None:
    with pytest.raises(TypeError, match="energy is int or Decimal, not float"):
        RegisterEnergy(KT, 1.5, (Purpose("SH"),))  # type: ignore[arg-type]

"""Two engines, one law: the columnar kernel and the scalar explanation give the same đồng.

``CMIS_TEST_BILLS`` sets how many generated bills are compared (20,000; the deep run 1,000,000).
"""

import os
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmis.rules.rating import (
    NEEDS_SCALAR,
    RatingColumns,
    RefusalCode,
    Switches,
    columns_from_cases,
    columns_from_rows,
    price_tables,
    rate,
)
from cmis.rules.rating.switches import ALLOWED
from cmis.rules.tariffs import load_law
from tests.rules.rating.case_factory import CaseFactory
from tests.rules.rating.engine_comparison import assert_engines_agree

LAW = load_law()
BILLS = int(os.environ.get("CMIS_TEST_BILLS", "20000"))
UNVERIFIED = tuple(
    f"{decision.code} {item}"
    for decision in LAW.decisions
    for item in decision.items
    if decision.code[:4] in ("2699", "2941", "1062")
)
SWITCHES = [
    Switches(),
    Switches(allow_unverified_prices=UNVERIFIED),
    Switches(
        allow_unverified_prices=UNVERIFIED,
        norm_rounding="ceiling",
        energy_split_rounding="ceiling",
        energy_rounding="none",
        fractional_norm_rounding="half_up",
        cos_phi_rounding="truncate",
        vat_date_rule="invoice_date",
        undeclared_renter_tier=2,
    ),
    Switches(
        allow_unverified_prices=UNVERIFIED,
        norm_remainder="each_part",
        reactive_invoice_mode="two_invoices",
        norm_reference_month="month_before_reading_day",
        vat_date_rule="reading_date",
        final_bill_prorate=False,
    ),
]


@pytest.mark.parametrize("number", range(len(SWITCHES)))
def test_generated_bills_agree(number: int) -> None:
    left, codes = BILLS // len(SWITCHES), Counter[int]()
    for seed in range(0, left, 5000):
        factory = CaseFactory(1000 * number + seed, SWITCHES[number])
        cases = factory.cases(min(5000, left - seed))
        codes.update(assert_engines_agree(cases, rate(columns_from_cases(cases, LAW), LAW), LAW))
    assert codes[0] > left * 0.45, "most generated bills must be rated, not refused"
    wanted = {int(code) for code in RefusalCode} - {RefusalCode.RENTER_TIER}
    if SWITCHES[number].energy_rounding == "none":
        wanted -= {RefusalCode.ENERGY_NOT_WHOLE}
    assert wanted <= set(codes), "every refusal must occur"


arithmetic = {
    name: st.sampled_from(values)
    for name, values in ALLOWED.items()
    if name not in ("line_rounding", "total_rounding")
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32), count=st.integers(1, 40), values=st.fixed_dictionaries(arithmetic)
)
def test_any_switches_agree(seed: int, count: int, values: dict[str, object]) -> None:
    switches = Switches.of({**values, "allow_unverified_prices": UNVERIFIED})
    cases = CaseFactory(seed, switches).cases(count)
    assert_engines_agree(cases, rate(columns_from_cases(cases, LAW), LAW), LAW)


def test_rows_and_cases_give_the_same_columns() -> None:
    """The fast way from database rows resolves dates, days and rates like the way from cases."""
    cases = [
        case
        for case in CaseFactory(11, Switches()).cases(4000)
        if case.period
        and not case.segments
        and not case.renters_undeclared
        and case.billed_days is case.norm_reference_days is case.vat_rate_bp is None
        and all(isinstance(r.kwh, int) and not r.measured_kwh for r in case.registers)
        and all(abs(r.kwh) < 10**12 for r in case.registers)
    ]
    assert len(cases) > 1500
    slow = columns_from_cases(cases, LAW)
    fast = columns_from_rows(
        LAW,
        period_start=np.array([case.period.start for case in cases if case.period], "M8[D]"),
        period_end=np.array([case.period.end for case in cases if case.period], "M8[D]"),
        term_bill=slow.term_bill,
        term_register=slow.term_register,
        term_item=slow.term_item,
        term_kwh=slow.term_kwh,
        term_share_percent=slow.term_share_percent,
        households_num=[case.households.numerator for case in cases],
        households_den=[case.households.denominator for case in cases],
        time_of_use=[case.time_of_use for case in cases],
        prorate=[case.prorates for case in cases],
        reactive_kvarh=[case.reactive_kvarh or 0 for case in cases],
        reactive_due=[case.reactive_kvarh is not None for case in cases],
    )
    dated = slow.part_decision[:, 0] >= 0
    for name in ("part_decision", "part_days", "norm_reference_days", "vat_rate_bp", "billed_days"):
        assert np.array_equal(getattr(slow, name)[dated], getattr(fast, name)[dated]), name
    assert not (fast.part_decision[~dated, 0] >= 0).any()
    assert_engines_agree(cases, rate(fast, LAW), LAW)


def rows(kwh: list[int]) -> RatingColumns:
    start = np.full(len(kwh), "2026-06-14", "datetime64[D]")
    return columns_from_rows(
        LAW,
        period_start=start,
        period_end=start + 30,
        term_bill=np.arange(len(kwh)),
        term_register=np.zeros(len(kwh), np.int64),
        term_item=np.full(len(kwh), price_tables(LAW).item_id("SH")),
        term_kwh=kwh,
    )


def test_values_at_the_edge_of_int64_are_refused_not_wrapped() -> None:
    rated = rate(rows([275, 10**9, 10**9 + 1, 2**62, 2**63 - 1, -(2**63)]), LAW)
    assert rated.bills.refused.tolist() == [0, 0, 7, 7, 7, 3]
    assert rated.bills.total_vnd.tolist()[0] == 717_714
    assert rated.bills.net_vnd.tolist()[1] == 1_074_500 + (10**9 - 400) * 3460
    assert rated.bills.net_vnd.tolist()[2:] == [0, 0, 0, 0]


def test_nothing_in_nothing_out() -> None:
    empty = rate(columns_from_cases([], LAW), LAW)
    assert (len(empty.bills.refused), len(empty.lines.bill_index)) == (0, 0)
    assert empty.line_starts().tolist() == [0]


def test_cases_that_columns_cannot_hold_are_marked_never_rated_otherwise() -> None:
    exact = Switches(energy_rounding="none", line_rounding="none", total_rounding="half_up_once")
    cases = CaseFactory(3, exact).cases(50)
    assert set(rate(columns_from_cases(cases, LAW), LAW).bills.refused.tolist()) == {NEEDS_SCALAR}
    mixed = [*CaseFactory(3, Switches()).cases(1), *CaseFactory(4, SWITCHES[1]).cases(1)]
    assert rate(columns_from_cases(mixed, LAW), LAW).bills.refused[1] == NEEDS_SCALAR


def test_terms_out_of_order_are_a_bug_of_the_caller() -> None:
    start = np.full(2, "2026-06-14", "datetime64[D]")
    with pytest.raises(ValueError, match="order of their bills"):
        columns_from_rows(
            LAW,
            period_start=start,
            period_end=start + 30,
            term_bill=[1, 0],
            term_register=[0, 0],
            term_item=[0, 0],
            term_kwh=[1, 1],
        )

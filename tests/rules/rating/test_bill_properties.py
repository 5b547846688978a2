"""What holds for every rated bill, whatever the case."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import (
    BillCase,
    ExplainedBill,
    Purpose,
    RegisterEnergy,
    Switches,
    explain,
)
from cmis.rules.tariffs import load_law
from tests.rules.rating.case_factory import CaseFactory

LAW = load_law()


def rated(seed: int, count: int = 60) -> list[ExplainedBill]:
    answers = [explain(case, LAW) for case in CaseFactory(seed, Switches()).cases(count)]
    return [answer for answer in answers if isinstance(answer, ExplainedBill)]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_lines_sum_to_the_bill_and_energy_is_kept(seed: int) -> None:
    for bill in rated(seed):
        assert sum(line.amount_vnd for line in bill.lines) == bill.net_vnd
        assert bill.net_vnd + bill.vat_vnd == bill.total_vnd
        assert sum(line.kwh for line in bill.lines) == sum(r.kwh for r in bill.case.registers)
        assert all(line.kwh > 0 and line.amount_vnd >= 0 for line in bill.lines if line.item)
        assert [line.line_no for line in bill.lines] == list(range(1, len(bill.lines) + 1))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_a_tier_opens_only_when_the_one_before_is_full(seed: int) -> None:
    for bill in rated(seed):
        if bill.plan.prorates or bill.case.renters_undeclared or bill.case.households != 1:
            continue
        for item in {line.item.code for line in bill.lines if line.item and line.tier}:
            lines = [line for line in bill.lines if line.item and line.item.code == item]
            assert [line.tier for line in lines] == list(range(1, len(lines) + 1))
            norms = bill.plan.parts[0].decision.items[item].form.norms_kwh  # type: ignore[union-attr]
            assert [line.kwh for line in lines[:-1]] == list(norms[: len(lines) - 1])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 400))
def test_more_energy_never_costs_less(seed: int, more: int) -> None:
    for bill in rated(seed, 30):
        case = bill.case
        if bill.reactive is not None or any(r.measured_kwh for r in case.registers):
            continue  # more active energy betters cos φ; a measured part cannot be chosen here
        if any(len(r.purposes) > 1 for r in case.registers) or len(bill.plan.parts) > 1:
            continue  # rounding of shares moves single kWh between prices
        grown = replace(
            case,
            registers=tuple(replace(r, kwh=r.kwh + more) for r in case.registers),
        )
        answer = explain(grown, LAW)
        assert isinstance(answer, ExplainedBill)
        assert answer.net_vnd > bill.net_vnd


@given(st.integers(0, 5000), st.integers(1, 29))
def test_cutting_a_period_at_the_same_price_changes_nothing_but_the_norms(
    kwh: int, days: int
) -> None:
    """Flat prices do not care how a period is cut: the parts cost what the whole costs."""
    whole = Period(date(2026, 6, 14), date(2026, 7, 14))
    first, second = whole.split(date(2026, 6, 14 + days) if days < 17 else date(2026, 7, days - 16))
    registers = (RegisterEnergy(RegisterKind.SINGLE, kwh, (Purpose("HC2_LT6"),)),)
    cut = kwh * first.days // whole.days
    nets = [
        explain(BillCase("X", period, (replace(registers[0], kwh=part),)), LAW)
        for period, part in ((whole, kwh), (first, cut), (second, kwh - cut))
    ]
    assert all(isinstance(answer, ExplainedBill) for answer in nets)
    assert nets[0].net_vnd == nets[1].net_vnd + nets[2].net_vnd  # type: ignore[union-attr]

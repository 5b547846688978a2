"""Rate a month again under other prices; a wrong block is found and stands in one group."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from shutil import copytree

import pytest

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import BillCase, ExplainedBill, Purpose, RegisterEnergy, explain
from cmis.rules.rating.rehearsal import (
    CaseToRehearse,
    Cause,
    distribution_labels,
    rehearse,
)
from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.drafts import law_with_only, read_draft, rehearsal_law
from cmis.rules.tariffs.errors import UnableToLoadLaw
from cmis.rules.tariffs.loader import DATA

LAW = load_law()
JUNE = Period(date(2026, 5, 14), date(2026, 6, 14))
NEWEST = DATA / "qd_1279_2025.yaml"


def stored(kwh: int, item: str = "SH", **changes: object) -> CaseToRehearse:
    register = RegisterEnergy(RegisterKind.SINGLE, kwh, (Purpose(item),))
    case = replace(BillCase(f"B{kwh}", JUNE, (register,)), **changes)  # type: ignore[arg-type]
    bill = explain(case, LAW)
    assert isinstance(bill, ExplainedBill)
    return CaseToRehearse(case.case_id, f"C{kwh}", case, bill.total_vnd)


CASES = [
    *(stored(kwh) for kwh in (0, 30, 50, 80, 120, 260, 450)),
    stored(1200, "KD_LT6"),
    stored(900, households=Fraction(3)),
]


def changed_file(tmp_path: Path, old: str, new: str) -> Path:
    text = NEWEST.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "new.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_decision_in_force_changes_nothing() -> None:
    found = rehearse(CASES, in_force=LAW, rehearsed=rehearsal_law(NEWEST))
    assert (found.bills, found.same, found.changed, found.refused) == (9, 9, 0, 0)
    assert (found.differences, found.above_threshold, found.stored_differs) == ({}, [], 0)
    assert found.before_vnd == found.after_vnd == sum(one.total_vnd for one in CASES)


def test_a_wrong_block_is_found_and_grouped(tmp_path: Path) -> None:
    """The second block of households is 100 instead of 50 kWh: 260 kWh and more get it wrong by the
    same line, whatever follows from it in later blocks."""
    law = law_with_only(read_draft(NEWEST))
    decision = law.decisions[0]
    form = decision.items["SH"].form
    wrong = replace(form, norms_kwh=(50, 100, 100, 100, 100, None))  # type: ignore[type-var]
    items = {**decision.items, "SH": replace(decision.items["SH"], form=wrong)}
    seeded = replace(law, decisions=(replace(decision, items=items),))
    found = rehearse(CASES, in_force=LAW, rehearsed=seeded)
    groups = found.ordered_differences()
    assert [(group.cause, group.bill_count) for group in groups] == [
        (Cause("SH", "2", "energy"), 4)
    ]
    assert groups[0].examples == ["B120", "B260", "B450", "B900"]
    assert (found.bills, found.same, found.changed) == (9, 5, 4)
    # 50 kWh move one block down: 120 kWh by 20 × 330 đ, 260 kWh by 50 × 330 + 50 × 618 + 10 × …
    assert groups[0].change_vnd == found.after_vnd - found.before_vnd < 0


def test_a_new_price_stands_in_one_group_and_its_revenue(tmp_path: Path) -> None:
    path = changed_file(tmp_path, "price: 2050", "price: 2060")
    found = rehearse(CASES, in_force=LAW, rehearsed=rehearsal_law(path), threshold_percent=0)
    (group,) = found.ordered_differences()
    assert (group.cause, group.bill_count) == (Cause("SH", "2", "price"), 5)
    net = 10 * (30 + 50 + 50 + 50 + 150)  # kWh of tier 2, three households with 150
    revenue = found.revenue["residential"]
    assert revenue.after_vnd - revenue.before_vnd == net
    assert found.revenue["business"].after_vnd == found.revenue["business"].before_vnd
    assert group.change_vnd == sum(row.after_vnd - row.before_vnd for row in found.above_threshold)
    assert found.above_threshold[0].customer_code == "C900"
    assert sum(found.distribution.values()) == found.bills
    assert dict(zip(distribution_labels(), found.distribution.values(), strict=True)) == {
        "< -20 %": 0, "-20 % … -10 %": 0, "-10 % … -5 %": 0, "-5 % … 0 %": 0,
        "0 % … +5 %": 5, "+5 % … +10 %": 0, "+10 % … +20 %": 0, "≥ +20 %": 0, "=": 4,
    }  # fmt: skip


def test_what_the_new_decision_lacks_is_refused_by_cause(tmp_path: Path) -> None:
    law = law_with_only(read_draft(NEWEST))
    decision = law.decisions[0]
    items = {code: item for code, item in decision.items.items() if code != "KD_LT6"}
    found = rehearse(
        CASES, in_force=LAW, rehearsed=replace(law, decisions=(replace(decision, items=items),))
    )
    assert found.refused == 1
    assert Cause("KD_LT6", "RATE-011", "refused") in found.differences
    assert found.same + found.changed + found.refused == found.bills


def test_a_bill_that_was_stored_wrongly_is_counted() -> None:
    cases = [CASES[0], CASES[1]._replace(total_vnd=1)]
    found = rehearse(cases, in_force=LAW, rehearsed=LAW)
    assert found.stored_differs == 1


def test_a_directory_is_a_law_and_a_broken_file_is_refused(tmp_path: Path) -> None:
    copytree(DATA, tmp_path / "law")
    assert rehearsal_law(tmp_path / "law").digest == LAW.digest
    with pytest.raises(UnableToLoadLaw, match="vat_included"):
        rehearsal_law(changed_file(tmp_path, "vat_included: false", "vat_included: true"))

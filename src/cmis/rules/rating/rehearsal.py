"""Bills rated again under another law: what would change, for whom, and why.

Differences are grouped by their cause, the first line that is not the same, so that one wrong block
or one new price shows as one group however many bills it touches.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from cmis.rules.rating.case import BillCase
from cmis.rules.rating.explain import explain
from cmis.rules.rating.explained import ExplainedBill, ExplainedLine
from cmis.rules.rating.refusals import Refused
from cmis.rules.tariffs.schema import Law

#: Borders of the distribution in hundredths of a percent; a class runs from one up to the next.
BORDERS = (-2000, -1000, -500, 0, 500, 1000, 2000)
#: Examples kept for each group of differences.
EXAMPLES = 5


class CaseToRehearse(NamedTuple):
    """A stored bill: its codes, its case and the total it was billed with."""

    bill_code: str
    customer_code: str
    case: BillCase
    total_vnd: int


class Cause(NamedTuple):
    """The first line that differs. ``what`` is price, energy, line (only one side has it), vat,
    rounding, or refused."""

    item_code: str
    label: str
    what: str


@dataclass(slots=True)
class Differences:
    """All bills that differ for one cause."""

    cause: Cause
    bill_count: int = 0
    change_vnd: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class GroupRevenue:
    """Money before VAT of one price group."""

    line_count: int = 0
    before_vnd: int = 0
    after_vnd: int = 0


class ChangedCustomer(NamedTuple):
    bill_code: str
    customer_code: str
    before_vnd: int
    after_vnd: int


@dataclass(slots=True)
class Rehearsal:
    """What came out; ``same + changed + refused = bills``. Totals include VAT and leave refused
    bills out. ``stored_differs`` counts bills whose stored total the law in force does not give
    any more."""

    threshold_percent: int
    bills: int = 0
    same: int = 0
    changed: int = 0
    refused: int = 0
    stored_differs: int = 0
    before_vnd: int = 0
    after_vnd: int = 0
    revenue: dict[str, GroupRevenue] = field(default_factory=dict)
    distribution: dict[int, int] = field(default_factory=dict)
    differences: dict[Cause, Differences] = field(default_factory=dict)
    above_threshold: list[ChangedCustomer] = field(default_factory=list)

    def ordered_differences(self) -> list[Differences]:
        """Groups of differences, the largest money first."""
        return sorted(
            self.differences.values(), key=lambda group: (-abs(group.change_vnd), group.cause)
        )


def rehearse(
    cases: Iterable[CaseToRehearse], *, in_force: Law, rehearsed: Law, threshold_percent: int = 10
) -> Rehearsal:
    """Rate every case under both laws and compare line by line.

    Unverified prices of the rehearsed law are allowed: nothing is billed with them.
    """
    result = Rehearsal(threshold_percent)
    result.distribution = dict.fromkeys(range(len(BORDERS) + 2), 0)
    allowed = tuple(f"{d.code} {code}" for d in rehearsed.decisions for code in d.items)
    for one in cases:
        result.bills += 1
        switches = replace(one.case.switches, allow_unverified_prices=allowed)
        after = explain(replace(one.case, switches=switches), rehearsed)
        before = explain(one.case, in_force)
        _count(result, one, before, after)
    result.above_threshold.sort(key=lambda row: (row.before_vnd - row.after_vnd, row.bill_code))
    return result


def _count(
    result: Rehearsal,
    one: CaseToRehearse,
    before: ExplainedBill | Refused,
    after: ExplainedBill | Refused,
) -> None:
    if isinstance(before, Refused) or isinstance(after, Refused):
        refused = after if isinstance(after, Refused) else before
        assert isinstance(refused, Refused)  # one of the two is
        result.refused += 1
        item = str(refused.values.get("item", ""))
        _add(result, Cause(item, refused.code.code, "refused"), one.bill_code, 0)
        return
    result.stored_differs += before.total_vnd != one.total_vnd
    result.before_vnd += before.total_vnd
    result.after_vnd += after.total_vnd
    for bill, side in ((before, "before"), (after, "after")):
        _add_revenue(result.revenue, bill, side)
    change_vnd = after.total_vnd - before.total_vnd
    result.distribution[_class_of(before.total_vnd, change_vnd)] += 1
    cause = _cause(before, after)
    if cause is None:
        result.same += 1
        return
    result.changed += 1
    _add(result, cause, one.bill_code, change_vnd)
    if 100 * abs(change_vnd) > result.threshold_percent * before.total_vnd:
        result.above_threshold.append(
            ChangedCustomer(one.bill_code, one.customer_code, before.total_vnd, after.total_vnd)
        )


def _add(result: Rehearsal, cause: Cause, bill_code: str, change_vnd: int) -> None:
    group = result.differences.setdefault(cause, Differences(cause))
    group.bill_count += 1
    group.change_vnd += change_vnd
    if len(group.examples) < EXAMPLES:
        group.examples.append(bill_code)


def _add_revenue(revenue: dict[str, GroupRevenue], bill: ExplainedBill, side: str) -> None:
    for line in bill.lines:
        group = revenue.setdefault(line.item.group if line.item else "reactive", GroupRevenue())
        if side == "before":
            group.line_count += 1
            group.before_vnd += line.amount_vnd
        else:
            group.after_vnd += line.amount_vnd


def _class_of(before_vnd: int, change_vnd: int) -> int:
    """Class of the distribution: 0 = below the first border … ; a class of its own, the last, for
    bills that do not change."""
    if change_vnd == 0:
        return len(BORDERS) + 1
    if before_vnd == 0:
        return len(BORDERS)
    return sum(10_000 * change_vnd >= border * before_vnd for border in BORDERS)


def distribution_labels() -> tuple[str, ...]:
    """Names of the classes, in percent, in the order of their numbers."""
    shown = [f"{border // 100:+d} %" if border else "0 %" for border in BORDERS]
    inner = [f"{low} … {high}" for low, high in pairwise(shown)]
    return (f"< {shown[0]}", *inner, f"≥ {shown[-1]}", "=")


def _cause(before: ExplainedBill, after: ExplainedBill) -> Cause | None:
    """The first difference of two bills, or None when they are the same."""
    old, new = _by_place(before.lines), _by_place(after.lines)
    for place in sorted({*old, *new}):
        item_code, label = place[1], place[2]
        if place not in old or place not in new:
            what = "line"
        elif old[place].price_vnd_per_kwh != new[place].price_vnd_per_kwh:
            what = "price"
        elif old[place].kwh != new[place].kwh:
            what = "energy"
        elif old[place].amount_vnd != new[place].amount_vnd:
            what = "rounding"
        else:
            continue
        return Cause(item_code, label, what)
    if before.total_vnd != after.total_vnd:
        return Cause("", "", "vat")
    return None


def _by_place(lines: tuple[ExplainedLine, ...]) -> Mapping[tuple[int, str, str], ExplainedLine]:
    return {
        (
            line.part,
            line.item.code if line.item else "",
            str(line.tier) if line.tier else (line.register or ""),
        ): line
        for line in lines
    }

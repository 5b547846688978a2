"""Rate columns of bills: NumPy int64, no Python loop per bill, the same đồng as :func:`explain`.

Order of the work: refuse what cannot be rated; cut the energy at price changes; share it between
purposes; gather it by (bill, part, item) into cells of tiers or registers; price the cells.
Loops run over parts, purposes of one register and tiers, never over bills.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmis.kernel.rounding import Int64s, half_up_columns, multiply_columns
from cmis.rules.rating.columns import RatedBills, RatedColumns, RatedLines, RatingColumns
from cmis.rules.rating.kernel_checks import refusals, register_starts
from cmis.rules.rating.kernel_norms import Norms
from cmis.rules.rating.kernel_reactive import reactive_columns
from cmis.rules.rating.price_tables import Bools, Form, PriceTables, price_tables
from cmis.rules.tariffs.schema import Law

Indices = npt.NDArray[np.intp]


def rate(columns: RatingColumns, law: Law) -> RatedColumns:
    """Rate all bills of the columns.

    Returns:
        one row a bill and one row a line; refused bills keep their row, with a code and no money.

    Raises:
        ArithmeticRange: a product would leave int64 (the limits make that impossible; NumPy would
            wrap silently).
    """
    tables = price_tables(law)
    tier = columns.switches.undeclared_renter_tier or law.renters.undeclared_tier
    refused = refusals(columns, tables, tier)
    terms = _terms(columns, refused == 0)
    cells = _cells(columns, tables, terms, tier)
    lines = _lines(cells)
    active = _sum_by_bill(cells.amounts.sum(axis=1), cells.bill, columns.bill_count)
    total_kwh = _total_energy(columns, terms)
    reactive = reactive_columns(
        law.reactive,
        active_kwh=total_kwh,
        reactive_kvarh=np.where(columns.reactive_due & (refused == 0), columns.reactive_kvarh, 0),
        due=columns.reactive_due & (refused == 0),
        active_vnd=active,
        cos_phi_rounding=columns.switches.cos_phi_rounding,
    )
    if reactive.amount_vnd.any():
        lines = _with_reactive_lines(lines, reactive.amount_vnd)
    net = active + reactive.amount_vnd
    rates = np.where(refused == 0, columns.vat_rate_bp, 0)
    vat = half_up_columns(multiply_columns(net, rates), 10_000)
    if columns.switches.reactive_invoice_mode == "two_invoices":
        vat = half_up_columns(multiply_columns(active, rates), 10_000) + half_up_columns(
            multiply_columns(reactive.amount_vnd, rates), 10_000
        )
    bills = RatedBills(
        net_vnd=net,
        vat_rate_bp=rates,
        vat_vnd=vat,
        total_vnd=net + vat,
        reactive_vnd=reactive.amount_vnd,
        cos_phi_hundredths=reactive.cos_phi_hundredths,
        k_hundredths=reactive.k_hundredths,
        refused=refused,
    )
    return RatedColumns(bills, lines, tables.decision_codes, tables.item_codes, law.digest)


@dataclass(frozen=True, eq=False)
class _Terms:
    """Terms of the bills that are rated. ``scale`` is 1/kWh of their bill with fractional norms,
    ``group`` the (bill, item) they belong to, in the order of bills and first registers."""

    bill: Int64s
    register: Int64s
    item: Int64s
    share_percent: Int64s
    kwh: Int64s
    measured_parts: Int64s
    measured_kwh: Int64s
    scale: Int64s
    starts: Bools
    group: Int64s
    group_bill: Int64s
    group_item: Int64s


def _terms(columns: RatingColumns, rated: Bools) -> _Terms:
    keep = rated[columns.term_bill]
    everything = bool(keep.all())

    def kept(values: Int64s) -> Int64s:
        return values if everything else values[keep]

    bill, item = kept(columns.term_bill), kept(columns.term_item)
    common = np.where(rated, np.lcm(columns.energy_den, columns.households_den), 1)
    factor = (common // np.where(rated, columns.energy_den, 1))[bill]
    group, group_first = _groups(bill, item)
    starts = register_starts(columns)
    return _Terms(
        bill=bill,
        register=kept(columns.term_register),
        item=item,
        share_percent=kept(columns.term_share_percent),
        kwh=kept(columns.term_kwh) * factor,
        measured_parts=kept(columns.term_measured_parts),
        measured_kwh=kept(columns.term_measured_kwh) * factor[:, None],
        scale=common,
        starts=starts if everything else starts[keep],
        group=group,
        group_bill=bill[group_first],
        group_item=item[group_first],
    )


def _groups(bill: Int64s, item: Int64s) -> tuple[Int64s, Indices]:
    """(bill, item) of each term as a number, and the first term of each number."""
    if bill.size == 0:
        return bill, np.zeros(0, np.intp)
    new_bill = np.ones(len(bill), np.bool_)
    new_bill[1:] = np.diff(bill) != 0
    if not bool((~new_bill[1:] & (np.diff(item) != 0)).any()):
        return np.cumsum(new_bill) - 1, np.flatnonzero(new_bill)
    key = bill * (int(item.max()) + 1) + item
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[inverse].astype(np.int64), first[order]


@dataclass(frozen=True, eq=False)
class _Cells:
    """(g, k) energies, prices and money of g groups in k tiers or registers; ``scale`` (g)."""

    bill: Int64s
    part: Int64s
    decision: Int64s
    item: Int64s
    ladder: Bools
    scale: Int64s
    kwh: Int64s
    prices: Int64s
    amounts: Int64s


def _cells(columns: RatingColumns, tables: PriceTables, terms: _Terms, tier: int) -> _Cells:
    parts = (columns.part_decision >= 0).sum(axis=1)
    number = _GroupNumbers(terms, parts)
    width = tables.prices.shape[3]
    kwh = np.zeros((number.count, width), np.int64)
    total = np.zeros(number.count, np.int64)
    bill, item, part = number.bill, number.item, number.part
    decision = columns.part_decision[bill, part]
    ladder = tables.form[decision, item] == Form.LADDER
    for index, energy, here in _energy_of_parts(columns, terms, parts):
        group = number.of(terms.group[here], index)
        on_ladder = ladder[group]
        np.add.at(total, group[on_ladder], energy[on_ladder])
        flat = ~on_ladder
        if flat.any():
            kwh[group[flat], terms.register[here][flat]] = energy[flat]
    scale = terms.scale[bill]
    norms = Norms(columns, tables, bill, item, part, decision, parts, scale)
    renters = ladder & columns.renters_undeclared[bill]
    kwh[renters, tier - 1] = total[renters]
    left = np.where(ladder & ~renters, total, 0)
    for step in range(width):
        if not left.any():
            break
        taken = np.minimum(left, norms.tier(step))
        kwh[:, step] += taken
        left = left - taken
    prices = tables.prices[decision, item, columns.time_of_use[bill].astype(np.int64)]
    amounts = multiply_columns(kwh, prices)
    fractional = np.flatnonzero(scale != 1)
    if fractional.size:
        some = amounts[fractional]
        divisors = np.broadcast_to(scale[fractional][:, None], some.shape)
        amounts[fractional] = half_up_columns(some, divisors)
    return _Cells(bill, part, decision, item, ladder, scale, kwh, prices, amounts)


class _GroupNumbers:
    """Numbers of (bill, part, item) in the order of lines on the bill."""

    def __init__(self, terms: _Terms, parts: Int64s) -> None:
        self._several = bool((parts > 1).any())
        if not self._several:
            self.count = len(terms.group_bill)
            self.bill, self.item = terms.group_bill, terms.group_item
            self.part = np.zeros(self.count, np.int64)
            return
        items = np.bincount(terms.group_bill, minlength=len(parts))
        before = np.cumsum(items) - items
        rows = items * parts
        self._items = items[terms.group_bill]
        rank = np.arange(len(terms.group_bill)) - before[terms.group_bill]
        self._first = (np.cumsum(rows) - rows)[terms.group_bill] + rank
        self.count = int(rows.sum())
        self.bill = np.repeat(np.arange(len(parts)), rows)
        position = np.arange(self.count) - np.repeat(np.cumsum(rows) - rows, rows)
        self.part = position // items[self.bill]
        self.item = terms.group_item[before[self.bill] + position % items[self.bill]]

    def of(self, group: Int64s, part: int) -> Int64s:
        """Number of these (bill, item) groups in a part."""
        return self._first[group] + part * self._items[group] if self._several else group


def _energy_of_parts(
    columns: RatingColumns, terms: _Terms, parts: Int64s
) -> list[tuple[int, Int64s, Bools | slice]]:
    """For each part: its number, the energy of every term present, and which terms those are."""
    count = columns.part_decision.shape[1]
    term_parts = parts[terms.bill]
    if count == 1 or not bool((term_parts > 1).any()):
        return [(0, _shared(terms, terms.kwh), slice(None))]
    result: list[tuple[int, Int64s, Bools | slice]] = []
    scale = terms.scale[terms.bill]
    period_days = np.maximum(columns.part_days.sum(axis=1), 1)[terms.bill]
    ceiling = columns.switches.energy_split_rounding == "ceiling"
    left = terms.kwh
    for part in range(count):
        days = columns.part_days[terms.bill, part]
        whole = _rounded(multiply_columns(terms.kwh, days), period_days * scale, ceiling) * scale
        taken = np.where(part == term_parts - 1, left, np.minimum(whole, left))
        measured = terms.measured_parts > 0
        taken = np.where(measured, terms.measured_kwh[:, part], taken)
        present = part < term_parts
        left = np.where(present, left - taken, left)
        result.append((part, _shared(terms, taken)[present], present))
    return result


def _rounded(numerators: Int64s, denominators: Int64s, ceiling: bool) -> Int64s:
    if ceiling:
        return -(-numerators // denominators)
    return half_up_columns(numerators, denominators)


def _shared(terms: _Terms, kwh: Int64s) -> Int64s:
    """Energy of each term: shares half-up, the last purpose of a register takes the rest."""
    if bool(terms.starts.all()):
        return kwh
    first = np.flatnonzero(terms.starts)
    group = np.cumsum(terms.starts) - 1
    position = np.arange(len(kwh)) - first[group]
    size = np.diff(np.append(first, len(kwh)))
    scale = terms.scale[terms.bill]
    share = half_up_columns(multiply_columns(kwh, terms.share_percent), 100 * scale) * scale
    left = kwh[first]
    result = np.zeros(len(kwh), np.int64)
    for step in range(int(size.max())):
        here = np.flatnonzero(position == step)
        last = step == size[group[here]] - 1
        taken = np.where(last, left[group[here]], np.minimum(share[here], left[group[here]]))
        result[here] = taken
        left[group[here]] -= taken
    return result


def _sum_by_bill(values: Int64s, bills: Int64s, count: int) -> Int64s:
    """(n) sum of the values of each bill; the bills stand in order."""
    result = np.zeros(count, np.int64)
    if values.size:
        starts = np.flatnonzero(np.append(True, np.diff(bills) != 0))
        result[bills[starts]] = np.add.reduceat(values, starts)
    return result


def _total_energy(columns: RatingColumns, terms: _Terms) -> Int64s:
    """(n) active energy of all registers in whole kWh; only bills with reactive energy use it."""
    total = np.zeros(columns.bill_count, np.int64)
    if columns.reactive_due.any():
        bills = terms.bill[terms.starts]
        np.add.at(total, bills, terms.kwh[terms.starts] // terms.scale[bills])
    return total


def _lines(cells: _Cells) -> RatedLines:
    width = cells.kwh.shape[1]
    filled = np.flatnonzero(cells.kwh.ravel() != 0)  # three times faster than nonzero in 2-D
    group = filled // width
    slot = filled - group * width
    bill = cells.bill[group]
    ladder = cells.ladder[group]
    first = np.ones(len(bill), np.bool_)
    first[1:] = np.diff(bill) != 0
    starts = np.flatnonzero(first)
    line_no = np.arange(1, len(bill) + 1) - np.repeat(starts, np.diff(np.append(starts, len(bill))))
    return RatedLines(
        bill_index=bill,
        line_no=line_no,
        part=cells.part[group],
        decision=cells.decision[group],
        item=cells.item[group],
        tier=np.where(ladder, slot + 1, 0),
        register=np.where(ladder, -1, slot),
        kwh=cells.kwh.ravel()[filled],
        kwh_den=cells.scale[group],
        price_vnd_per_kwh=cells.prices.ravel()[filled],
        amount_vnd=cells.amounts.ravel()[filled],
    )


def _with_reactive_lines(lines: RatedLines, amounts: Int64s) -> RatedLines:
    """The lines with one more at the end of each bill that owes a reactive charge."""
    bills = np.flatnonzero(amounts)
    extra = len(bills)
    counts = np.bincount(lines.bill_index, minlength=len(amounts))
    order = np.argsort(np.append(lines.bill_index, bills), kind="stable")

    def joined(values: Int64s, more: Int64s | int) -> Int64s:
        added = np.broadcast_to(np.asarray(more, np.int64), (extra,))
        return np.append(values, added)[order]

    return RatedLines(
        bill_index=joined(lines.bill_index, bills),
        line_no=joined(lines.line_no, counts[bills] + 1),
        part=joined(lines.part, 0),
        decision=joined(lines.decision, -1),
        item=joined(lines.item, -1),
        tier=joined(lines.tier, 0),
        register=joined(lines.register, -1),
        kwh=joined(lines.kwh, 0),
        kwh_den=joined(lines.kwh_den, 1),
        price_vnd_per_kwh=joined(lines.price_vnd_per_kwh, 0),
        amount_vnd=joined(lines.amount_vnd, amounts[bills]),
    )

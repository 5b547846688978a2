"""Which bills the kernel refuses, column by column, with the same codes as :mod:`plan`."""

import numpy as np

from cmis.kernel.rounding import Int64s
from cmis.rules.rating.columns import NEEDS_SCALAR, RatingColumns
from cmis.rules.rating.plan import (
    LIMIT_DAYS,
    LIMIT_DENOMINATOR,
    LIMIT_HOUSEHOLDS,
    LIMIT_KWH,
)
from cmis.rules.rating.price_tables import Bools, Form, PriceTables
from cmis.rules.rating.refusals import RefusalCode


def register_starts(columns: RatingColumns) -> Bools:
    """(m) True at the first term of every register of every bill."""
    starts = np.ones(len(columns.term_bill), np.bool_)
    starts[1:] = (np.diff(columns.term_bill) != 0) | (np.diff(columns.term_register) != 0)
    return starts


class _Marks:
    """The first code of each bill; codes are marked in ascending order."""

    def __init__(self, columns: RatingColumns) -> None:
        self.codes = np.zeros(columns.bill_count, np.int64)
        self._term_bill = columns.term_bill

    def bills(self, wrong: Bools, code: int) -> None:
        self.codes[(self.codes == 0) & wrong] = code

    def terms(self, wrong: Bools, code: RefusalCode) -> None:
        if wrong.any():
            bills = np.zeros(len(self.codes), np.bool_)
            bills[self._term_bill[wrong]] = True
            self.bills(bills, code)


def refusals(columns: RatingColumns, tables: PriceTables, undeclared_tier: int) -> Int64s:
    """(n) 0, a refusal code or ``NEEDS_SCALAR``; the smallest code where several apply."""
    marks = _Marks(columns)
    switches = columns.switches
    if switches.total_rounding != "sum_of_rounded":
        marks.codes[:] = NEEDS_SCALAR
    fractional = columns.energy_den != 1
    decimal_reactive = columns.reactive_due & fractional & (switches.energy_rounding == "none")
    marks.bills(columns.needs_scalar | decimal_reactive, NEEDS_SCALAR)
    counts = np.bincount(columns.term_bill, minlength=columns.bill_count)
    marks.bills(counts == 0, RefusalCode.NO_REGISTER)
    register = columns.term_register
    marks.terms((register < 0) | (register > 3), RefusalCode.REGISTER_NOT_PRICED)
    negative = (columns.term_kwh < 0) | (columns.term_measured_kwh < 0).any(axis=1)
    marks.terms(negative, RefusalCode.NEGATIVE_ENERGY)
    if switches.energy_rounding == "whole":
        marks.bills(fractional, RefusalCode.ENERGY_NOT_WHOLE)
    starts = register_starts(columns)
    marks.terms(_wrong_shares(columns, starts), RefusalCode.SHARES)
    marks.bills(_wrong_households(columns), RefusalCode.HOUSEHOLDS)
    marks.bills(_out_of_range(columns, starts), RefusalCode.OUT_OF_RANGE)
    marks.bills(columns.part_decision[:, 0] < 0, RefusalCode.NO_DECISION)
    part_counts = (columns.part_decision >= 0).sum(axis=1)
    marks.bills(_wrong_days(columns, part_counts), RefusalCode.DAYS)
    marks.terms(_wrong_measured(columns, part_counts), RefusalCode.MEASURED_PARTS)
    _mark_items(columns, tables, undeclared_tier, marks)
    return marks.codes


def _wrong_shares(columns: RatingColumns, starts: Bools) -> Bools:
    """(m) True where the shares of a register are not positive, not 100 together, or name an item
    twice."""
    shares = columns.term_share_percent
    wrong = (shares <= 0) | (shares > 100)
    if bool(starts.all()):
        return np.asarray(wrong | (shares != 100), np.bool_)
    group = np.cumsum(starts) - 1
    sums = np.add.reduceat(np.clip(shares, -101, 101), np.flatnonzero(starts))
    wrong |= sums[group] != 100
    key = group * (int(columns.term_item.max()) + 2) + columns.term_item
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    wrong[first[counts > 1]] = True
    return wrong


def _wrong_households(columns: RatingColumns) -> Bools:
    num, den = columns.households_num, columns.households_den
    safe = np.maximum(den, 1)
    too_many = num > LIMIT_HOUSEHOLDS * np.minimum(safe, LIMIT_DENOMINATOR)
    return np.asarray((num <= 0) | (den <= 0) | too_many | (LIMIT_DENOMINATOR % safe != 0))


def _out_of_range(columns: RatingColumns, starts: Bools) -> Bools:
    """(n) True where the energy of a bill, or the fractions of its kWh, leave the limits."""
    den = np.clip(columns.energy_den, 1, LIMIT_DENOMINATOR + 1)
    common = np.lcm(den, np.clip(columns.households_den, 1, LIMIT_DENOMINATOR + 1))
    limit = LIMIT_KWH * LIMIT_DENOMINATOR + 1
    total = np.zeros(columns.bill_count, np.int64)
    np.add.at(total, columns.term_bill[starts], np.clip(columns.term_kwh[starts], 0, limit))
    wrong = (total > LIMIT_KWH * den) | (LIMIT_DENOMINATOR % common != 0)
    return np.asarray(wrong | (columns.energy_den <= 0), np.bool_)


def _wrong_days(columns: RatingColumns, part_counts: Int64s) -> Bools:
    """(n) True where N and T are needed and not usable."""
    billed, reference = columns.billed_days, columns.norm_reference_days
    several = part_counts > 1
    days = np.clip(columns.part_days, -1, LIMIT_DAYS + 1)
    in_range = (reference > 0) & (reference <= LIMIT_DAYS) & (billed >= 0) & (billed <= LIMIT_DAYS)
    sums = (days.min(axis=1) >= 0) & (days.sum(axis=1) == billed) & (billed > 0)
    return np.asarray((columns.prorate | several) & ~(in_range & (sums | ~several)))


def _wrong_measured(columns: RatingColumns, part_counts: Int64s) -> Bools:
    count = columns.term_measured_parts
    if not count.any():
        return np.zeros(len(count), np.bool_)
    limit = LIMIT_KWH * LIMIT_DENOMINATOR + 1
    total = np.clip(columns.term_measured_kwh, 0, limit).sum(axis=1)
    fits = (count == part_counts[columns.term_bill]) & (total == columns.term_kwh)
    return np.asarray((count > 0) & ~fits, np.bool_)


def _mark_items(
    columns: RatingColumns, tables: PriceTables, undeclared_tier: int, marks: _Marks
) -> None:
    """Items that a decision lacks or that nobody verified; then VAT, reactive energy, renters."""
    bills = columns.term_bill
    item_count = len(tables.item_codes)
    known = (columns.term_item >= 0) & (columns.term_item < item_count)
    item = np.where(known, columns.term_item, 0)
    billable = tables.billable(columns.switches)
    missing, unverified, no_tier = (np.zeros(len(bills), np.bool_) for _ in range(3))
    for part in range(columns.part_decision.shape[1]):
        decision = columns.part_decision[bills, part]
        used = decision >= 0
        row = np.maximum(decision, 0)
        form = tables.form[row, item]
        missing |= used & (~known | (form == Form.MISSING))
        unverified |= used & ~billable[row, item]
        ladder = used & (form == Form.LADDER) & columns.renters_undeclared[bills]
        no_tier |= ladder & (tables.tier_count[row, item] < undeclared_tier)
    marks.terms(missing, RefusalCode.ITEM_MISSING)
    marks.terms(unverified, RefusalCode.PRICE_UNVERIFIED)
    rate = columns.vat_rate_bp
    marks.bills((rate < 0) | (rate > 10_000), RefusalCode.NO_VAT)
    kvarh = columns.reactive_kvarh
    marks.bills(columns.reactive_due & ((kvarh < 0) | (kvarh > LIMIT_KWH)), RefusalCode.REACTIVE)
    marks.terms(no_tier, RefusalCode.RENTER_TIER)

"""From database rows or cases to :class:`RatingColumns`: dates become decisions, days and rates."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from cmis.kernel.rounding import Int64s
from cmis.rules.rating.case import BillCase, Energy
from cmis.rules.rating.columns import RatingColumns
from cmis.rules.rating.plan import LIMIT_DENOMINATOR, LIMIT_KWH, REGISTER_ORDER
from cmis.rules.rating.price_tables import Bools, Days, PriceTables, price_tables
from cmis.rules.rating.switches import DEFAULTS, Switches
from cmis.rules.tariffs.schema import Law

#: Numbers that the arrays cannot hold are cut here; far beyond every limit, so they are refused.
_CUT = 2**62
_ONE_DAY = np.timedelta64(1, "D")


def columns_from_rows(
    law: Law,
    *,
    period_start: Days,
    period_end: Days,
    term_bill: npt.ArrayLike,
    term_register: npt.ArrayLike,
    term_item: npt.ArrayLike,
    term_kwh: npt.ArrayLike,
    term_share_percent: npt.ArrayLike | None = None,
    households_num: npt.ArrayLike | None = None,
    households_den: npt.ArrayLike | None = None,
    time_of_use: npt.ArrayLike | None = None,
    prorate: npt.ArrayLike | None = None,
    renters_undeclared: npt.ArrayLike | None = None,
    reactive_kvarh: npt.ArrayLike | None = None,
    reactive_due: npt.ArrayLike | None = None,
    vat_day: Days | None = None,
    switches: Switches = DEFAULTS,
) -> RatingColumns:
    """Columns straight from database rows: whole kWh, days half-open, prices by date.

    Args:
        period_start, period_end: (n) datetime64[D], ``[start, end)``.
        term_bill … term_share_percent: (m) as in :class:`RatingColumns`; ``term_item`` from
            ``price_tables(law).item_id(code)``.
        vat_day: (n) day that selects the VAT rate; None = the last day of the period.
        prorate: (n) after the switch on last bills.
        others: (n); None takes one household, no time of use, nothing prorated, no reactive.
    """
    tables = price_tables(law)
    count = len(period_start)
    starts = period_start.astype("datetime64[D]")
    ends = period_end.astype("datetime64[D]")
    bills = _int64(term_bill, 0, 0)
    decision, days = parts_by_dates(tables, starts, ends)
    last_days = (ends - _ONE_DAY).astype("datetime64[D]")
    return RatingColumns(
        switches=switches,
        part_decision=decision,
        part_days=days,
        billed_days=(ends - starts).astype(np.int64),
        norm_reference_days=reference_days(ends, switches),
        prorate=_bool(prorate, count),
        households_num=_int64(households_num, count, 1),
        households_den=_int64(households_den, count, 1),
        energy_den=np.ones(count, np.int64),
        time_of_use=_bool(time_of_use, count),
        renters_undeclared=_bool(renters_undeclared, count),
        vat_rate_bp=vat_by_day(tables, last_days if vat_day is None else vat_day),
        reactive_kvarh=_int64(reactive_kvarh, count, 0),
        reactive_due=_bool(reactive_due, count),
        needs_scalar=np.zeros(count, np.bool_),
        term_bill=bills,
        term_register=_int64(term_register, 0, 0),
        term_item=_int64(term_item, 0, 0),
        term_share_percent=_int64(term_share_percent, len(bills), 100),
        term_kwh=_int64(term_kwh, 0, 0),
        term_measured_parts=np.zeros(len(bills), np.int64),
        term_measured_kwh=np.zeros((len(bills), decision.shape[1]), np.int64),
    )


def _int64(values: npt.ArrayLike | None, count: int, missing: int) -> Int64s:
    if values is None:
        return np.full(count, missing, np.int64)
    return np.asarray(values).astype(np.int64)


def _bool(values: npt.ArrayLike | None, count: int) -> Bools:
    return np.zeros(count, np.bool_) if values is None else np.asarray(values).astype(np.bool_)


def parts_by_dates(tables: PriceTables, starts: Days, ends: Days) -> tuple[Int64s, Int64s]:
    """(n, s) price decision and days of every part; −1 in the first column where a day has none.

    Decisions follow each other without gap (the loader refuses anything else), so the parts of a
    period are neighbours in the order of dates.
    """
    firsts, lasts = tables.first_days, tables.last_days
    last_used = np.maximum(ends - _ONE_DAY, starts)
    first_index = np.searchsorted(firsts, starts, side="right") - 1
    last_index = np.searchsorted(firsts, last_used, side="right") - 1
    uncovered = (first_index < 0) | (last_used > lasts[-1])
    last_index = np.where(uncovered, first_index, last_index)
    width = int((last_index - first_index).max(initial=0)) + 1
    index = first_index[:, None] + np.arange(width)
    present = (index <= last_index[:, None]) & ~uncovered[:, None]
    safe = np.clip(index, 0, len(firsts) - 1)
    following = np.append(firsts[1:], np.datetime64("9999-12-31", "D"))
    part_start = np.maximum(starts[:, None], firsts[safe])
    part_end = np.minimum(ends[:, None], following[safe])
    days = (part_end - part_start).astype(np.int64)
    return (
        np.where(present, index, -1).astype(np.int64),
        np.where(present, days, 0).astype(np.int64),
    )


def reference_days(ends: Days, switches: Switches) -> Int64s:
    """(n) T: calendar days of the month before the one that ``norm_reference_month`` names."""
    by_reading_day = switches.norm_reference_month == "month_before_reading_day"
    anchor = ends if by_reading_day else ends - _ONE_DAY
    month = anchor.astype("datetime64[M]")
    before = (month - np.timedelta64(1, "M")).astype("datetime64[D]")
    days: Int64s = (month.astype("datetime64[D]") - before).astype(np.int64)
    return days


def vat_by_day(tables: PriceTables, days: Days) -> Int64s:
    """(n) VAT rate in basis points, −1 for NaT or a day before the first rate."""
    index = np.searchsorted(tables.vat_first_days, days.astype("datetime64[D]"), side="right") - 1
    rates = np.where(index >= 0, tables.vat_rates_bp[np.maximum(index, 0)], -1)
    return np.where(np.isnat(days), -1, rates).astype(np.int64)


def columns_from_cases(cases: Sequence[BillCase], law: Law) -> RatingColumns:
    """Columns of any cases. Cases whose switches differ from those of the first one, or whose
    numbers int64 cannot hold, are marked ``needs_scalar``.
    """
    return _CaseColumns(law, cases[0].switches if cases else DEFAULTS).build(cases)


class _CaseColumns:
    """Collects Python lists case by case, then makes arrays of them once."""

    def __init__(self, law: Law, switches: Switches) -> None:
        self.law = law
        self.tables = price_tables(law)
        self.switches = switches
        self.item_ids = {code: index for index, code in enumerate(self.tables.item_codes)}
        self.terms: list[tuple[int, int, int, int, int, int]] = []
        self.measured: list[list[int]] = []

    def build(self, cases: Sequence[BillCase]) -> RatingColumns:
        dens = [_energy_denominator(case) for case in cases]
        for position, (case, den) in enumerate(zip(cases, dens, strict=True)):
            self._terms_of(position, case, den or 1)
        decision, days = self._parts(cases)
        width = max(decision.shape[1], *(len(parts) for parts in self.measured), 1)
        decision, days = _widen(decision, width, -1), _widen(days, width, 0)
        terms = np.array(self.terms, np.int64).reshape(-1, 6).T
        measured = [parts + [0] * (width - len(parts)) for parts in self.measured]
        return RatingColumns(
            switches=self.switches,
            part_decision=decision,
            part_days=days,
            billed_days=self._billed_days(cases, days),
            norm_reference_days=self._reference_days(cases),
            prorate=np.array([case.prorates for case in cases], np.bool_),
            households_num=_array([case.households.numerator for case in cases]),
            households_den=_array([case.households.denominator for case in cases]),
            energy_den=_array([den or 1 for den in dens]),
            time_of_use=np.array([case.time_of_use for case in cases], np.bool_),
            renters_undeclared=np.array([case.renters_undeclared for case in cases], np.bool_),
            vat_rate_bp=self._vat(cases),
            reactive_kvarh=_array([case.reactive_kvarh or 0 for case in cases]),
            reactive_due=np.array([case.reactive_kvarh is not None for case in cases], np.bool_),
            needs_scalar=np.array(
                [
                    den is None or case.switches != self.switches
                    for case, den in zip(cases, dens, strict=True)
                ],
                np.bool_,
            ),
            term_bill=terms[0],
            term_register=terms[1],
            term_item=terms[2],
            term_share_percent=terms[3],
            term_kwh=terms[4],
            term_measured_parts=terms[5],
            term_measured_kwh=np.array(measured, np.int64).reshape(-1, width),
        )

    def _terms_of(self, position: int, case: BillCase, den: int) -> None:
        kinds = [register.kind for register in case.registers]
        order = {kind: index for index, kind in enumerate(REGISTER_ORDER)}
        for register in sorted(case.registers, key=lambda r: order.get(r.kind, -1)):
            priced = register.kind in order and kinds.count(register.kind) == 1
            kwh = _scaled(register.kwh, den)
            measured = [_scaled(part, den) for part in register.measured_kwh]
            purposes = [(p.item_code, p.share_percent) for p in register.purposes] or [("", 0)]
            for code, share in purposes:
                item = self.item_ids.setdefault(code, len(self.item_ids))
                self.terms.append(
                    (
                        position,
                        order[register.kind] if priced else -1,
                        item,
                        _cut(share),
                        kwh,
                        len(measured),
                    )
                )
                self.measured.append(measured)

    def _parts(self, cases: Sequence[BillCase]) -> tuple[Int64s, Int64s]:
        dated = [index for index, case in enumerate(cases) if not case.segments]
        periods = [case.period for case in cases if not case.segments and case.period]
        by_date = parts_by_dates(
            self.tables,
            np.array([period.start for period in periods], "datetime64[D]"),
            np.array([period.end for period in periods], "datetime64[D]"),
        )
        named = [len(case.segments) for case in cases]
        width = max(by_date[0].shape[1], max(named, default=1))
        decision = np.full((len(cases), width), -1, np.int64)
        days = np.zeros((len(cases), width), np.int64)
        decision[dated] = _widen(by_date[0], width, -1)
        days[dated] = _widen(by_date[1], width, 0)
        known = {code: index for index, code in enumerate(self.tables.decision_codes)}
        known |= {code.partition("/")[0]: index for code, index in known.items()}
        for index, case in enumerate(cases):
            codes = [known.get(part.decision_code, -1) for part in case.segments]
            if codes and min(codes) >= 0:
                decision[index, : len(codes)] = codes
                days[index, : len(codes)] = [_cut(part.days) for part in case.segments]
        return decision, days

    def _billed_days(self, cases: Sequence[BillCase], days: Int64s) -> Int64s:
        return _array(
            [
                int(total) if case.billed_days is None else case.billed_days
                for case, total in zip(cases, days.sum(axis=1), strict=True)
            ]
        )

    def _reference_days(self, cases: Sequence[BillCase]) -> Int64s:
        periods = [case.period for case in cases]
        missing = "1970-01-01"
        ends = np.array([p.end if p else missing for p in periods], "datetime64[D]")
        derived = reference_days(ends, self.switches)
        return _array(
            [
                case.norm_reference_days
                if case.norm_reference_days is not None
                else (int(days) if case.period else 0)
                for case, days in zip(cases, derived, strict=True)
            ]
        )

    def _vat(self, cases: Sequence[BillCase]) -> Int64s:
        days = np.array([case.vat_day or "NaT" for case in cases], "datetime64[D]")
        return _array(
            [
                int(rate) if case.vat_rate_bp is None else case.vat_rate_bp
                for case, rate in zip(cases, vat_by_day(self.tables, days), strict=True)
            ]
        )


def _energy_denominator(case: BillCase) -> int | None:
    """Common denominator of all energies of a case; None when the arrays cannot hold them."""
    den = 1
    for register in case.registers:
        for kwh in (register.kwh, *register.measured_kwh):
            if not isinstance(kwh, int):
                den = lcm(den, Fraction(kwh).denominator)
            if not -LIMIT_KWH * LIMIT_DENOMINATOR < kwh < LIMIT_KWH * LIMIT_DENOMINATOR:
                return None
    return den if den <= LIMIT_DENOMINATOR else None


def _scaled(kwh: Energy, den: int) -> int:
    return _cut(kwh * den if isinstance(kwh, int) else int(Fraction(kwh) * den))


def _cut(value: int) -> int:
    return max(-_CUT, min(_CUT, value))


def _array(values: Sequence[int]) -> Int64s:
    return np.array([_cut(value) for value in values], np.int64)


def _widen(values: Int64s, width: int, fill: int) -> Int64s:
    missing = width - values.shape[1]
    return np.pad(values, ((0, 0), (0, missing)), constant_values=fill) if missing > 0 else values

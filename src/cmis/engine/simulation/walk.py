"""The walk along a book: dials turn, readers meet situations, mistakes are planted."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from types import MappingProxyType

from cmis.engine.simulation.faults import USUAL_RATES, choose_fault, plant
from cmis.engine.simulation.habits import (
    CustomerKind,
    first_level_kwh,
    kind_of,
    level_kwh,
    month_factor,
    share_of_month,
)
from cmis.engine.simulation.random_source import seeded
from cmis.engine.simulation.register_visit import RegisterVisit
from cmis.engine.simulation.truth import DialIndices, Fault, Situation
from cmis.formats.hhu.register_row import RegisterRow
from cmis.formats.hhu.verdict_codes import Verdict
from cmis.kernel.registers import TIME_OF_USE, RegisterKind

#: Dial digits by the first three characters of a meter code, as in the sample catalogue.
DIAL_DIGITS: Mapping[str, int] = MappingProxyType({"999": 5, "998": 6})
NOTHING_EARLIER: DialIndices = MappingProxyType({})

#: Shares of honest situations among all points.
_ABSENT_SHARE = 0.004
_STUCK_SHARE = 0.001
_REPORTED_SHARE = 0.003
_NOT_USED_SAID_SHARE = 0.6
_MOVES_IN_SHARE = 0.05
#: Normal, peak and off-peak hours of one load differ a little from month to month.
_REGISTER_SPREAD = 0.04
#: The control total and its parts agree within so many units (rounding of four dials).
_SUMMED = {*TIME_OF_USE, RegisterKind.TOTAL}
_SUM_TOLERANCE_UNITS = 2
#: A dial of an unknown type is taken as this long, so that it never seems to roll over.
_LONG_DIAL = 9


def visit_point(
    rows: Sequence[RegisterRow],
    *,
    seed: int,
    earlier: DialIndices = NOTHING_EARLIER,
    rates: Mapping[Fault, int] = USUAL_RATES,
) -> list[RegisterVisit]:
    """All registers of one point in one visit, decided by seed, month and point code alone."""
    first = rows[0]
    rng = seeded(seed, first.year, first.month, first.cycle, first.point_code)
    visits = _turn_the_dials(rows, earlier, rng)
    for visit in visits:
        visit.write_down_truth()
    _meet_a_situation(visits, rng)
    _notice_earlier_misread(visits)
    time_of_use = any(row.register_kind == RegisterKind.TOTAL for row in rows)
    fault = choose_fault(rng, time_of_use=time_of_use, rates=rates)
    if fault and all(visit.situation is Situation.ORDINARY for visit in visits):
        plant(fault, visits, rng)
    _notice_total(visits)
    return visits


def _turn_the_dials(
    rows: Sequence[RegisterRow], earlier: DialIndices, rng: Random
) -> list[RegisterVisit]:
    kind = kind_of(rows[0].price_text)
    factor = month_factor(kind, rows[0].month, rng)
    passed: dict[str, int] = {}
    for row in rows:
        if row.register_kind != RegisterKind.TOTAL:
            passed[row.register_kind] = _passed_units(row, kind, factor, len(rows), rng)
    parts = sum(passed.get(register, 0) for register in TIME_OF_USE)
    visits: list[RegisterVisit] = []
    for row in rows:
        units = passed.get(row.register_kind, max(0, parts + rng.choice((-1, 0, 0, 1))))
        place = (row.point_code, row.register_kind, row.meter_serial)
        visits.append(
            RegisterVisit(
                row=row,
                dial_digits=DIAL_DIGITS.get(row.meter_code[:3], _LONG_DIAL),
                start_index=earlier.get(place, int(row.previous_index)),
                passed_units=units,
                energy_kwh=units * row.multiplier + row.removed_kwh + row.direct_kwh,
            )
        )
    return visits


def _passed_units(
    row: RegisterRow, kind: CustomerKind, factor: float, registers: int, rng: Random
) -> int:
    """Units the dial turns in the period of the row."""
    history = [energy for energy in row.history_kwh if energy is not None]
    level = level_kwh(kind, row.month, history)
    if level is None:
        # Stable from month to month: the same point always wants the same.
        level = first_level_kwh(kind, seeded(row.point_code)) / registers
    if level <= 0 and rng.random() < _MOVES_IN_SHARE:
        level = first_level_kwh(kind, rng) * rng.random()
    energy = level * factor
    if registers > 1:
        energy *= max(0.0, rng.gauss(1.0, _REGISTER_SPREAD))
    if row.removed_kwh > 0 and row.period_start_date and row.planned_end_date:
        # The row is the new meter's alone: it hangs only since the swap.
        energy *= share_of_month((row.planned_end_date - row.period_start_date).days + 1)
    return round(energy / float(row.multiplier))


def _meet_a_situation(visits: Sequence[RegisterVisit], rng: Random) -> None:
    drawn = rng.random()
    said = rng.random()
    if drawn < _ABSENT_SHARE:
        for visit in visits:
            _repeat_old_index(visit, "V", Situation.ABSENT)
    elif all(visit.passed_units == 0 for visit in visits):
        for visit in visits:
            if said < _NOT_USED_SAID_SHARE and not visit.state:
                _repeat_old_index(visit, "U", Situation.NOT_USED)
    elif len(visits) == 1 and not visits[0].state:
        visit = visits[0]
        drawn -= _ABSENT_SHARE
        if drawn < _STUCK_SHARE:
            visit.passed_units = visit.passed_units // rng.randrange(3, 9)
            visit.write_down_truth()
            visit.state, visit.situation = "K", Situation.STUCK
        elif drawn < _STUCK_SHARE + _REPORTED_SHARE:
            visit.state, visit.situation = "T", Situation.CUSTOMER_REPORTED


def _repeat_old_index(visit: RegisterVisit, state: str, situation: Situation) -> None:
    visit.recorded_index = visit.row.previous_index
    visit.state, visit.situation = state, situation


def _notice_earlier_misread(visits: Sequence[RegisterVisit]) -> None:
    """A true reading below a wrong old index looks negative, and only the truth knows why."""
    for visit in visits:
        recorded = visit.recorded_index
        if recorded is not None and recorded < visit.row.previous_index and visit.state != "Q":
            visit.fault = Fault.EARLIER_MISREAD
            visit.expected_verdict = Verdict.NEGATIVE_CONSUMPTION


def _notice_total(visits: Sequence[RegisterVisit]) -> None:
    """A wrong register spoils the sum of its visit: an import then asks about all four.

    Rows that are refused for another reason have no difference that could be summed.
    """
    differences = {
        visit.row.register_kind: _difference(visit)
        for visit in visits
        if visit.row.register_kind in _SUMMED and _is_summed(visit)
    }
    if differences.keys() != _SUMMED:
        return
    total = differences.pop(RegisterKind.TOTAL)
    if abs(total - sum(differences.values())) <= _SUM_TOLERANCE_UNITS:
        return
    for visit in visits:
        expected = visit.expected_verdict
        outranked = expected in (None, Verdict.GOOD) or (
            expected is not None and expected.rank > Verdict.TOU_SUM_MISMATCH.rank
        )
        if visit.row.register_kind in _SUMMED and outranked:
            visit.expected_verdict = Verdict.TOU_SUM_MISMATCH


def _is_summed(visit: RegisterVisit) -> bool:
    negative = visit.expected_verdict is Verdict.NEGATIVE_CONSUMPTION
    known_state = visit.expected_verdict is not Verdict.UNKNOWN_STATE_CODE
    return visit.copies > 0 and visit.recorded_index is not None and known_state and not negative


def _difference(visit: RegisterVisit) -> Decimal:
    """Units an import finds between the exported old index and the recorded one."""
    assert visit.recorded_index is not None
    turned = visit.capacity if visit.state == "Q" else 0
    return visit.recorded_index - visit.row.previous_index + turned


def recorded_energy_kwh(visit: RegisterVisit, recorded_index: Decimal) -> Decimal:
    """What the device computes: difference × multiplier, without the removed meter."""
    if visit.wrong_energy_kwh is not None:
        return visit.wrong_energy_kwh
    previous = visit.altered.get("previous_index", visit.row.previous_index)
    difference = recorded_index - Decimal(previous)
    if visit.state == "Q":
        difference += visit.capacity
    return difference * visit.row.multiplier

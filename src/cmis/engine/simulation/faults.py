"""Known mistakes, planted into honest visits. Each function changes the record, never the truth.

A function answers False when the mistake cannot be made here (a dial of one digit has no two digits
to swap); the visit then stays honest.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from random import Random

from cmis.engine.simulation.register_visit import RegisterVisit
from cmis.engine.simulation.truth import Fault
from cmis.formats.hhu.verdict_codes import Verdict
from cmis.kernel.registers import RegisterKind

Plant = Callable[[RegisterVisit, Random], bool]

#: Digits that are taken for each other on a mechanical dial or a worn display.
LOOK_ALIKE = {"1": "7", "7": "1", "3": "8", "8": "3", "5": "6", "6": "5", "0": "8", "9": "4"}

#: How many of ten thousand points get each mistake. More than in life, so that a small district
#: shows each of them; the share of misreads in the press is below one in ten thousand.
USUAL_RATES: Mapping[Fault, int] = {
    Fault.UNREAD: 40,
    Fault.DIGIT_MISREAD: 25,
    Fault.DIGITS_SWAPPED: 15,
    Fault.SPIKE: 12,
    Fault.OLD_INDEX_TYPED: 12,
    Fault.COPIED_ENERGY: 10,
    Fault.NEGATIVE: 10,
    Fault.UNCONFIRMED_RISE: 10,
    Fault.WRONG_DATE: 10,
    Fault.WRONG_SERIAL: 6,
    Fault.ALTERED_OLD_INDEX: 6,
    Fault.WRONG_ARITHMETIC: 6,
    Fault.MISSING_ROW: 6,
    Fault.DUPLICATE_ROW: 5,
    Fault.FALSE_ROLLOVER: 4,
    Fault.UNKNOWN_STATE: 4,
    Fault.ALTERED_MULTIPLIER: 3,
}
#: The same for points with time-of-use registers, on top.
TIME_OF_USE_RATES: Mapping[Fault, int] = {Fault.REGISTERS_SWAPPED: 150, Fault.TOTAL_MISREAD: 150}


def choose_fault(
    rng: Random, *, time_of_use: bool, rates: Mapping[Fault, int] = USUAL_RATES
) -> Fault:
    """The mistake of one point, mostly none. ``rates`` count in ten thousand points."""
    drawn = rng.random() * 10_000
    tables = (rates, TIME_OF_USE_RATES) if time_of_use and rates else (rates,)
    for table in tables:
        for fault, rate in table.items():
            if drawn < rate:
                return fault
            drawn -= rate
    return Fault.NONE


def plant(fault: Fault, visits: Sequence[RegisterVisit], rng: Random) -> bool:
    """Make one mistake at a point whose registers were read honestly. False: not possible here."""
    if fault is Fault.REGISTERS_SWAPPED:
        return _registers_swapped(visits)
    if fault is Fault.TOTAL_MISREAD:
        return _total_misread(visits, rng)
    priced = [visit for visit in visits if visit.row.register_kind != RegisterKind.REACTIVE]
    visit = rng.choice(priced or list(visits))
    if visit.state or not _PLANTS[fault](visit, rng):
        return False
    visit.fault = fault
    return True


def _believable(visit: RegisterVisit, index: int) -> bool:
    """The device lets a wrong index through when it is above the old one and fits the dial."""
    return visit.previous_units < index < visit.capacity and index != visit.true_index


def _misread(visit: RegisterVisit, index: int) -> bool:
    visit.recorded_index = Decimal(index)
    visit.expected_verdict = None
    return True


def _digits_swapped(visit: RegisterVisit, rng: Random) -> bool:
    digits = list(str(visit.true_index))
    places = list(range(len(digits) - 1))
    rng.shuffle(places)
    for place in places:
        swapped = digits.copy()
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        index = int("".join(swapped))
        if _believable(visit, index):
            return _misread(visit, index)
    return False


def _digit_misread(visit: RegisterVisit, rng: Random) -> bool:
    digits = str(visit.true_index)
    places = list(range(len(digits)))
    rng.shuffle(places)
    for place in places:
        other = LOOK_ALIKE.get(digits[place])
        if other is None:
            continue
        index = int(digits[:place] + other + digits[place + 1 :])
        if _believable(visit, index):
            return _misread(visit, index)
    return False


def _spike(visit: RegisterVisit, rng: Random) -> bool:
    """So many thousands too much that the bill would be several times the usual one."""
    usual_units = max(visit.passed_units, 100)
    index = visit.true_index + usual_units * rng.randrange(3, 12)
    return _believable(visit, index) and _misread(visit, index)


def _negative(visit: RegisterVisit, rng: Random) -> bool:
    """An old device that takes an index below the old one."""
    if visit.previous_units < 20:
        return False
    below = min(visit.previous_units, rng.randrange(10, 400))
    visit.recorded_index = Decimal(visit.previous_units - below)
    visit.expected_verdict = Verdict.NEGATIVE_CONSUMPTION
    return True


def _unread(visit: RegisterVisit, rng: Random) -> bool:  # noqa: ARG001 - one signature for all
    visit.recorded_index = None
    visit.expected_verdict = Verdict.UNREAD_ROW
    return True


def _old_index_typed(visit: RegisterVisit, rng: Random) -> bool:  # noqa: ARG001
    """The reader never went there and did not answer the device either."""
    if visit.passed_units < 30 or visit.row.removed_kwh:
        return False
    visit.recorded_index = visit.row.previous_index
    visit.asks_for_answer = False
    visit.expected_verdict = None
    return True


def _copied_energy(visit: RegisterVisit, rng: Random) -> bool:  # noqa: ARG001
    """An index made up at home so that the energy is that of the period before."""
    units = int(visit.row.previous_kwh / visit.row.multiplier)
    index = visit.previous_units + units
    return units > 0 and _believable(visit, index) and _misread(visit, index)


def _false_rollover(visit: RegisterVisit, rng: Random) -> bool:
    if not 1_000 < visit.previous_units < visit.capacity * 8 // 10:
        return False
    visit.state = "Q"
    return _misread(visit, rng.randrange(1, visit.previous_units))


def _unconfirmed_rise(visit: RegisterVisit, rng: Random) -> bool:  # noqa: ARG001
    """A true rise that the reader did not answer for."""
    rise_kwh = visit.energy_kwh - visit.row.previous_kwh
    if visit.row.previous_kwh <= 0 or rise_kwh * 100 < visit.row.previous_kwh * 35:
        return False
    visit.asks_for_answer = False
    visit.expected_verdict = Verdict.ABNORMAL_UNCONFIRMED
    return True


def _wrong_date(visit: RegisterVisit, rng: Random) -> bool:
    visit.days_late = rng.choice((-1, 1)) * rng.randrange(12, 25)
    visit.expected_verdict = Verdict.DATE_OUT_OF_PERIOD
    return True


def _wrong_serial(visit: RegisterVisit, rng: Random) -> bool:
    """The neighbour's meter was read: another serial on the plate."""
    row = visit.row
    serial = str(int(row.meter_serial) + rng.randrange(1, 9)) if row.meter_serial.isdigit() else "0"
    visit.altered = {
        "meter_serial": serial,
        "meter_code": row.meter_code.removesuffix(row.meter_serial) + serial,
    }
    visit.expected_verdict = Verdict.METER_SERIAL_MISMATCH
    return True


def _altered_old_index(visit: RegisterVisit, rng: Random) -> bool:
    """Somebody hides a misread of the month before by changing the old index."""
    lowered = visit.row.previous_index - rng.randrange(5, 60)
    if lowered < 0 or visit.passed_units == 0:
        return False
    visit.altered = {"previous_index": lowered}
    visit.expected_verdict = Verdict.OLD_INDEX_ALTERED
    return True


def _altered_multiplier(visit: RegisterVisit, rng: Random) -> bool:  # noqa: ARG001
    visit.altered = {"multiplier": visit.row.multiplier * 10}
    visit.expected_verdict = Verdict.MULTIPLIER_ALTERED
    return True


def _wrong_arithmetic(visit: RegisterVisit, rng: Random) -> bool:
    """Field apps that forget the multiplier or add the removed meter twice."""
    visit.wrong_energy_kwh = visit.energy_kwh + rng.randrange(7, 90)
    visit.expected_verdict = Verdict.CONSUMPTION_ARITHMETIC
    return True


def _missing_row(visit: RegisterVisit, rng: Random) -> bool:  # noqa: ARG001
    visit.copies = 0
    visit.expected_verdict = Verdict.MISSING_ROW
    return True


def _duplicate_row(visit: RegisterVisit, rng: Random) -> bool:  # noqa: ARG001
    """The same row twice: the first is good, the second is refused."""
    visit.copies = 2
    visit.expected_verdict = Verdict.DUPLICATE_REGISTER
    return True


def _unknown_state(visit: RegisterVisit, rng: Random) -> bool:
    visit.state = rng.choice("YWZ")
    visit.expected_verdict = Verdict.UNKNOWN_STATE_CODE
    return True


def _registers_swapped(visits: Sequence[RegisterVisit]) -> bool:
    """Peak and off-peak read for each other: the sum still agrees, one of them may be negative."""
    by_kind = {visit.row.register_kind: visit for visit in visits}
    peak, off_peak = by_kind.get(RegisterKind.PEAK), by_kind.get(RegisterKind.OFF_PEAK)
    if peak is None or off_peak is None or peak.state or off_peak.state:
        return False
    peak.recorded_index, off_peak.recorded_index = off_peak.recorded_index, peak.recorded_index
    for visit in (peak, off_peak):
        recorded = visit.recorded_index
        below = recorded is not None and recorded < visit.row.previous_index
        visit.fault = Fault.REGISTERS_SWAPPED
        visit.expected_verdict = Verdict.NEGATIVE_CONSUMPTION if below else None
    return True


def _total_misread(visits: Sequence[RegisterVisit], rng: Random) -> bool:
    """The control total wrong by more than rounding."""
    for visit in visits:
        if visit.row.register_kind == RegisterKind.TOTAL and not visit.state:
            index = visit.true_index + rng.randrange(4, 40)
            if _believable(visit, index):
                visit.fault = Fault.TOTAL_MISREAD
                visit.recorded_index = Decimal(index)
                visit.expected_verdict = Verdict.TOU_SUM_MISMATCH
                return True
    return False


_PLANTS: Mapping[Fault, Plant] = {
    Fault.DIGITS_SWAPPED: _digits_swapped,
    Fault.DIGIT_MISREAD: _digit_misread,
    Fault.SPIKE: _spike,
    Fault.NEGATIVE: _negative,
    Fault.UNREAD: _unread,
    Fault.WRONG_SERIAL: _wrong_serial,
    Fault.ALTERED_OLD_INDEX: _altered_old_index,
    Fault.ALTERED_MULTIPLIER: _altered_multiplier,
    Fault.WRONG_ARITHMETIC: _wrong_arithmetic,
    Fault.OLD_INDEX_TYPED: _old_index_typed,
    Fault.COPIED_ENERGY: _copied_energy,
    Fault.MISSING_ROW: _missing_row,
    Fault.DUPLICATE_ROW: _duplicate_row,
    Fault.FALSE_ROLLOVER: _false_rollover,
    Fault.UNCONFIRMED_RISE: _unconfirmed_rise,
    Fault.WRONG_DATE: _wrong_date,
    Fault.UNKNOWN_STATE: _unknown_state,
}

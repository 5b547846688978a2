"""The checks of one returned row, each against the exported register with the same key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cmis.formats.hhu.book_file import ExchangeRow
from cmis.formats.hhu.field_values import day_in, number_in, whole_number_in
from cmis.formats.hhu.register_row import (
    NEEDED_TEXTS,
    TEXT_COLUMNS,
    TIME_COLUMNS,
    RegisterRow,
    is_abnormal_confirmed,
    is_captured,
    read_returned_row,
    state_of,
)
from cmis.formats.hhu.verdict_codes import Verdict
from cmis.kernel.period import BillingMonth
from cmis.kernel.quantity import IndexConflict, index_difference
from cmis.kernel.registers import ReadingState

_STATES = frozenset(state.value for state in ReadingState)
_NOT_NUMERIC = frozenset(
    (*(tag for tag, _ in TIME_COLUMNS.values()), *(TEXT_COLUMNS[name] for name in NEEDED_TEXTS))
)
_CONFLICTS = {
    "state_needs_equal_index": Verdict.STATE_INDEX_CONFLICT,
    "rollover_needs_lower_index": Verdict.STATE_INDEX_CONFLICT,
    "rollover_without_dial_digits": Verdict.ROLLOVER_WITHOUT_DIAL_DIGITS,
    "negative": Verdict.NEGATIVE_CONSUMPTION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedRow:
    """What the office exported for one register, as far as a returned row is held against it.

    Indices are units of the register; ``dial_digits`` comes from the meter-type catalog and is
    ``None`` where the type is not in it.
    """

    key: int
    unit_code: str
    book_code: str
    billing_month: BillingMonth
    point_code: str
    register_kind: str
    meter_code: str
    meter_serial: str
    previous_index: Decimal
    multiplier: Decimal
    previous_kwh: Decimal
    removed_kwh: Decimal
    start_date: date | None
    planned_end_date: date | None
    dial_digits: int | None


def exported_row(row: RegisterRow, *, dial_digits: int | None) -> ExportedRow:
    """The exported side of a row of an outbound file.

    Raises:
        ValueError: when cycle, month and year are not a billing month.
    """
    return ExportedRow(
        key=row.register_period_key,
        unit_code=row.unit_code,
        book_code=row.book_code,
        billing_month=BillingMonth(row.year, row.month, row.cycle),
        point_code=row.point_code,
        register_kind=row.register_kind,
        meter_code=row.meter_code,
        meter_serial=row.meter_serial,
        previous_index=row.previous_index,
        multiplier=row.multiplier,
        previous_kwh=row.previous_kwh,
        removed_kwh=row.removed_kwh,
        start_date=row.period_start_date,
        planned_end_date=row.planned_end_date,
        dial_digits=dial_digits,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLimits:
    """What a unit tolerates; the defaults are the ones of the field apps.

    Consumption (with the removed meter's energy) below ``lower_percent`` or above
    ``upper_percent`` of the period before asks for the reader's confirmation, once it has changed
    by ``minimum_change_kwh``. With no consumption in the period before there is no percentage;
    ``no_history_limit_kwh`` may set an absolute limit. Larger rises that need a signature are not
    judged here: a signature does not travel in the file.
    ``further_difference_states``: codes a unit knows to mean a plain difference (such as Y, which
    was seen without a rule).
    """

    lower_percent: int = 70
    upper_percent: int = 130
    minimum_change_kwh: Decimal = Decimal(0)
    no_history_limit_kwh: Decimal | None = None
    tou_tolerance_units: Decimal = Decimal(2)
    date_tolerance_days: int = 10
    further_difference_states: frozenset[str] = frozenset()


@dataclass(slots=True)
class JudgedRow:
    """A row between its own checks and those that need its neighbors."""

    row_number: int
    key: int | None
    source: ExportedRow | None
    typed: RegisterRow | None
    unreadable: tuple[str, ...]
    codes: list[Verdict] = field(default_factory=list)
    difference: Decimal | None = None
    reading: tuple[object, ...] = ()


def judge_row(
    row: ExchangeRow, exported: Mapping[int, ExportedRow], limits: ImportLimits
) -> JudgedRow:
    """All codes of one row that need no other row. Never raises on content."""
    fields = row.fields
    typed, unreadable = read_returned_row(row)
    key = typed.register_period_key if typed else whole_number_in(fields.get("BOCSO_ID", ""))
    source = None if key is None else exported.get(key)
    judged = JudgedRow(row.row_number, key, source, typed, unreadable)
    if source is None:
        judged.codes.append(Verdict.UNKNOWN_REGISTER)
        return judged
    current = number_in(fields.get("CS_MOI", ""))
    consumption = number_in(fields.get("SL_MOI", ""))
    state = state_of(fields)
    captured = is_captured(fields)
    judged.reading = (
        fields.get("CS_MOI") if current is None else current,
        fields.get("SL_MOI") if consumption is None else consumption,
        state,
        captured,
    )
    _check_identity(judged, source, fields)
    if not captured:
        judged.codes.append(Verdict.UNREAD_ROW)
        return judged
    if current is None or consumption is None or not _NOT_NUMERIC.issuperset(unreadable):
        judged.codes.append(Verdict.NOT_A_NUMBER)
        judged.unreadable += tuple(
            tag
            for tag, number in (("CS_MOI", current), ("SL_MOI", consumption))
            if number is None and tag not in unreadable
        )
    if current is not None:
        _check_index(judged, source, current, state, limits)
    if consumption is not None and judged.difference is not None:
        _check_consumption(judged, source, consumption, fields, limits)
    if not _date_fits(source, fields, limits):
        judged.codes.append(Verdict.DATE_OUT_OF_PERIOD)
    return judged


def _check_identity(judged: JudgedRow, source: ExportedRow, fields: Mapping[str, str]) -> None:
    get, codes = fields.get, judged.codes
    month = source.billing_month
    typed = judged.typed
    if typed is not None:
        period: Sequence[int | None] = (typed.year, typed.month, typed.cycle)
    else:
        period = [whole_number_in(get(tag, "")) for tag in ("NAM", "THANG", "KY")]
    if tuple(period) != (month.year, month.month, month.cycle):
        codes.append(Verdict.PERIOD_MISMATCH)
    if get("MA_DVIQLY") != source.unit_code:
        codes.append(Verdict.WRONG_UNIT)
    if get("MA_QUYEN") != source.book_code:
        codes.append(Verdict.WRONG_BOOK)
    meter_code, serial = get("MA_CTO", ""), get("SERY_CTO", "")
    if (
        meter_code != source.meter_code
        or serial != source.meter_serial
        or not meter_code.endswith(serial)
    ):
        codes.append(Verdict.METER_SERIAL_MISMATCH)
    if get("MA_DDO") != source.point_code or get("LOAI_BCS") != source.register_kind:
        codes.append(Verdict.REGISTER_MISMATCH)
    if number_in(get("CS_CU", "")) != source.previous_index:
        codes.append(Verdict.OLD_INDEX_ALTERED)
    if number_in(get("HSN", "")) != source.multiplier:
        codes.append(Verdict.MULTIPLIER_ALTERED)


def _check_index(
    judged: JudgedRow, source: ExportedRow, current: Decimal, state: str, limits: ImportLimits
) -> None:
    """State, dial and the two indices; sets the difference when all three agree."""
    beyond_dial = source.dial_digits is not None and current >= 10**source.dial_digits
    known = state in _STATES or state in limits.further_difference_states
    if not known:
        judged.codes.append(Verdict.UNKNOWN_STATE_CODE)
    if beyond_dial:
        judged.codes.append(Verdict.INDEX_EXCEEDS_DIGITS)
    if beyond_dial or not known:
        return
    if state == ReadingState.ROLLOVER and current < 0:
        judged.codes.append(Verdict.STATE_INDEX_CONFLICT)  # no dial shows less than 0
        return
    try:
        judged.difference = index_difference(
            previous=source.previous_index,
            current=current,
            state=state,
            dial_digits=source.dial_digits,
        )
    except IndexConflict as conflict:
        judged.codes.append(_CONFLICTS[str(conflict)])


def _check_consumption(
    judged: JudgedRow,
    source: ExportedRow,
    consumption: Decimal,
    fields: Mapping[str, str],
    limits: ImportLimits,
) -> None:
    assert judged.difference is not None
    if consumption != judged.difference * source.multiplier:
        judged.codes.append(Verdict.CONSUMPTION_ARITHMETIC)
    elif is_unusual(
        used_kwh=consumption + source.removed_kwh, before_kwh=source.previous_kwh, limits=limits
    ) and not is_abnormal_confirmed(fields):
        judged.codes.append(Verdict.ABNORMAL_UNCONFIRMED)


def is_unusual(*, used_kwh: Decimal, before_kwh: Decimal, limits: ImportLimits) -> bool:
    """The ±30 % rule of the field (readings: abnormal consumption), with its exact edges.

    0.70 and 1.30 themselves are usual. No consumption at all is never unusual here: absent people
    and idle meters are told apart by the state, and by the validation rules behind the import.
    """
    if used_kwh == 0:
        return False
    if before_kwh <= 0:
        return limits.no_history_limit_kwh is not None and used_kwh > limits.no_history_limit_kwh
    outside = not (
        before_kwh * limits.lower_percent <= used_kwh * 100 <= before_kwh * limits.upper_percent
    )
    return outside and abs(used_kwh - before_kwh) >= limits.minimum_change_kwh


def _date_fits(source: ExportedRow, fields: Mapping[str, str], limits: ImportLimits) -> bool:
    """The reading day is a day, not before the period, not far from the planned end."""
    read_day = day_in(fields.get("NGAY_MOI", ""))
    start_day = day_in(fields.get("NGAY_CU", ""))
    if not isinstance(read_day, date) or not (start_day is None or isinstance(start_day, date)):
        return False
    if any(start and read_day < start for start in (start_day, source.start_date)):
        return False
    planned = source.planned_end_date
    return planned is None or abs((read_day - planned).days) <= limits.date_tolerance_days

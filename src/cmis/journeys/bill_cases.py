"""From the confirmed rows of a metering point to the case that the law is applied to."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from cmis.kernel.period import BillingMonth, Period
from cmis.kernel.registers import PRICED, TIME_OF_USE, RegisterKind
from cmis.kernel.rounding import half_up
from cmis.modules.reading.types import ConfirmedRow, PeriodFacts
from cmis.rules.rating.case import BillCase, Purpose, RegisterEnergy
from cmis.rules.rating.switches import Switches
from cmis.rules.tariffs.price_groups import item_for_group
from cmis.rules.tariffs.schema import Law

#: A shift of the reading day that still counts as on schedule (READ-04, L61 Đ48.1đ).
READING_DAY_TOLERANCE_DAYS = 1
#: Price groups that pay the reactive charge: production, business and services.
REACTIVE_GROUPS = frozenset({"SXBT", "KDDV"})

MARKS = {
    "Q": "qua vòng",
    "K": "kẹt",
    "T": "khách hàng báo chỉ số",
    "V": "vắng nhà",
    "U": "không dùng",
    "M": "mất công tơ",
    "L": "quá số",
    "X": "có thay đổi",
    "D": "bị cắt điện",
    "C": "cháy",
    "H": "hỏng",
    "G": "bị rời vị trí",
}


def case_of_point(
    rows: Sequence[ConfirmedRow], period: PeriodFacts, *, law: Law, switches: Switches
) -> BillCase:
    """The case of one metering point in one book period.

    The period runs from the book's first day (a replaced meter's row starts later, its customer's
    period does not) to the last day that was read. The norms are prorated for a new contract and
    for a reading day moved by more than the tolerance.

    Raises:
        UnableToMapPriceGroup: a price group of the agreement has no price item.
    """
    first = rows[0]
    last_day = max(row.last_day for row in rows)
    first_day = _first_day(rows, period)
    reason = _prorate_reason(first, period, first_day=first_day, last_day=last_day)
    segments = {str(term["segment"]) for term in first.price_terms}
    time_of_use = bool(segments & set(TIME_OF_USE))
    registers = tuple(
        RegisterEnergy(
            kind=RegisterKind(row.register_kind),
            kwh=_whole_kwh(row),
            purposes=_purposes(row, law=law, on=last_day, switches=switches),
        )
        for row in rows
        if row.register_kind in PRICED
    )
    return BillCase(
        case_id=bill_code(first.point_code, period.month),
        period=Period(first_day, last_day + timedelta(days=1)),
        registers=registers,
        households=_households(first.household_count),
        time_of_use=time_of_use,
        prorate=bool(reason),
        prorate_reason=reason,
        reactive_kvarh=_reactive_kvarh(rows),
        reading_date=last_day,
        switches=switches,
    )


def bill_code(point_code: str, month: BillingMonth) -> str:
    """The unit-unique machine id (BILL-12): point, month and cycle; the same at every rerun."""
    return f"{point_code}-{month.year % 100:02d}{month.month:02d}{month.cycle}"


def reading_lines(rows: Sequence[ConfirmedRow]) -> list[dict[str, str | Decimal | int | bool]]:
    """The readings as documents and the receipt show them, one entry a register; marks in words
    (BILL-09). ``read_at`` is ISO 8601 in UTC, empty when the time of the visit is not known."""
    return [
        {
            "serial": row.meter_serial,
            "register": row.register_kind,
            "previous": row.previous_index,
            "current": row.current_index,
            "multiplier": row.multiplier,
            "kwh": row.consumption_kwh,
            "removed_kwh": row.removed_kwh,
            "direct_kwh": row.direct_kwh,
            "mark": _mark(row),
            "reading_id": row.reading_id,
            "read_at": row.read_at.isoformat() if row.read_at else "",
        }
        for row in rows
    ]


def _mark(row: ConfirmedRow) -> str:
    marks = []
    if row.is_estimated:
        marks.append("tạm tính")
    elif row.state_code in MARKS:
        marks.append(MARKS[row.state_code])
    if row.removed_kwh:
        marks.append(f"thay công tơ, công tơ tháo {_text(row.removed_kwh)} kWh")
    if row.direct_kwh:
        marks.append(f"trực tiếp {_text(row.direct_kwh)} kWh")
    return "; ".join(marks)


def _text(value: Decimal) -> str:
    whole = value.to_integral_value()
    return str(int(whole)) if value == whole else format(value.normalize(), "f")


def _whole_kwh(row: ConfirmedRow) -> int:
    """Energy of a register, rounded once to whole kWh (``meter_change_energy_rounding``)."""
    energy = row.consumption_kwh + row.removed_kwh + row.direct_kwh
    return int(energy) if energy == energy.to_integral_value() else half_up(Fraction(energy))


def _first_day(rows: Sequence[ConfirmedRow], period: PeriodFacts) -> date:
    """The customer's first billed day: the book's, or the contract's when it began inside.

    A row carried over from an unread period begins earlier than the book; the row of a meter
    replaced inside the period begins later, while its customer's period does not.
    """
    starts_on = rows[0].contract_starts_on
    if starts_on is not None and period.first_day < starts_on:
        return starts_on
    if any(row.removed_kwh or row.is_swap for row in rows):
        return period.first_day
    return min(row.first_day for row in rows)


def _prorate_reason(
    row: ConfirmedRow, period: PeriodFacts, *, first_day: date, last_day: date
) -> str:
    if row.contract_starts_on is not None and row.contract_starts_on > period.first_day:
        return "new_customer"
    shifts = (
        abs((last_day - row.planned_last_day).days),
        abs((first_day - period.first_day).days),
    )
    return "reading_moved" if max(shifts) > READING_DAY_TOLERANCE_DAYS else ""


def _purposes(row: ConfirmedRow, *, law: Law, on: date, switches: Switches) -> tuple[Purpose, ...]:
    """Price items and shares of one register. A register without its own segment in the agreement
    takes the single-rate one, as an electronic household meter does (register BT, price KT)."""
    terms = [term for term in row.price_terms if term["segment"] == row.register_kind]
    if not terms:
        terms = [term for term in row.price_terms if term["segment"] == RegisterKind.SINGLE]
    return tuple(
        Purpose(
            item_for_group(
                law,
                group=str(term["group_code"]),
                sub_code=str(term.get("sub_code") or ""),
                on=on,
                administrative_item=switches.administrative_item,
            ),
            int(term["share_percent"]),
        )
        for term in terms
    )


def _reactive_kvarh(rows: Sequence[ConfirmedRow]) -> int | None:
    """Reactive energy of a customer who buys it (TT 15/2014); None when nothing may be charged.

    A household never pays it, whatever its meter measures.
    """
    if not rows[0].buys_reactive:
        return None
    groups = {str(term["group_code"]) for term in rows[0].price_terms}
    measured = [_whole_kwh(row) for row in rows if row.register_kind == RegisterKind.REACTIVE]
    return sum(measured) if measured and groups & REACTIVE_GROUPS else None


def _households(count: Decimal) -> Fraction:
    """Households of the quota; 0 (other than household use) counts as one, so that it is unused."""
    return Fraction(count) if count > 0 else Fraction(1)

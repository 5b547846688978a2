"""Confirmed readings on their way to a bill, and the marks that billing leaves on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cmis.kernel.findings import Severity
from cmis.modules.customers import queries as customers
from cmis.modules.metering import queries as metering
from cmis.modules.reading.models import BookPeriod, BookRow, RowFinding
from cmis.modules.reading.types import ConfirmedRow

RowState = BookRow.State
NOT_CONFIRMED = (RowState.OPEN, RowState.RECEIVED, RowState.HELD)
IN_LIST = 5_000

#: Columns of a confirmed row, read in one query; the rest of ``ConfirmedRow`` is worked out.
COLUMNS = (
    "id", "point_id", "point__code", "point__customer_id", "point__customer__code",
    "point__contract_id", "point__contract__code", "point__contract__starts_on",
    "point__unit_id", "point__unit__code", "installation_id", "installation__meter__code",
    "installation__meter__serial", "installation__buys_reactive", "register_kind", "multiplier",
    "dial_digits", "previous_index", "current_index", "consumption_kwh", "removed_kwh",
    "direct_kwh", "first_day", "last_day", "planned_last_day", "household_count", "price_text",
    "walk_code", "position", "state_code", "is_estimated", "reading_id", "reading__read_at",
)  # fmt: skip


def confirmed_rows(period_id: int) -> list[ConfirmedRow]:
    """Rows that may be billed now: of points whose every register is confirmed, in walk order.

    The price agreement is the one in force on the last day of the reading; the rating splits at
    price changes by itself.
    """
    period = BookPeriod.objects.get(pk=period_id)
    rows = BookRow.objects.filter(period_id=period_id)
    unready = set(rows.filter(state__in=NOT_CONFIRMED).values_list("point_id", flat=True))
    confirmed = rows.filter(state=RowState.CONFIRMED).order_by("position")
    values = [row for row in confirmed.values_list(*COLUMNS) if row[1] not in unready]
    terms = _price_terms(values)
    swapped = metering.points_with_removal(
        [row[1] for row in values], since=period.first_day, until=period.planned_last_day
    )
    return [
        _confirmed(period, row, terms.get((row[2], row[23])), is_swap=row[1] in swapped)
        for row in values
    ]


def _price_terms(values: Sequence[tuple[Any, ...]]) -> dict[tuple[str, Any], Any]:
    """Price applications by point code and last day."""
    by_day: dict[Any, set[str]] = defaultdict(set)
    for row in values:
        by_day[row[23]].add(row[2])
    return {
        (code, day): application
        for day, codes in by_day.items()
        for code, application in customers.price_applications(sorted(codes), day).items()
    }


def _confirmed(
    period: BookPeriod, row: tuple[Any, ...], application: Any, *, is_swap: bool
) -> ConfirmedRow:
    (
        row_id, point_id, point_code, customer_id, customer_code, contract_id, contract_code,
        starts_on, unit_id, unit_code, installation_id, meter_code, serial, buys_reactive, kind,
        multiplier, dial_digits, previous_index, current_index, consumption_kwh, removed_kwh,
        direct_kwh, first_day, last_day, planned_last_day, households, price_text, walk_code,
        position, state_code, is_estimated, reading_id, read_at,
    ) = row  # fmt: skip
    return ConfirmedRow(
        row_id=row_id,
        reading_id=reading_id,
        read_at=read_at,
        period_id=period.pk,
        year=period.year,
        month=period.month,
        cycle=period.cycle,
        period_first_day=period.first_day,
        point_id=point_id,
        point_code=point_code,
        customer_id=customer_id,
        customer_code=customer_code,
        contract_id=contract_id,
        contract_code=contract_code,
        contract_starts_on=starts_on,
        unit_id=unit_id,
        unit_code=unit_code,
        installation_id=installation_id,
        meter_code=meter_code,
        meter_serial=serial,
        register_kind=kind,
        multiplier=multiplier,
        dial_digits=dial_digits,
        previous_index=previous_index,
        current_index=current_index,
        consumption_kwh=consumption_kwh,
        removed_kwh=removed_kwh,
        direct_kwh=direct_kwh,
        first_day=first_day,
        last_day=last_day,
        planned_last_day=planned_last_day,
        household_count=application.household_count if application else households,
        price_text=application.text if application else price_text,
        price_terms=tuple(application.terms) if application else (),
        buys_reactive=buys_reactive,
        walk_code=walk_code,
        position=position,
        state_code=state_code,
        is_estimated=is_estimated,
        is_swap=is_swap or bool(removed_kwh),
    )


def mark_billed(row_ids: Sequence[int], *, at: datetime) -> int:
    """Confirmed → billed, in the caller's transaction; returns how many rows moved."""
    del at  # the step that bills is recorded by whom it belongs to
    return _move(row_ids, RowState.CONFIRMED, RowState.BILLED)


def mark_unbilled(row_ids: Sequence[int]) -> int:
    """Billed → confirmed, when a bill is withdrawn before it was issued."""
    return _move(row_ids, RowState.BILLED, RowState.CONFIRMED)


def _move(row_ids: Sequence[int], from_state: str, to_state: str) -> int:
    moved = 0
    for start in range(0, len(row_ids), IN_LIST):
        rows = BookRow.objects.filter(pk__in=row_ids[start : start + IN_LIST], state=from_state)
        moved += rows.update(state=to_state)
    return moved


def hold_for_law(row_id: int, *, rule: str, values: Mapping[str, str | int], at: datetime) -> None:
    """Rating refused this row's point: it waits with a finding that names the reason.

    The registers of the point go back to held; a person decides when the data is mended.
    """
    row = BookRow.objects.select_related("period").get(pk=row_id)
    BookRow.objects.filter(
        period_id=row.period_id, point_id=row.point_id, state=RowState.CONFIRMED
    ).update(state=RowState.HELD)
    known = RowFinding.objects.filter(
        row_id=row_id, reading_id=row.reading_id, rule=rule, state=RowFinding.State.OPEN
    )
    if not known.exists():
        RowFinding.objects.create(
            row_id=row_id,
            reading_id=row.reading_id,
            period_id=row.period_id,
            unit_id=row.period.unit_id,
            rule=rule,
            severity=Severity.CONFIRM.value,
            values=dict(values),
            state=RowFinding.State.OPEN,
            found_at=at,
        )

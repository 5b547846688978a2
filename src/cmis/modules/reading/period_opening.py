"""Open a book period with its rows: adopted from elsewhere, or prepared here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from cmis.engine.bulk import insert_rows, reserve_ids
from cmis.modules.reading.models import Book, BookPeriod, BookRow
from cmis.modules.reading.types import PeriodToAdd, RowToAdd

COLUMNS = (
    "id",
    "period_id",
    "key",
    "point_id",
    "installation_id",
    "register_kind",
    "walk_code",
    "position",
    "multiplier",
    "dial_digits",
    "previous_index",
    "previous_kwh",
    "history_kwh",
    "removed_kwh",
    "direct_kwh",
    "first_day",
    "planned_last_day",
    "household_count",
    "price_text",
    "exchange",
    "state",
    "state_code",
    "is_estimated",
)


@dataclass(frozen=True, slots=True)
class OpenedPeriod:
    id: int
    code: str
    row_count: int


def open_period(
    period: PeriodToAdd,
    rows: Sequence[RowToAdd],
    *,
    state: str,
    exported_at: datetime | None,
    row_ids: Sequence[int] | None = None,
) -> OpenedPeriod:
    """Add a period that is not there yet, with its rows in the given order.

    Args:
        state: a state of ``BookPeriod``, ``exported`` for a book that is already out.
        row_ids: primary keys reserved before, where keys of rows were made from them.
    """
    book, _ = Book.objects.get_or_create(
        code=period.book_code,
        defaults={"unit_id": period.unit_id, "is_boundary": period.is_boundary},
    )
    added = BookPeriod.objects.create(
        code=period.code,
        book=book,
        unit_id=period.unit_id,
        year=period.month.year,
        month=period.month.month,
        cycle=period.month.cycle,
        first_day=period.first_day,
        planned_last_day=period.planned_last_day,
        state=state,
        exported_at=exported_at,
        row_count=len(rows),
    )
    ids = row_ids or reserve_ids(connection, BookRow._meta.db_table, len(rows))
    insert_rows(
        connection,
        BookRow._meta.db_table,
        COLUMNS,
        (
            _columns(id_, added.pk, position, row)
            for position, (id_, row) in enumerate(zip(ids, rows, strict=True), start=1)
        ),
    )
    return OpenedPeriod(added.pk, added.code, len(rows))


def _columns(id_: int, period_id: int, position: int, row: RowToAdd) -> tuple[object, ...]:
    history = ", ".join(f'"{value}"' for value in row.history_kwh)
    return (
        id_,
        period_id,
        row.key,
        row.point_id,
        row.installation_id,
        row.register_kind,
        row.walk_code,
        position,
        row.multiplier,
        row.dial_digits,
        row.previous_index,
        row.previous_kwh,
        f"[{history}]",
        row.removed_kwh,
        row.direct_kwh,
        row.first_day,
        row.planned_last_day,
        row.household_count,
        row.price_text,
        row.exchange,
        BookRow.State.OPEN.value,
        "",
        False,
    )


def known_period(code: str) -> OpenedPeriod | None:
    """The period of this code, in whatever unit, or nothing."""
    known = BookPeriod.objects.filter(code=code).first()
    return None if known is None else OpenedPeriod(known.pk, known.code, known.row_count)


def differing_rows(period_id: int, offered: Mapping[int, str]) -> int:
    """How many rows offered (JSON of columns by key) are not kept to the letter, or kept and not
    offered. What is kept never changes."""
    kept = dict(BookRow.objects.filter(period_id=period_id).values_list("key", "exchange"))
    missing = len(kept.keys() - offered.keys())
    return missing + sum(kept.get(key) != json.loads(text) for key, text in offered.items())

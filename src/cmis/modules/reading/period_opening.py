"""Open a book period with its rows: adopted from elsewhere, or prepared here."""

import json
from collections.abc import Sequence
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
    """``is_new`` is false when the period was there; ``differing_row_count`` then says how much
    of what was offered differs from what is kept. What is kept never changes."""

    id: int
    code: str
    is_new: bool
    row_count: int
    differing_row_count: int = 0


def open_period(
    period: PeriodToAdd,
    rows: Sequence[RowToAdd],
    *,
    state: str,
    exported_at: datetime | None,
    row_ids: Sequence[int] | None = None,
) -> OpenedPeriod:
    """Add a period and its rows in the given order; a period that is there is only compared.

    Args:
        state: a state of ``BookPeriod``, ``exported`` for a book that is already out.
        row_ids: primary keys reserved before, where keys of rows were made from them.
    """
    book, _ = Book.objects.get_or_create(
        code=period.book_code,
        defaults={"unit_id": period.unit_id, "is_boundary": period.is_boundary},
    )
    known = BookPeriod.objects.filter(
        book=book, year=period.month.year, month=period.month.month, cycle=period.month.cycle
    ).first()
    if known is not None:
        return OpenedPeriod(
            known.pk, known.code, False, known.row_count, _differing(known.pk, rows)
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
    return OpenedPeriod(added.pk, added.code, True, len(rows))


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


def _differing(period_id: int, rows: Sequence[RowToAdd]) -> int:
    """Rows offered that are not kept to the letter, and rows kept that were not offered."""
    import json

    kept = dict(BookRow.objects.filter(period_id=period_id).values_list("key", "exchange"))
    offered = {row.key: row.exchange for row in rows}
    missing = len(kept.keys() - offered.keys())
    return missing + sum(kept.get(key) != json.loads(text) for key, text in offered.items())

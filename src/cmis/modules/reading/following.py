"""What the next period of a book takes over from the one before."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection

from cmis.engine.bulk import reserve_ids
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.period import BillingMonth
from cmis.kernel.tally import Tally
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading.models import BookPeriod, BookRow, RowFinding
from cmis.modules.reading.past import one_month_later
from cmis.modules.reading.period_steps import (
    SUBJECT,
    UnableToFindPeriod,
    facts_of,
    record_step,
)
from cmis.modules.reading.types import PeriodFacts, RowToFollow
from cmis.modules.translog import operations as translog

__all__ = [
    "UnableToFollowPeriod",
    "carry_unsettled",
    "exchange_text",
    "lock_last_periods",
    "one_month_later",
    "record_prepared",
    "reserve_row_ids",
    "rows_to_follow",
]

RowState = BookRow.State
SETTLED = (RowState.CONFIRMED, RowState.BILLED)


class UnableToFollowPeriod(UnableTo):
    code = "READ-006"
    what = Bilingual(
        "Kỳ {period} đã có hoặc đứng trước kỳ mới nhất {newest} của sổ.",
        "The period {period} is there already or lies before the newest one, {newest}.",
    )
    next_step = Bilingual("Chọn kỳ sau kỳ mới nhất.", "Choose a period after the newest.")


def lock_last_periods(
    scope: UnitScope, book_code: str, month: BillingMonth
) -> tuple[PeriodFacts, PeriodFacts | None]:
    """The newest period of a book, and the newest one of the same cycle; both stay locked.

    Raises:
        UnableToFindPeriod: the book has none in the scope.
        UnableToFollowPeriod: the month is not after the newest.
    """
    periods = list(
        BookPeriod.objects.select_for_update(of=("self",))
        .select_related("book", "unit")
        .filter(book__code=book_code, unit_id__in=scope.unit_ids)
        .order_by("year", "month", "cycle")
    )
    if not periods:
        raise UnableToFindPeriod(period=f"{book_code}-{month}")
    newest = facts_of(periods[-1])
    if month <= newest.month:
        raise UnableToFollowPeriod(period=f"{book_code}-{month}", newest=newest.code)
    same_cycle = [period for period in periods if period.cycle == month.cycle]
    return newest, facts_of(same_cycle[-1]) if same_cycle else None


def rows_to_follow(period_id: int) -> list[RowToFollow]:
    """Every register of a period with what became of it, in the order of the file."""
    rows = BookRow.objects.filter(period_id=period_id).order_by("position")
    return [
        RowToFollow(
            *row[:-2],
            history_kwh=tuple(Decimal(value) for value in row[-2]),
            is_settled=row[-1] in SETTLED,
            is_unchecked=row[-1] == RowState.RECEIVED,
        )
        for row in rows.values_list(
            "id", "point_id", "point__code", "installation_id", "register_kind", "walk_code",
            "multiplier", "dial_digits", "previous_index", "current_index", "previous_kwh",
            "consumption_kwh", "removed_kwh", "direct_kwh", "first_day", "last_day", "exchange",
            "history_kwh", "state",
        )
    ]  # fmt: skip


def reserve_row_ids(count: int) -> Sequence[int]:
    """Primary keys of rows to come; keys of the exchange are made from them."""
    return reserve_ids(connection, BookRow._meta.db_table, count)


def carry_unsettled(period_id: int) -> int:
    """Rows never settled go on in the next period; their doubts are void. Returns their count."""
    rows = BookRow.objects.filter(
        period_id=period_id, state__in=(RowState.OPEN, RowState.RECEIVED, RowState.HELD)
    )
    RowFinding.objects.filter(row__in=rows, state=RowFinding.State.OPEN).update(
        state=RowFinding.State.OVERTAKEN
    )
    return rows.update(state=RowState.CARRIED)


def record_prepared(code: str, tally: Tally, *, actor: str, at: datetime) -> None:
    """The ledger and the audit trail of a period that was prepared here."""
    period = BookPeriod.objects.select_related("unit").get(code=code)
    record_step(period, BookPeriod.State.PREPARED, tally, actor, at)
    translog.record(
        actor=actor,
        unit_code=period.unit.code,
        action="prepare_book",
        object_kind=SUBJECT,
        object_code=code,
        at=at,
        detail=tally.as_dict(),
    )


def exchange_text(fields: Mapping[str, str | None]) -> str:
    """The outbound columns as they are stored; a column left out stays out."""
    kept = {tag: text for tag, text in fields.items() if text is not None}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

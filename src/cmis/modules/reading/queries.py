"""What other parts of the house may ask about books, readings and doubts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cmis.kernel.findings import HOLDING
from cmis.kernel.period import BillingMonth
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading.billable import confirmed_rows
from cmis.modules.reading.file_queries import expected_rows, first_import, times_cancelled
from cmis.modules.reading.finding_queries import (
    UnableToFindFinding,
    deciders_of,
    finding,
    findings_count,
    findings_queue,
    held_by_rule,
    held_row_count,
    held_rows,
)
from cmis.modules.reading.models import Book, BookPeriod, BookRow, RowFinding
from cmis.modules.reading.period_page import (
    FileLine,
    FilePage,
    RowLine,
    UnableToFindFile,
    file_page,
    files_of_period,
    rows_of_period,
    rows_of_point,
)
from cmis.modules.reading.period_steps import UnableToFindPeriod, facts_of
from cmis.modules.reading.types import BoardLine, BookFacts, PeriodFacts, ReadingLine

__all__ = [
    "FileLine",
    "FilePage",
    "RowLine",
    "UnableToFindFile",
    "UnableToFindFinding",
    "UnableToFindPeriod",
    "board_months",
    "book_codes",
    "books",
    "can_write_in_parallel",
    "confirmed_rows",
    "deciders_of",
    "expected_rows",
    "file_page",
    "files_of_period",
    "finding",
    "findings_count",
    "findings_queue",
    "first_import",
    "held_by_rule",
    "held_row_count",
    "held_rows",
    "outbound_rows",
    "period",
    "periods_due",
    "reading_board",
    "reading_history",
    "reading_history_of_customer",
    "rows_of_period",
    "rows_of_point",
    "times_cancelled",
]

RowState = BookRow.State
HOLDING_NAMES = sorted(severity.value for severity in HOLDING)
#: Rows the night can take further.
MOVABLE = (RowState.RECEIVED, RowState.CONFIRMED)


def can_write_in_parallel() -> bool:
    """Whether several processes may write at once; SQLite has one writer."""
    return connection.vendor == "postgresql"


def period(scope: UnitScope, code: str) -> PeriodFacts:
    """One book period.

    Raises:
        UnableToFindPeriod: unknown, or outside the scope.
    """
    found = (
        BookPeriod.objects.select_related("book", "unit")
        .filter(code=code, unit_id__in=scope.unit_ids)
        .first()
    )
    if found is None:
        raise UnableToFindPeriod(period=code)
    return facts_of(found)


def periods_due(scope: UnitScope, on: date) -> list[PeriodFacts]:
    """Book periods begun by ``on`` with readings to check or confirmed ones to bill, by code."""
    movable = BookRow.objects.filter(period=OuterRef("pk"), state__in=MOVABLE)
    found = (
        BookPeriod.objects.filter(Exists(movable), unit_id__in=scope.unit_ids, first_day__lte=on)
        .exclude(state__in=(BookPeriod.State.PREPARED, BookPeriod.State.LOCKED))
        .select_related("book", "unit")
        .order_by("code")
    )
    return [facts_of(period) for period in found]


def books(scope: UnitScope) -> list[BookFacts]:
    """The books of a scope with their newest period, by code."""
    newest: dict[int, BookPeriod] = {}
    for one in BookPeriod.objects.filter(unit_id__in=scope.unit_ids).order_by("first_day", "id"):
        newest[one.book_id] = one
    found = Book.objects.filter(unit_id__in=scope.unit_ids).select_related("unit").order_by("code")
    return [
        BookFacts(
            code=book.code,
            unit_code=book.unit.code,
            name=book.name,
            newest_period_code=newest[book.pk].code if book.pk in newest else "",
            newest_state=newest[book.pk].state if book.pk in newest else "",
            holder=newest[book.pk].holder if book.pk in newest else "",
        )
        for book in found
    ]


def book_codes(scope: UnitScope) -> frozenset[str]:
    """Codes of the books of a scope."""
    return frozenset(Book.objects.filter(unit_id__in=scope.unit_ids).values_list("code", flat=True))


def outbound_rows(period_id: int) -> list[dict[str, str | None]]:
    """The columns of every row as they go out, in the order of the file."""
    rows = BookRow.objects.filter(period_id=period_id).order_by("position")
    return list(rows.values_list("exchange", flat=True))


def board_months(scope: UnitScope, limit: int = 24) -> list[BillingMonth]:
    """Months with books, newest first; the cycle is 1."""
    months = (
        BookPeriod.objects.filter(unit_id__in=scope.unit_ids)
        .order_by("-year", "-month")
        .values_list("year", "month")
        .distinct()[:limit]
    )
    return [BillingMonth(year, month) for year, month in months]


def reading_board(scope: UnitScope, year: int, month: int) -> list[BoardLine]:
    """Every book period of a month with how many rows stand where, by code."""
    periods = BookPeriod.objects.filter(unit_id__in=scope.unit_ids, year=year, month=month)
    counted = periods.select_related("book", "unit").annotate(
        **{state.value: _rows_in(state) for state in RowState}
    )
    waiting = dict(
        RowFinding.objects.filter(
            period__in=periods, state=RowFinding.State.OPEN, severity__in=HOLDING_NAMES
        )
        .values_list("period_id")
        .annotate(count=Count("id"))
    )
    return [
        BoardLine(
            period_code=one.code,
            book_code=one.book.code,
            unit_code=one.unit.code,
            month=BillingMonth(one.year, one.month, one.cycle),
            state=one.state,
            holder=one.holder,
            first_day=one.first_day,
            planned_last_day=one.planned_last_day,
            row_count=one.row_count,
            finding_count=waiting.get(one.pk, 0),
            **{state.value: getattr(one, state.value) for state in RowState},
        )
        for one in counted.order_by("code")
    ]


def _rows_in(state: str) -> Count:
    return Count("rows", filter=Q(rows__state=state))


def reading_history(scope: UnitScope, point_code: str, *, limit: int = 60) -> list[ReadingLine]:
    """The readings of one point inside the scope, newest first."""
    rows = BookRow.objects.filter(point__code=point_code, period__unit_id__in=scope.unit_ids)
    return _history(rows, limit)


def reading_history_of_customer(
    customer_id: int, *, point_code: str | None = None, limit: int = 60
) -> list[ReadingLine]:
    """The readings of a customer's own points, newest first: what his portal shows."""
    rows = BookRow.objects.filter(point__customer_id=customer_id)
    if point_code is not None:
        rows = rows.filter(point__code=point_code)
    return _history(rows, limit)


def _history(rows: "QuerySet[BookRow]", limit: int) -> list[ReadingLine]:
    values: Sequence[tuple[Any, ...]] = rows.order_by(
        "-period__year", "-period__month", "-period__cycle", "point__code", "position"
    ).values_list(
        "period__code", "point__code", "register_kind", "first_day", "last_day", "previous_index",
        "current_index", "multiplier", "consumption_kwh", "removed_kwh", "direct_kwh",
        "state_code", "state", "is_estimated", "reading__source", "reading__read_at",
    )[:limit]  # fmt: skip
    return [ReadingLine(*row[:-2], row[-2] or "", row[-1]) for row in values]


def period_ids_in(scope: UnitScope, state: str) -> list[int]:
    """Book periods of the scope that stand in a state."""
    found = BookPeriod.objects.filter(unit_id__in=scope.unit_ids, state=state)
    return list(found.order_by("pk").values_list("pk", flat=True))


def settled_row_count(period_id: int) -> int | None:
    """Rows of a period when every one is billed or carried over, else None."""
    rows = BookRow.objects.filter(period_id=period_id)
    left = rows.exclude(state__in=(BookRow.State.BILLED, BookRow.State.CARRIED))
    return None if left.exists() else rows.count()


def billed_row_ids(period_id: int) -> list[int]:
    return list(
        BookRow.objects.filter(period_id=period_id, state=BookRow.State.BILLED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )

"""Reading of bills; every query takes the scope of who asks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum

from cmis.modules.billing.models import Bill, BillLine
from cmis.modules.billing.types import BillFacts, BillToIssue, LineFacts
from cmis.modules.organisation.types import UnitScope


def previous_totals(point_ids: Sequence[int], *, before: date) -> dict[int, int]:
    """Latest bill total in đồng of each point whose period ended before a day."""
    if not point_ids:
        return {}
    latest: dict[int, tuple[date, int]] = {}
    bills = (
        Bill.objects.filter(point_id__in=point_ids, last_day__lt=before)
        .exclude(state=Bill.State.WITHDRAWN)
        .values_list("point_id", "last_day", "total_vnd")
    )
    for point_id, last_day, total_vnd in bills:
        if point_id not in latest or last_day > latest[point_id][0]:
            latest[point_id] = (last_day, total_vnd)
    return {point_id: total for point_id, (_, total) in latest.items()}


@dataclass(frozen=True, slots=True)
class SiteWork:
    """Bills of one issuing unit that wait for an invoice number."""

    unit_id: int
    unit_code: str
    bill_count: int


def sites_to_issue(scope: UnitScope, *, until: date) -> tuple[SiteWork, ...]:
    """Units with cleared bills whose period ended on or before ``until``, in code order."""
    rows = (
        Bill.objects.filter(
            unit_id__in=scope.unit_ids, state=Bill.State.CLEARED, last_day__lte=until
        )
        .values("unit_id", "unit__code")
        .annotate(count=Count("id"))
        .order_by("unit__code")
    )
    return tuple(SiteWork(row["unit_id"], row["unit__code"], row["count"]) for row in rows)


def bill_ids_to_issue(unit_id: int, *, until: date) -> list[int]:
    """Bills of a unit that wait for a number, in the order of their numbers: book, period, walk.

    The order is total and depends on the data alone, so that a night gives the same numbers
    however often it was interrupted.
    """
    return list(
        Bill.objects.filter(unit_id=unit_id, state=Bill.State.CLEARED, last_day__lte=until)
        .order_by("period__book__code", "year", "month", "cycle", "position", "code")
        .values_list("id", flat=True)
    )


def bills_to_issue(bill_ids: Sequence[int]) -> list[BillToIssue]:
    """These bills as far as they still wait, in the given order.

    To be asked after the number range is locked: what another worker issued meanwhile is left out.
    """
    heads = {
        head[0]: head
        for chunk in _chunks(bill_ids)
        for head in Bill.objects.filter(pk__in=chunk, state=Bill.State.CLEARED).values_list(
            "id", "code", "period__book__code", "unit_id", "customer_id", "customer__code",
            "point__code", "year", "month", "cycle", "first_day", "last_day", "energy_kwh",
            "net_vnd", "vat_percent", "vat_vnd", "total_vnd", "is_estimated", "case", "readings",
        )
    }  # fmt: skip
    lines = _lines_of(list(heads))
    return [
        BillToIssue(*heads[bill_id], lines=lines.get(bill_id, ()))
        for bill_id in bill_ids
        if bill_id in heads
    ]


#: Ids in one query: SQLite allows about a thousand host parameters in old builds.
_IDS_IN_A_QUERY = 900


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    size = len(ids) if connection.vendor == "postgresql" else _IDS_IN_A_QUERY
    for start in range(0, len(ids), max(size, 1)):
        yield ids[start : start + size]


def _lines_of(bill_ids: Sequence[int]) -> dict[int, tuple[tuple[Any, ...], ...]]:
    grouped: dict[int, list[tuple[Any, ...]]] = {}
    for chunk in _chunks(bill_ids):
        rows = (
            BillLine.objects.filter(bill_id__in=chunk)
            .order_by("bill_id", "line_no")
            .values_list(
                "bill_id", "label", "item_code", "decision", "energy_kwh", "price_vnd_per_kwh",
                "amount_vnd",
            )
        )  # fmt: skip
        for bill_id, *line in rows:
            grouped.setdefault(bill_id, []).append(tuple(line))
    return {bill_id: tuple(lines) for bill_id, lines in grouped.items()}


def bill(scope: UnitScope, bill_id: int) -> BillFacts | None:
    """One bill with its lines, or None outside the scope."""
    found = _facts(Bill.objects.filter(pk=bill_id, unit_id__in=scope.unit_ids))
    return _with_lines(found[0]) if found else None


def bill_of_customer(customer_id: int, code: str) -> BillFacts | None:
    """One bill of a customer who asks for it, with its lines."""
    found = _facts(Bill.objects.filter(code=code, customer_id=customer_id))
    return _with_lines(found[0]) if found else None


def bills_of_customer(customer_id: int, *, limit: int = 36) -> list[BillFacts]:
    """Issued bills of a customer, newest first, without lines."""
    return _facts(
        Bill.objects.filter(customer_id=customer_id, state=Bill.State.ISSUED).order_by(
            "-last_day", "code"
        )[:limit]
    )


def customer_bills(scope: UnitScope, customer_id: int, *, limit: int = 36) -> list[BillFacts]:
    """Bills of a customer for staff, newest first, without lines."""
    return _facts(
        Bill.objects.filter(customer_id=customer_id, unit_id__in=scope.unit_ids)
        .exclude(state=Bill.State.WITHDRAWN)
        .order_by("-last_day", "code")[:limit]
    )


def held_bills(scope: UnitScope, *, limit: int = 500) -> list[BillFacts]:
    """Bills that wait at gate 2, the dearest first."""
    return _facts(
        Bill.objects.filter(unit_id__in=scope.unit_ids, state=Bill.State.HELD).order_by(
            "-total_vnd", "code"
        )[:limit]
    )


def held_count(scope: UnitScope) -> int:
    """How many bills wait at gate 2."""
    return Bill.objects.filter(unit_id__in=scope.unit_ids, state=Bill.State.HELD).count()


def bills_of_period(scope: UnitScope, period_id: int) -> list[BillFacts]:
    return _facts(
        Bill.objects.filter(period_id=period_id, unit_id__in=scope.unit_ids)
        .exclude(state=Bill.State.WITHDRAWN)
        .order_by("position", "code")
    )


@dataclass(frozen=True, slots=True)
class PeriodSums:
    """Counts and sums of the bills of one book period, by state."""

    state: str
    bill_count: int
    energy_kwh: int
    net_vnd: int
    vat_vnd: int
    total_vnd: int


def sums_of_period(period_id: int) -> tuple[PeriodSums, ...]:
    rows = (
        Bill.objects.filter(period_id=period_id)
        .exclude(state=Bill.State.WITHDRAWN)
        .values("state")
        .annotate(
            bill_count=Count("id"),
            kwh=Sum("energy_kwh"),
            net=Sum("net_vnd"),
            vat=Sum("vat_vnd"),
            total=Sum("total_vnd"),
        )
        .order_by("state")
    )
    return tuple(
        PeriodSums(
            row["state"], row["bill_count"], row["kwh"], row["net"], row["vat"], row["total"]
        )
        for row in rows
    )


def _facts(bills: Iterable[Any]) -> list[BillFacts]:
    related = bills.select_related("unit", "period", "customer", "point")  # type: ignore[attr-defined]
    return [
        BillFacts(
            id=one.pk,
            code=one.code,
            unit_id=one.unit_id,
            unit_code=one.unit.code,
            period_code=one.period.code,
            customer_id=one.customer_id,
            customer_code=one.customer.code,
            point_code=one.point.code,
            year=one.year,
            month=one.month,
            cycle=one.cycle,
            first_day=one.first_day,
            last_day=one.last_day,
            energy_kwh=one.energy_kwh,
            net_vnd=one.net_vnd,
            vat_percent=one.vat_percent,
            vat_vnd=one.vat_vnd,
            total_vnd=one.total_vnd,
            is_estimated=one.is_estimated,
            state=one.state,
            case=one.case,
            readings=tuple(one.readings),
            findings=tuple(one.findings),
            rated_at=one.rated_at,
            decided_by=one.decided_by,
        )
        for one in related
    ]


def _with_lines(facts: BillFacts) -> BillFacts:
    lines = _lines_of([facts.id]).get(facts.id, ())
    return replace(
        facts, lines=tuple(LineFacts(number, *line) for number, line in enumerate(lines, 1))
    )


def sums_of_issued(scope: UnitScope, invoice_date: date) -> tuple[int, int]:
    """Count and total in đồng of the bills whose invoice carries a date, counted from the bills."""
    found = Bill.objects.filter(
        unit_id__in=scope.unit_ids, state=Bill.State.ISSUED, invoice__invoice_date=invoice_date
    ).aggregate(count=Count("id"), total=Sum("total_vnd"))
    return found["count"], found["total"] or 0


def fully_issued_periods(scope: UnitScope) -> list[int]:
    """Rated book periods with issued bills and no cleared bill left without its invoice."""
    rows = (
        Bill.objects.filter(unit_id__in=scope.unit_ids, period__state__in=("rated", "cleared"))
        .values("period_id")
        .annotate(
            issued=Count("id", filter=Q(state=Bill.State.ISSUED)),
            cleared=Count("id", filter=Q(state=Bill.State.CLEARED)),
        )
        .order_by("period_id")
    )
    return [row["period_id"] for row in rows if row["issued"] and not row["cleared"]]


def issued_codes(period_id: int) -> list[str]:
    """Codes of the bills of a period that have an invoice."""
    return list(
        Bill.objects.filter(period_id=period_id, state=Bill.State.ISSUED)
        .order_by("code")
        .values_list("code", flat=True)
    )


def waiting_count(period_id: int) -> int:
    """Bills of a period that are neither issued nor withdrawn."""
    return Bill.objects.filter(
        period_id=period_id, state__in=(Bill.State.HELD, Bill.State.CLEARED)
    ).count()

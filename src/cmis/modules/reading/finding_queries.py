"""The queue of doubts: what waits for whom, with the past of each row."""

from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, QuerySet, Value, When
from django.db.models.functions import Abs, Coalesce

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.findings import HOLDING, Severity
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading.models import BookRow, RowFinding
from cmis.modules.reading.types import FindingCard, HeldRow

HOLDING_NAMES = sorted(severity.value for severity in HOLDING)
COLUMNS = (
    "id", "rule", "severity", "values", "state", "found_at", "period__code", "period__book__code",
    "period_id", "row_id", "unit_id", "unit__code", "row__point_id", "row__point__customer__code",
    "row__point__code", "row__installation__meter__serial", "row__register_kind",
    "row__walk_code", "row__multiplier", "row__previous_index", "row__current_index",
    "row__state_code", "row__consumption_kwh", "row__removed_kwh", "row__direct_kwh",
    "row__previous_kwh", "row__history_kwh", "row__first_day", "row__planned_last_day",
    "row__last_day", "row__state", "row__reading__person", "row__reading__recorded_by",
    "row__reading__source", "row__reading__note", "row__reading__read_at",
    "row__reading__latitude", "row__reading__longitude", "row__reading__is_abnormal_confirmed",
    "decided_by", "decided_at", "reason",
)  # fmt: skip

#: Gravest first, as people should work them off.
_GRAVITY = Case(
    When(severity=Severity.BLOCK.value, then=Value(0)),
    When(severity=Severity.SIGN.value, then=Value(1)),
    When(severity=Severity.CONFIRM.value, then=Value(2)),
    default=Value(3),
)

#: How far a row is from the period before, in kWh: what a wrong decision could cost.
_AT_RISK = Abs(Coalesce(F("row__consumption_kwh"), Value(Decimal(0))) - F("row__previous_kwh"))


class UnableToFindFinding(UnableTo):
    code = "READ-010"
    what = Bilingual("Không có bất thường số {finding}.", "There is no finding {finding}.")
    next_step = Bilingual(
        "Mở lại hàng đợi; có thể người khác đã xử lý.",
        "Open the queue again; somebody else may have settled it.",
    )


def findings_queue(
    scope: UnitScope,
    *,
    rule: str | None = None,
    severity: str | None = None,
    period_code: str | None = None,
    holding_only: bool = True,
    by_energy: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> list[FindingCard]:
    """Open doubts of a scope: the gravest first, then by book and walk.

    ``by_energy``: the gravest first, then by how far the energy is from that of the period before.
    """
    open_ones = _open(scope, rule, severity, period_code, holding_only=holding_only)
    ordered = open_ones.annotate(gravity=_GRAVITY, at_risk=_AT_RISK).order_by(
        "gravity", *(["-at_risk"] if by_energy else []), "period__code", "row__position", "id"
    )
    return [_card(row) for row in ordered.values_list(*COLUMNS)[offset : offset + limit]]


def findings_count(
    scope: UnitScope,
    *,
    rule: str | None = None,
    severity: str | None = None,
    period_code: str | None = None,
    holding_only: bool = True,
) -> int:
    """How many doubts the same filters find."""
    return _open(scope, rule, severity, period_code, holding_only=holding_only).count()


def finding(scope: UnitScope, finding_id: int) -> FindingCard:
    """One doubt, decided or not.

    Raises:
        UnableToFindFinding: unknown, or outside the scope.
    """
    found = RowFinding.objects.filter(pk=finding_id, unit_id__in=scope.unit_ids)
    row = found.values_list(*COLUMNS).first()
    if row is None:
        raise UnableToFindFinding(finding=finding_id)
    return _card(row)


def deciders_of(row_id: int) -> set[str]:
    """Who accepted, estimated, corrected or sent back this row before; signatures do not count."""
    decided = RowFinding.objects.filter(row_id=row_id).exclude(decided_by="")
    decided = decided.exclude(state=RowFinding.State.SIGNED)
    return set(decided.values_list("decided_by", flat=True))


def held_row_count(scope: UnitScope) -> int:
    """Rows that wait for a person: held, or open with a doubt about them."""
    return _waiting_rows(scope).count()


def held_by_rule(scope: UnitScope) -> dict[str, int]:
    """Open holding doubts by rule, most first."""
    counted = (
        _open(scope, None, None, None, holding_only=True)
        .values_list("rule")
        .annotate(count=Count("id"))
        .order_by("-count", "rule")
    )
    return dict(counted)


def held_rows(scope: UnitScope, *, limit: int) -> list[HeldRow]:
    """The first doubts that hold rows, by book and walk."""
    rows = _open(scope, None, None, None, holding_only=True).order_by(
        "period__code", "row__position", "id"
    )
    return [
        HeldRow(*row)
        for row in rows.values_list(
            "period__book__code", "period__code", "row__point__code", "row__register_kind", "rule",
            "severity",
        )[:limit]
    ]  # fmt: skip


def _waiting_rows(scope: UnitScope) -> "QuerySet[BookRow]":
    doubted = _open(scope, None, None, None, holding_only=True).values("row_id")
    held = BookRow.objects.filter(period__unit_id__in=scope.unit_ids, state=BookRow.State.HELD)
    return held | BookRow.objects.filter(
        period__unit_id__in=scope.unit_ids, state=BookRow.State.OPEN, pk__in=doubted
    )


def _open(
    scope: UnitScope,
    rule: str | None,
    severity: str | None,
    period_code: str | None,
    *,
    holding_only: bool,
) -> "QuerySet[RowFinding]":
    found = RowFinding.objects.filter(unit_id__in=scope.unit_ids, state=RowFinding.State.OPEN)
    found = found.exclude(row__state=BookRow.State.CARRIED)
    if holding_only:
        found = found.filter(severity__in=HOLDING_NAMES)
    if rule:
        found = found.filter(rule=rule)
    if severity:
        found = found.filter(severity=severity)
    if period_code:
        found = found.filter(period__code=period_code)
    return found


def _card(row: tuple[Any, ...]) -> FindingCard:
    values = dict(zip(COLUMNS, row, strict=True))
    named = {name.removeprefix("row__"): value for name, value in values.items()}
    return FindingCard(
        id=named["id"],
        rule=named["rule"],
        severity=named["severity"],
        values=named["values"],
        state=named["state"] if "state" not in values else values["state"],
        found_at=named["found_at"],
        period_code=named["period__code"],
        book_code=named["period__book__code"],
        period_id=named["period_id"],
        row_id=values["row_id"],
        row_state=values["row__state"],
        unit_id=named["unit_id"],
        unit_code=named["unit__code"],
        point_id=named["point_id"],
        customer_code=named["point__customer__code"],
        point_code=named["point__code"],
        meter_serial=named["installation__meter__serial"],
        register_kind=named["register_kind"],
        walk_code=named["walk_code"],
        multiplier=named["multiplier"],
        previous_index=named["previous_index"],
        current_index=named["current_index"],
        state_code=named["state_code"],
        consumption_kwh=named["consumption_kwh"],
        removed_kwh=named["removed_kwh"],
        direct_kwh=named["direct_kwh"],
        previous_kwh=named["previous_kwh"],
        history_kwh=tuple(Decimal(value) for value in named["history_kwh"]),
        first_day=named["first_day"],
        planned_last_day=named["planned_last_day"],
        last_day=named["last_day"],
        read_by=named["reading__person"] or "",
        recorded_by=named["reading__recorded_by"] or "",
        source=named["reading__source"] or "",
        note=named["reading__note"] or "",
        read_at=named["reading__read_at"],
        latitude=named["reading__latitude"],
        longitude=named["reading__longitude"],
        is_abnormal_confirmed=bool(named["reading__is_abnormal_confirmed"]),
        decided_by=named["decided_by"],
        decided_at=named["decided_at"],
        reason=named["reason"],
    )

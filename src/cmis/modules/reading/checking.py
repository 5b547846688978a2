"""Check received readings and confirm what may pass: one book period, or some of its points.

A point is one visit: its registers are confirmed together or wait together. Notes stop nothing;
everything else holds the point until somebody decided. Running again adds nothing twice: a rule
speaks once about a reading.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction

from cmis.engine.bulk import insert_rows
from cmis.kernel.findings import HOLDING, Finding
from cmis.kernel.registers import RegisterKind
from cmis.kernel.tally import NOTHING, Tally
from cmis.modules.reading.limits_of_units import limits_of, price_class_of
from cmis.modules.reading.models import BookPeriod, BookRow, RowFinding
from cmis.modules.reading.past import PastOfRows, past_of
from cmis.modules.reading.period_steps import advance
from cmis.rules.vee.limits import Limits, PriceClass
from cmis.rules.vee.registry import check_point, check_row
from cmis.rules.vee.row import RowToCheck

RowState = BookRow.State
#: Rows that still have a way to go.
UNSETTLED = (RowState.OPEN, RowState.RECEIVED, RowState.HELD)
#: What a file says about unusual energy, and the rules that say the same with all their numbers.
FILE_RULE = "ABNORMAL_UNCONFIRMED"
UNUSUAL = frozenset({"ABOVE_USUAL", "BELOW_USUAL", "NO_HISTORY_LIMIT"})
HOLDING_NAMES = frozenset(severity.value for severity in HOLDING)


@dataclass(slots=True)
class _Row:
    id: int
    point_id: int
    register_kind: str
    previous_index: Decimal
    current_index: Decimal | None
    multiplier: Decimal
    consumption_kwh: Decimal | None
    previous_kwh: Decimal
    first_day: date
    planned_last_day: date
    last_day: date | None
    state_code: str
    dial_digits: int | None
    removed_kwh: Decimal
    direct_kwh: Decimal
    history_kwh: list[str]
    price_text: str
    state: str
    reading_id: int | None
    is_estimated: bool
    confirmed_on_device: bool | None


#: Columns of ``_Row`` in its order.
COLUMNS = (
    "id", "point_id", "register_kind", "previous_index", "current_index", "multiplier",
    "consumption_kwh", "previous_kwh", "first_day", "planned_last_day", "last_day", "state_code",
    "dial_digits", "removed_kwh", "direct_kwh", "history_kwh", "price_text", "state",
    "reading_id", "is_estimated", "reading__is_abnormal_confirmed",
)  # fmt: skip


@dataclass(slots=True)
class _Outcome:
    """New findings, and which rows may pass and which wait."""

    found: list[tuple[_Row, Finding]] = field(default_factory=list)
    restated: list[tuple[int, Finding]] = field(default_factory=list)
    overtaken_ids: list[int] = field(default_factory=list)
    passing: list[_Row] = field(default_factory=list)
    waiting: list[_Row] = field(default_factory=list)


@transaction.atomic
def check_period(period_id: int, *, at: datetime, actor: str, night_id: int | None = None) -> Tally:
    """Check what was received in one book period, and confirm what may pass.

    Returns:
        rows that were not settled before: done = confirmed now, held = all others (those with an
        open doubt, and those that never came). Nothing when no reading waits for its check.
    """
    period = BookPeriod.objects.select_for_update().get(pk=period_id)
    waits = BookRow.objects.filter(period_id=period_id, state=RowState.RECEIVED)
    if not waits.exists():
        return NOTHING
    rows = _load(period_id)
    outcome = _judge(period, rows)
    _keep(period, outcome, at=at)
    tally = Tally(len(rows), len(outcome.passing), len(outcome.waiting))
    holds = sum(finding.severity in HOLDING for _, finding in outcome.found)
    checked = Tally(tally.input, tally.input)
    advance(
        period_id, BookPeriod.State.CHECKED, at=at, actor=actor, tally=checked, night_id=night_id,
        result={"findings": len(outcome.found), "holding": holds},
    )  # fmt: skip
    advance(
        period_id, BookPeriod.State.CONFIRMED, at=at, actor=actor, tally=tally, night_id=night_id
    )
    return tally


def settle_points(period_id: int, point_ids: Collection[int], *, at: datetime) -> list[int]:
    """Check points again after a decision, in the caller's transaction.

    Returns:
        ids of the rows that are confirmed by it.
    """
    period = BookPeriod.objects.select_for_update().get(pk=period_id)
    outcome = _judge(period, _load(period_id, point_ids))
    _keep(period, outcome, at=at, point_ids=point_ids)
    return [row.id for row in outcome.passing]


def row_to_check(
    row: _Row, kinds: Sequence[RegisterKind], past: PastOfRows, *, first_day: date
) -> RowToCheck:
    """The row as the rules look at it, in a period that begins on ``first_day``.

    The row of a replaced meter starts at the swap, its energy includes the removed meter's: the
    days compared are those of both.
    """
    key = (row.point_id, row.register_kind)
    end = row.last_day or row.planned_last_day
    start = min(row.first_day, first_day) if row.removed_kwh else row.first_day
    return RowToCheck(
        register=RegisterKind(row.register_kind),
        previous_index=row.previous_index,
        current_index=row.current_index,
        multiplier=row.multiplier,
        consumption_kwh=row.consumption_kwh,
        previous_kwh=row.previous_kwh,
        period_days=max((end - start).days + 1, 1),
        first_date=row.first_day,
        planned_date=row.planned_last_day,
        read_date=row.last_day,
        state=row.state_code,
        captured=row.reading_id is not None,
        dial_digits=row.dial_digits,
        removed_kwh=row.removed_kwh,
        direct_kwh=row.direct_kwh,
        history_kwh=tuple(Decimal(value) for value in row.history_kwh),
        same_month_last_year_kwh=past.last_year_kwh.get(key),
        previous_days=past.previous_days.get(key),
        confirmed_on_device=bool(row.confirmed_on_device),
        point_registers=tuple(kinds),
        is_estimated=row.is_estimated,
        estimates_before=past.estimates_before.get(key, 0),
    )


def _load(period_id: int, point_ids: Collection[int] | None = None) -> list[_Row]:
    rows = BookRow.objects.filter(period_id=period_id, state__in=UNSETTLED)
    if point_ids is not None:
        rows = rows.filter(point_id__in=list(point_ids))
    return [_Row(*values) for values in rows.order_by("position").values_list(*COLUMNS)]


def _judge(period: BookPeriod, rows: Sequence[_Row]) -> _Outcome:
    """Every rule over rows with a reading; then which points may pass."""
    outcome = _Outcome()
    limits = limits_of(period.unit_id, period.planned_last_day)
    past = past_of(period)
    said, open_rows = _known_findings(period.pk, {row.id for row in rows})
    points: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        points[row.point_id].append(row)
    for registers in points.values():
        found: list[tuple[_Row, Finding]] = []
        for row, finding in _findings(registers, limits, past, period.first_day):
            before = said.get((row.id, row.reading_id, finding.rule))
            if before is None:
                found.append((row, finding))
                plainer = said.get((row.id, row.reading_id, FILE_RULE))
                if plainer and plainer.is_open and _is_unusual(finding):
                    outcome.overtaken_ids.append(plainer.id)
            elif before.is_open and before.values != dict(finding.values):
                outcome.restated.append((before.id, finding))
        outcome.found += found
        may_pass = all(
            row.reading_id is not None and row.id not in open_rows for row in registers
        ) and not any(finding.severity in HOLDING for _, finding in found)
        (outcome.passing if may_pass else outcome.waiting).extend(registers)
    return outcome


def _findings(
    registers: Sequence[_Row],
    limits: dict[PriceClass, Limits],
    past: PastOfRows,
    first_day: date,
) -> Iterable[tuple[_Row, Finding]]:
    first = registers[0]
    own = limits[price_class_of(first.price_text, first.planned_last_day)]
    kinds = [RegisterKind(row.register_kind) for row in registers]
    looked_at = [row_to_check(row, kinds, past, first_day=first_day) for row in registers]
    speaker: _Row | None = None
    for row, seen in zip(registers, looked_at, strict=True):
        if row.reading_id is not None:
            speaker = speaker or row
            for finding in check_row(seen, own):
                yield row, finding
    if speaker is not None and len(registers) > 1:
        for finding in check_point(looked_at, own):
            yield speaker, finding


def _is_unusual(finding: Finding) -> bool:
    return finding.rule in UNUSUAL and finding.severity in HOLDING


@dataclass(frozen=True, slots=True)
class _Said:
    """A finding that is there already."""

    id: int
    is_open: bool
    values: dict[str, str | int]


def _known_findings(
    period_id: int, row_ids: set[int]
) -> tuple[dict[tuple[int, int | None, str], _Said], set[int]]:
    """What was said already about which reading, and rows that wait for a decision."""
    said: dict[tuple[int, int | None, str], _Said] = {}
    open_rows: set[int] = set()
    known = RowFinding.objects.filter(period_id=period_id).exclude(state=RowFinding.State.OVERTAKEN)
    for id_, row_id, reading_id, rule, severity, state, values in known.values_list(
        "id", "row_id", "reading_id", "rule", "severity", "state", "values"
    ):
        if row_id in row_ids:
            is_open = state == RowFinding.State.OPEN
            said[row_id, reading_id, rule] = _Said(id_, is_open, values)
            if is_open and severity in HOLDING_NAMES:
                open_rows.add(row_id)
    return said, open_rows


def _keep(
    period: BookPeriod,
    outcome: _Outcome,
    *,
    at: datetime,
    point_ids: Collection[int] | None = None,
) -> None:
    insert_rows(
        connection,
        RowFinding._meta.db_table,
        (
            "row_id", "reading_id", "period_id", "unit_id", "rule", "severity", "values", "state",
            "found_at", "decided_by", "reason",
        ),
        (
            (
                row.id, row.reading_id, period.pk, period.unit_id, finding.rule,
                finding.severity.value, json.dumps(dict(finding.values), ensure_ascii=False),
                # a note asks nobody for anything: it is there to be seen
                RowFinding.State.OPEN.value, at, "", "",
            )
            for row, finding in outcome.found
        ),
    )  # fmt: skip
    for finding_id, finding in outcome.restated:
        RowFinding.objects.filter(pk=finding_id).update(values=dict(finding.values))
    if outcome.overtaken_ids:
        overtaken = RowFinding.objects.filter(pk__in=outcome.overtaken_ids)
        overtaken.update(state=RowFinding.State.OVERTAKEN)
    rows = BookRow.objects.filter(period_id=period.pk)
    waiting = [row.id for row in outcome.waiting if row.state == RowState.RECEIVED]
    if waiting:
        rows.filter(pk__in=waiting).update(state=RowState.HELD)
    # The period is locked: what is still received among the points looked at may pass, and in an
    # ordinary month that is nearly the whole book, so no list of ids is sent.
    received = rows.filter(state=RowState.RECEIVED)
    if point_ids is not None:
        received = received.filter(point_id__in=list(point_ids))
    received.update(state=RowState.CONFIRMED)
    was_held = [row.id for row in outcome.passing if row.state != RowState.RECEIVED]
    if was_held:
        rows.filter(pk__in=was_held).update(state=RowState.CONFIRMED)

"""Take in what a returned file brought: readings for ever, rows moved on, doubts noted.

One call is one file in the caller's transaction. Nothing accepted before is destroyed: a reading
that replaces another points at it, and a confirmed or billed row refuses any other reading.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from cmis.engine.bulk import insert_rows, reserve_ids
from cmis.engine.bulk_update import update_rows
from cmis.kernel.findings import HOLDING
from cmis.kernel.tally import Tally
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading.file_types import DoubtAboutRow, ReturnedFile
from cmis.modules.reading.models import (
    BookPeriod,
    BookRow,
    FileOfPeriod,
    ImportedFile,
    ImportVerdict,
    ReadingEvent,
    RowFinding,
)
from cmis.modules.reading.period_steps import facts_of, record_step
from cmis.modules.reading.types import (
    ImportOutcome,
    PeriodFacts,
    ReadingToTake,
    RowVerdict,
)
from cmis.modules.translog import operations as translog

RowState = BookRow.State

EVENT_COLUMNS = (
    "id", "event_uuid", "row_id", "source", "index", "state_code", "consumption_kwh", "last_day",
    "read_at", "latitude", "longitude", "person", "device", "photo", "note",
    "is_abnormal_confirmed", "reason", "detail", "file_id", "supersedes_id", "recorded_by",
    "recorded_at",
)  # fmt: skip
ROW_COLUMNS = (
    "state", "reading_id", "current_index", "state_code", "consumption_kwh", "last_day",
    "is_estimated",
)  # fmt: skip


def lock_periods(scope: UnitScope, codes: Iterable[str]) -> list[PeriodFacts]:
    """Periods of the scope among ``codes``, locked in one order until the transaction ends."""
    found = (
        BookPeriod.objects.select_for_update(of=("self",))
        .select_related("book", "unit")
        .filter(code__in=list(codes), unit_id__in=scope.unit_ids)
        .order_by("id")
    )
    return [facts_of(period) for period in found]


def take_file(
    file: ReturnedFile, periods: Sequence[PeriodFacts], *, actor: str, at: datetime
) -> ImportOutcome:
    """Keep a judged file: events, rows, doubts, verdicts, steps. In the caller's transaction."""
    accepted_count = file.row_count - file.held_count - file.refused_count
    stored = ImportedFile.objects.create(
        sha256=file.sha256,
        name=file.name[:200],
        byte_count=file.byte_count,
        imported_by=actor,
        imported_at=at,
        row_count=file.row_count,
        accepted_count=accepted_count,
        held_count=file.held_count,
        refused_count=file.refused_count,
    )
    FileOfPeriod.objects.bulk_create(
        [FileOfPeriod(file=stored, period_id=period.id) for period in periods]
    )
    _keep_verdicts(stored.pk, file.verdicts)
    held = {doubt.row_id for doubt in file.doubts if doubt.severity in HOLDING}
    _overtake_doubts(periods, {reading.row_id for reading in file.readings})
    take_readings(file.readings, held=held, file_id=stored.pk, actor=actor, at=at)
    BookRow.objects.filter(pk__in=file.unread_row_ids).update(state=RowState.HELD)
    _note_doubts(file.doubts, periods, at=at)
    _receive(file, periods, actor=actor, at=at)
    return ImportOutcome(
        sha256=file.sha256,
        name=file.name,
        already_imported=False,
        period_codes=tuple(sorted(period.code for period in periods)),
        row_count=file.row_count,
        accepted_count=accepted_count,
        held_count=file.held_count,
        refused_count=file.refused_count,
        verdicts=tuple(file.verdicts),
    )


def take_readings(
    readings: Sequence[ReadingToTake],
    *,
    held: set[int],
    file_id: int | None,
    actor: str,
    at: datetime,
) -> None:
    """Append readings and let their rows point at them; rows in ``held`` wait for a person."""
    ids = reserve_ids(connection, ReadingEvent._meta.db_table, len(readings))
    numbered = list(zip(ids, readings, strict=True))
    insert_rows(
        connection,
        ReadingEvent._meta.db_table,
        EVENT_COLUMNS,
        (_event(id_, reading, file_id, actor, at) for id_, reading in numbered),
    )
    update_rows(
        connection,
        BookRow._meta.db_table,
        ROW_COLUMNS,
        [
            (
                reading.row_id,
                RowState.HELD.value if reading.row_id in held else RowState.RECEIVED.value,
                id_,
                reading.index,
                reading.state_code,
                reading.consumption_kwh,
                reading.last_day,
                reading.source == "estimate",
            )
            for id_, reading in numbered
        ],
    )


def _event(
    id_: int, reading: ReadingToTake, file_id: int | None, actor: str, at: datetime
) -> tuple[Any, ...]:
    return (
        id_,
        reading.event_uuid,
        reading.row_id,
        reading.source,
        reading.index,
        reading.state_code,
        reading.consumption_kwh,
        reading.last_day,
        reading.read_at,
        reading.latitude,
        reading.longitude,
        reading.person[:80],
        reading.device[:80],
        reading.photo[:200],
        reading.note[:400],
        reading.is_abnormal_confirmed,
        reading.reason[:400],
        json.dumps(reading.detail, ensure_ascii=False),
        file_id,
        reading.supersedes_id,
        actor,
        at,
    )


def _keep_verdicts(file_id: int, verdicts: Sequence[RowVerdict]) -> None:
    insert_rows(
        connection,
        ImportVerdict._meta.db_table,
        ("file_id", "row_number", "key", "code", "further"),
        (
            (
                file_id,
                verdict.row_number,
                verdict.key[:40],
                verdict.code,
                json.dumps(verdict.further),
            )
            for verdict in verdicts
            if verdict.code != "OK"
        ),
    )


def _overtake_doubts(periods: Sequence[PeriodFacts], row_ids: set[int]) -> None:
    """Open doubts about a reading are void once another reading of the row was taken."""
    open_doubts = RowFinding.objects.filter(
        period_id__in=[period.id for period in periods], state=RowFinding.State.OPEN
    )
    void = [id_ for id_, row_id in open_doubts.values_list("id", "row_id") if row_id in row_ids]
    if void:
        RowFinding.objects.filter(pk__in=void).update(state=RowFinding.State.OVERTAKEN)


def _note_doubts(
    doubts: Sequence[DoubtAboutRow], periods: Sequence[PeriodFacts], *, at: datetime
) -> None:
    """Store doubts that are not already waiting with the same rule on the same row."""
    if not doubts:
        return
    units = {period.id: period.unit_id for period in periods}
    rows = BookRow.objects.filter(pk__in={doubt.row_id for doubt in doubts})
    facts = {row[0]: row[1:] for row in rows.values_list("id", "period_id", "reading_id")}
    waiting = set(
        RowFinding.objects.filter(period_id__in=units, state=RowFinding.State.OPEN).values_list(
            "row_id", "rule"
        )
    )
    RowFinding.objects.bulk_create(
        [
            RowFinding(
                row_id=doubt.row_id,
                reading_id=facts[doubt.row_id][1],
                period_id=facts[doubt.row_id][0],
                unit_id=units[facts[doubt.row_id][0]],
                rule=doubt.rule,
                severity=doubt.severity.value,
                values=doubt.values,
                state=RowFinding.State.OPEN,
                found_at=at,
            )
            for doubt in doubts
            if (doubt.row_id, doubt.rule) not in waiting
        ],
        batch_size=1_000,
    )


def _receive(
    file: ReturnedFile, periods: Sequence[PeriodFacts], *, actor: str, at: datetime
) -> None:
    """Exported → received, with counts of the rows as they now stand, one step a period."""
    states: dict[int, Counter[str]] = {period.id: Counter() for period in periods}
    rows = BookRow.objects.filter(period_id__in=states)
    for period_id, state in rows.values_list("period_id", "state"):
        states[period_id][state] += 1
    for period in BookPeriod.objects.select_related("unit").filter(pk__in=states):
        if period.state == BookPeriod.State.EXPORTED:
            period.state = BookPeriod.State.RECEIVED
        period.received_at, period.holder = at, ""
        period.save(update_fields=["state", "received_at", "holder"])
        counts = states[period.pk]
        waiting = counts[RowState.OPEN] + counts[RowState.HELD]
        tally = Tally(counts.total(), counts.total() - waiting, waiting)
        record_step(
            period,
            BookPeriod.State.RECEIVED,
            tally,
            actor,
            at,
            result={"sha256": file.sha256, "file_rows": file.row_count},
        )
        translog.record(
            actor=actor,
            unit_code=period.unit.code,
            action="import_book",
            object_kind="book_period",
            object_code=period.code,
            at=at,
            detail={"sha256": file.sha256, "refused": file.refused_count},
        )

"""Reading of the audit trail and the ledger; every query takes the scope of who asks."""

from django.db.models import Q

from cmis.modules.translog.models import AuditEntry, Night, StepRecord
from cmis.modules.translog.types import (
    ALL_UNITS,
    AuditFacts,
    CodeScope,
    NightFacts,
    StepFacts,
)


def audit_of(scope: CodeScope, object_kind: str, object_code: str) -> tuple[AuditFacts, ...]:
    """Every act on one object, oldest first."""
    entries = AuditEntry.objects.filter(
        _of(scope), object_kind=object_kind, object_code=object_code
    ).order_by("at", "pk")
    return tuple(_audit(entry) for entry in entries)


def latest_audit(
    scope: CodeScope, *, limit: int, actor: str = "", action: str = "", before_id: int | None = None
) -> tuple[AuditFacts, ...]:
    """The newest acts, newest first; ``before_id`` is the last id of the page before."""
    entries = AuditEntry.objects.filter(_of(scope))
    if actor:
        entries = entries.filter(actor=actor)
    if action:
        entries = entries.filter(action=action)
    if before_id is not None:
        entries = entries.filter(pk__lt=before_id)
    return tuple(_audit(entry) for entry in entries.order_by("-pk")[:limit])


def steps_of(scope: CodeScope, subject_code: str) -> tuple[StepFacts, ...]:
    """Every executed step of a subject, oldest first."""
    steps = StepRecord.objects.filter(_of(scope), subject_code=subject_code)
    return tuple(_step(step) for step in steps.order_by("at", "pk"))


def steps_of_night(scope: CodeScope, night_id: int) -> tuple[StepFacts, ...]:
    """The steps one night executed on subjects inside the scope, oldest first."""
    steps = StepRecord.objects.filter(_of(scope), night_id=night_id)
    return tuple(_step(step) for step in steps.order_by("at", "pk"))


def nights(scope: CodeScope, limit: int) -> tuple[NightFacts, ...]:
    """The latest nights of the scope's units; the night of all units only for who sees all.

    A night's summary speaks of every unit it ran for, so a district does not see the night of the
    company above it.
    """
    found = Night.objects.filter(_of(scope)).order_by("-date", "unit_code")[:limit]
    return tuple(_night(night) for night in found)


def night(scope: CodeScope, night_id: int) -> NightFacts | None:
    """One night, or None when there is none or it lies outside the scope."""
    found = Night.objects.filter(_of(scope), pk=night_id).first()
    return None if found is None else _night(found)


def _of(scope: CodeScope) -> Q:
    codes = set(scope.unit_codes)
    if scope.covers_all:
        codes |= {ALL_UNITS, ""}  # acts that belong to no unit, such as a log-in of nobody
    return Q(unit_code__in=codes)


def _audit(entry: AuditEntry) -> AuditFacts:
    return AuditFacts(
        entry.pk,
        entry.at,
        entry.actor,
        entry.unit_code,
        entry.action,
        entry.object_kind,
        entry.object_code,
        entry.reason,
        entry.detail,
    )


def _step(step: StepRecord) -> StepFacts:
    return StepFacts(
        step.pk,
        step.night_id,
        step.subject_kind,
        step.subject_code,
        step.unit_code,
        step.step,
        step.actor,
        step.at,
        step.input_count,
        step.done_count,
        step.held_count,
        step.failed_count,
        step.result,
    )


def _night(night: Night) -> NightFacts:
    return NightFacts(
        night.pk,
        night.date,
        night.unit_code,
        night.state,
        night.started_at,
        night.finished_at,
        night.worker,
        night.heartbeat_at,
        night.start_count,
        night.phase,
        night.progress_done_count,
        night.progress_total_count,
        night.summary,
    )

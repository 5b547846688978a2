"""Writing of the audit trail and of the ledger of nights and steps."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.tally import Tally
from cmis.modules.translog.models import AuditEntry, Night, StepRecord
from cmis.modules.translog.types import NightLease

#: A night whose worker has not beaten for so long may be taken over.
LEASE_SECONDS = 120


class UnableToStartNight(UnableTo):
    code = "LOG-001"
    what = Bilingual(
        "Phiên đêm {date} của đơn vị {unit} đang do tiến trình {worker} chạy"
        " (tín hiệu cuối {beat}).",
        "The night of {date} for unit {unit} is being run by {worker} (last beat {beat}).",
    )
    next_step = Bilingual(
        "Chờ phiên đó kết thúc, hoặc dừng tiến trình rồi chạy lại.",
        "Wait until it ends, or stop that process and start again.",
    )


class UnableToKeepNight(UnableTo):
    code = "LOG-002"
    what = Bilingual(
        "Phiên đêm số {night} không còn thuộc tiến trình {worker}.",
        "Night {night} no longer belongs to the worker {worker}.",
    )
    next_step = Bilingual(
        "Tiến trình này dừng lại; tiến trình đã tiếp quản sẽ chạy nốt phiên.",
        "This process stops; the one that took over finishes the night.",
    )


def record(
    *,
    actor: str,
    unit_code: str,
    action: str,
    object_kind: str,
    object_code: str,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write one act into the audit trail, in the caller's transaction.

    ``detail`` holds plain JSON values and never personal data of customers.
    """
    AuditEntry.objects.create(
        at=at,
        actor=actor,
        unit_code=unit_code,
        action=action,
        object_kind=object_kind,
        object_code=object_code,
        reason=reason,
        detail=dict(detail or {}),
    )


def record_step(
    *,
    night_id: int | None,
    subject_kind: str,
    subject_code: str,
    unit_code: str,
    step: str,
    actor: str,
    at: datetime,
    tally: Tally,
    result: Mapping[str, Any] | None = None,
) -> None:
    """Write one executed step of one subject with its counts, in the caller's transaction."""
    StepRecord.objects.create(
        night_id=night_id,
        subject_kind=subject_kind,
        subject_code=subject_code,
        unit_code=unit_code,
        step=step,
        actor=actor,
        at=at,
        input_count=tally.input,
        done_count=tally.done,
        held_count=tally.held,
        failed_count=tally.failed,
        result=dict(result or {}),
    )


@transaction.atomic
def open_night(
    *,
    date: date,
    unit_code: str,
    worker: str,
    at: datetime,
    lease_seconds: int = LEASE_SECONDS,
    is_alive: Callable[[str], bool | None] | None = None,
) -> NightLease:
    """Take the lease of a night: a new one, one that ended, or one whose worker stopped.

    Args:
        is_alive: tells of a worker's name whether it still runs; None = unknown. A dead worker's
            night is taken over at once, any other when it has not beaten for the lease.

    Raises:
        UnableToStartNight: another worker's lease is alive.
    """
    night, is_new = Night.objects.select_for_update().get_or_create(
        date=date,
        unit_code=unit_code,
        defaults={
            "state": Night.State.RUNNING,
            "started_at": at,
            "worker": worker,
            "heartbeat_at": at,
            "start_count": 1,
        },
    )
    if is_new:
        return NightLease(night.pk, date, unit_code, worker, 1)
    pushed_aside = ""
    if night.state == Night.State.RUNNING:
        _refuse_living(night, worker, at, lease_seconds, is_alive)
        pushed_aside = night.worker
    night.state = Night.State.RUNNING
    night.worker, night.heartbeat_at, night.finished_at = worker, at, None
    night.start_count += 1
    night.phase, night.progress_done_count, night.progress_total_count = "", 0, 0
    night.save()
    return NightLease(night.pk, date, unit_code, worker, night.start_count, pushed_aside)


def _refuse_living(
    night: Night,
    worker: str,
    at: datetime,
    lease_seconds: int,
    is_alive: Callable[[str], bool | None] | None,
) -> None:
    if night.worker == worker:
        return  # an earlier night of this very process ended without closing it
    beat_at = night.heartbeat_at or night.started_at
    is_stale = at - beat_at >= timedelta(seconds=lease_seconds)
    is_dead = is_alive is not None and is_alive(night.worker) is False
    if not is_stale and not is_dead:
        raise UnableToStartNight(
            date=night.date.isoformat(),
            unit=night.unit_code,
            worker=night.worker,
            beat=beat_at.isoformat(timespec="seconds"),
        )


def beat(
    night_id: int, worker: str, at: datetime, phase: str, done_count: int, total_count: int
) -> None:
    """Keep the lease and show how far the night is.

    Raises:
        UnableToKeepNight: another worker has the night now; nothing was written.
    """
    kept = Night.objects.filter(pk=night_id, worker=worker, state=Night.State.RUNNING).update(
        heartbeat_at=at,
        phase=phase,
        progress_done_count=done_count,
        progress_total_count=total_count,
    )
    if not kept:
        raise UnableToKeepNight(night=night_id, worker=worker)


def close_night(
    night_id: int, worker: str, at: datetime, summary: Mapping[str, Any], state: str
) -> None:
    """End the night as ``finished`` or ``failed`` with its summary.

    Raises:
        UnableToKeepNight: another worker has the night now; nothing was written.
        ValueError: for any other state.
    """
    if state not in (Night.State.FINISHED, Night.State.FAILED):
        raise ValueError(f"a night ends finished or failed, not {state!r}")
    closed = Night.objects.filter(pk=night_id, worker=worker, state=Night.State.RUNNING).update(
        state=state, finished_at=at, heartbeat_at=at, summary=dict(summary)
    )
    if not closed:
        raise UnableToKeepNight(night=night_id, worker=worker)

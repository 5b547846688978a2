"""Frozen values the translog takes and returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

#: Unit code of the night of every unit there is.
ALL_UNITS = "*"


class CodeScope(Protocol):
    """Whose records may be shown (``organisation.types.UnitScope`` fits; it lies above)."""

    @property
    def unit_codes(self) -> frozenset[str]: ...

    @property
    def covers_all(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class NightLease:
    """The right of one worker to run one night, as long as it beats.

    ``took_over_from`` names the worker that had stopped; empty when nobody was pushed aside.
    """

    id: int
    date: date
    unit_code: str
    worker: str
    start_count: int
    took_over_from: str = ""


@dataclass(frozen=True, slots=True)
class NightFacts:
    """A night as pages show it."""

    id: int
    date: date
    unit_code: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    worker: str
    heartbeat_at: datetime | None
    start_count: int
    phase: str
    done_count: int
    total_count: int
    summary: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One executed step with its counts; done + held + failed = input."""

    id: int
    night_id: int | None
    subject_kind: str
    subject_code: str
    unit_code: str
    step: str
    actor: str
    at: datetime
    input_count: int
    done_count: int
    held_count: int
    failed_count: int
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """One act: who did what to which object, when and why."""

    id: int
    at: datetime
    actor: str
    unit_code: str
    action: str
    object_kind: str
    object_code: str
    reason: str
    detail: Mapping[str, Any]

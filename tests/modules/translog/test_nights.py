"""Leases of the night: one worker at a time, the dead one's night is taken over."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from cmis.kernel.tally import Tally
from cmis.modules.organisation.types import UnitScope
from cmis.modules.translog import operations, queries
from cmis.modules.translog.models import AuditEntry, Night, StepRecord
from cmis.modules.translog.types import NightLease

pytestmark = pytest.mark.django_db

DAY = date(2026, 7, 13)
AT = datetime(2026, 7, 12, 18, 0, tzinfo=UTC)
DISTRICT = UnitScope(frozenset({1}), frozenset({"PX0100"}), "PX0100")
SIBLING = UnitScope(frozenset({2}), frozenset({"PX0101"}), "PX0101")
COUNTRY = UnitScope(frozenset({1, 2}), frozenset({"PX0100", "PX0101"}), "PX", covers_all=True)


def start(worker: str, seconds: int = 0, unit: str = "PX0100", **more: object) -> NightLease:
    return operations.open_night(
        date=DAY,
        unit_code=unit,
        worker=worker,
        at=AT + timedelta(seconds=seconds),
        **more,  # type: ignore[arg-type]
    )


def beat(night_id: int, worker: str, seconds: int, done_count: int = 0) -> None:
    operations.beat(
        night_id,
        worker=worker,
        at=AT + timedelta(seconds=seconds),
        phase="bill",
        done_count=done_count,
        total_count=10,
    )


def row(night_id: int) -> Night:
    return Night.objects.get(pk=night_id)


def test_a_new_night_belongs_to_its_worker() -> None:
    lease = start("a:1")
    assert lease == NightLease(lease.id, DAY, "PX0100", "a:1", 1)
    night = row(lease.id)
    assert (night.state, night.started_at, night.heartbeat_at) == ("running", AT, AT)


def test_a_living_lease_keeps_others_out_and_nothing_changes() -> None:
    lease = start("a:1")
    beat(lease.id, "a:1", 100, 3)
    before = Night.objects.values_list().get()
    for question in (None, lambda _worker: True, lambda _worker: None):
        with pytest.raises(operations.UnableToStartNight) as refusal:
            start("b:2", 219, is_alive=question)
    assert refusal.value.code == "LOG-001"
    assert "a:1" in refusal.value.message("vi")
    assert Night.objects.values_list().get() == before


def test_a_silent_worker_is_taken_over_when_its_lease_ends() -> None:
    lease = start("a:1")
    beat(lease.id, "a:1", 100, 3)
    taken = start("b:2", 220)
    assert taken == NightLease(lease.id, DAY, "PX0100", "b:2", 2, took_over_from="a:1")
    night = row(lease.id)
    assert (night.worker, night.phase, night.progress_done_count) == ("b:2", "", 0)
    assert night.started_at == AT


def test_the_length_of_the_lease_can_be_chosen() -> None:
    start("a:1")
    with pytest.raises(operations.UnableToStartNight):
        start("b:2", 9, lease_seconds=10)
    assert start("b:2", 10, lease_seconds=10).took_over_from == "a:1"


def test_a_dead_worker_is_taken_over_at_once() -> None:
    start("a:1")
    asked: list[str] = []

    def is_alive(worker: str) -> bool:
        asked.append(worker)
        return False

    assert start("b:2", 1, is_alive=is_alive).took_over_from == "a:1"
    assert asked == ["a:1"]


def test_the_same_process_may_start_again() -> None:
    start("a:1")
    assert start("a:1", 1).start_count == 2


def test_who_lost_the_lease_can_neither_beat_nor_close() -> None:
    lease = start("a:1")
    start("b:2", 500)
    before = Night.objects.values_list().get()
    with pytest.raises(operations.UnableToKeepNight):
        beat(lease.id, "a:1", 501)
    with pytest.raises(operations.UnableToKeepNight):
        close(lease.id, "a:1", 501)
    assert Night.objects.values_list().get() == before


def close(night_id: int, worker: str, seconds: int, state: str = "finished") -> None:
    operations.close_night(
        night_id,
        worker=worker,
        at=AT + timedelta(seconds=seconds),
        summary={"issued": 3},
        state=state,
    )


def test_a_finished_night_keeps_its_summary_and_can_be_started_again() -> None:
    lease = start("a:1")
    beat(lease.id, "a:1", 60, 7)
    close(lease.id, "a:1", 61)
    (facts,) = queries.nights(DISTRICT, 10)
    assert (facts.state, facts.finished_at) == ("finished", AT + timedelta(seconds=61))
    assert (facts.phase, facts.done_count, facts.total_count) == ("bill", 7, 10)
    assert facts.summary == {"issued": 3}
    again = start("b:2", 62)
    assert (again.id, again.start_count, again.took_over_from) == (lease.id, 2, "")
    assert row(lease.id).finished_at is None


def test_a_night_ends_finished_or_failed() -> None:
    lease = start("a:1")
    with pytest.raises(ValueError, match="running"):
        close(lease.id, "a:1", 1, state="running")
    close(lease.id, "a:1", 1, state="failed")
    assert row(lease.id).state == "failed"


def test_nights_of_other_dates_and_units_do_not_block() -> None:
    ids = {
        start("a:1").id,
        start("b:2", unit="PX0101").id,
        operations.open_night(date=date(2026, 7, 14), unit_code="PX0100", worker="c:3", at=AT).id,
    }
    assert len(ids) == 3


def test_nights_are_shown_by_scope_and_the_whole_house_only_to_who_sees_all() -> None:
    mine, theirs, all_units = start("a:1"), start("b:2", unit="PX0101"), start("c:3", unit="*")
    assert [night.id for night in queries.nights(DISTRICT, 10)] == [mine.id]
    assert [night.id for night in queries.nights(SIBLING, 10)] == [theirs.id]
    assert {night.id for night in queries.nights(COUNTRY, 10)} == {
        mine.id,
        theirs.id,
        all_units.id,
    }
    assert queries.night(DISTRICT, mine.id) is not None
    assert queries.night(SIBLING, mine.id) is None
    assert queries.night(DISTRICT, all_units.id) is None
    assert queries.night(COUNTRY, all_units.id) is not None


def test_the_newest_nights_come_first_and_the_limit_holds() -> None:
    for day in (11, 13, 12):
        operations.open_night(date=date(2026, 7, day), unit_code="PX0100", worker="a:1", at=AT)
    assert [night.date.day for night in queries.nights(DISTRICT, 2)] == [13, 12]


def step(code: str, unit: str, tally: Tally, night_id: int | None = None) -> None:
    operations.record_step(
        night_id=night_id,
        subject_kind="book_period",
        subject_code=code,
        unit_code=unit,
        step="rated",
        actor="night",
        at=AT,
        tally=tally,
        result={"total_vnd": 717_714},
    )


def test_steps_carry_counts_and_are_shown_by_scope() -> None:
    night_id = start("a:1", unit="*").id
    step("PX0100101-2026-7-1", "PX0100", Tally(10, 7, 2, 1), night_id)
    step("PX0101101-2026-7-1", "PX0101", Tally(5, 5))

    (facts,) = queries.steps_of(DISTRICT, "PX0100101-2026-7-1")
    assert (facts.step, facts.actor, facts.night_id) == ("rated", "night", night_id)
    assert (facts.input_count, facts.done_count, facts.held_count, facts.failed_count) == (
        10,
        7,
        2,
        1,
    )
    assert facts.result == {"total_vnd": 717_714}
    assert queries.steps_of(SIBLING, "PX0100101-2026-7-1") == ()
    assert [one.subject_code for one in queries.steps_of_night(DISTRICT, night_id)] == [
        "PX0100101-2026-7-1"
    ]
    assert queries.steps_of_night(SIBLING, night_id) == ()


def test_the_database_refuses_counts_that_do_not_balance() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StepRecord.objects.create(
            subject_kind="x",
            subject_code="x",
            unit_code="x",
            step="x",
            actor="x",
            at=AT,
            input_count=3,
            done_count=2,
        )
    assert StepRecord.objects.count() == 0


def act(code: str, unit: str, actor: str = "lan", action: str = "sign") -> None:
    operations.record(
        actor=actor,
        unit_code=unit,
        action=action,
        object_kind="bill",
        object_code=code,
        at=AT,
        reason="đã kiểm tra",
        detail={"total_vnd": 5},
    )


def test_acts_are_shown_by_scope() -> None:
    act("B1", "PX0100")
    act("B1", "PX0101")
    act("B1", "")
    (mine,) = queries.audit_of(DISTRICT, "bill", "B1")
    assert (mine.actor, mine.unit_code, mine.reason, mine.detail) == (
        "lan",
        "PX0100",
        "đã kiểm tra",
        {"total_vnd": 5},
    )
    assert len(queries.audit_of(SIBLING, "bill", "B1")) == 1
    assert len(queries.audit_of(COUNTRY, "bill", "B1")) == 3
    assert queries.audit_of(DISTRICT, "invoice", "B1") == ()


def test_the_latest_acts_can_be_narrowed_and_paged() -> None:
    for number in range(5):
        act(f"B{number}", "PX0100", actor="lan" if number % 2 else "minh")
    act("B9", "PX0101")
    newest = queries.latest_audit(DISTRICT, limit=2)
    assert [one.object_code for one in newest] == ["B4", "B3"]
    older = queries.latest_audit(DISTRICT, limit=9, before_id=newest[-1].id)
    assert [one.object_code for one in older] == ["B2", "B1", "B0"]
    assert [one.object_code for one in queries.latest_audit(DISTRICT, limit=9, actor="lan")] == [
        "B3",
        "B1",
    ]
    assert queries.latest_audit(DISTRICT, limit=9, action="other") == ()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_an_act(change: str) -> None:
    act("B1", "PX0100")
    before = list(AuditEntry.objects.values_list())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        if change == "update":
            AuditEntry.objects.update(actor="somebody else")
        else:
            AuditEntry.objects.all().delete()
    assert list(AuditEntry.objects.values_list()) == before

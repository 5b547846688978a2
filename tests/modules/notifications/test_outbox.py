"""The outbox: queued once, claimed once, tried again, ended; every reply recorded."""

from datetime import UTC, datetime, timedelta

import pytest

from cmis.modules.customers.models import Customer
from cmis.modules.notifications import operations, queries
from cmis.modules.notifications.models import DeliveryAttempt, Message
from cmis.modules.notifications.operations import NewMessage, Outcome
from cmis.modules.organisation.models import Unit
from cmis.modules.organisation.types import UnitScope

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 13, 1, 0, tzinfo=UTC)


@pytest.fixture
def customer():
    unit = Unit.objects.create(code="PX0900", level="district")
    return Customer.objects.create(code="PX09000000001", unit=unit, kind="household")


def scope(unit):
    return UnitScope(frozenset({unit.pk}), frozenset({unit.code}), unit.code)


def message(customer, key="bill:A", channel="email"):
    return NewMessage(
        key, customer.unit_id, customer.pk, "payment", "bill_notice", channel, "vi", {"kwh": 275}
    )


def test_a_key_is_queued_once(customer):
    assert operations.queue([message(customer), message(customer)], at=AT) == 1
    assert operations.queue([message(customer), message(customer, "bill:B")], at=AT) == 1
    assert list(Message.objects.order_by("key").values_list("key", flat=True)) == [
        "bill:A",
        "bill:B",
    ]


def test_a_claimed_message_is_not_claimed_again_until_its_claim_ends(customer):
    operations.queue([message(customer)], at=AT)
    first = operations.claim_due(at=AT, limit=10)
    assert [one.key for one in first] == ["bill:A"]
    assert first[0].values == {"kwh": 275}
    assert operations.claim_due(at=AT, limit=10) == []
    later = AT + timedelta(minutes=operations.CLAIM_MINUTES, seconds=1)
    assert [one.key for one in operations.claim_due(at=later, limit=10)] == ["bill:A"]


def test_a_passing_fault_is_tried_again_with_growing_waits_then_fails_for_good(customer):
    operations.queue([message(customer)], at=AT)
    now, waits = AT, []
    state = "queued"
    while state == "queued":
        (claimed,) = operations.claim_due(at=now, limit=1)
        state = operations.record_outcome(claimed, outcome=Outcome.RETRY, reply="451 busy", at=now)
        stored = Message.objects.get()
        if state == "queued":
            waits.append(int((stored.due_at - now).total_seconds() // 60))
            assert operations.claim_due(at=now, limit=1) == []  # not before it is due
            now = stored.due_at
    assert waits == list(operations.RETRY_MINUTES)
    assert (state, stored.finished_at) == ("failed", now)
    assert DeliveryAttempt.objects.count() == len(operations.RETRY_MINUTES) + 1
    assert operations.claim_due(at=now + timedelta(days=9), limit=1) == []


def test_a_refusal_falls_back_to_the_other_channel_then_ends(customer):
    operations.queue([message(customer)], at=AT)
    (claimed,) = operations.claim_due(at=AT, limit=1)
    assert (
        operations.record_outcome(
            claimed, outcome=Outcome.REFUSED, reply="550", at=AT, next_channel="sms"
        )
        == "queued"
    )
    (claimed,) = operations.claim_due(at=AT, limit=1)
    assert (claimed.channel, claimed.attempt_count) == ("sms", 0)
    assert operations.has_tried_other(claimed.id, "sms")
    assert (
        operations.record_outcome(claimed, outcome=Outcome.REFUSED, reply="404", at=AT) == "failed"
    )
    facts = queries.messages(scope(customer.unit))
    assert [(one.state, one.channel, one.last_reply) for one in facts] == [("failed", "sms", "404")]


def test_sending_again_needs_an_ended_message_of_ones_own_unit(customer):
    operations.queue([message(customer)], at=AT)
    stored = Message.objects.get()
    with pytest.raises(operations.UnableToSendAgain):
        operations.send_again(scope(customer.unit), stored.pk, at=AT)
    operations.cancel(stored.pk, at=AT)
    other = Unit.objects.create(code="PX0800", level="district")
    with pytest.raises(operations.UnableToSendAgain):
        operations.send_again(scope(other), stored.pk, at=AT)
    stored.refresh_from_db()
    assert stored.state == "cancelled"
    operations.send_again(scope(customer.unit), stored.pk, at=AT)
    stored.refresh_from_db()
    assert (stored.state, stored.attempt_count) == ("queued", 0)
    assert queries.counts_by_state(scope(customer.unit)) == {"queued": 1}
    assert queries.counts_by_state(scope(other)) == {}

"""Queueing of messages and the record of their delivery.

Delivery is at least once: a message is claimed, sent outside any transaction, and its outcome is
recorded. What was sent and not recorded before a kill is sent again under the same message key,
which mail servers and the SMS gateway take as the same message.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from cmis.engine.bulk import insert_rows
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.notifications.models import DeliveryAttempt, Message
from cmis.modules.organisation.types import UnitScope

#: Minutes to wait before the next attempt; after the last one the message fails for good.
RETRY_MINUTES = (1, 5, 30, 120, 480)
#: How long a worker may hold claimed messages before another takes them over.
CLAIM_MINUTES = 10


class UnableToSendAgain(UnableTo):
    code = "MSG-001"
    what = Bilingual(
        "Tin nhắn này chưa kết thúc (trạng thái {state}).",
        "This message has not ended yet (state {state}).",
    )
    next_step = Bilingual("Chờ hệ thống gửi xong.", "Wait until delivery ends.")


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    RETRY = "retry"  # a passing fault: try again later
    REFUSED = "refused"  # this address or text will never be accepted


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to queue. ``key`` names what it is about: the same key is queued once."""

    key: str
    unit_id: int
    customer_id: int
    purpose: str
    template: str
    channel: str
    language: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that this worker may send now."""

    id: int
    key: str
    customer_id: int
    purpose: str
    template: str
    channel: str
    language: str
    values: Mapping[str, Any]
    attempt_count: int


def queue(messages: Iterable[NewMessage], *, at: datetime) -> int:
    """Queue messages inside the caller's transaction; keys that exist are left alone.

    Returns:
        how many were new.
    """
    fresh = list({message.key: message for message in messages}.values())
    if not fresh:
        return 0
    known = _known_keys([message.key for message in fresh])
    rows = [
        (
            one.key, one.unit_id, one.customer_id, one.purpose, one.template, one.channel,
            one.language, json.dumps(dict(one.values), ensure_ascii=False),
            Message.State.QUEUED.value, 0, at, at,
        )
        for one in fresh
        if one.key not in known
    ]  # fmt: skip
    return insert_rows(
        connection,
        Message._meta.db_table,
        (
            "key", "unit_id", "customer_id", "purpose", "template", "channel", "language",
            "values", "state", "attempt_count", "due_at", "created_at",
        ),
        rows,
    )  # fmt: skip


def _known_keys(keys: Sequence[str]) -> set[str]:
    size = len(keys) if connection.vendor == "postgresql" else 900
    return {
        key
        for start in range(0, len(keys), size)
        for key in Message.objects.filter(key__in=keys[start : start + size]).values_list(
            "key", flat=True
        )
    }


def claim_due(*, at: datetime, limit: int, purpose: str = "") -> list[ClaimedMessage]:
    """Take up to ``limit`` due messages for this worker, oldest first; of one purpose if named.

    Two workers never get the same one: rows locked by another are skipped on PostgreSQL, and
    SQLite has one writer.
    """
    with transaction.atomic():
        due = Message.objects.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lt=at),
            state=Message.State.QUEUED,
            due_at__lte=at,
        ).order_by("due_at", "id")
        if purpose:
            due = due.filter(purpose=purpose)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        claimed = list(due[:limit])
        Message.objects.filter(pk__in=[one.pk for one in claimed]).update(
            claimed_until=at + timedelta(minutes=CLAIM_MINUTES)
        )
    return [
        ClaimedMessage(
            one.pk, one.key, one.customer_id, one.purpose, one.template, one.channel,
            one.language, one.values, one.attempt_count,
        )
        for one in claimed
    ]  # fmt: skip


def record_outcome(
    message: ClaimedMessage,
    *,
    outcome: Outcome,
    reply: str,
    at: datetime,
    next_channel: str | None = None,
) -> str:
    """Write down what became of one attempt.

    Args:
        reply: what the server said, without personal data; cut at 400 characters.
        next_channel: another channel to fall back to when this one refused or ran out of tries.

    Returns:
        the state of the message afterwards.
    """
    attempts = message.attempt_count + 1
    changes: dict[str, Any] = {"attempt_count": attempts, "claimed_until": None}
    out_of_tries = attempts > len(RETRY_MINUTES)
    if outcome is Outcome.ACCEPTED:
        changes |= {"state": Message.State.SENT, "finished_at": at}
    elif outcome is Outcome.RETRY and not out_of_tries:
        wait = RETRY_MINUTES[attempts - 1]
        changes |= {"due_at": at + timedelta(minutes=wait)}
    elif next_channel is not None and next_channel != message.channel:
        changes |= {"channel": next_channel, "due_at": at, "attempt_count": 0}
    else:
        changes |= {"state": Message.State.FAILED, "finished_at": at}
    if message.purpose == "login" and "finished_at" in changes:
        changes["values"] = {}  # a code has no business in the outbox once it was delivered
    with transaction.atomic():
        DeliveryAttempt.objects.create(
            message_id=message.id,
            channel=message.channel,
            at=at,
            outcome=outcome,
            reply=reply[:400],
        )
        Message.objects.filter(pk=message.id, state=Message.State.QUEUED).update(**changes)
    return str(changes.get("state", Message.State.QUEUED))


@transaction.atomic
def record_accepted(messages: Sequence[ClaimedMessage], *, reply: str, at: datetime) -> None:
    """Write down that servers accepted several messages: one transaction for all of them."""
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(
            message_id=message.id,
            channel=message.channel,
            at=at,
            outcome=Outcome.ACCEPTED,
            reply=reply[:400],
        )
        for message in messages
    )
    accepted = Message.objects.filter(
        pk__in=[message.id for message in messages], state=Message.State.QUEUED
    )
    ended = {"state": Message.State.SENT, "finished_at": at, "claimed_until": None}
    accepted.filter(purpose="login").update(values={})
    accepted.update(attempt_count=F("attempt_count") + 1, **ended)


def cancel(message_id: int, *, at: datetime) -> None:
    """End a queued message that is no longer wanted."""
    Message.objects.filter(pk=message_id, state=Message.State.QUEUED).update(
        state=Message.State.CANCELLED, finished_at=at
    )


def send_again(scope: UnitScope, message_id: int, *, at: datetime) -> None:
    """Queue a message that ended once more (the caller has checked the right to do so).

    Raises:
        UnableToSendAgain: it is still queued, or lies outside the scope.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update()
            .filter(pk=message_id, unit_id__in=scope.unit_ids)
            .first()
        )
        if message is None or message.state == Message.State.QUEUED:
            raise UnableToSendAgain(state=message.state if message else "?")
        message.state, message.due_at, message.finished_at = Message.State.QUEUED, at, None
        message.attempt_count = 0
        message.save(update_fields=["state", "due_at", "finished_at", "attempt_count"])


def due_count(*, at: datetime) -> int:
    """How many messages could be claimed now."""
    return Message.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lt=at),
        state=Message.State.QUEUED,
        due_at__lte=at,
    ).count()


def has_tried_other(message_id: int, channel: str) -> bool:
    """Whether another channel than this one was tried for the message."""
    return DeliveryAttempt.objects.filter(message_id=message_id).exclude(channel=channel).exists()

"""Reading of the outbox."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from cmis.modules.notifications.models import DeliveryAttempt, Message
from cmis.modules.organisation.types import UnitScope


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One message as lists show it, with its attempts' outcomes."""

    id: int
    key: str
    customer_id: int
    purpose: str
    template: str
    channel: str
    state: str
    attempt_count: int
    created_at: datetime
    due_at: datetime
    finished_at: datetime | None
    last_reply: str


def counts_by_state(scope: UnitScope) -> dict[str, int]:
    rows = (
        Message.objects.filter(unit_id__in=scope.unit_ids)
        .values("state")
        .annotate(count=Count("id"))
        .order_by("state")
    )
    return {row["state"]: row["count"] for row in rows}


def messages_of_customer(customer_id: int, *, limit: int = 50) -> list[MessageFacts]:
    return _facts(Message.objects.filter(customer_id=customer_id).order_by("-created_at")[:limit])


def messages(scope: UnitScope, *, state: str = "", limit: int = 200) -> list[MessageFacts]:
    found = Message.objects.filter(unit_id__in=scope.unit_ids)
    if state:
        found = found.filter(state=state)
    return _facts(found.order_by("-created_at", "-id")[:limit])


def _facts(found: Iterable[Any]) -> list[MessageFacts]:
    listed = list(found)
    replies: dict[int, str] = {}
    for attempt in DeliveryAttempt.objects.filter(
        message_id__in=[one.pk for one in listed]
    ).order_by("id"):
        replies[attempt.message_id] = attempt.reply
    return [
        MessageFacts(
            one.pk, one.key, one.customer_id, one.purpose, one.template, one.channel, one.state,
            one.attempt_count, one.created_at, one.due_at, one.finished_at,
            replies.get(one.pk, ""),
        )
        for one in listed
    ]  # fmt: skip


def counts_of_keys(keys: Sequence[str]) -> dict[str, int]:
    """How many of the messages with these keys stand in each state; keys without one are absent."""
    counts: dict[str, int] = {}
    for start in range(0, len(keys), 900):
        rows = (
            Message.objects.filter(key__in=keys[start : start + 900])
            .values("state")
            .annotate(count=Count("id"))
            .order_by()
        )
        for row in rows:
            counts[row["state"]] = counts.get(row["state"], 0) + row["count"]
    return counts

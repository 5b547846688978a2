"""Send what the outbox holds: render, try, record, fall back, end."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings

from cmis.engine.clock import Clock, local_date
from cmis.journeys.night_progress import Progress
from cmis.journeys.render_a_message import (
    Papers,
    RenderedMessage,
    papers_for,
    render_message,
)
from cmis.kernel.tally import NOTHING, Tally
from cmis.modules.customers import queries as customers
from cmis.modules.customers.types import Contact
from cmis.modules.notifications import operations as notifications
from cmis.modules.notifications.channels import Channel, Letter, Reply
from cmis.modules.notifications.channels.folder import FolderChannel
from cmis.modules.notifications.channels.mail import SmtpChannel
from cmis.modules.notifications.channels.sms import HttpSmsChannel
from cmis.modules.notifications.operations import ClaimedMessage, Outcome

#: Messages claimed at a time.
BATCH_MESSAGES = 500
#: Accepted messages written down together.
GROUP_MESSAGES = 50
OTHER_CHANNEL = {"email": "sms", "sms": "email"}


def open_channels() -> dict[str, Channel]:
    """The ways out of this installation: servers where they are set, else files."""
    outbox = settings.CMIS_HOME / "outbox"
    mail: Channel = (
        SmtpChannel(settings.CMIS_EMAIL_URL, sender=settings.CMIS_EMAIL_FROM)
        if settings.CMIS_EMAIL_URL
        else FolderChannel(outbox / "email")
    )
    sms: Channel = (
        HttpSmsChannel(settings.CMIS_SMS_URL, token=settings.CMIS_SMS_TOKEN)
        if settings.CMIS_SMS_URL
        else FolderChannel(outbox / "sms")
    )
    return {"email": mail, "sms": sms}


def deliver_due(
    *,
    clock: Clock,
    progress: Progress | None = None,
    channels: dict[str, Channel] | None = None,
    purpose: str = "",
) -> Tally:
    """Deliver everything that is due now, or only what serves one purpose.

    Returns:
        messages tried: done = accepted, held = to be tried again, failed = ended undelivered.
    """
    ways = channels if channels is not None else open_channels()
    total = NOTHING
    if progress is not None:
        progress.phase("deliver", notifications.due_count(at=clock()))
    try:
        while batch := notifications.claim_due(at=clock(), limit=BATCH_MESSAGES, purpose=purpose):
            contacts = customers.contacts_of(
                [message.customer_id for message in batch], "payment", local_date(clock())
            )
            total += _deliver_batch(batch, contacts, ways, at=clock())
            if progress is not None:
                progress.step(len(batch))
    finally:
        for way in ways.values():
            way.close()
    return total


def _deliver_batch(
    batch: Sequence[ClaimedMessage],
    contacts: Mapping[int, Contact],
    ways: dict[str, Channel],
    *,
    at: datetime,
) -> Tally:
    """Send a batch. What servers accept is written down in groups: a kill in between sends at most
    one group again, under the same message keys."""
    papers = papers_for(batch)
    total = NOTHING
    accepted: list[ClaimedMessage] = []
    for message in batch:
        contact = contacts.get(message.customer_id)
        reply = _send(message, contact, ways, papers)
        if reply.outcome is Outcome.ACCEPTED:
            accepted.append(message)
            total += Tally(input=1, done=1)
        else:
            total += _not_accepted(message, contact, reply, at=at)
        if len(accepted) == GROUP_MESSAGES:
            notifications.record_accepted(accepted, reply="accepted", at=at)
            accepted = []
    if accepted:
        notifications.record_accepted(accepted, reply="accepted", at=at)
    return total


def _send(
    message: ClaimedMessage, contact: Contact | None, ways: dict[str, Channel], papers: Papers
) -> Reply:
    address = _address(message.channel, contact)
    if not address:
        return Reply(Outcome.REFUSED, "no address")
    rendered = render_message(message, papers)
    return ways[message.channel].send(_letter(message, address, rendered))


def _not_accepted(
    message: ClaimedMessage, contact: Contact | None, reply: Reply, *, at: datetime
) -> Tally:
    state = notifications.record_outcome(
        message,
        outcome=reply.outcome,
        reply=reply.text,
        at=at,
        next_channel=_fallback(message, contact),
    )
    return Tally(input=1, done=0, failed=1) if state == "failed" else Tally(1, 0, held=1)


def _fallback(message: ClaimedMessage, contact: Contact | None) -> str | None:
    """The other channel, unless it was tried already or has no address: then this is the end."""
    other = OTHER_CHANNEL.get(message.channel)
    if other is None or not _address(other, contact):
        return None
    return None if notifications.has_tried_other(message.id, message.channel) else other


def _letter(message: ClaimedMessage, address: str, rendered: RenderedMessage) -> Letter:
    return Letter(message.key, address, rendered.subject, rendered.text)


def _address(channel: str, contact: Contact | None) -> str:
    if contact is None:
        return ""
    return contact.email if channel == "email" else contact.phone

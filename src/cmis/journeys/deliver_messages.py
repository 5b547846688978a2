"""Send what the outbox holds: render, try, record, fall back, end."""

from datetime import datetime

from django.conf import settings

from cmis.engine.clock import Clock, local_date
from cmis.journeys.night_progress import Progress
from cmis.journeys.render_a_message import RenderedMessage, render_message
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
            for message in batch:
                total += _deliver(message, contacts.get(message.customer_id), ways, at=clock())
            if progress is not None:
                progress.step(len(batch))
    finally:
        for way in ways.values():
            way.close()
    return total


def _deliver(
    message: ClaimedMessage, contact: Contact | None, ways: dict[str, Channel], *, at: datetime
) -> Tally:
    address = _address(message.channel, contact)
    if address:
        rendered = render_message(message)
        reply = ways[message.channel].send(_letter(message, address, rendered))
    else:
        reply = Reply(Outcome.REFUSED, "no address")
    accepted = reply.outcome is Outcome.ACCEPTED
    fallback = None if accepted else _fallback(message, contact)
    state = notifications.record_outcome(
        message, outcome=reply.outcome, reply=reply.text, at=at, next_channel=fallback
    )
    if state == "sent":
        return Tally(input=1, done=1)
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

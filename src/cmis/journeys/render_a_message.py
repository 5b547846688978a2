"""From a queued message to the text that leaves: bill notices are made from the signed invoice."""

from dataclasses import dataclass

from cmis.formats.einvoice.parse import parse_invoice
from cmis.formats.notices.login_text import login_email, login_sms
from cmis.formats.notices.message_text import email_text, sms_text
from cmis.formats.notices.notice import notice_of
from cmis.modules.invoicing import queries as invoices
from cmis.modules.notifications.operations import ClaimedMessage


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """Subject (empty for SMS) and text."""

    subject: str
    text: str


def render_message(message: ClaimedMessage) -> RenderedMessage:
    """The words of a message in its customer's language.

    Raises:
        KeyError: a template nobody wrote, a broken promise of the one who queued it.
    """
    return _TEMPLATES[message.template](message)


def _bill_notice(message: ClaimedMessage) -> RenderedMessage:
    bill_code = str(message.values["bill"])
    facts = invoices.invoice_of_customer(message.customer_id, bill_code)
    assert facts is not None  # queued in the transaction that stored the invoice
    content = parse_invoice(invoices.document(facts.id)).content
    notice = notice_of(content, lookup_code=facts.lookup_code)
    if message.channel == "sms":
        return RenderedMessage("", sms_text(notice, message.language).text)
    mail = email_text(notice, message.language)
    return RenderedMessage(mail.subject, mail.body)


def _login_code(message: ClaimedMessage) -> RenderedMessage:
    code, minutes = str(message.values["code"]), int(message.values["minutes"])
    if message.channel == "sms":
        return RenderedMessage("", login_sms(code, minutes, message.language))
    mail = login_email(code, minutes, message.language)
    return RenderedMessage(mail.subject, mail.body)


_TEMPLATES = {"bill_notice": _bill_notice, "login_code": _login_code}

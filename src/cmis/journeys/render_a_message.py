"""From a queued message to the text that leaves: bill notices are made from the signed invoice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cmis.formats.einvoice.parse import parse_invoice
from cmis.formats.notices.login_text import login_email, login_sms
from cmis.formats.notices.message_text import email_text, sms_text
from cmis.formats.notices.notice import notice_of
from cmis.modules.invoicing import queries as invoices
from cmis.modules.invoicing.queries import Paper
from cmis.modules.notifications.operations import ClaimedMessage

Papers = Mapping[str, Paper]


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """Subject (empty for SMS) and text."""

    subject: str
    text: str


def papers_for(messages: Sequence[ClaimedMessage]) -> Papers:
    """The signed invoices that some messages are about, by bill code: one look for all of them."""
    codes = [
        str(message.values["bill"]) for message in messages if message.template == "bill_notice"
    ]
    return invoices.papers_of_bills(codes)


def render_message(message: ClaimedMessage, papers: Papers) -> RenderedMessage:
    """The words of a message in its customer's language.

    Raises:
        KeyError: a template nobody wrote, or a bill without its invoice: a broken promise of the
            one who queued it.
    """
    return _TEMPLATES[message.template](message, papers)


def _bill_notice(message: ClaimedMessage, papers: Papers) -> RenderedMessage:
    paper = papers[str(message.values["bill"])]
    if paper.customer_id != message.customer_id:
        raise KeyError("the bill of another customer")
    notice = notice_of(parse_invoice(paper.data).content, lookup_code=paper.lookup_code)
    if message.channel == "sms":
        return RenderedMessage("", sms_text(notice, message.language).text)
    mail = email_text(notice, message.language)
    return RenderedMessage(mail.subject, mail.body)


def _login_code(message: ClaimedMessage, _: Papers) -> RenderedMessage:
    code, minutes = str(message.values["code"]), int(message.values["minutes"])
    if message.channel == "sms":
        return RenderedMessage("", login_sms(code, minutes, message.language))
    mail = login_email(code, minutes, message.language)
    return RenderedMessage(mail.subject, mail.body)


_TEMPLATES = {"bill_notice": _bill_notice, "login_code": _login_code}

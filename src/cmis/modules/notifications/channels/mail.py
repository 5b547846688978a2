"""E-mail over SMTP, one connection for many letters."""

import hashlib
import smtplib
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from cmis.modules.notifications.channels import Letter, Reply
from cmis.modules.notifications.operations import Outcome

TIMEOUT_SECONDS = 30


class SmtpChannel:
    """``smtp://user:password@host:port`` (STARTTLS where offered) or ``smtps://…``."""

    def __init__(self, url: str, *, sender: str) -> None:
        self._parts = urlsplit(url)
        self._sender = sender
        self._server: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> Reply:
        try:
            server = self._connected()
            server.send_message(email_message(letter, sender=self._sender))
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            return _answer(code, "recipient refused")
        except smtplib.SMTPResponseException as error:
            self.close()
            return _answer(error.smtp_code, type(error).__name__)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Reply(Outcome.RETRY, type(error).__name__)
        return Reply(Outcome.ACCEPTED, "250")

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        host, port = self._parts.hostname or "localhost", self._parts.port
        server: smtplib.SMTP
        if self._parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS)
        else:
            server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls()
                server.ehlo()
        if self._parts.username:
            server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        self._server = server
        return server

    def close(self) -> None:
        if self._server is None:
            return
        try:
            self._server.quit()
        except (smtplib.SMTPException, OSError):
            self._server.close()
        self._server = None


def email_message(letter: Letter, *, sender: str) -> EmailMessage:
    """The letter as a mail. Its Message-ID is made of the key, so a repetition is recognised."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    domain = sender.rpartition("@")[2].strip("> ") or "cmis.invalid"
    message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _answer(code: int, text: str) -> Reply:
    """SMTP says 4xx for faults that pass and 5xx for those that stay."""
    outcome = Outcome.REFUSED if 500 <= code < 600 else Outcome.RETRY
    return Reply(outcome, f"{code} {text}")

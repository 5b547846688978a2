"""Ways out: e-mail by SMTP, SMS by an HTTP gateway, and files where neither is set."""

from dataclasses import dataclass
from typing import Protocol

from cmis.modules.notifications.operations import Outcome


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered message ready to leave. ``key`` lets a server see a repetition as one message."""

    key: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    outcome: Outcome
    text: str


class Channel(Protocol):
    def send(self, letter: Letter) -> Reply:
        """Try once; never raises for what a network or server does."""

    def close(self) -> None:
        """Let go of connections."""

"""After the invoice its notice: really sent, with the right amount, once."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings

from cmis.modules.customers import operations as customers
from cmis.modules.notifications.models import Message
from cmis.modules.organisation import queries as units
from cmis.modules.reading.models import BookPeriod
from tests.stories.nights import JULY, House, expect_balance, invoice_of, outbound_row
from tests.stories.reading_books import JULY_1, read_as

pytestmark = pytest.mark.django_db


class Mailbox:
    """A mail server in this process."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], str, str]] = []
        self.answer = "250 accepted"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            text = mail.get_body(("plain",)).get_content()
            self.letters.append((envelope.rcpt_tos, str(mail["Subject"]), text))
        return self.answer


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setattr(settings, "CMIS_EMAIL_URL", f"smtp://127.0.0.1:{port}")
    yield box
    controller.stop()


def test_the_notice_of_275_kwh_arrives_by_mail_once(house: House, mailbox: Mailbox) -> None:
    rows = [
        outbound_row(1, old=4100, before_kwh=270, EMAIL="mot@example.invalid"),
        outbound_row(2, old=100, before_kwh=90, EMAIL="hai@example.invalid"),
        outbound_row(3, old=100, before_kwh=90),
    ]
    house.adopt(*rows)
    for row in rows[:2]:
        customers.revise_customer(
            units.everything(), row["MA_KHANG"], on=JULY[0], actor="clerk", at=JULY_1,
            email=row["EMAIL"],
        )  # fmt: skip
    customers.set_preference(
        units.everything(), rows[1]["MA_KHANG"], purpose="payment", channel="none", on=JULY[0],
        actor="clerk", at=JULY_1,
    )  # fmt: skip
    house.bring_back(read_as(rows[0], 4375), read_as(rows[1], 200), read_as(rows[2], 201))
    result = house.night(JULY[1], deliver=True)
    expect_balance(result)
    assert (result.delivered.input, result.delivered.done) == (1, 1)
    ((addresses, subject, text),) = mailbox.letters
    assert addresses == ["mot@example.invalid"]
    assert "7/2026" in subject
    assert "717.714" in text
    assert "275" in text
    assert rows[0]["MA_KHANG"] in text
    code = Message.objects.get().values["lookup_code"]
    assert code in text
    assert Message.objects.get().values["invoice"] == f"1K26TAA {invoice_of(1).number}"
    assert BookPeriod.objects.get().state == "locked"

    again = house.night(JULY[1], deliver=True)
    assert again.delivered.input == 0
    assert len(mailbox.letters) == 1


def test_a_busy_mail_server_leaves_the_notice_in_the_outbox(house: House, mailbox: Mailbox) -> None:
    row = outbound_row(1, old=4100, before_kwh=270)
    house.adopt(row)
    customers.revise_customer(
        units.everything(), row["MA_KHANG"], on=JULY[0], actor="clerk", at=JULY_1,
        email="mot@example.invalid",
    )  # fmt: skip
    house.bring_back(read_as(row, 4375))
    mailbox.answer = "451 try later"
    result = house.night(JULY[1], deliver=True)
    assert (result.delivered.input, result.delivered.done, result.delivered.held) == (1, 0, 1)
    assert list(Message.objects.values_list("state", "attempt_count")) == [("queued", 1)]
    assert result.summary["invoices"]["count"] == 1  # the invoice does not wait for its notice
    assert BookPeriod.objects.get().state == "issued"

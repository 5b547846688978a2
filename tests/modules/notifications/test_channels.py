"""Ways out against real servers: SMTP in this process, an HTTP gateway on loopback, files."""

import json
import socket
import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller

from cmis.modules.notifications.channels import Letter
from cmis.modules.notifications.channels.folder import FolderChannel
from cmis.modules.notifications.channels.mail import SmtpChannel
from cmis.modules.notifications.channels.sms import HttpSmsChannel
from cmis.modules.notifications.operations import Outcome

LETTER = Letter("bill:A", "khach@example.invalid", "Tiền điện tháng 7", "Tổng: 717.714 đ")


class Mailbox:
    def __init__(self, refuse: str = "") -> None:
        self.envelopes: list = []
        self.refuse = refuse

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.envelopes.append(envelope)
        return "250 accepted"


@pytest.fixture
def smtp():
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def test_mail_arrives_with_its_letters_and_a_message_id_of_its_key(smtp):
    channel = SmtpChannel(smtp.url, sender="cskh@example.invalid")
    assert channel.send(LETTER).outcome is Outcome.ACCEPTED
    assert channel.send(LETTER).outcome is Outcome.ACCEPTED
    channel.close()
    first, second = (envelope.content.decode() for envelope in smtp.envelopes)
    assert smtp.envelopes[0].rcpt_tos == ["khach@example.invalid"]
    ids = [
        next(line for line in text.splitlines() if line.startswith("Message-ID"))
        for text in (first, second)
    ]
    assert ids[0] == ids[1]
    parsed = message_from_bytes(smtp.envelopes[0].content, policy=policy.default)
    assert parsed["Subject"] == "Tiền điện tháng 7"
    assert parsed.get_content().strip() == "Tổng: 717.714 đ"


@pytest.mark.parametrize(
    ("reply", "outcome"), [("550 unknown", Outcome.REFUSED), ("451 later", Outcome.RETRY)]
)
def test_smtp_5xx_is_for_good_and_4xx_passes(smtp, reply, outcome):
    smtp.refuse = reply
    channel = SmtpChannel(smtp.url, sender="cskh@example.invalid")
    answer = channel.send(LETTER)
    channel.close()
    assert answer.outcome is outcome
    assert "khach" not in answer.text  # no personal data in the record
    assert smtp.envelopes == []


def test_no_server_is_a_passing_fault():
    channel = SmtpChannel("smtp://127.0.0.1:9", sender="cskh@example.invalid")
    assert channel.send(LETTER).outcome is Outcome.RETRY


@pytest.fixture
def gateway():
    seen: list = []

    class Handler(BaseHTTPRequestHandler):
        status = 202

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append((self.headers["Idempotency-Key"], self.headers["Authorization"], body))
            self.send_response(type(self).status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sms", seen, Handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_sms_is_posted_with_its_key(gateway):
    url, seen, _ = gateway
    letter = Letter("bill:A", "0900000001", "", "Tien dien thang 7: 717.714 d")
    assert HttpSmsChannel(url, token="secret").send(letter).outcome is Outcome.ACCEPTED
    assert seen == [
        (
            "bill:A",
            "Bearer secret",
            {"to": "0900000001", "text": "Tien dien thang 7: 717.714 d", "reference": "bill:A"},
        )
    ]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(400, Outcome.REFUSED), (429, Outcome.RETRY), (500, Outcome.RETRY), (200, Outcome.ACCEPTED)],
)
def test_what_a_gateway_status_means(gateway, status, outcome):
    url, _, handler = gateway
    handler.status = status
    assert HttpSmsChannel(url, token="").send(LETTER).outcome is outcome


def test_an_address_that_is_not_http_is_refused_at_once():
    with pytest.raises(ValueError, match="http"):
        HttpSmsChannel("file:///etc/passwd", token="")


def test_files_stand_in_for_servers_and_a_repetition_is_one_file(tmp_path):
    channel = FolderChannel(tmp_path / "email")
    channel.send(LETTER)
    channel.send(LETTER)
    (path,) = (tmp_path / "email").iterdir()
    assert "Tổng: 717.714 đ" in path.read_text()

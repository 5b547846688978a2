"""The door, customers with every look on record, nights, and both languages."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from cmis.interfaces.console.views import runs
from cmis.kernel.text import without_diacritics
from cmis.modules.invoicing import queries as invoices
from cmis.modules.invoicing.models import Invoice
from cmis.modules.notifications.models import Message
from cmis.modules.organisation.models import Staff
from cmis.modules.reading.models import BookRow
from cmis.modules.translog.models import AuditEntry, Night
from tests.interfaces.console.conftest import CUSTOMER, HTMX, PASSPHRASE, seat, shown, to

pytestmark = pytest.mark.usefixtures("office")


def log_in(username: str, password: str, **more: str) -> Any:
    sent = {"username": username, "password": password, **more}
    return Client().post(to("log_in"), sent)


def test_every_refusal_at_the_door_reads_the_same(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Staff.objects.filter(username="billing").update(password=make_password(PASSPHRASE))
    wrong = [log_in("nobody", PASSPHRASE), *(log_in("billing", "sai") for _ in range(5))]
    locked = log_in("billing", PASSPHRASE)
    texts = {tuple(a.context["form"].non_field_errors()) for a in [*wrong, locked]}
    assert len(texts) == 1
    assert {answer.status_code for answer in [*wrong, locked]} == {422}
    assert AuditEntry.objects.filter(action="account_locked", actor="billing").count() == 1


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/console/board/", "/console/board/"),
        ("https://elsewhere.invalid/", "/console/"),
        ("//elsewhere.invalid/", "/console/"),
    ],
)
def test_the_door_leads_to_our_own_pages_only(settings: Any, asked: str, led_to: str) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Staff.objects.filter(username="billing").update(password=make_password(PASSPHRASE))
    answer = log_in("billing", PASSPHRASE, next=asked)
    assert (answer.status_code, answer["Location"]) == (302, led_to)


def test_a_lost_session_sends_htmx_to_the_door() -> None:
    answer = Client().get(to("run_progress", night_id=1), **HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/console/login")


@pytest.mark.parametrize("part", ["timeline", "bills", "readings", "messages"])
def test_every_look_at_a_customer_is_on_record(part: str) -> None:
    before = AuditEntry.objects.filter(action="see_customer").count()
    assert seat("care_agent").get(to("customer", code=CUSTOMER), {"part": part}).status_code == 200
    looks = AuditEntry.objects.filter(action="see_customer")
    assert looks.count() == before + 1
    last = looks.latest("pk")
    assert (last.actor, last.object_code, last.detail) == ("care_agent", CUSTOMER, {"part": part})


def test_the_line_of_time_is_newest_first_and_filtered() -> None:
    client = seat("auditor")
    every = client.get(to("customer", code=CUSTOMER)).context["events"]
    kinds = {event.kind for event in every}
    assert {"contract", "meter", "reading", "bill", "invoice", "audit"} <= kinds
    only = client.get(to("customer", code=CUSTOMER), {"kind": "invoice"}).context["events"]
    assert [event.kind for event in only] == ["invoice"]


def test_the_audit_trail_is_shown_to_those_who_watch_only() -> None:
    seat("care_agent").get(to("customer", code=CUSTOMER))
    page = seat("care_agent").get(to("customer", code=CUSTOMER), {"kind": "audit"})
    assert page.context["events"] == []


def test_an_invoice_is_handed_out_as_it_was_signed() -> None:
    invoice = Invoice.objects.get(customer__code=CUSTOMER)
    client = seat("care_agent")
    answer = client.get(to("invoice_xml", code=CUSTOMER, invoice_id=invoice.pk))
    assert answer.content == invoices.document(invoice.pk)
    pdf = client.get(to("invoice_pdf", code=CUSTOMER, invoice_id=invoice.pk))
    assert pdf.content.startswith(b"%PDF-")
    looks = AuditEntry.objects.filter(action="see_customer", object_code=CUSTOMER)
    assert looks.count() == 2
    other = client.get(to("invoice_xml", code="PX01000000302", invoice_id=invoice.pk))
    assert other.status_code == 404


def test_a_message_that_ended_is_sent_again_and_recorded() -> None:
    message = Message.objects.get(key="console:1")
    client = seat("care_agent")
    address = to("send_again", code=CUSTOMER, message_id=message.pk)
    assert client.post(address).status_code == 302
    message.refresh_from_db()
    assert (message.state, message.attempt_count) == ("queued", 0)
    assert AuditEntry.objects.filter(action="resend_message").count() == 1
    assert "MSG-001" in shown(client.post(address, follow=True))
    other = to("send_again", code="PX01000000302", message_id=message.pk)
    assert client.post(other).status_code == 404


@pytest.mark.parametrize(
    "text", ["PX01000000301", "px 0100 0000 301", "serial", "PX01000000301001", "name", "NAME"]
)
def test_one_box_finds_the_customer(text: str) -> None:
    row = BookRow.objects.get(point__code=f"{CUSTOMER}001")
    name = seat("auditor").get(to("customer", code=CUSTOMER)).context["card"].name
    known = {
        "serial": row.installation.meter.serial,
        "name": name,
        "NAME": without_diacritics(name).upper(),
    }
    page = seat("care_agent").get(to("search"), {"q": known.get(text, text)})
    assert CUSTOMER in [hit.code for hit in page.context["hits"]]


def test_a_night_tells_its_sums() -> None:
    night = Night.objects.get(date="2026-07-13")
    page = seat("billing").get(to("run", night_id=night.pk))
    assert page.context["summary"]["invoices"]["count"] == 6
    assert "Số liệu khớp" in shown(page)
    answer = seat("billing").get(to("run_progress", night_id=night.pk), **HTMX)
    assert answer["HX-Refresh"] == "true"


def test_a_running_night_is_polled() -> None:
    night = Night.objects.get(date="2026-07-14")
    Night.objects.filter(pk=night.pk).update(
        state="running", phase="issue", progress_done_count=3, progress_total_count=6
    )
    address = to("run_progress", night_id=night.pk)
    answer = seat("billing").get(address, **HTMX)
    assert f'hx-get="{address}"' in shown(answer)
    assert "3 / 6" in shown(answer)
    assert "HX-Refresh" not in answer


def test_a_night_is_started_for_the_units_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(runs, "launch_night", lambda *given: calls.append(given))
    client = seat("billing")
    for unit_code in ("PX0200", "*", "PX01"):
        sent = {"day": "14/07/2026", "unit_code": unit_code}
        assert client.post(to("start_night"), sent).status_code == 422
    far = client.post(to("start_night"), {"day": "14/07/2025", "unit_code": "PX0100"}, follow=True)
    assert "LOG-003" in shown(far)
    assert calls == []
    client.post(to("start_night"), {"day": "14/07/2026", "unit_code": "PX0100"})
    assert calls == [(date(2026, 7, 14), "PX0100")]
    entry = AuditEntry.objects.get(action="run_night")
    assert (entry.actor, entry.object_code) == ("billing", "2026-07-14 PX0100")


@pytest.mark.parametrize("name", ["home", "board", "findings", "approvals", "runs", "search"])
def test_every_room_in_english(name: str) -> None:
    client = seat("unit_head")
    client.cookies["django_language"] = "en"
    text = shown(client.get(to(name)))
    assert '<html lang="en"' in text
    for word in ("Bất thường", "Chờ ký", "Đăng xuất", "Tìm khách hàng"):
        assert word not in text

"""Every address of the console × every role: who comes in; nobody else changes anything."""

import hashlib
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cmis.interfaces.console import urls
from cmis.interfaces.console.views import runs
from cmis.modules.billing.models import Bill
from cmis.modules.invoicing.models import Invoice
from cmis.modules.notifications.models import Message
from cmis.modules.organisation.models import Staff
from cmis.modules.organisation.roles import PERMISSIONS, Role
from cmis.modules.organisation.signing_in import BACKEND
from cmis.modules.reading.models import ImportedFile
from cmis.modules.translog.models import AuditEntry, Night
from tests.interfaces.console.conftest import CUSTOMER, finding_of, seat
from tests.stories.reading_books import WALK

pytestmark = pytest.mark.usefixtures("office")

#: Name of the address → method, named action. A new address must be put here.
DOORS: dict[str, tuple[str, str | None]] = {
    "home": ("get", None),
    "profile": ("get", None),
    "log_out": ("post", None),
    "search": ("get", "search"),
    "board": ("get", "see_board"),
    "period": ("get", "see_board"),
    "export": ("post", "export_book"),
    "prepare": ("post", "export_book"),
    "take_back": ("post", "export_book"),
    "cancel_receipt": ("post", "undo_step"),
    "undo_check": ("post", "undo_step"),
    "undo_rating": ("post", "undo_step"),
    "upload": ("post", "import_book"),
    "preview": ("get", "import_book"),
    "take": ("post", "import_book"),
    "file": ("get", "see_board"),
    "findings": ("get", "see_findings"),
    "finding": ("get", "see_findings"),
    "decide": ("post", "decide_finding"),
    "correct": ("post", "decide_finding"),
    "approvals": ("get", "see_approvals"),
    "sign_reading": ("post", "sign_gate_one"),
    "bill": ("get", "see_bill"),
    "sign_bill": ("post", "sign_gate_two"),
    "withdraw_bill": ("post", "sign_gate_two"),
    "runs": ("get", "see_runs"),
    "start_night": ("post", "run_night"),
    "run": ("get", "see_runs"),
    "run_progress": ("get", "see_runs"),
    "customer": ("get", "see_customer"),
    "invoice_xml": ("get", "see_invoice"),
    "invoice_pdf": ("get", "see_invoice"),
    "send_again": ("post", "resend_message"),
}
SENT = {
    "decide": {"decision": "send_back"},
    "correct": {"index": "3000", "reason": "xem ảnh"},
    "sign_reading": {"reason": "đã xem"},
    "sign_bill": {"reason": "đã xem"},
    "withdraw_bill": {"reason": "xem lại"},
    "start_night": {"day": "14/07/2026", "unit_code": "PX0100"},
    "export": {"holder": "Lan"},
}
#: What who may enter is answered, where it is neither a page nor the way back to one.
ALLOWED = {"preview": 404, "take": 404, "upload": 422, "export": 200}
#: Addresses of things: nobody of another unit learns that they exist.
OF_A_UNIT = (
    "period", "export", "prepare", "take_back", "cancel_receipt", "undo_check", "undo_rating",
    "file", "finding", "decide", "correct", "sign_reading", "bill", "sign_bill", "withdraw_bill",
    "run", "run_progress", "customer", "invoice_xml", "invoice_pdf", "send_again",
)  # fmt: skip


def arguments(name: str) -> dict[str, Any]:
    if name in ("preview", "take"):
        return {"sha256": "0" * 64}
    if name == "file":
        return {"file_id": ImportedFile.objects.get().pk}
    if name in ("finding", "decide", "correct", "sign_reading"):
        return {"finding_id": finding_of("305", severity="sign").pk}
    if name in ("bill", "sign_bill", "withdraw_bill"):
        return {"bill_id": Bill.objects.get(state="held").pk}
    if name in ("run", "run_progress"):
        return {"night_id": Night.objects.get(date="2026-07-14").pk}
    if name in ("invoice_xml", "invoice_pdf"):
        return {"code": CUSTOMER, "invoice_id": _invoice_id()}
    if name == "send_again":
        return {"code": CUSTOMER, "message_id": _message_id()}
    if name == "customer":
        return {"code": CUSTOMER}
    if name in OF_A_UNIT:
        return {"code": WALK}
    return {}


def _invoice_id() -> int:
    return Invoice.objects.get(customer__code=CUSTOMER).pk


def _message_id() -> int:
    return Message.objects.get(key="console:1").pk


def enter(client: Client, name: str) -> Any:
    address = reverse(f"console:{name}", kwargs=arguments(name))
    method, _action = DOORS[name]
    return client.get(address) if method == "get" else client.post(address, SENT.get(name, {}))


def everything() -> str:
    """A fingerprint of every row of every table but the audit trail and the sessions."""
    digest = hashlib.sha256()
    left_out = {"AuditEntry", "Session"}
    for model in sorted(apps.get_models(), key=lambda one: one._meta.label):
        if model.__name__ not in left_out:
            digest.update(repr(list(model.objects.order_by("pk").values_list())).encode())
    return digest.hexdigest()


@pytest.fixture(autouse=True)
def launched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(runs, "launch_night", lambda *given: calls.append(given))
    return calls


def test_every_address_has_its_door() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == DOORS.keys() | {"log_in"}


@pytest.mark.parametrize("role", list(Role))
def test_who_may_enter_where(role: Role, launched: list[tuple[Any, ...]]) -> None:
    client = seat(role.value)
    for name, (method, action) in DOORS.items():
        if name == "log_out":
            continue
        before = everything() if method == "post" else ""
        refusals = AuditEntry.objects.filter(action="denied", actor=role.value).count()
        mark = transaction.savepoint()
        answer = enter(client, name)
        may = action is None or role in PERMISSIONS[action]
        assert answer.headers["Cache-Control"] == "no-store", name
        if may:
            assert answer.status_code == ALLOWED.get(name, 200 if method == "get" else 302), name
        else:
            assert answer.status_code == 403, name
            if method == "post":
                assert everything() == before, name
            found = AuditEntry.objects.filter(action="denied", actor=role.value)
            assert found.count() == refusals + 1, name
            assert found.latest("pk").object_code == action
        transaction.savepoint_rollback(mark)
    may_run = role in PERMISSIONS["run_night"]
    assert [call[1] for call in launched] == (["PX0100"] if may_run else [])


@pytest.mark.parametrize("name", OF_A_UNIT)
def test_nobody_of_another_unit_learns_what_is_there(name: str) -> None:
    client = seat("stranger")
    before = everything()
    answer = enter(client, name)
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert everything() == before


def test_lists_of_another_unit_are_empty() -> None:
    client = seat("stranger")
    for name in ("board", "findings", "approvals", "runs"):
        page = client.get(reverse(f"console:{name}"))
        assert page.status_code == 200
        assert b"PX0100" not in page.content, name
    hits = client.get(reverse("console:search"), {"q": CUSTOMER})
    assert hits.context["hits"] == ()


@pytest.mark.parametrize("name", sorted(DOORS))
def test_without_log_in_there_is_only_the_door(name: str) -> None:
    before = everything()
    answer = enter(Client(), name)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/console/login")
    assert everything() == before


@pytest.mark.parametrize("name", sorted(n for n, (m, _a) in DOORS.items() if m == "post"))
def test_acts_are_never_reached_by_a_link(name: str) -> None:
    if name == "upload":
        return  # the form has its page at the same address
    client = seat("unit_head")
    before = everything()
    answer = client.get(reverse(f"console:{name}", kwargs=arguments(name)))
    assert answer.status_code == 405
    assert everything() == before


def test_a_form_without_its_token_changes_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Staff.objects.get(username="reading_section"), backend=BACKEND)
    before = everything()
    assert enter(client, "decide").status_code == 403
    assert everything() == before

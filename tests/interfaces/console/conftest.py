"""An office after two nights: invoices issued, doubts open, one amount waiting at gate 2."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cmis.engine.clock import fixed_clock
from cmis.interfaces.console import desk
from cmis.interfaces.console.views import log_in as log_in_views
from cmis.journeys.decide_a_finding import Decision, Verdict, decide_a_finding
from cmis.journeys.run_the_night import NightOrder, run_the_night
from cmis.modules.invoicing.models import Invoice
from cmis.modules.notifications.models import Message
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.models import Staff
from cmis.modules.organisation.roles import Role
from cmis.modules.organisation.signing_in import BACKEND
from cmis.modules.reading.models import BookRow, RowFinding
from tests.stories.reading_books import (
    JULY_1,
    WALK,
    adopt,
    read_as,
    returned,
    sample,
    staff,
    usual_return,
)

NOON = fixed_clock("2026-07-14T12:00:00")
FIRST_NIGHT = fixed_clock("2026-07-13T23:00:00")
SECOND_NIGHT = fixed_clock("2026-07-14T01:00:00")
HTMX = {"HTTP_HX_REQUEST": "true"}
PASSPHRASE = "mot mat khau that dai"
CUSTOMER = "PX01000000301"
#: Rows of the walk by the last digits of their point.
SIGNED, OUTLYING, UNUSUAL, STUCK = 2, 4, 6, 7


def returned_walk() -> bytes:
    """Two outliers, one rise the reader did not confirm, one meter that stands still."""
    rows = usual_return(sample(WALK))
    rows[SIGNED] = read_as(rows[SIGNED], 2273 + 2000)
    rows[OUTLYING] = read_as(rows[OUTLYING], 2455 + 900)
    rows[UNUSUAL] = read_as(rows[UNUSUAL], 2637 + 280, TT_KHAC="0")
    rows[STUCK] = read_as(rows[STUCK], 5210 + 290, TTR_MOI="K")
    return returned(rows)


def build_the_office(folder: Path) -> None:
    adopt(WALK)
    organisation.revise_unit(
        "PX01",
        on=date(2026, 7, 1),
        at=JULY_1,
        actor="test",
        name="CÔNG TY ĐIỆN LỰC THỬ NGHIỆM",
        tax_code="0000000017",
        address="Số 0 đường Ví Dụ",
        phone="19000000",
        bank_name="Ngân hàng Ví Dụ",
        bank_bin="970403",
        bank_account="0011012345678",
    )
    for role in Role:
        staff(role.value, f"Người {role.value}", role)
    organisation.ensure_units_for("PX0200", date(2020, 1, 1), JULY_1, "test")
    elsewhere = set(Role) - {Role.RE_CHECK, Role.CASHIER, Role.SETTLEMENT, Role.METER_INSTALLER}
    staff("stranger", "Người Lạ", *sorted(elsewhere), unit="PX0200")
    staff("top_auditor", "Kiểm Tra Trên", Role.AUDITOR, unit="PX")
    drop = folder / "drop"
    drop.mkdir()
    (drop / "walk.xml").write_bytes(returned_walk())
    _night(drop, date(2026, 7, 13), FIRST_NIGHT())
    head = units.actor_of("unit_head", date(2026, 7, 13))
    outlier = RowFinding.objects.get(
        row__point__code="PX01000000303001", severity="sign", state="open"
    )
    verdict = Verdict(Decision.SIGN, reason="đã xem tại chỗ")
    decide_a_finding(outlier.pk, verdict, actor=head, at=FIRST_NIGHT())
    _night(drop, date(2026, 7, 14), SECOND_NIGHT())
    _message_that_failed()


def _message_that_failed() -> None:
    invoice = Invoice.objects.get(customer__code=CUSTOMER)
    Message.objects.create(
        key="console:1", unit_id=invoice.unit_id, customer_id=invoice.customer_id,
        purpose="payment", template="bill", channel="sms", language="vi", values={},
        state="failed", attempt_count=5, due_at=NOON(), created_at=NOON(), finished_at=NOON(),
    )  # fmt: skip


def _night(drop: Path, day: date, at: datetime) -> None:
    order = NightOrder(date=day, drop=drop, unit_code="PX0100", deliver=False)
    run_the_night(order, clock=lambda: at)


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The office of a module, built once; what a test changes is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_the_office(tmp_path_factory.mktemp("console"))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def office(
    built: None, db: None, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(desk, "now", NOON)
    monkeypatch.setattr(log_in_views, "now", NOON)
    settings.STATIC_ROOT = None
    settings.CMIS_HOME = tmp_path


def seat(username: str) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    client.force_login(Staff.objects.get(username=username), backend=BACKEND)
    return client


def finding_of(point: str, *, severity: str | None = None) -> RowFinding:
    """The open doubt about a point of the walk, by the last three digits of its customer."""
    found = RowFinding.objects.filter(row__point__code=f"PX01000000{point}001", state="open")
    return (
        found.filter(severity=severity).get() if severity else found.exclude(severity="note").get()
    )


def to(name: str, **arguments: Any) -> str:
    return reverse(f"console:{name}", kwargs=arguments)


def row_state(point: str) -> str:
    return BookRow.objects.get(point__code=f"PX01000000{point}001").state


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())

"""A night over the sample book: six customers with signed invoices, two of them with addresses."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from cmis.engine.clock import fixed_clock, local_date
from cmis.interfaces.portal import bill_views, login_views, public_views, sessions, views
from cmis.journeys.adopt_books import BookFileToAdopt, adopt_books
from cmis.journeys.deliver_messages import deliver_due
from cmis.journeys.run_the_night import NightOrder, run_the_night
from cmis.modules.customers import operations as customers
from cmis.modules.notifications.channels import Outcome, Reply
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation.queries import scope_of

DATA = Path(__file__).parents[2] / "data" / "hhu"
OWN, OTHER = "PX01000000301", "PX01000000302"
OWN_BILL, OTHER_BILL = "PX01000000301001-26071", "PX01000000302001-26071"
MORNING = fixed_clock("2026-07-01T08:00:00")
NIGHT = fixed_clock("2026-07-31T01:00:00")


class Post:
    """A way out that keeps what it was given."""

    def __init__(self):
        self.letters = []

    def send(self, letter):
        self.letters.append(letter)
        return Reply(Outcome.ACCEPTED, "ok")

    def close(self):
        pass


class MovableClock:
    """Stands until the test moves it."""

    def __init__(self, text):
        self.at = fixed_clock(text)()

    def __call__(self):
        return self.at


def prepare_books(folder):
    """Adopt the sample book, name the seller, give two customers addresses, run a night."""
    adopt_books(
        [BookFileToAdopt("PX0100102-2026-7-1.xml", (DATA / "PX0100102-2026-7-1.xml").read_bytes())],
        at=MORNING(),
        actor="test",
    )
    organisation.revise_unit(
        "PX01",
        on=date(2026, 7, 1),
        at=MORNING(),
        actor="test",
        name="CÔNG TY ĐIỆN LỰC THỬ NGHIỆM",
        tax_code="0000000017",
        address="Số 0 đường Ví Dụ, phường Mẫu, tỉnh Giả Định",
        phone="19000000",
        bank_name="Ngân hàng Ví Dụ",
        bank_bin="970403",
        bank_account="0011012345678",
    )
    scope = scope_of("PX01", local_date(MORNING()))
    for code, email, phone in (
        (OWN, "ba301@example.invalid", "0900000301"),
        (OTHER, "", "0900000302"),
    ):
        customers.revise_customer(
            scope,
            code,
            on=date(2026, 7, 1),
            actor="test",
            at=MORNING(),
            reason="kê khai địa chỉ",
            email=email,
            phone=phone,
        )
    drop = folder / "drop"
    drop.mkdir()
    (drop / "PX0100102-2026-7-1.xml").write_bytes(
        (DATA / "PX0100102-2026-7-1.returned.xml").read_bytes()
    )
    order = NightOrder(date=date(2026, 7, 31), drop=drop, deliver=False)
    run_the_night(order, clock=NIGHT)
    deliver_due(clock=NIGHT, channels={"email": Post(), "sms": Post()})


@pytest.fixture(scope="module")
def night_before(django_db_setup, django_db_blocker, tmp_path_factory):
    """The books of a module, prepared once; each test changes a copy that is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        prepare_books(tmp_path_factory.mktemp("portal"))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def books(night_before, db):
    """The prepared books, inside the transaction of one test."""


@pytest.fixture
def clock(monkeypatch):
    """The portal's clock, at noon of the day of the invoices; deliveries wait for the test."""
    moving = MovableClock("2026-07-31T12:00:00")
    for module in (sessions, login_views, public_views, views):
        monkeypatch.setattr(module, "now", moving)
    monkeypatch.setattr(login_views, "deliver_beside", lambda clock: None)
    assert not hasattr(bill_views, "now")
    return moving


@pytest.fixture
def post():
    return Post()


@pytest.fixture
def log_in(client, clock, post):
    """Log the client in as a customer, by the code that was really sent."""

    def through_the_door(code=OWN):
        assert client.post("/login", {"customer_code": code}).status_code == 302
        response = client.post("/login/code", {"code": sent_code(clock, post)})
        assert (response.status_code, response["Location"]) == (302, "/home")
        return client

    return through_the_door


def sent_code(clock, post):
    """Deliver what is due and read the newest code out of the letter."""
    deliver_due(clock=clock, channels={"email": post, "sms": post})
    (code,) = re.findall(r"\b\d{6}\b", post.letters[-1].text)
    return code

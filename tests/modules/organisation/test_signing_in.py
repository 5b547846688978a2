"""Log-in: lock-out, no word about who exists, an audit entry for each attempt (SEC-01)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, identify_hasher
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest
from django.test import RequestFactory

from cmis.modules.organisation import authorisation, operations, queries, signing_in
from cmis.modules.organisation.models import Staff
from cmis.modules.organisation.operations import UnableToAuthenticate, authenticate
from cmis.modules.organisation.roles import Role
from cmis.modules.translog import queries as translog

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
START = date(2020, 1, 1)
PASSWORD = "mot-mat-khau-dai"


class CountingHasher(MD5PasswordHasher):
    """A cheap hasher that counts its work."""

    algorithm = "counting"
    work_count = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).work_count += 1
        return super().encode(password, salt)


@pytest.fixture
def cheap_hashing(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]


def hire(username: str = "lan") -> None:
    operations.ensure_units_for("PX0100", START, AT, "boss")
    operations.create_staff(
        username=username,
        full_name="Lan Thử",
        unit_code="PX0100",
        password=PASSWORD,
        actor="boss",
        at=AT,
    )


def fail(username: str = "lan", password: str = "sai", minutes: int = 0) -> str:
    with pytest.raises(UnableToAuthenticate) as refusal:
        authenticate(username, password, AT + timedelta(minutes=minutes))
    return refusal.value.message("vi") + refusal.value.message("en")


def trail(code: str = "lan") -> list[tuple[str, str]]:
    acts = translog.audit_of(queries.everything(), "staff", code)
    return [(act.action, act.reason) for act in acts if "log" in act.action]


@pytest.mark.django_db
def test_a_right_password_gives_the_person_with_roles() -> None:
    hire()
    operations.grant_role(
        username="lan", role=Role.BILLING, unit_code="PX0100", valid_from=START, actor="b", at=AT
    )
    actor = authenticate(" Lan ", PASSWORD, AT)
    assert (actor.username, actor.unit_code, actor.roles) == ("lan", "PX0100", {Role.BILLING})
    assert trail() == [("login", "")]


@pytest.mark.django_db
def test_passwords_are_kept_as_argon2_only() -> None:
    hire()
    stored = Staff.objects.get().password
    assert identify_hasher(stored).algorithm == "argon2"
    assert PASSWORD not in stored


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_hashing")
def test_five_failures_lock_for_a_quarter_of_an_hour() -> None:
    hire()
    for _ in range(4):
        fail()
    assert authenticate("lan", PASSWORD, AT).username == "lan"  # the count begins anew
    for _ in range(5):
        fail(minutes=1)
    fail(password=PASSWORD, minutes=1)
    fail(password=PASSWORD, minutes=15)
    assert authenticate("lan", PASSWORD, AT + timedelta(minutes=16)).username == "lan"
    wrong, locked = ("login_refused", "wrong password"), ("login_refused", "locked")
    assert trail() == [*[wrong] * 4, ("login", ""), *[wrong] * 5, locked, locked, ("login", "")]
    acts = translog.latest_audit(queries.everything(), limit=99, action="account_locked")
    assert len(acts) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_hashing")
def test_tries_while_locked_do_not_lengthen_the_lock() -> None:
    hire()
    for _ in range(5):
        fail()
    for minute in range(1, 15):
        fail(minutes=minute)
    assert authenticate("lan", PASSWORD, AT + timedelta(minutes=15)).username == "lan"


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_hashing")
def test_a_new_password_ends_the_lock() -> None:
    hire()
    for _ in range(5):
        fail()
    operations.set_password(username="lan", password="mat-khau-moi-1", actor="boss", at=AT)
    assert authenticate("lan", "mat-khau-moi-1", AT).username == "lan"
    fail(password=PASSWORD)


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_hashing")
def test_nobody_learns_who_exists_neither_by_words_nor_by_work() -> None:
    hire()
    hire_closed()
    messages, work = set(), set()
    for name, password in (
        ("nobody", "sai"),
        ("lan", "sai"),
        ("xuan", PASSWORD),  # closed
        ("", ""),
    ):
        CountingHasher.work_count = 0
        messages.add(fail(name, password))
        work.add(CountingHasher.work_count)
    for _ in range(4):
        fail()
    CountingHasher.work_count = 0
    messages.add(fail("lan", PASSWORD))  # locked
    work.add(CountingHasher.work_count)
    assert len(messages) == 1
    assert work == {1}


def hire_closed() -> None:
    operations.create_staff(
        username="xuan",
        full_name="Xuân Thử",
        unit_code="PX0100",
        password=PASSWORD,
        actor="boss",
        at=AT,
    )
    operations.deactivate_staff(username="xuan", actor="boss", at=AT, reason="nghỉ việc")


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_hashing")
def test_what_was_typed_never_stands_in_the_trail() -> None:
    hire()
    fail("mat-khau-go-nham")
    fail("lan", "mat-khau-sai-bi-mat")
    acts = translog.latest_audit(queries.everything(), limit=99)
    text = repr(acts)
    assert "mat-khau" not in text
    assert [act.object_code for act in acts if act.action == "login_refused"] == ["lan", "?"]


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_hashing")
def test_failures_count_although_the_request_ends_in_an_error() -> None:
    hire()
    fail()
    assert Staff.objects.get().failed_login_count == 1
    assert trail() == [("login_refused", "wrong password")]


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_hashing")
def test_a_refusal_asked_before_the_act_stays_in_the_trail() -> None:
    hire()
    actor = queries.actor_of("lan", START)
    unit_id = queries.unit("PX0100", START).id

    def act() -> None:
        authorisation.require(actor, "manage_units", unit_id, at=AT)
        with transaction.atomic():
            operations.revise_unit("PX0100", on=START, actor="lan", at=AT, name="Khác")

    with pytest.raises(authorisation.UnableToAct):
        act()
    assert queries.unit("PX0100", START).name == "Điện lực PX0100"
    acts = translog.audit_of(queries.everything(), "action", "manage_units")
    assert [(one.actor, one.action) for one in acts] == [("lan", "denied")]


def request_with_session() -> HttpRequest:
    request = RequestFactory().post("/console/login")
    request.session = SessionStore()
    return request


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_hashing")
def test_signing_in_opens_a_session_that_ends_with_the_account() -> None:
    hire()
    request = request_with_session()
    actor = operations.sign_in(request, username="lan", password=PASSWORD, at=AT)
    assert actor.username == "lan"
    assert request.session["_auth_user_backend"] == signing_in.BACKEND
    backend = signing_in.StaffBackend()
    user_id = request.session["_auth_user_id"]
    found = backend.get_user(user_id)
    assert found is not None
    assert found.username == "lan"
    assert backend.authenticate(request, username="lan", password=PASSWORD) is None
    operations.deactivate_staff(username="lan", actor="boss", at=AT, reason="nghỉ việc")
    assert backend.get_user(user_id) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("cheap_hashing")
def test_a_refused_sign_in_opens_no_session() -> None:
    hire()
    request = request_with_session()
    with pytest.raises(UnableToAuthenticate):
        operations.sign_in(request, username="lan", password="sai", at=AT)
    assert list(request.session.keys()) == []

"""One-time codes for the portal: once, soon, few tries, and no word about who is a customer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from cmis.modules.customers import operations
from cmis.modules.customers.adoption import CustomerToAdopt, adopt_customers
from cmis.modules.customers.models import OneTimeCode
from cmis.modules.customers.operations import UnableToRedeemCode
from cmis.modules.customers.types import CustomerScope, LoginCode
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation import queries as units
from cmis.modules.translog import queries as translog

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
START = date(2026, 1, 1)
MAIL, PHONE, NOTHING = "PX01000000001", "PX01000000002", "PX01000000003"


@pytest.fixture(autouse=True)
def people(settings: Any) -> dict[str, int]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    unit_id = organisation.ensure_units_for("PX0100", START, AT, "test")
    contacts = {
        MAIL: ("0900000001", "dao@example.invalid"),
        PHONE: ("0900000002", ""),
        NOTHING: ("", ""),
    }
    rows = [
        CustomerToAdopt(
            code=code,
            unit_id=unit_id,
            kind="household",
            name="Khách",
            address="",
            phone=phone,
            email=email,
            contract_code=code,
            point_code=code,
            household_count=Decimal(1),
            price_text="",
            price_terms=(),
        )
        for code, (phone, email) in contacts.items()
    ]
    return adopt_customers(connection, rows, on=START, actor="test", at=AT)


def issue(code: str = MAIL, minutes: int = 0) -> LoginCode:
    issued = operations.issue_login_code(code, at=AT + timedelta(minutes=minutes))
    assert issued is not None
    return issued


def redeem(code: str, digits: str, minutes: int = 0) -> CustomerScope:
    return operations.redeem_login_code(code, digits, at=AT + timedelta(minutes=minutes))


def refuse(code: str, digits: str, minutes: int = 0) -> str:
    with pytest.raises(UnableToRedeemCode) as refusal:
        redeem(code, digits, minutes)
    return refusal.value.message("vi") + refusal.value.message("en")


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06}"


def test_a_code_goes_where_messages_go(people: dict[str, int]) -> None:
    issued = issue()
    assert (issued.customer_id, issued.channel, issued.address) == (
        people[MAIL],
        "email",
        "dao@example.invalid",
    )
    assert (issued.expires_at, issued.language) == (AT + timedelta(minutes=10), "vi")
    assert len(issued.code) == 6
    assert issued.code.isdigit()
    other = issue(PHONE)
    assert (other.channel, other.address) == ("sms", "0900000002")


def test_a_code_opens_the_customer_s_own_data_once(people: dict[str, int]) -> None:
    issued = issue()
    assert redeem(" px01000000001 ", f"{issued.code[:3]} {issued.code[3:]}", 9) == CustomerScope(
        people[MAIL], MAIL
    )
    refuse(MAIL, issued.code, 9)


def test_a_code_ends_after_ten_minutes() -> None:
    refuse(MAIL, issue().code, 10)


def test_a_code_is_of_its_customer_only() -> None:
    issued = issue()
    issue(PHONE)
    refuse(PHONE, issued.code)


def test_a_new_code_replaces_the_one_before() -> None:
    first, second = issue(), issue(minutes=1)
    if first.code != second.code:
        refuse(MAIL, first.code, 1)
    assert redeem(MAIL, second.code, 1).customer_code == MAIL


def test_five_wrong_tries_end_a_code() -> None:
    issued = issue()
    for _ in range(5):
        refuse(MAIL, wrong(issued.code))
    refuse(MAIL, issued.code)
    assert OneTimeCode.objects.get().failed_count == 5
    assert OneTimeCode.objects.get().used_at is None


def test_four_wrong_tries_do_not() -> None:
    issued = issue()
    for _ in range(4):
        refuse(MAIL, wrong(issued.code))
    assert redeem(MAIL, issued.code).customer_code == MAIL


def test_five_codes_an_hour_are_enough() -> None:
    for minute in range(5):
        issue(minutes=minute)
    assert operations.issue_login_code(MAIL, at=AT + timedelta(minutes=59)) is None
    assert OneTimeCode.objects.count() == 5
    issue(PHONE, 59)
    issue(MAIL, 61)


def test_nobody_learns_who_is_a_customer() -> None:
    issued = issue()
    messages = {
        refuse(MAIL, wrong(issued.code)),
        refuse(PHONE, "000000"),  # no code asked for
        refuse("PX01099990001", "000000"),
        refuse("", ""),
        refuse(MAIL, issued.code, 11),
    }
    assert len(messages) == 1
    assert operations.issue_login_code("PX01099990001", at=AT) is None
    assert operations.issue_login_code(NOTHING, at=AT) is None
    assert OneTimeCode.objects.count() == 1


def test_who_wants_no_messages_still_gets_the_code_he_asked_for() -> None:
    scope = units.scope_of("PX0100", START)
    for channel, expected in (("none", "email"), ("sms", "sms")):
        operations.set_preference(
            scope, MAIL, purpose="general", channel=channel, on=START, actor="lan", at=AT
        )
        assert issue().channel == expected


def test_only_a_hash_is_kept_and_the_trail_knows_neither_code_nor_address() -> None:
    issued = issue()
    refuse(MAIL, wrong(issued.code))
    redeem(MAIL, issued.code)
    row = OneTimeCode.objects.get()
    assert issued.code not in row.code_hash.split("$")[-1]
    assert row.used_at == AT
    acts = translog.audit_of(units.everything(), "customer", MAIL)
    assert [(act.actor, act.action, act.reason) for act in acts] == [
        ("portal", "login_code_issued", "email"),
        ("portal", "customer_login_refused", "wrong code"),
        ("portal", "customer_login", ""),
    ]
    assert "dao@" not in repr(acts)
    assert issued.code not in repr(acts)

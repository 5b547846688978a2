"""Dated changes of customers, prices and preferences, and who may see them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from cmis.modules.customers import operations, queries
from cmis.modules.customers.adoption import CustomerToAdopt, adopt_customers
from cmis.modules.customers.models import (
    ContactPreference,
    Customer,
    CustomerSearch,
    CustomerVersion,
    PriceApplication,
)
from cmis.modules.customers.queries import UnableToFindCustomer
from cmis.modules.customers.types import CustomerScope
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.types import UnitScope
from cmis.modules.translog import queries as translog

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
START, JULY, AUGUST = date(2026, 1, 1), date(2026, 7, 1), date(2026, 8, 1)
ONE, SIBLING = "PX01000000001", "PX01010000001"
POINT = f"{ONE}001"
SHBT = {"segment": "KT", "share_percent": 100, "group_code": "SHBT", "sub_code": "A"}
KDDV = {"segment": "KT", "share_percent": 100, "group_code": "KDDV", "sub_code": ""}


@pytest.fixture(autouse=True)
def people() -> dict[str, int]:
    contacts = {
        ONE: ("0900000001", "dao@example.invalid"),
        "PX01000000002": ("0900000002", ""),
        "PX01000000003": ("", ""),
        SIBLING: ("0900000004", "xa@example.invalid"),
    }
    rows = [
        CustomerToAdopt(
            code=code,
            unit_id=organisation.ensure_units_for(code[:6], START, AT, "test"),
            kind="household",
            name=f"Khách {code[-2:]}",
            address="Phố Mẫu",
            phone=phone,
            email=email,
            contract_code=f"HD{code}",
            point_code=f"{code}001",
            household_count=Decimal(1),
            price_text=" KT: 100%*SHBT-A",
            price_terms=(SHBT,),
        )
        for code, (phone, email) in contacts.items()
    ]
    return adopt_customers(connection, rows, on=START, actor="test", at=AT)


def scope(unit: str = "PX0100") -> UnitScope:
    return units.scope_of(unit, START)


def portal(code: str = ONE) -> CustomerScope:
    return CustomerScope(Customer.objects.get(code=code).pk, code)


def stored() -> list[tuple[Any, ...]]:
    models = (Customer, CustomerVersion, CustomerSearch, PriceApplication, ContactPreference)
    return [values for model in models for values in model.objects.order_by("pk").values_list()]


def revise(on: date = JULY, code: str = ONE, unit: str = "PX0100", **changes: str) -> None:
    operations.revise_customer(
        scope(unit), code, on=on, actor="lan", at=AT, reason="đơn của khách", **changes
    )


def test_a_change_keeps_the_older_version() -> None:
    revise(name="Khách  Mới")
    history = queries.history_of(scope(), ONE)
    assert [(one.name, one.phone, one.valid_from, one.valid_to) for one in history] == [
        ("Khách 01", "0900000001", START, JULY),
        ("Khách Mới", "0900000001", JULY, None),
    ]
    assert (history[1].recorded_by, history[1].recorded_at) == ("lan", AT)
    assert queries.customer_card(scope(), ONE, date(2026, 6, 30)).name == "Khách 01"
    assert queries.customer_card(scope(), ONE, JULY).name == "Khách Mới"


def test_a_second_change_of_the_same_day_keeps_the_first_row() -> None:
    revise(name="B")
    revise(name="C")
    names = CustomerVersion.objects.filter(customer__code=ONE).order_by("pk")
    assert [one.name for one in names] == ["Khách 01", "B", "C"]
    assert [one.name for one in queries.history_of(scope(), ONE)] == ["Khách 01", "C"]
    assert queries.cards([names[0].customer_id], JULY)[names[0].customer_id].name == "C"


def test_the_trail_says_what_changed_but_not_the_personal_data() -> None:
    revise(phone="0900009999", email="moi@example.invalid")
    (act,) = translog.audit_of(scope(), "customer", ONE)
    assert (act.actor, act.action, act.reason) == ("lan", "revise_customer", "đơn của khách")
    assert act.detail == {"from": "2026-07-01", "changed": ["email", "phone"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"phone": "gọi sau"},
        {"phone": "123"},
        {"email": "không có"},
        {"tax_code": "12"},
        {"language": "fr"},
    ],
)
def test_a_value_that_cannot_be_changes_nothing(changes: dict[str, str]) -> None:
    before = stored()
    with pytest.raises(operations.UnableToReviseCustomer):
        revise(**changes)
    assert stored() == before


def test_a_change_before_the_customer_was_known_is_refused() -> None:
    before = stored()
    with pytest.raises(operations.UnableToReviseCustomer):
        revise(on=date(2025, 12, 31), name="B")
    assert stored() == before


def test_a_value_may_be_emptied() -> None:
    revise(phone="", tax_code="0100000000-001")
    card = queries.customer_card(scope(), ONE, JULY)
    assert (card.phone, card.tax_code, card.email) == ("", "0100000000-001", "dao@example.invalid")


def agree(
    on: date = JULY, unit: str = "PX0100", terms: Any = (KDDV,), households: str = "2"
) -> None:
    operations.revise_price_application(
        scope(unit),
        POINT,
        on=on,
        actor="lan",
        at=AT,
        household_count=Decimal(households),
        text=" KT: 100%*KDDV",
        terms=terms,
    )


def test_a_new_price_agreement_begins_on_its_day() -> None:
    agree()
    prices = queries.prices_of(scope(), ONE)
    assert [(one.text, one.household_count, one.valid_from, one.valid_to) for one in prices] == [
        (" KT: 100%*SHBT-A", Decimal(1), START, JULY),
        (" KT: 100%*KDDV", Decimal(2), JULY, None),
    ]
    assert prices[1].terms == [KDDV]
    assert prices[0].contract_id == prices[1].contract_id
    before, after = (queries.price_applications([POINT], day)[POINT].terms for day in (START, JULY))
    assert (before, after) == ([SHBT], [KDDV])
    (act,) = translog.audit_of(scope(), "customer", ONE)
    assert act.detail["before"] == {"households": "1.00", "text": " KT: 100%*SHBT-A"}


@pytest.mark.parametrize(
    "terms",
    [
        (),
        ({**KDDV, "share_percent": 99},),
        ({**KDDV, "share_percent": 60}, {**SHBT, "share_percent": 50}),
        ({**KDDV, "share_percent": 0}, SHBT),
        ({**KDDV, "share_percent": True},),
        ({**KDDV, "share_percent": 100}, {**KDDV, "segment": "CD", "share_percent": 50}),
    ],
)
def test_shares_make_a_hundred_percent_of_each_segment(terms: Any) -> None:
    before = stored()
    with pytest.raises(operations.UnableToRevisePrice):
        agree(terms=terms)
    assert stored() == before


def test_a_price_that_cannot_be_changes_nothing() -> None:
    before = stored()
    for attempt in (
        {"households": "-1"},
        {"on": date(2025, 12, 31)},
        {"unit": "PX0101"},  # a sibling unit
    ):
        with pytest.raises(operations.UnableToRevisePrice):
            agree(**attempt)  # type: ignore[arg-type]
    assert stored() == before


def test_a_sibling_unit_sees_and_changes_nothing() -> None:
    other = scope("PX0101")
    assert queries.history_of(other, ONE) == ()
    assert queries.contracts_of(other, ONE) == ()
    assert queries.prices_of(other, ONE) == ()
    before = stored()
    for act in (
        lambda: queries.customer_card(other, ONE, JULY),
        lambda: queries.preferences_of(other, ONE, JULY),
        lambda: revise(unit="PX0101", name="B"),
        lambda: prefer("none", who=other),
    ):
        with pytest.raises(UnableToFindCustomer) as refusal:
            act()
        assert ONE not in refusal.value.message("vi")
    assert stored() == before
    company = scope("PX01")
    assert queries.customer_card(company, ONE, JULY).unit_code == "PX0100"
    assert queries.customer_card(company, SIBLING, JULY).unit_code == "PX0101"


def test_unknown_and_foreign_customers_are_refused_in_the_same_words() -> None:
    messages = set()
    for code in (SIBLING, "PX01099990001"):
        with pytest.raises(UnableToFindCustomer) as refusal:
            queries.customer_card(scope(), code, JULY)
        messages.add(refusal.value.message("en"))
    assert len(messages) == 1


def test_after_a_merger_the_successor_sees_the_customer() -> None:
    organisation.merge_units(
        codes=["PX0100"], into="PX0101", valid_from=AUGUST, actor="boss", at=AT
    )
    with pytest.raises(UnableToFindCustomer):
        queries.customer_card(units.scope_of("PX0101", JULY), ONE, JULY)
    assert queries.customer_card(units.scope_of("PX0101", AUGUST), ONE, AUGUST).code == ONE


def test_in_the_portal_a_customer_sees_himself_only() -> None:
    me = portal()
    assert queries.customer_card(me, ONE, JULY).name == "Khách 01"
    assert [one.code for one in queries.contracts_of(me, ONE)] == [f"HD{ONE}"]
    assert len(queries.prices_of(me, ONE)) == 1
    neighbour = "PX01000000002"
    assert queries.history_of(me, neighbour) == ()
    assert queries.contracts_of(me, neighbour) == ()
    assert queries.prices_of(me, neighbour) == ()
    before = stored()
    with pytest.raises(UnableToFindCustomer):
        queries.customer_card(me, neighbour, JULY)
    with pytest.raises(UnableToFindCustomer):
        prefer("none", who=me, code=neighbour)
    assert stored() == before


def prefer(
    channel: str,
    *,
    purpose: str = "payment",
    who: UnitScope | CustomerScope | None = None,
    code: str = ONE,
    on: date = JULY,
) -> None:
    operations.set_preference(
        who or scope(), code, purpose=purpose, channel=channel, on=on, actor="lan", at=AT
    )


def test_without_a_wish_email_comes_before_sms_before_nothing(people: dict[str, int]) -> None:
    contacts = queries.contacts_of(people.values(), "payment", JULY)
    by_code = {code: contacts[id_] for code, id_ in people.items()}
    assert [by_code[code].channel for code in sorted(by_code)] == ["email", "sms", "none", "email"]
    one = by_code[ONE]
    assert (one.email, one.phone, one.language) == ("dao@example.invalid", "0900000001", "vi")


def test_a_wish_holds_for_its_purpose_from_its_day(people: dict[str, int]) -> None:
    prefer("sms")
    prefer("none", on=AUGUST)
    id_ = people[ONE]

    def channel(purpose: str, on: date) -> str:
        return queries.contacts_of([id_], purpose, on)[id_].channel

    assert channel("payment", date(2026, 6, 30)) == "email"
    assert channel("payment", JULY) == "sms"
    assert channel("payment", AUGUST) == "none"
    assert channel("outage", AUGUST) == "email"
    assert queries.preferences_of(scope(), ONE, JULY) == {
        "payment": "sms",
        "outage": "email",
        "general": "email",
    }
    assert ContactPreference.objects.count() == 2


def test_a_wish_without_its_address_falls_back(people: dict[str, int]) -> None:
    prefer("sms")
    revise(on=AUGUST, phone="")
    id_ = people[ONE]
    assert queries.contacts_of([id_], "payment", AUGUST)[id_].channel == "email"


def test_a_customer_may_set_his_own_wish() -> None:
    prefer("none", who=portal())
    assert queries.preferences_of(portal(), ONE, JULY)["payment"] == "none"
    (act,) = translog.audit_of(scope(), "customer", ONE)
    assert (act.detail["after"], act.detail["by"]) == ("none", "customer")


@pytest.mark.parametrize(
    ("purpose", "channel"), [("payment", "fax"), ("news", "email"), ("payment", "email")]
)
def test_a_wish_that_cannot_be_changes_nothing(purpose: str, channel: str) -> None:
    before = stored()
    with pytest.raises(operations.UnableToSetPreference):
        prefer(channel, purpose=purpose, code="PX01000000002")  # it has a phone only
    assert stored() == before


def test_an_unknown_purpose_is_a_mistake_of_the_caller(people: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="news"):
        queries.contacts_of(people.values(), "news", JULY)

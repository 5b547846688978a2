"""Customers taken over from reading books: set by set, only ever added to."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from cmis.modules.customers import queries
from cmis.modules.customers.adoption import CustomerToAdopt, adopt_customers, contract_ids
from cmis.modules.customers.models import (
    Contract,
    Customer,
    CustomerSearch,
    CustomerVersion,
    PriceApplication,
)
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation import queries as units

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
JUNE, JULY, AUGUST = date(2026, 6, 12), date(2026, 7, 12), date(2026, 8, 12)
HOUSEHOLD = ({"segment": "KT", "share_percent": 100, "group_code": "SHBT", "sub_code": "A"},)
BUSINESS = ({"segment": "KT", "share_percent": 100, "group_code": "KDDV", "sub_code": ""},)


def row(number: int, **changes: Any) -> CustomerToAdopt:
    code = f"PX0100{number:07}"
    facts = CustomerToAdopt(
        code=code,
        unit_id=organisation.ensure_units_for("PX0100", date(2020, 1, 1), AT, "test"),
        kind="household",
        name=f"Nguyễn Thị  Đào {number}",
        address=f"Số {number} Phố Mẫu",
        phone="0900000001",
        email="",
        contract_code=f"HD-{code}",
        point_code=f"{code}001",
        household_count=Decimal("1"),
        price_text=" KT: 100%*SHBT-A",
        price_terms=HOUSEHOLD,
        search_codes=(f"2600{number:04}",),
    )
    return replace(facts, **changes)


def adopt(*rows: CustomerToAdopt, on: date = JULY) -> dict[str, int]:
    return adopt_customers(connection, rows, on=on, actor="adoption", at=AT)


def stored() -> list[str]:
    models = (Customer, CustomerVersion, CustomerSearch, Contract, PriceApplication)
    rows = [values for model in models for values in model.objects.order_by("pk").values_list()]
    return [repr(values) for values in rows]


def counts() -> tuple[int, int, int, int]:
    models = (Customer, CustomerVersion, Contract, PriceApplication)
    return tuple(model.objects.count() for model in models)  # type: ignore[return-value]


def prices(point: str) -> list[tuple[str, date, date | None]]:
    rows = PriceApplication.objects.filter(point_code=point).order_by("valid_from", "pk")
    return list(rows.values_list("text", "valid_from", "valid_to"))


def test_a_new_customer_comes_whole() -> None:
    ids = adopt(row(1))

    customer = Customer.objects.get()
    assert ids == {"PX01000000001": customer.pk}
    assert (customer.kind, customer.unit.code) == ("household", "PX0100")
    card = queries.cards([customer.pk], JULY)[customer.pk]
    assert (card.name, card.address) == ("Nguyễn Thị Đào 1", "Số 1 Phố Mẫu")
    assert (card.phone, card.valid_from) == ("0900000001", JULY)
    contract = Contract.objects.get()
    assert (contract.code, contract.starts_on) == ("HD-PX01000000001", None)
    assert contract_ids(["HD-PX01000000001", "other"]) == {"HD-PX01000000001": contract.pk}
    price = queries.price_applications(["PX01000000001001"], JULY)["PX01000000001001"]
    assert (price.text, price.household_count) == (" KT: 100%*SHBT-A", Decimal("1"))
    assert price.terms == list(HOUSEHOLD)
    assert (price.contract_id, price.customer_id) == (contract.pk, customer.pk)
    search = CustomerSearch.objects.get()
    assert search.words == " nguyen thi dao 1 so 1 pho mau "
    assert search.codes == " px01000000001 0900000001 px01000000001001 26000001 "


def test_nobody_is_known_before_the_day() -> None:
    ids = adopt(row(1))
    assert queries.cards(ids.values(), JUNE) == {}
    assert queries.price_applications(["PX01000000001001"], JUNE) == {}


def test_adopting_again_changes_nothing() -> None:
    first = adopt(row(1), row(2))
    before = stored()
    assert adopt(row(2), row(1)) == first
    assert stored() == before


def test_known_customers_keep_their_facts_and_new_ones_are_added() -> None:
    adopt(row(1))
    before = stored()
    ids = adopt(row(1, name="Khác", phone="0902", kind="non_household"), row(2), on=AUGUST)
    assert set(ids) == {"PX01000000001", "PX01000000002"}
    assert counts() == (2, 2, 2, 2)
    assert set(before) < set(stored())


def test_one_customer_may_have_several_points() -> None:
    second = {"point_code": "PX01000000001002", "search_codes": ("27000009",)}
    ids = adopt(row(1), row(1, name="không dùng", **second))
    assert counts() == (1, 1, 1, 2)
    assert CustomerVersion.objects.get().name == "Nguyễn Thị Đào 1"
    assert list(ids) == ["PX01000000001"]
    assert CustomerSearch.objects.get().codes.split() == [
        "px01000000001",
        "0900000001",
        "px01000000001001",
        "26000001",
        "px01000000001002",
        "27000009",
    ]


def test_a_new_serial_makes_a_known_customer_findable_by_it() -> None:
    adopt(row(1))
    adopt(row(1, search_codes=("28000007",)), on=AUGUST)
    scope = units.scope_of("PX0100", AUGUST)
    for serial in ("26000001", "28000007"):
        assert [hit.code for hit in queries.search(scope, serial, 5)] == ["PX01000000001"]


def test_a_changed_price_opens_a_new_application_on_its_day() -> None:
    adopt(row(1))
    adopt(row(1, price_text=" KT: 100%*KDDV", price_terms=BUSINESS), on=AUGUST)
    assert prices("PX01000000001001") == [
        (" KT: 100%*SHBT-A", JULY, AUGUST),
        (" KT: 100%*KDDV", AUGUST, None),
    ]
    day_before = date(2026, 8, 11)
    codes = ["PX01000000001001"]
    assert queries.price_applications(codes, day_before)[codes[0]].terms == list(HOUSEHOLD)
    assert queries.price_applications(codes, AUGUST)[codes[0]].terms == list(BUSINESS)


def test_a_changed_number_of_households_is_a_new_agreement() -> None:
    adopt(row(1))
    adopt(row(1, household_count=Decimal("2.5")), on=AUGUST)
    rows = PriceApplication.objects.order_by("valid_from").values_list("household_count")
    assert [count for (count,) in rows] == [Decimal("1"), Decimal("2.5")]


def test_an_older_book_fills_the_days_before_and_changes_nothing_known() -> None:
    adopt(row(1))
    before = stored()
    old = row(1, name="Tên cũ", price_text=" KT: 100%*KDDV", price_terms=BUSINESS)
    adopt(old, on=JUNE)
    assert set(before) < set(stored())
    assert prices("PX01000000001001") == [
        (" KT: 100%*KDDV", JUNE, JULY),
        (" KT: 100%*SHBT-A", JULY, None),
    ]
    versions = CustomerVersion.objects.order_by("valid_from")
    assert list(versions.values_list("name", "valid_from", "valid_to")) == [
        ("Tên cũ", JUNE, JULY),
        ("Nguyễn Thị Đào 1", JULY, None),
    ]
    filled = stored()
    adopt(old, on=date(2026, 6, 20))
    assert stored() == filled


def test_many_rows_are_taken_in_few_statements(
    django_assert_max_num_queries: Any,
) -> None:
    template = row(1)
    rows = [
        replace(
            template,
            code=f"PX0100{number:07}",
            contract_code=f"HD{number}",
            point_code=f"PX0100{number:07}001",
        )
        for number in range(2_000)
    ]
    with django_assert_max_num_queries(20):
        assert len(adopt(*rows)) == 2_000
    assert counts() == (2_000, 2_000, 2_000, 2_000)

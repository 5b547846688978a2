"""One box finds customers by anything people have at hand, inside the scope only."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from cmis.modules.customers import operations, queries
from cmis.modules.customers.adoption import CustomerToAdopt, adopt_customers
from cmis.modules.customers.search_words import code_keys
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.types import UnitScope

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
START = date(2026, 1, 1)
#: code, unit, name, address, phone, point, serial
PEOPLE = [
    ("PX01000000001", "PX0100", "Nguyễn Thị Đào", "12 Phố Huế", "0900001234", "26000001"),
    ("PX01000000002", "PX0100", "Trần Văn Đạo", "5 Ngõ Thị Nghè", "", "26000002"),
    (
        "PX01000000003",
        "PX0100",
        "Công ty Mận & Bạn",
        "7 Nguyễn Thị Định",
        "+84 24 0003 4444",
        "127000003",
    ),
    ("PX01010000001", "PX0101", "Nguyễn Thị Đào", "99 Phố Huế", "0900001234", "26000001"),
]


@pytest.fixture(autouse=True)
def people() -> None:
    rows = [
        CustomerToAdopt(
            code=code,
            unit_id=organisation.ensure_units_for(unit, START, AT, "test"),
            kind="household",
            name=name,
            address=address,
            phone=phone,
            email="",
            contract_code=code,
            point_code=f"{code}001",
            household_count=Decimal(1),
            price_text="",
            price_terms=(),
            search_codes=(serial,),
        )
        for code, unit, name, address, phone, serial in PEOPLE
    ]
    adopt_customers(connection, rows, on=START, actor="test", at=AT)


def scope(unit: str = "PX0100") -> UnitScope:
    return units.scope_of(unit, START)


def found(text: str, unit: str = "PX0100", limit: int = 10) -> list[str]:
    """The last two digits of the codes found, in order."""
    return [hit.code[-2:] for hit in queries.search(scope(unit), text, limit)]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Nguyễn Thị Đào", ["01"]),
        ("nguyen thi dao", ["01"]),
        ("NGUYEN  THI   DAO", ["01"]),
        (unicodedata.normalize("NFD", "Nguyễn Thị Đào"), ["01"]),
        ("đào", ["01", "02"]),  # Đạo folds to the same letters; no name begins with it
        ("thị nguyễn", ["01", "03"]),
        ("phố huế", ["01"]),
        ("12 pho hue", ["01"]),
        ("dao nguyen 26000001", ["01"]),
        ("PX01000000001", ["01"]),
        ("px01 0000 00001", ["01"]),
        ("PX0100-0000002", ["02"]),
        ("PX01000000003001", ["03"]),
        ("PX0100", ["01", "02", "03"]),
        ("0900001234", ["01"]),
        ("0900 001 234", ["01"]),
        ("+84 900.001.234", ["01"]),
        ("84900001234", ["01"]),
        ("0 24 0003 4444", ["03"]),
        ("26000002", ["02"]),
        ("2600", ["01", "02"]),
        ("7000003", ["03"]),
        ("nobody", []),
        ("", []),
        (" ", []),
        ("a", []),
        ("%", []),
        ("_", []),
        ("____", []),
        ("'; DROP TABLE customers_customer; --", []),
    ],
)
def test_what_is_typed_finds_who_is_meant(text: str, codes: list[str]) -> None:
    assert found(text) == codes


def test_the_best_match_comes_first() -> None:
    hits = queries.search(scope(), "PX01000000002", 10)
    assert [(hit.code, hit.rank) for hit in hits] == [("PX01000000002", 0)]
    # a name that begins with the words stands before one that only holds them
    assert found("nguyen thi") == ["01", "03"]
    assert found("tran") == ["02"]
    assert found("cong ty") == ["03"]
    # a whole code before its beginning
    assert [hit.rank for hit in queries.search(scope(), "26000001", 10)] == [1]
    assert [hit.rank for hit in queries.search(scope(), "2600", 10)] == [2, 2]
    assert [hit.rank for hit in queries.search(scope(), "7000003", 10)] == [3]


def test_a_hit_says_who_it_is() -> None:
    (hit,) = queries.search(scope(), "26000002", 10, on=START)
    assert (hit.code, hit.unit_code, hit.kind) == ("PX01000000002", "PX0100", "household")
    assert (hit.name, hit.address) == ("Trần Văn Đạo", "5 Ngõ Thị Nghè")


def test_a_sibling_unit_finds_only_its_own() -> None:
    for text in ("nguyen thi dao", "0900001234", "26000001", "pho hue"):
        codes = [hit.code for hit in queries.search(scope("PX0101"), text, 10)]
        assert codes == ["PX01010000001"]
        both = [hit.code for hit in queries.search(scope("PX01"), text, 10)]
        assert both == ["PX01000000001", "PX01010000001"]
    assert queries.search(scope("PX0101"), "PX01000000001", 10) == ()


def test_an_empty_scope_finds_nothing() -> None:
    assert queries.search(UnitScope(frozenset(), frozenset(), "PX0100"), "nguyen", 10) == ()


def test_everything_finds_all() -> None:
    hits = queries.search(units.everything(), "nguyen thi dao", 10)
    assert [hit.code for hit in hits] == ["PX01000000001", "PX01010000001"]


def test_the_limit_holds() -> None:
    assert found("PX0100", limit=2) == ["01", "02"]
    assert found("PX0100", limit=0) == []


def revise(on: date, **changes: str) -> None:
    operations.revise_customer(scope(), "PX01000000001", on=on, actor="lan", at=AT, **changes)


def test_a_changed_name_and_phone_are_found_and_the_old_ones_no_more() -> None:
    revise(date(2026, 6, 1), name="Phạm Thị Mận", phone="0900 007 777")
    assert found("pham thi man") == ["01"]
    assert found("0900007777") == ["01"]
    assert found("nguyen thi dao") == []
    assert found("0900001234") == []
    assert found("26000001") == ["01"]
    assert [hit.rank for hit in queries.search(scope(), "PX01000000001", 9)] == [0]


def test_a_change_still_to_come_is_found_by_old_and_new() -> None:
    revise(date(2026, 9, 1), name="Phạm Thị Mận", phone="0900007777")
    for text in ("pham thi man", "nguyen thi dao", "0900007777", "0900001234"):
        assert found(text) == ["01"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("0900 001 234", ("0900001234",)),
        ("+84 900 001 234", ("84900001234", "0900001234")),
        ("84 24 0003 4444", ("842400034444", "0" + "2400034444")),
        ("84000001", ("84000001",)),  # a serial, too short for a phone
        ("", ()),
        ("---", ()),
    ],
)
def test_codes_are_folded_the_same_way_on_both_sides(text: str, keys: tuple[str, ...]) -> None:
    assert code_keys(text) == keys

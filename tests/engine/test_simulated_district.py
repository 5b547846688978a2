"""A synthetic district: the same seed gives the same bytes, and its truth agrees with an import."""

import unicodedata
from collections import Counter
from decimal import Decimal

import pytest

from cmis.engine.simulation.district import SimulatedBook, simulate
from cmis.engine.simulation.invented_names import contact_of
from cmis.engine.simulation.population import (
    BOOK_SIZES,
    MOST_CUSTOMERS,
    District,
    UnableToSimulate,
)
from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.price_string import read_price_text
from cmis.kernel.period import BillingMonth
from tests.engine.imports import rows_of, verdicts_by_key

JUNE = BillingMonth(2026, 6, 1)


@pytest.fixture(scope="module")
def books() -> list[SimulatedBook]:
    """900 customers in two months."""
    return list(simulate(District(900, 7, JUNE), months=2))


def test_same_seed_same_bytes(books: list[SimulatedBook]) -> None:
    again = list(simulate(District(900, 7, JUNE), months=2))
    assert again == books
    other = next(iter(simulate(District(900, 8, JUNE))))
    assert other.outbound != books[0].outbound


def test_every_customer_is_in_one_book_of_each_month(books: list[SimulatedBook]) -> None:
    for month in (JUNE, JUNE.next):
        codes = [code for book in books if book.month == month for code in book.customer_codes]
        assert len(codes) == len(set(codes)) == 900
    sizes = [len(book.customer_codes) for book in books if book.month == JUNE]
    assert all(BOOK_SIZES[0] <= size <= BOOK_SIZES[1] for size in sizes[:-1])
    assert [book.file_name for book in books[:2]] == [
        "PX0200001-2026-6-1.xml",
        "PX0200001-2026-7-1.xml",
    ]


def test_keys_are_unique_and_have_ten_digits(books: list[SimulatedBook]) -> None:
    keys = [row.key for book in books for row in book.truth]
    assert len(set(keys)) == len(keys)
    assert all(len(str(key)) == 10 for key in keys)


def test_the_returned_books_get_the_verdicts_of_the_truth(books: list[SimulatedBook]) -> None:
    faults: Counter[str] = Counter()
    for book in books:
        verdicts = verdicts_by_key(book.outbound, book.returned)
        assert verdicts.keys() == {row.key for row in book.truth}
        for row in book.truth:
            faults[row.fault] += 1
            if not row.fault and row.expected_verdict != "TOU_SUM_MISMATCH":
                assert verdicts[row.key] == ["OK"], row
            elif row.fault == "duplicate_row":
                assert verdicts[row.key] == ["OK", "DUPLICATE_BOCSO_ID"]
            elif row.expected_verdict:
                assert verdicts[row.key] == [row.expected_verdict], row
            else:
                assert verdicts[row.key] == ["OK"], row
    planted = faults.total() - faults[""]
    assert planted * 100 < faults.total() * 3
    assert len(faults) >= 9


def test_the_second_month_goes_on_from_the_truth_of_the_first(books: list[SimulatedBook]) -> None:
    checked = 0
    for june, july in zip(books[::2], books[1::2], strict=True):
        known = {(row.point_code, row.register, row.meter_serial): row for row in june.truth}
        for row in rows_of(july.outbound):
            before = known.get((row.point_code, row.register_kind, row.meter_serial))
            if before is None:
                assert row.removed_kwh > 0  # the meter was replaced in July
                continue
            checked += 1
            if before.situation == "absent":
                assert str(row.previous_index) == before.recorded_index
            else:
                assert (str(row.previous_index), row.previous_kwh) == (
                    before.true_index,
                    Decimal(before.used_kwh),
                )
            assert row.history_kwh[0] == row.previous_kwh
    assert checked > 900


def test_what_a_district_is_made_of(books: list[SimulatedBook]) -> None:
    first_rows = [row for book in books if book.month == JUNE for row in rows_of(book.outbound)]
    points = {row.point_code: row for row in first_rows}.values()
    households = [row for row in points if row.price_text == " KT: 100%*SHBT-A"]
    assert 0.86 < len(households) / len(points) < 0.94
    assert {row.household_count for row in households} > {Decimal(1), Decimal(2)}
    assert any("+" in row.price_text for row in points)
    tou = [row for row in first_rows if row.register_kind == "SG"]
    assert tou
    for total in tou:
        kinds = [row.register_kind for row in first_rows if row.point_code == total.point_code]
        assert kinds == ["BT", "CD", "TD", "SG", "VC"]
        assert total.multiplier > 1
        assert total.buys_reactive
        priced = [group.segment for group in read_price_text(total.price_text).groups]
        assert priced == ["BT", "CD", "TD"]
    assert {row.meter_code[:3] for row in first_rows} == {"999", "998"}
    assert all(row.meter_code.endswith(row.meter_serial) for row in first_rows)
    assert {len(row.customer_code) for row in points} == {12, 13}
    situations = Counter(row.situation for book in books for row in book.truth)
    assert situations.keys() >= {"ordinary", "rollover", "not_used", "absent"}


def test_prices_are_those_of_the_decision_in_force(books: list[SimulatedBook]) -> None:
    """Decision 1279: production below 6 kV 1 987 normal, 3 640 peak, 1 300 off-peak."""
    texts = {row.price_text for book in books for row in rows_of(book.outbound)}
    assert " BT: 100%*1987-SXBT-A; CD: 100%*3640-SXBT-A; TD: 100%*1300-SXBT-A" in texts
    for text in texts:
        for group in read_price_text(text).groups:
            assert sum(term.share_percent for term in group.terms) == 100


def test_people_are_invented_and_text_is_composed(books: list[SimulatedBook]) -> None:
    names = set()
    for book in books:
        assert parse_book_file(book.outbound).findings == ()
        for row in rows_of(book.outbound):
            names.add(row.customer_name)
            assert unicodedata.is_normalized("NFC", row.customer_name + row.address)
            assert row.address.endswith("Tỉnh Giả Lập")
    assert len(names) > 450
    contact = contact_of("PX02000000001")
    assert contact == contact_of("PX02000000001")
    contacts = [contact_of(f"PX0200{number:07d}") for number in range(1000)]
    assert all(
        found.phone.startswith("0100") and len(found.phone) == 10
        for found in contacts
        if found.phone
    )
    assert all(found.email.endswith("@example.invalid") for found in contacts if found.email)
    assert 850 < sum(bool(found.phone) for found in contacts) < 950


def test_honest_months_ask_the_reader_about_as_often_as_in_the_field(
    books: list[SimulatedBook],
) -> None:
    """24 % of 764 field rows lay outside ±30 %; a simulation that never asks proves nothing."""
    asked = total = 0
    for book in books:
        for row in parse_book_file(book.returned).rows:
            total += 1
            asked += row.fields["TT_KHAC"] == "1"
    assert 0.15 < asked / total < 0.3


@pytest.mark.parametrize("customers", [0, MOST_CUSTOMERS + 1])
def test_a_unit_has_a_size(customers: int) -> None:
    with pytest.raises(UnableToSimulate):
        District(customers, 1, JUNE)


def test_units_do_not_share_codes_or_keys() -> None:
    here, there = (
        next(iter(simulate(District(100, 7, JUNE, unit)))) for unit in ("PX0200", "PX0300")
    )
    assert {row.key for row in here.truth}.isdisjoint(row.key for row in there.truth)
    assert there.book_code == "PX0300001"

"""Invoice numbers: ascending, without gap or reuse, whatever happens beside them (BILL-13)."""

import hashlib
import threading
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError

from cmis.formats.einvoice.storage import BUILT_IN, compress
from cmis.modules.invoicing import operations, queries
from cmis.modules.invoicing.models import Invoice, InvoiceDocument, InvoiceSymbol
from cmis.modules.invoicing.operations import UnableToIssueInvoices
from cmis.modules.invoicing.queries import UnableToReadInvoice
from cmis.modules.invoicing.types import NumberRange, SignedInvoice
from cmis.modules.organisation import queries as units
from tests.modules.invoicing.bills_to_number import Site, make_site

DAY = date(2026, 7, 13)
AT = datetime(2026, 7, 13, 16, tzinfo=UTC)


def document_of(number: int) -> bytes:
    return f"<HDon>{number} tiền điện</HDon>".encode()


def signed(site: Site, bill_id: int, number: int) -> SignedInvoice:
    data = document_of(number)
    return SignedInvoice(
        bill_id=bill_id,
        unit_id=site.unit_id,
        customer_id=site.customer_id,
        number=number,
        net_vnd=100,
        vat_vnd=8,
        total_vnd=108,
        lookup_code=f"L{bill_id}",
        sha256=hashlib.sha256(data).hexdigest(),
        dictionary_version=BUILT_IN.version,
        compressed=compress(data, BUILT_IN),
    )


def store(numbers: NumberRange, invoices: list[SignedInvoice], on: date = DAY) -> None:
    operations.store_signed(
        numbers, invoices, invoice_date=on, due_date=on, format_version="2.1.0", signed_at=AT
    )


def issue(site: Site, bill_ids: list[int], on: date = DAY) -> str:
    """One batch as the journey does it; gives the symbol."""
    with transaction.atomic():
        numbers = operations.lock_number_range(
            seller_id=site.seller_id, site_id=site.unit_id, on=on
        )
        first = numbers.next_number
        store(numbers, [signed(site, id_, first + at) for at, id_ in enumerate(bill_ids)], on)
    return numbers.symbol


def numbers_of(symbol: str) -> list[int]:
    found = Invoice.objects.filter(symbol__symbol=symbol).order_by("number")
    return list(found.values_list("number", flat=True))


@pytest.mark.django_db
def test_numbers_follow_each_other_and_begin_at_one() -> None:
    site = make_site("PX0100", bills=5)
    symbol = issue(site, site.bill_ids[:3])
    assert issue(site, site.bill_ids[3:]) == symbol == "K26TAA"
    assert numbers_of(symbol) == [1, 2, 3, 4, 5]
    (state,) = queries.number_ranges(units.everything())
    assert (state.next_number, state.invoice_count, state.has_gap) == (6, 5, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"],
    reason="SQLite has one writer: its batches come one after another, as in the test above",
)
def test_many_workers_of_one_site_leave_no_gap_and_no_double() -> None:
    site = make_site("PX0100", bills=48)
    parts = [site.bill_ids[start : start + 2] for start in range(0, 48, 2)]
    lanes = 6
    start = threading.Barrier(lanes)
    failed: list[BaseException] = []

    def work(lane: int) -> None:
        try:
            start.wait(timeout=30)
            for part in parts[lane::lanes]:
                issue(site, part)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(lane,)) for lane in range(lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []
    assert numbers_of("K26TAA") == list(range(1, 49))
    assert InvoiceSymbol.objects.count() == 1  # opened once, though all asked at the same moment
    assert Invoice.objects.values("bill_id").distinct().count() == 48
    # the two bills of a batch have numbers next to each other: no other worker came between
    by_bill = dict(Invoice.objects.values_list("bill_id", "number"))
    assert all(by_bill[second] == by_bill[first] + 1 for first, second in parts)


@pytest.mark.django_db
def test_a_batch_that_fails_midway_leaves_no_row_and_its_numbers_to_the_next() -> None:
    site = make_site("PX0100", bills=4)
    issue(site, site.bill_ids[:1])

    class SignerBroke(Exception):
        pass

    with pytest.raises(SignerBroke), transaction.atomic():
        numbers = operations.lock_number_range(
            seller_id=site.seller_id, site_id=site.unit_id, on=DAY
        )
        store(numbers, [signed(site, site.bill_ids[1], 2), signed(site, site.bill_ids[2], 3)])
        raise SignerBroke
    assert (Invoice.objects.count(), InvoiceDocument.objects.count()) == (1, 1)
    assert InvoiceSymbol.objects.get().next_number == 2
    issue(site, site.bill_ids[3:])
    assert numbers_of("K26TAA") == [1, 2]


@pytest.mark.django_db
def test_numbers_that_skip_repeat_or_run_out_are_refused_and_change_nothing() -> None:
    site = make_site("PX0100", bills=2)
    for wrong in ([2, 3], [1, 1], [1, 3], [2, 1]):
        with pytest.raises(ValueError, match="not consecutive"), transaction.atomic():
            numbers = operations.lock_number_range(
                seller_id=site.seller_id, site_id=site.unit_id, on=DAY
            )
            pairs = zip(site.bill_ids, wrong, strict=True)
            store(numbers, [signed(site, bill_id, number) for bill_id, number in pairs])
    assert Invoice.objects.count() == 0
    issue(site, [])
    InvoiceSymbol.objects.update(next_number=operations.NUMBER_LIMIT)
    with pytest.raises(UnableToIssueInvoices) as refused, transaction.atomic():
        issue(site, site.bill_ids)
    assert refused.value.code == "INV-001"
    assert Invoice.objects.count() == 0
    issue(site, site.bill_ids[:1])
    assert numbers_of("K26TAA") == [99_999_999]


@pytest.mark.django_db
def test_the_date_never_goes_back_against_the_numbers() -> None:
    site = make_site("PX0100", bills=3)
    issue(site, site.bill_ids[:1], date(2026, 7, 14))
    with pytest.raises(UnableToIssueInvoices) as refused:
        issue(site, site.bill_ids[1:], date(2026, 7, 13))
    assert "13/07/2026" in refused.value.message("vi")
    assert "14/07/2026" in refused.value.message("en")
    assert numbers_of("K26TAA") == [1]
    issue(site, site.bill_ids[1:], date(2026, 7, 14))
    assert numbers_of("K26TAA") == [1, 2, 3]


@pytest.mark.django_db
def test_a_new_year_begins_a_new_symbol_at_one() -> None:
    site = make_site("PX0100", bills=3)
    assert issue(site, site.bill_ids[:2], date(2026, 12, 31)) == "K26TAA"
    assert issue(site, site.bill_ids[2:], date(2027, 1, 1)) == "K27TAA"
    assert (numbers_of("K26TAA"), numbers_of("K27TAA")) == ([1, 2], [1])
    # a day of the old year is not before the last one of its own range
    assert issue(site, [], date(2026, 12, 31)) == "K26TAA"


@pytest.mark.django_db
def test_every_site_of_a_seller_has_letters_of_its_own() -> None:
    first = make_site("PX0100", bills=1)
    second = make_site("PX0200", bills=1, seller_id=first.seller_id)
    other_seller = make_site("PX0300", bills=1)
    assert issue(first, first.bill_ids) == "K26TAA"
    assert issue(second, second.bill_ids) == "K26TAB"
    assert issue(other_seller, other_seller.bill_ids) == "K26TAA"
    assert issue(first, []) == "K26TAA"
    assert list(Invoice.objects.values_list("number", flat=True)) == [1, 1, 1]


@pytest.mark.django_db
def test_the_letters_of_a_seller_end_after_400_ranges() -> None:
    site = make_site("PX0100", bills=1)
    letters = operations.SYMBOL_LETTERS
    assert (letters[0], letters[-1], len(letters)) == ("A", "Y", 20)
    assert operations._letter_pair(399, DAY) == "YY"
    with pytest.raises(UnableToIssueInvoices) as refused:
        operations._letter_pair(400, DAY)
    assert "400" in refused.value.message("en")
    InvoiceSymbol.objects.update(is_open=False)
    issue(site, [])
    InvoiceSymbol.objects.update(is_open=False)
    with pytest.raises(UnableToIssueInvoices):
        issue(site, site.bill_ids)
    assert Invoice.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete", "update_dictionary"])
def test_the_database_itself_refuses_to_change_a_document(change: str) -> None:
    site = make_site("PX0100", bills=1)
    issue(site, site.bill_ids)
    made = operations.dictionary_for(
        seller_id=site.seller_id, certificate_der=b"certificate", example=lambda: b"<a/>" * 99,
        at=AT,
    )  # fmt: skip
    before = queries.document(Invoice.objects.get().pk)
    statements = {
        "update": "UPDATE invoicing_invoicedocument SET compressed = ''",
        "delete": "DELETE FROM invoicing_invoicedocument",
        "update_dictionary": "UPDATE invoicing_storagedictionary SET content = ''",
    }
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statements[change])
    assert queries.document(Invoice.objects.get().pk) == before == document_of(1)
    again = operations.dictionary_for(
        seller_id=site.seller_id, certificate_der=b"certificate", example=bytes, at=AT
    )
    assert again == made


@pytest.mark.django_db
def test_bytes_that_do_not_match_their_hash_are_never_given_out() -> None:
    site = make_site("PX0100", bills=1)
    with transaction.atomic():
        numbers = operations.lock_number_range(
            seller_id=site.seller_id, site_id=site.unit_id, on=DAY
        )
        good = signed(site, site.bill_ids[0], 1)
        wrong = SignedInvoice(
            **{name: getattr(good, name) for name in good.__slots__ if name != "compressed"},
            compressed=compress(document_of(2), BUILT_IN),
        )
        store(numbers, [wrong])
    with pytest.raises(UnableToReadInvoice) as refused:
        queries.document(Invoice.objects.get().pk)
    assert refused.value.code == "INV-004"
    assert "K26TAA 1" in refused.value.message("vi")

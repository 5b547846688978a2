"""Reading of invoices and of their exact bytes."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Sum

from cmis.formats.einvoice.storage import FIRST_OWN_VERSION, Dictionary, decompress
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.invoicing.models import (
    Invoice,
    InvoiceDocument,
    InvoiceSymbol,
    StorageDictionary,
)
from cmis.modules.invoicing.types import InvoiceFacts
from cmis.modules.organisation.types import UnitScope


class UnableToReadInvoice(UnableTo):
    code = "INV-004"
    what = Bilingual(
        "Bản lưu của hóa đơn {invoice} không khớp mã băm: dữ liệu đã bị thay đổi hoặc hỏng.",
        "The stored bytes of invoice {invoice} do not match their hash: changed or damaged.",
    )
    next_step = Bilingual(
        "Khôi phục bản ghi từ bản sao lưu và báo người phụ trách an ninh.",
        "Restore the record from a backup and tell the security officer.",
    )


def document(invoice_id: int) -> bytes:
    """The exact signed bytes.

    Raises:
        UnableToReadInvoice: the stored bytes are not those that were signed.
    """
    row = InvoiceDocument.objects.select_related("invoice__symbol").get(pk=invoice_id)
    data = decompress(row.dictionary_version, bytes(row.compressed), _dictionaries())
    if hashlib.sha256(data).hexdigest() != row.invoice.sha256:
        raise UnableToReadInvoice(invoice=f"{row.invoice.symbol.symbol} {row.invoice.number}")
    return data


@dataclass(frozen=True, slots=True)
class Paper:
    """The signed bytes of a bill's invoice with its enquiry code."""

    customer_id: int
    lookup_code: str
    data: bytes


def papers_of_bills(bill_codes: Sequence[str]) -> dict[str, Paper]:
    """Exact bytes of the invoices of many bills, each held against its hash.

    Raises:
        UnableToReadInvoice: some stored bytes are not those that were signed.
    """
    dictionaries = _dictionaries()
    papers: dict[str, Paper] = {}
    for start in range(0, len(bill_codes), 500):
        rows = InvoiceDocument.objects.filter(
            invoice__bill__code__in=bill_codes[start : start + 500]
        ).values_list(
            "invoice__bill__code", "invoice__customer_id", "invoice__lookup_code",
            "invoice__sha256", "dictionary_version", "compressed",
        )  # fmt: skip
        for code, customer_id, lookup_code, sha256, version, compressed in rows:
            data = decompress(version, bytes(compressed), dictionaries)
            if hashlib.sha256(data).hexdigest() != sha256:
                raise UnableToReadInvoice(invoice=code)
            papers[code] = Paper(customer_id, lookup_code, data)
    return papers


def _dictionaries() -> dict[int, Dictionary]:
    return {
        FIRST_OWN_VERSION - 1 + row.pk: Dictionary(
            FIRST_OWN_VERSION - 1 + row.pk, bytes(row.content)
        )
        for row in StorageDictionary.objects.all()
    }


def invoices_of_bills(scope: UnitScope, bill_ids: Sequence[int]) -> dict[int, InvoiceFacts]:
    found = Invoice.objects.filter(bill_id__in=bill_ids, unit_id__in=scope.unit_ids)
    return {facts.bill_id: facts for facts in _facts(found)}


def invoices_of_customer(customer_id: int, *, limit: int = 36) -> list[InvoiceFacts]:
    """Invoices of a customer who asks, newest first."""
    return list(
        _facts(
            Invoice.objects.filter(customer_id=customer_id).order_by(
                "-invoice_date", "-symbol__symbol", "-number"
            )[:limit]
        )
    )


def invoice_of_customer(customer_id: int, bill_code: str) -> InvoiceFacts | None:
    found = Invoice.objects.filter(customer_id=customer_id, bill__code=bill_code)
    return next(_facts(found), None)


def invoice(scope: UnitScope, invoice_id: int) -> InvoiceFacts | None:
    found = Invoice.objects.filter(pk=invoice_id, unit_id__in=scope.unit_ids)
    return next(_facts(found), None)


def invoices(
    scope: UnitScope, *, on: date | None = None, book_code: str = "", limit: int | None = None
) -> list[InvoiceFacts]:
    """Invoices in the order of their numbers, of one day or book if asked."""
    found = Invoice.objects.filter(unit_id__in=scope.unit_ids)
    if on is not None:
        found = found.filter(invoice_date=on)
    if book_code:
        found = found.filter(bill__period__book__code=book_code)
    found = found.order_by("symbol__symbol", "number")
    return list(_facts(found[:limit] if limit else found))


@dataclass(frozen=True, slots=True)
class RangeState:
    """One number range held against the invoices stored under it."""

    symbol: str
    next_number: int
    invoice_count: int
    first_number: int | None
    last_number: int | None

    @property
    def has_gap(self) -> bool:
        return self.invoice_count != self.next_number - 1


def number_ranges(scope: UnitScope) -> list[RangeState]:
    """Every range of the scope with its count; a gap is an alarm."""
    rows = (
        InvoiceSymbol.objects.filter(site_id__in=scope.unit_ids)
        .annotate(count=Count("invoice"), low=Min("invoice__number"), high=Max("invoice__number"))
        .order_by("symbol", "id")
    )
    return [RangeState(row.symbol, row.next_number, row.count, row.low, row.high) for row in rows]


def _facts(found: Iterable[Any]) -> Iterator[InvoiceFacts]:
    for one in found.select_related("symbol", "bill"):  # type: ignore[attr-defined]
        yield InvoiceFacts(
            id=one.pk,
            bill_id=one.bill_id,
            bill_code=one.bill.code,
            form=one.symbol.form,
            symbol=one.symbol.symbol,
            number=one.number,
            unit_id=one.unit_id,
            customer_id=one.customer_id,
            invoice_date=one.invoice_date,
            due_date=one.due_date,
            net_vnd=one.net_vnd,
            vat_vnd=one.vat_vnd,
            total_vnd=one.total_vnd,
            lookup_code=one.lookup_code,
            sha256=one.sha256,
            signed_at=one.signed_at,
        )


@dataclass(frozen=True, slots=True)
class DaySums:
    count: int
    net_vnd: int
    vat_vnd: int
    total_vnd: int


def sums_of_day(scope: UnitScope, on: date) -> DaySums:
    """Count and sums of the invoices of one date."""
    found = Invoice.objects.filter(unit_id__in=scope.unit_ids, invoice_date=on).aggregate(
        count=Count("id"), net=Sum("net_vnd"), vat=Sum("vat_vnd"), total=Sum("total_vnd")
    )
    return DaySums(found["count"], found["net"] or 0, found["vat"] or 0, found["total"] or 0)

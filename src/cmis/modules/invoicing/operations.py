"""Writing of invoices: number ranges, signed bytes. The issue of invoices is a journey."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction

from cmis.engine.bulk import insert_rows, reserve_ids
from cmis.formats.einvoice.storage import (
    BUILT_IN,
    FIRST_OWN_VERSION,
    Dictionary,
    dictionary_from,
)
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.invoicing.models import (
    Invoice,
    InvoiceDocument,
    InvoiceSymbol,
    StorageDictionary,
)
from cmis.modules.invoicing.types import NumberRange, SignedInvoice

#: Letters a symbol may use (BILL-13).
SYMBOL_LETTERS = "ABCDEGHKLMNPQRSTUVXY"
#: Form 1 = VAT invoice; K = without the authority's code; T = ordinary (domain: einvoice §3).
FORM = "1"
NUMBER_LIMIT = 99_999_999


class UnableToIssueInvoices(UnableTo):
    code = "INV-001"
    what = Bilingual(
        "Không phát hành được hóa đơn ký hiệu {symbol}: {why_vi}.",
        "Invoices of symbol {symbol} cannot be issued: {why_en}.",
    )
    next_step = Bilingual("{step_vi}", "{step_en}")


def lock_number_range(*, seller_id: int, site_id: int, on: date) -> NumberRange:
    """Lock the number range of an issuing site for the rest of the transaction.

    The range of a new year is opened on its first use, with the next free pair of letters of the
    seller. Must run inside a transaction: the row lock is what keeps numbers gap-free.

    Raises:
        UnableToIssueInvoices: the date would go backwards against the numbers, the range is used
            up or closed, or the seller has used all 400 pairs of letters.
    """
    symbol = _open_symbol(seller_id=seller_id, site_id=site_id, on=on)
    locked = InvoiceSymbol.objects.select_for_update().get(pk=symbol.pk)
    if locked.last_invoice_date is not None and on < locked.last_invoice_date:
        last = f"{locked.last_invoice_date:%d/%m/%Y}"
        raise UnableToIssueInvoices(
            symbol=locked.symbol,
            why_vi=f"ngày {on:%d/%m/%Y} sớm hơn hóa đơn trước ({last})",
            why_en=f"{on:%d/%m/%Y} is before the last invoice ({last})",
            step_vi="Chạy lại với ngày không sớm hơn ngày đó.",
            step_en="Run again with a date not before that day.",
        )
    if not locked.is_open:
        raise UnableToIssueInvoices(
            symbol=locked.symbol,
            why_vi="dải số đã đóng",
            why_en="the number range is closed",
            step_vi="Mở dải số mới cho đơn vị.",
            step_en="Open a new number range for the unit.",
        )
    return NumberRange(locked.pk, locked.seller_id, locked.form, locked.symbol, locked.next_number)


def _open_symbol(*, seller_id: int, site_id: int, on: date) -> InvoiceSymbol:
    wanted = {"site_id": site_id, "form": FORM, "year": on.year}
    for _ in range(5):
        found = InvoiceSymbol.objects.filter(**wanted).first()
        if found is not None:
            return found
        used = InvoiceSymbol.objects.filter(seller_id=seller_id, form=FORM, year=on.year).count()
        letters = _letter_pair(used, on)
        try:
            with transaction.atomic():
                return InvoiceSymbol.objects.create(
                    seller_id=seller_id, symbol=f"K{on:%y}T{letters}", **wanted
                )
        except IntegrityError:
            continue  # another worker opened one at the same moment: look again
    raise UnableToIssueInvoices(
        symbol="?",
        why_vi="nhiều tiến trình cùng mở dải số",
        why_en="several workers open number ranges at once",
        step_vi="Chạy lại lệnh.",
        step_en="Run the command again.",
    )


def _letter_pair(index: int, on: date) -> str:
    base = len(SYMBOL_LETTERS)
    if index >= base * base:
        raise UnableToIssueInvoices(
            symbol=f"K{on:%y}T??",
            why_vi="đã dùng hết 400 cặp chữ cái của năm",
            why_en="all 400 pairs of letters of the year are used",
            step_vi="Đóng các dải số không dùng hoặc thêm người bán.",
            step_en="Close unused ranges or register another seller.",
        )
    return SYMBOL_LETTERS[index // base] + SYMBOL_LETTERS[index % base]


def store_signed(
    numbers: NumberRange,
    invoices: Sequence[SignedInvoice],
    *,
    invoice_date: date,
    due_date: date,
    format_version: str,
    signed_at: datetime,
) -> None:
    """Store signed invoices and move the counter, all inside the caller's transaction.

    The invoices must carry exactly the numbers that follow ``numbers.next_number``, in order.

    Raises:
        ValueError: a number is skipped or doubled: a broken promise of the caller.
        UnableToIssueInvoices: the range would pass eight digits.
    """
    expected = range(numbers.next_number, numbers.next_number + len(invoices))
    if [invoice.number for invoice in invoices] != list(expected):
        raise ValueError(f"numbers of {numbers.symbol} are not consecutive")
    if expected.stop - 1 > NUMBER_LIMIT:
        raise UnableToIssueInvoices(
            symbol=numbers.symbol,
            why_vi="số hóa đơn vượt 8 chữ số",
            why_en="the number would pass eight digits",
            step_vi="Mở dải số mới cho đơn vị.",
            step_en="Open a new number range for the unit.",
        )
    ids = reserve_ids(connection, Invoice._meta.db_table, len(invoices))
    insert_rows(
        connection,
        Invoice._meta.db_table,
        (
            "id", "bill_id", "symbol_id", "number", "unit_id", "customer_id", "invoice_date",
            "due_date", "net_vnd", "vat_vnd", "total_vnd", "lookup_code", "sha256",
            "format_version", "signed_at",
        ),
        (
            (
                invoice_id, one.bill_id, numbers.symbol_id, one.number, one.unit_id,
                one.customer_id, invoice_date, due_date, one.net_vnd, one.vat_vnd, one.total_vnd,
                one.lookup_code, one.sha256, format_version, signed_at,
            )
            for invoice_id, one in zip(ids, invoices, strict=True)
        ),
    )  # fmt: skip
    insert_rows(
        connection,
        InvoiceDocument._meta.db_table,
        ("invoice_id", "dictionary_version", "compressed"),
        (
            (invoice_id, one.dictionary_version, one.compressed)
            for invoice_id, one in zip(ids, invoices, strict=True)
        ),
    )
    InvoiceSymbol.objects.filter(pk=numbers.symbol_id).update(
        next_number=expected.stop, last_invoice_date=invoice_date
    )


def known_dictionary(certificate_der: bytes) -> Dictionary:
    """The own compression dictionary of a certificate, or the packaged one while there is none."""
    mark = hashlib.sha256(certificate_der).hexdigest()
    found = StorageDictionary.objects.filter(certificate_sha256=mark).first()
    if found is None:
        return BUILT_IN
    return Dictionary(FIRST_OWN_VERSION - 1 + found.pk, bytes(found.content))


def dictionary_for(
    *, seller_id: int, certificate_der: bytes, example: Callable[[], bytes], at: datetime
) -> Dictionary:
    """The seller's own compression dictionary for this certificate, made on first use.

    Args:
        example: gives one signed invoice of this seller; called only when there is none yet.
    """
    mark = hashlib.sha256(certificate_der).hexdigest()
    found, _ = StorageDictionary.objects.get_or_create(
        certificate_sha256=mark,
        defaults={
            "seller_id": seller_id,
            "content": lambda: dictionary_from(example(), version=FIRST_OWN_VERSION).content,
            "made_at": at,
        },
    )
    return Dictionary(FIRST_OWN_VERSION - 1 + found.pk, bytes(found.content))

"""From rated bills to signed invoice bytes: pure work for a pool of processes.

The parent holds the number range and the transaction; a worker turns a chunk of plain values into
signed, compressed bytes. Nothing here reads a clock or a database.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from cmis.engine.line_names import line_name, purpose_text
from cmis.formats.einvoice.content import (
    Buyer,
    InvoiceContent,
    InvoiceLine,
    MeterReading,
    Quantity,
    Seller,
    VatGroup,
)
from cmis.formats.einvoice.payment_code import with_payment_code
from cmis.formats.einvoice.signer import Signer
from cmis.formats.einvoice.signing import SignedInvoice, invoice_bytes, sign_all
from cmis.formats.einvoice.storage import Dictionary
from cmis.formats.payments.vietqr import PaymentAccount
from cmis.kernel.period import Period
from cmis.rules.rating.case import shares_and_households


class BillToSign(Protocol):
    """What is read of a bill (``modules.billing.types.BillToIssue`` fits)."""

    bill_id: int
    bill_code: str
    book_code: str
    unit_id: int
    customer_id: int
    customer_code: str
    point_code: str
    year: int
    month: int
    cycle: int
    first_day: date
    last_day: date
    net_vnd: int
    vat_percent: str
    vat_vnd: int
    total_vnd: int
    case: str
    readings: list[dict[str, str]]
    lines: tuple[tuple[str, str, str, Decimal, int, int], ...]


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    name: str
    address: str
    tax_code: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """What all invoices of a chunk share. ``open_signer`` runs in the worker; ``signed_at`` is an
    aware time."""

    seller: Seller
    account: PaymentAccount | None
    form: str
    symbol: str
    format_version: str
    invoice_date: date
    due_date: date
    signed_at: datetime
    open_signer: Callable[[], Signer]
    dictionary: Dictionary


@dataclass(frozen=True, slots=True)
class NumberedInvoice:
    """One signed invoice with its place: bill, number, enquiry code."""

    bill_id: int
    number: int
    lookup_code: str
    signed: SignedInvoice


@dataclass(frozen=True, slots=True)
class Chunk:
    order: IssueOrder
    first_number: int
    bills: Sequence[BillToSign]
    buyers: Sequence[BuyerFacts]


def sign_chunk(chunk: Chunk) -> list[NumberedInvoice]:
    """Sign a chunk in order: the first bill gets ``first_number``, the next the one after."""
    order = chunk.order
    contents = [
        invoice_content(order, bill, buyer, chunk.first_number + offset)
        for offset, (bill, buyer) in enumerate(zip(chunk.bills, chunk.buyers, strict=True))
    ]
    signed = sign_all(contents, order.open_signer(), order.signed_at, order.dictionary)
    return [
        NumberedInvoice(bill.bill_id, content.number, lookup_code(one.sha256), one)
        for bill, content, one in zip(chunk.bills, contents, signed, strict=True)
    ]


def example_invoice(chunk: Chunk) -> bytes:
    """The first invoice of a chunk, signed: what an own compression dictionary is made of."""
    order = chunk.order
    content = invoice_content(order, chunk.bills[0], chunk.buyers[0], chunk.first_number)
    return invoice_bytes(content, order.open_signer(), order.signed_at)


def lookup_code(sha256_hex: str) -> str:
    """The enquiry code on paper and PDF: 12 letters and digits made of the document's hash."""
    return base64.b32encode(bytes.fromhex(sha256_hex)[:10]).decode()[:12]


def invoice_content(
    order: IssueOrder, bill: BillToSign, buyer: BuyerFacts, number: int
) -> InvoiceContent:
    """Everything the invoice of one bill says."""
    shares, households = shares_and_households(bill.case)
    vat_code = f"{bill.vat_percent}%"
    content = InvoiceContent(
        form=order.form,
        symbol=order.symbol,
        number=number,
        invoice_date=order.invoice_date,
        seller=order.seller,
        buyer=Buyer(
            name=buyer.name,
            address=buyer.address,
            customer_code=bill.customer_code,
            tax_code=buyer.tax_code,
        ),
        lines=tuple(_line(line, vat_code) for line in bill.lines),
        vat_groups=(VatGroup(vat_code, bill.net_vnd, bill.vat_vnd),),
        net_vnd=bill.net_vnd,
        vat_vnd=bill.vat_vnd,
        total_vnd=bill.total_vnd,
        format_version=order.format_version,
        period_label=f"Kỳ {bill.cycle} - {bill.month}/{bill.year}",
        period=Period(bill.first_day, date.fromordinal(bill.last_day.toordinal() + 1)),
        book_code=bill.book_code,
        bill_code=bill.bill_code,
        purpose=purpose_text(shares),
        households=_households(households),
        due_date=order.due_date,
        readings=tuple(
            MeterReading(
                point_code=bill.point_code,
                meter_serial=row["serial"],
                register=row["register"],
                previous=_plain(Decimal(row["previous"])),
                current=_plain(Decimal(row["current"])),
                multiplier=_plain(Decimal(row["multiplier"])),
                energy_kwh=_plain(Decimal(row["kwh"])),
                mark=row.get("mark", ""),
            )
            for row in bill.readings
        ),
        provider_tax_code=order.seller.tax_code,
    )
    if order.account is None or bill.total_vnd <= 0:
        return content
    return with_payment_code(content, order.account)


def _line(line: tuple[str, str, str, Decimal, int, int], vat_code: str) -> InvoiceLine:
    """A bill line on the invoice. The reactive charge is a surcharge on money: it has neither a
    quantity nor a price, and quantity × price = amount must hold for every line that has them."""
    label, item_code, _, kwh, price, amount = line
    is_charge = not kwh and not price
    return InvoiceLine(
        name=line_name(item_code, label),
        code=f"{item_code}-{label}",
        unit="" if is_charge else "kWh",
        quantity=None if is_charge else _plain(kwh),
        unit_price_vnd=None if is_charge else price,
        amount_vnd=amount,
        vat_code=vat_code,
    )


def _plain(value: Decimal | int) -> Quantity:
    """Whole numbers as ``int``, decimals without trailing zeros."""
    if isinstance(value, int) or value == value.to_integral_value():
        return int(value)
    return value.normalize()


def _households(count: Fraction) -> Quantity:
    return _plain(Decimal(count.numerator) / Decimal(count.denominator))

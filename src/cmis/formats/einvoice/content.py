"""What an electricity invoice says, in our own words; the tax tags live in ``versions.yaml``.

Money is ``int`` đồng. Quantities and indices are ``int`` or ``Decimal``. Text left empty and
numbers or dates left ``None`` are not written (format rule: an optional element without value is
left out).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum

from cmis.kernel.amount_words import amount_in_words
from cmis.kernel.period import Period

Quantity = int | Decimal
#: Further values by English field name, for tags that a later format version adds as data.
Extra = tuple[tuple[str, str], ...]


class LineNature(IntEnum):
    """Nature of an invoice line (format tables, TChat)."""

    GOODS = 1
    PROMOTION = 2
    DISCOUNT = 3
    NOTE = 4  # words only, carries no amount and no VAT
    SPECIAL = 5


class Relation(IntEnum):
    """What a correcting invoice does to the one it points at (format tables, TCHDon)."""

    REPLACES = 1
    ADJUSTS = 2


@dataclass(frozen=True, slots=True)
class Seller:
    """The electricity company; ``unit_*`` is the district unit that serves the customer."""

    name: str
    tax_code: str
    address: str
    unit_code: str = ""
    unit_name: str = ""
    phone: str = ""
    email: str = ""
    bank_account: str = ""
    bank_name: str = ""
    fax: str = ""
    website: str = ""
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class Buyer:
    name: str
    address: str = ""
    customer_code: str = ""
    tax_code: str = ""
    budget_code: str = ""
    phone: str = ""
    citizen_id: str = ""
    passport: str = ""
    email: str = ""
    contact_name: str = ""
    bank_account: str = ""
    bank_name: str = ""
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line. ``unit_price_vnd`` may be absent when a list (bảng kê) is attached."""

    name: str
    code: str = ""
    unit: str = "kWh"
    quantity: Quantity | None = None
    unit_price_vnd: Quantity | None = None
    amount_vnd: int | None = None
    vat_code: str = ""
    nature: LineNature = LineNature.GOODS
    extra: Extra = ()


@dataclass(frozen=True, slots=True)
class VatGroup:
    """Total before tax and tax of one VAT code (``8%``, ``KCT`` …)."""

    vat_code: str
    net_vnd: int
    vat_vnd: int | None


@dataclass(frozen=True, slots=True)
class MeterReading:
    """One register of one meter in the period; a replaced meter gives two lines (BILL-09).

    ``mark`` tells what is unusual about it, in words for the customer: estimated, customer
    reported, rolled over, meter replaced.
    """

    point_code: str
    meter_serial: str
    register: str
    previous: Quantity
    current: Quantity
    multiplier: Quantity
    energy_kwh: Quantity
    mark: str = ""


@dataclass(frozen=True, slots=True)
class RelatedInvoice:
    """The invoice that this one replaces or adjusts. ``kind`` 1 = issued in the current regime."""

    relation: Relation
    form: str
    symbol: str
    number: int
    invoice_date: date
    note: str
    kind: int = 1


@dataclass(frozen=True, slots=True)
class InvoiceContent:
    """Everything an invoice says before it is signed.

    ``period`` is half-open; the document shows its last day. ``qr_payload`` is the payment code
    (:func:`cmis.formats.einvoice.payment_code.with_payment_code`), empty when nothing is payable.
    """

    form: str
    symbol: str
    number: int
    invoice_date: date
    seller: Seller
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    vat_groups: tuple[VatGroup, ...]
    net_vnd: int
    vat_vnd: int
    total_vnd: int
    format_version: str
    period_label: str = ""
    period: Period | None = None
    book_code: str = ""
    bill_code: str = ""
    purpose: str = ""
    households: Quantity | None = None
    due_date: date | None = None
    readings: tuple[MeterReading, ...] = ()
    related: RelatedInvoice | None = None
    reason: str = ""
    request_code: str = ""
    list_number: str = ""
    list_date: date | None = None
    payment_method: str = "TM/CK"
    title: str = "Hóa đơn giá trị gia tăng"
    provider_tax_code: str = ""
    qr_payload: str = ""
    extra: Extra = ()

    @property
    def document_id(self) -> str:
        """The Id that the seller's signature points at; unique for one seller."""
        form = "" if self.form == "1" else self.form
        return f"HD-{form}{self.symbol}-{self.number:08d}"

    @property
    def signature_id(self) -> str:
        """Holds the symbol too, so that several invoices in one message never share an Id."""
        form = "" if self.form == "1" else self.form
        return f"NBan-{form}{self.symbol}-{self.number:08d}"

    @property
    def first_day(self) -> date | None:
        return self.period.start if self.period else None

    @property
    def last_day(self) -> date | None:
        return self.period.last_day if self.period else None

    @property
    def days(self) -> int | None:
        return self.period.days if self.period else None

    @property
    def total_words(self) -> str:
        return amount_in_words(self.total_vnd)

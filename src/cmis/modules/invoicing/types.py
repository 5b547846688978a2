"""Frozen values the invoicing module returns."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class NumberRange:
    """A locked number range: the next free number of one symbol, held until the commit."""

    symbol_id: int
    seller_id: int
    form: str
    symbol: str
    next_number: int


@dataclass(frozen=True, slots=True)
class SignedInvoice:
    """One signed invoice as it goes into the store."""

    bill_id: int
    unit_id: int
    customer_id: int
    number: int
    net_vnd: int
    vat_vnd: int
    total_vnd: int
    lookup_code: str
    sha256: str
    dictionary_version: int
    compressed: bytes


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What lists and pages show of an invoice."""

    id: int
    bill_id: int
    bill_code: str
    form: str
    symbol: str
    number: int
    unit_id: int
    customer_id: int
    invoice_date: date
    due_date: date
    net_vnd: int
    vat_vnd: int
    total_vnd: int
    lookup_code: str
    sha256: str
    signed_at: datetime

    @property
    def full_number(self) -> str:
        """``1K26TAA 41``: form, symbol and number as people quote it."""
        return f"{self.form}{self.symbol} {self.number}"

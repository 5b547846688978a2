"""The one model of a bill notice; every renderer says what stands here and nothing else.

Contents after the notices in use (domain: readings §16, einvoice §10). A notice is not a payment
document and says so.
"""

from dataclasses import dataclass
from datetime import date

from cmis.formats.einvoice.content import InvoiceContent, LineNature, MeterReading, Quantity
from cmis.kernel.amount_words import amount_in_words
from cmis.kernel.errors import Bilingual
from cmis.kernel.period import Period

NOT_A_PAYMENT_DOCUMENT = Bilingual(
    "Thông báo này không có giá trị thanh toán.", "This notice is not a payment document."
)
TITLE = Bilingual("THÔNG BÁO TIỀN ĐIỆN", "ELECTRICITY BILL NOTICE")
PROVISIONAL_TITLE = Bilingual(
    "THÔNG BÁO CHỈ SỐ VÀ TẠM TÍNH TIỀN ĐIỆN", "NOTICE OF READING AND PROVISIONAL AMOUNT"
)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """Energy, price and amount of one tier, time segment or charge."""

    label: Bilingual
    quantity: Quantity | None
    unit: str
    unit_price_vnd: Quantity | None
    amount_vnd: int | None


@dataclass(frozen=True, slots=True)
class BillNotice:
    """What a customer is told about a bill.

    ``is_final`` is false while the amount is provisional (told by the reader at the door): such a
    notice never carries a payment code. ``vat_label`` is the rate as it is shown, ``8%``.
    """

    company_name: str
    unit_name: str
    unit_phone: str
    tax_code: str
    customer_name: str
    customer_address: str
    customer_code: str
    period_label: str
    period: Period | None
    readings: tuple[MeterReading, ...]
    lines: tuple[NoticeLine, ...]
    energy_kwh: Quantity
    net_vnd: int
    vat_label: str
    vat_vnd: int
    total_vnd: int
    due_date: date | None = None
    issued_on: date | None = None
    qr_payload: str = ""
    is_final: bool = True
    book_code: str = ""
    purpose: str = ""
    households: Quantity | None = None
    reader_name: str = ""
    invoice_symbol: str = ""
    invoice_number: int | None = None
    lookup_code: str = ""

    @property
    def title(self) -> Bilingual:
        return TITLE if self.is_final else PROVISIONAL_TITLE

    @property
    def total_words(self) -> str:
        return amount_in_words(self.total_vnd)

    @property
    def payment_code(self) -> str:
        """The QR text, only when the amount is final and there is something to pay."""
        return self.qr_payload if self.is_final and self.total_vnd > 0 else ""

    @property
    def marks(self) -> tuple[str, ...]:
        """What is unusual about the readings, each once: estimated, meter replaced …"""
        return tuple(dict.fromkeys(reading.mark for reading in self.readings if reading.mark))


def two_languages(name: str) -> Bilingual:
    """``Điện sinh hoạt bậc 1 (Household electricity, tier 1)`` as its two halves.

    Foreign words stand in brackets to the right (NĐ 254/2026, annex); a name without them serves
    both languages.
    """
    if name.endswith(")") and " (" in name:
        vi, _, en = name[:-1].partition(" (")
        if vi and en:
            return Bilingual(_plain(vi), _plain(en))
    return Bilingual(_plain(name), _plain(name))


def _plain(text: str) -> str:
    """Braces in data are braces, not places to fill."""
    return text.replace("{", "{{").replace("}", "}}")


def notice_of(content: InvoiceContent, *, lookup_code: str = "") -> BillNotice:
    """The notice that goes out beside an invoice."""
    goods = [line for line in content.lines if line.nature is not LineNature.NOTE]
    energy = sum(
        (line.quantity for line in goods if line.unit == "kWh" and line.quantity is not None), 0
    )
    return BillNotice(
        company_name=content.seller.name,
        unit_name=content.seller.unit_name,
        unit_phone=content.seller.phone,
        tax_code=content.seller.tax_code,
        customer_name=content.buyer.name,
        customer_address=content.buyer.address,
        customer_code=content.buyer.customer_code,
        period_label=content.period_label,
        period=content.period,
        readings=content.readings,
        lines=tuple(
            NoticeLine(
                two_languages(line.name),
                line.quantity,
                line.unit,
                line.unit_price_vnd,
                line.amount_vnd,
            )
            for line in goods
        ),
        energy_kwh=energy,
        net_vnd=content.net_vnd,
        vat_label=", ".join(group.vat_code for group in content.vat_groups),
        vat_vnd=content.vat_vnd,
        total_vnd=content.total_vnd,
        due_date=content.due_date,
        issued_on=content.invoice_date,
        qr_payload=content.qr_payload,
        book_code=content.book_code,
        purpose=content.purpose,
        households=content.households,
        invoice_symbol=content.form + content.symbol,
        invoice_number=content.number,
        lookup_code=lookup_code,
    )

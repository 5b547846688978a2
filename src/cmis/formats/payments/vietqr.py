"""VietQR payment codes (NAPAS specification 1.0, Sep 2021) with the invoice tag of QĐ 1450.

Payloads are ASCII: diacritics are dropped from names and purposes, and every field is cut to its
own length before assembly. The assembled text is never cut.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cmis.formats.payments.tlv import (
    BrokenPayload,
    field,
    parse_fields,
    parse_payload,
    with_checksum,
)
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.text import tidy, without_diacritics

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
TO_CARD = "QRIBFTTC"
ADDITIONAL_LIMIT = 99
ADDITIONAL_FIELD_LIMIT = 25


class UnableToMakePaymentCode(UnableTo):
    """A payment code would not be payable."""

    code = "QR-001"
    what = Bilingual(
        "Không lập được mã QR thanh toán: {problem_vi}.",
        "The payment QR code cannot be made: {problem_en}.",
    )
    next_step = Bilingual(
        "Kiểm tra số tiền và tài khoản thu của đơn vị.",
        "Check the amount and the unit's collection account.",
    )


@dataclass(frozen=True, slots=True)
class PaymentAccount:
    """Where the money goes: bank (BIN, six digits) and account or card number."""

    bank_bin: str
    number: str
    merchant_name: str = ""
    city: str = ""
    is_card: bool = False


@dataclass(frozen=True, slots=True)
class InvoiceReference:
    """Tag 99: the invoice that the payment is for (QĐ 1450)."""

    seller_tax_code: str
    form: str
    symbol: str
    number: int
    invoice_date: date
    total_vnd: int


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """A parsed code. ``amount_vnd`` is ``None`` in a static code without amount."""

    account: PaymentAccount
    amount_vnd: int | None
    bill_number: str
    customer_code: str
    purpose: str
    invoice: InvoiceReference | None


@lru_cache(maxsize=4096)
def plain(text: str, limit: int) -> str:
    """ASCII without diacritics, at most ``limit`` characters, no blanks at the ends."""
    folded = without_diacritics(tidy(text)).encode("ascii", "ignore").decode("ascii")
    printable = "".join(letter for letter in folded if " " <= letter <= "~")
    return printable.strip()[:limit].strip()


@lru_cache(maxsize=256)
def _account_fields(account: PaymentAccount) -> tuple[str, str]:
    """Tag 38 (where to) and tags 59, 60 (to whom), the same in every code of an account."""
    number = account.number
    if not (len(account.bank_bin) == 6 and account.bank_bin.isdigit()):
        raise UnableToMakePaymentCode(
            problem_vi="mã ngân hàng phải gồm 6 chữ số", problem_en="a bank BIN has six digits"
        )
    if not (1 <= len(number) <= 19 and number.isascii() and number.isalnum()):
        raise UnableToMakePaymentCode(
            problem_vi="số tài khoản phải gồm 1 đến 19 chữ hoặc số",
            problem_en="an account number has 1 to 19 letters or digits",
        )
    beneficiary = field("00", account.bank_bin) + field("01", number)
    service = TO_CARD if account.is_card else TO_ACCOUNT
    target = field("38", field("00", NAPAS) + field("01", beneficiary) + field("02", service))
    merchant = field("59", plain(account.merchant_name, 25)) + field("60", plain(account.city, 15))
    return target, merchant


def _additional(bill_number: str, customer_code: str, purpose: str) -> str:
    """Tag 62: numbers are kept whole before the purpose, which takes what room is left."""
    limit = ADDITIONAL_FIELD_LIMIT
    text = field("01", plain(bill_number, limit)) + field("06", plain(customer_code, limit))
    room = min(limit, ADDITIONAL_LIMIT - len(text) - 4)
    return field("62", text + field("08", plain(purpose, room)))


def payment_payload(
    account: PaymentAccount,
    *,
    amount_vnd: int | None = None,
    bill_number: str = "",
    customer_code: str = "",
    purpose: str = "",
    invoice: InvoiceReference | None = None,
) -> str:
    """The text of a QR code: static without ``amount_vnd``, dynamic with it.

    Raises:
        UnableToMakePaymentCode: the amount is not positive or too long, or the account is not one.
    """
    amount = ""
    if amount_vnd is not None:
        amount = str(amount_vnd)
        if amount_vnd <= 0 or len(amount) > 13:
            raise UnableToMakePaymentCode(
                problem_vi="số tiền phải lớn hơn 0 và không quá 13 chữ số",
                problem_en="the amount must be above zero and of at most 13 digits",
            )
    target, merchant = _account_fields(account)
    return with_checksum(
        "".join(
            (
                "000201",
                "010212" if amount else "010211",
                target,
                "5303704",
                field("54", amount),
                "5802VN",
                merchant,
                _additional(bill_number, customer_code, purpose),
                _invoice_field(invoice) if invoice else "",
            )
        )
    )


def _invoice_field(invoice: InvoiceReference) -> str:
    return field(
        "99",
        "".join(
            (
                field("00", NAPAS),
                field("01", invoice.seller_tax_code),
                field("02", invoice.form),
                field("03", invoice.symbol),
                field("04", str(invoice.number)),
                field("05", invoice.invoice_date.isoformat().replace("-", "")),
                field("06", str(invoice.total_vnd)),
            )
        ),
    )


def parse_payment_code(text: str) -> PaymentCode:
    """Read a VietQR payload back, checksum and all.

    Raises:
        BrokenPayload: malformed, wrong checksum, or not a VietQR transfer.
    """
    fields = dict(parse_payload(text))
    if fields.get("00") != "01" or fields.get("53") != "704" or fields.get("58") != "VN":
        raise BrokenPayload("not a payment in đồng in Viet Nam")
    target = dict(parse_fields(fields.get("38", "")))
    if target.get("00") != NAPAS or target.get("02") not in (TO_ACCOUNT, TO_CARD):
        raise BrokenPayload("not a NAPAS transfer")
    beneficiary = dict(parse_fields(target.get("01", "")))
    more = dict(parse_fields(fields.get("62", "")))
    amount = fields.get("54")
    if (amount is None) != (fields.get("01") == "11"):
        raise BrokenPayload("static and dynamic do not agree with the amount")
    return PaymentCode(
        account=PaymentAccount(
            bank_bin=beneficiary.get("00", ""),
            number=beneficiary.get("01", ""),
            merchant_name=fields.get("59", ""),
            city=fields.get("60", ""),
            is_card=target["02"] == TO_CARD,
        ),
        amount_vnd=None if amount is None else _digits(amount),
        bill_number=more.get("01", ""),
        customer_code=more.get("06", ""),
        purpose=more.get("08", ""),
        invoice=_invoice_reference(fields["99"]) if "99" in fields else None,
    )


def _invoice_reference(text: str) -> InvoiceReference:
    fields: Mapping[str, str] = dict(parse_fields(text))
    missing = [tag for tag in ("01", "02", "03", "04", "05", "06") if tag not in fields]
    if missing:
        raise BrokenPayload(f"tag 99 lacks {', '.join(missing)}")
    day = fields["05"]
    if len(day) != 8 or not day.isdigit():
        raise BrokenPayload("tag 99: the date is not YYYYMMDD")
    try:
        invoice_date = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError as error:
        raise BrokenPayload("tag 99: no such day") from error
    return InvoiceReference(
        seller_tax_code=fields["01"],
        form=fields["02"],
        symbol=fields["03"],
        number=_digits(fields["04"]),
        invoice_date=invoice_date,
        total_vnd=_digits(fields["06"]),
    )


def _digits(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BrokenPayload("an amount or number is not written in digits")
    return int(text)

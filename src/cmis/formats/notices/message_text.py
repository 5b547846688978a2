"""The notice as SMS and e-mail text, in Vietnamese and English."""

from dataclasses import dataclass
from enum import StrEnum

from cmis.formats.notices.figures import shown_date, shown_number
from cmis.formats.notices.notice import NOT_A_PAYMENT_DOCUMENT, BillNotice
from cmis.kernel.text import without_diacritics

#: 3GPP TS 23.038, default alphabet: letters of one septet, and those of two.
_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("\f^{}\\[~]|€")


class SmsEncoding(StrEnum):
    GSM = "GSM-7"
    UCS2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class SmsText:
    """A text, how it must be coded, and how many parts the operator bills."""

    text: str
    encoding: SmsEncoding
    parts: int


@dataclass(frozen=True, slots=True)
class EmailText:
    subject: str
    body: str


def sms_size(text: str) -> tuple[SmsEncoding, int]:
    """Coding and number of parts: 160 letters, or 153 in each of several; 70 or 67 in UCS-2."""
    if all(letter in _GSM_BASIC or letter in _GSM_EXTENDED for letter in text):
        return SmsEncoding.GSM, _gsm_parts(text)
    units = [len(letter.encode("utf-16-be")) // 2 for letter in text]
    return SmsEncoding.UCS2, _packed(units, whole=70, each=67)


def _gsm_parts(text: str) -> int:
    return _packed([2 if letter in _GSM_EXTENDED else 1 for letter in text], whole=160, each=153)


def _packed(units: list[int], *, whole: int, each: int) -> int:
    """Parts needed when no letter may be split between two parts."""
    if sum(units) <= whole:
        return 1
    parts, used = 1, 0
    for unit in units:
        if used + unit > each:
            parts, used = parts + 1, 0
        used += unit
    return parts


def sms_text(notice: BillNotice, language: str = "vi", *, with_diacritics: bool = False) -> SmsText:
    """A short message; without diacritics it is coded in the cheap alphabet."""
    text = _sms_en(notice) if language == "en" else _sms_vi(notice)
    if not with_diacritics:
        text = "".join(
            letter if letter in _GSM_BASIC else "?" for letter in without_diacritics(text)
        )
    encoding, parts = sms_size(text)
    return SmsText(text, encoding, parts)


def _sms_vi(notice: BillNotice) -> str:
    kind = "Tiền điện" if notice.is_final else "Tạm tính tiền điện"
    sentences = [
        f"{notice.unit_name or notice.company_name} TB: KH {notice.customer_code}"
        f" {notice.period_label}: {shown_number(notice.energy_kwh)} kWh,"
        f" {kind.lower()} {shown_number(notice.total_vnd)} đ."
    ]
    if notice.marks:
        sentences.append(f"Chỉ số: {', '.join(notice.marks).lower()}.")
    if notice.is_final and notice.due_date and notice.total_vnd > 0:
        sentences.append(f"Hạn thanh toán {shown_date(notice.due_date)}.")
    if notice.unit_phone:
        sentences.append(f"ĐT {notice.unit_phone}.")
    return " ".join(sentences)


def _sms_en(notice: BillNotice) -> str:
    kind = "electricity bill" if notice.is_final else "provisional electricity amount"
    sentences = [
        f"{notice.unit_name or notice.company_name}: customer {notice.customer_code},"
        f" {shown_number(notice.energy_kwh, ',')} kWh,"
        f" {kind} VND {shown_number(notice.total_vnd, ',')}."
    ]
    if notice.is_final and notice.due_date and notice.total_vnd > 0:
        sentences.append(f"Due {shown_date(notice.due_date, 'en')}.")
    if notice.unit_phone:
        sentences.append(f"Tel {notice.unit_phone}.")
    return " ".join(sentences)


def email_text(notice: BillNotice, language: str = "vi", *, portal_url: str = "") -> EmailText:
    """Subject (one line) and plain body.

    Args:
        portal_url: where the customer sees bill and readings; left out when empty.
    """
    words = _ENGLISH if language == "en" else _VIETNAMESE
    mark = "," if language == "en" else "."
    subject = (
        f"{words['subject']} {_period(notice, language)}"
        f" - {notice.customer_code}: {shown_number(notice.total_vnd, mark)} {words['currency']}"
    )
    parts = [
        [words["greeting"].format(name=notice.customer_name)],
        [words["opening"].format(company=notice.company_name)],
        _facts(notice, words, mark, language),
        _lines(notice, language, mark),
        _totals(notice, words, mark, language),
        _ending(notice, words, portal_url, language),
        [NOT_A_PAYMENT_DOCUMENT.render(language)],
        [line for line in (notice.company_name, notice.unit_name, notice.unit_phone) if line],
    ]
    body = "\n\n".join("\n".join(part) for part in parts if part)
    return EmailText(" ".join(subject.split()), body + "\n")


def _period(notice: BillNotice, language: str) -> str:
    """The accounting period in Vietnamese; its days in English, which has no name for it."""
    if notice.period is None:
        return notice.period_label
    days = (
        f"{shown_date(notice.period.start, language)}"
        f" – {shown_date(notice.period.last_day, language)}"
    )
    return f"{notice.period_label} ({days})" if language != "en" and notice.period_label else days


def _facts(notice: BillNotice, words: dict[str, str], mark: str, language: str) -> list[str]:
    facts = [f"{words['customer_code']}: {notice.customer_code}"]
    period = _period(notice, language)
    if period:
        facts.append(f"{words['period']}: {period}")
    for reading in notice.readings:
        text = (
            f"{words['meter']} {reading.meter_serial} ({reading.register}):"
            f" {shown_number(reading.previous, mark)} → {shown_number(reading.current, mark)}"
            f" × {shown_number(reading.multiplier, mark)}"
            f" = {shown_number(reading.energy_kwh, mark)}"
        )
        facts.append(f"{text} ({reading.mark})" if reading.mark else text)
    return facts


def _lines(notice: BillNotice, language: str, mark: str) -> list[str]:
    rows = []
    for line in notice.lines:
        factors = [
            f"{shown_number(line.quantity, mark)} {line.unit}" if line.quantity is not None else "",
            shown_number(line.unit_price_vnd, mark) if line.unit_price_vnd is not None else "",
        ]
        amount = shown_number(line.amount_vnd, mark) if line.amount_vnd is not None else ""
        computed = " × ".join(factor for factor in factors if factor)
        rows.append(
            f"- {line.label.render(language)}: " + " = ".join(p for p in (computed, amount) if p)
        )
    return rows


def _totals(notice: BillNotice, words: dict[str, str], mark: str, language: str) -> list[str]:
    currency = words["currency"]
    total = words["total"] if notice.is_final else words["provisional"]
    rows = [
        f"{words['energy']}: {shown_number(notice.energy_kwh, mark)} kWh",
        f"{words['net']}: {shown_number(notice.net_vnd, mark)} {currency}",
        f"{words['vat']} {notice.vat_label}: {shown_number(notice.vat_vnd, mark)} {currency}",
        f"{total}: {shown_number(notice.total_vnd, mark)} {currency}",
    ]
    if language != "en":
        rows.append(f"Bằng chữ: {notice.total_words}.")
    return rows


def _ending(notice: BillNotice, words: dict[str, str], portal_url: str, language: str) -> list[str]:
    rows = []
    if notice.is_final and notice.due_date and notice.total_vnd > 0:
        rows.append(f"{words['due']}: {shown_date(notice.due_date, language)}")
    if notice.lookup_code:
        rows.append(f"{words['lookup']}: {notice.lookup_code}")
    if portal_url:
        rows.append(f"{words['portal']}: {portal_url}")
    return rows


_VIETNAMESE = {
    "subject": "Thông báo tiền điện",
    "currency": "đồng",
    "greeting": "Kính gửi {name},",
    "opening": "{company} thông báo tiền điện của Quý khách như sau:",
    "customer_code": "Mã khách hàng",
    "period": "Kỳ hóa đơn",
    "meter": "Công tơ",
    "energy": "Tổng điện năng",
    "net": "Tiền điện chưa thuế",
    "vat": "Thuế GTGT",
    "total": "Tổng cộng tiền thanh toán",
    "provisional": "Tạm tính",
    "due": "Đề nghị thanh toán trước ngày",
    "lookup": "Mã tra cứu hóa đơn",
    "portal": "Xem chi tiết và hóa đơn tại",
}
_ENGLISH = {
    "subject": "Electricity bill",
    "currency": "VND",
    "greeting": "Dear {name},",
    "opening": "{company} informs you of your electricity bill:",
    "customer_code": "Customer code",
    "period": "Period",
    "meter": "Meter",
    "energy": "Total energy",
    "net": "Amount before tax",
    "vat": "VAT",
    "total": "Total payable",
    "provisional": "Provisional amount",
    "due": "Please pay by",
    "lookup": "Invoice lookup code",
    "portal": "Details and invoice",
}

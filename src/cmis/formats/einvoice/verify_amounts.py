"""Does the invoice add up: lines, VAT, totals, words, payment code?"""

import re
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from lxml import etree

from cmis.formats.einvoice.elements import number_of
from cmis.formats.einvoice.verdict import FindingLog
from cmis.formats.payments.tlv import BrokenPayload
from cmis.formats.payments.vietqr import PaymentCode, parse_payment_code, plain
from cmis.kernel.amount_words import LIMIT, amount_in_words
from cmis.kernel.rounding import half_up
from cmis.kernel.text import nfc

_RATE = re.compile(r"(?:KHAC:)?([0-9]{1,2}(?:\.[0-9]{1,2})?)%")
_GOODS = frozenset({"1", "2", "5"})
_DISCOUNT = "3"
_ADJUSTS = "2"


def check_invoice(invoice: etree._Element, log: FindingLog) -> None:
    """Findings about the amounts, words and payment code of one ``HDon``."""
    document = invoice.find("DLHDon")
    totals = document.find("NDHDon/TToan") if document is not None else None
    if document is None or totals is None:
        return
    is_adjustment = document.findtext("TTChung/TTHDLQuan/TCHDon", "") == _ADJUSTS
    numbers = _Numbers(log)
    _check_groups(document, totals, numbers, is_adjustment=is_adjustment)
    total = _check_totals(totals, numbers)
    if total is None:
        return
    _check_words(totals.findtext("TgTTTBChu", ""), total, log)
    payload = invoice.findtext("DLQRCode")
    if payload is not None:
        _check_payment_code(payload, document, total, log)


class _Numbers:
    """Reads numbers and reports what is none."""

    def __init__(self, log: FindingLog) -> None:
        self.log = log

    def read(self, element: etree._Element, tag: str) -> Fraction | None:
        text = element.findtext(tag)
        if text is None:
            return None
        try:
            return Fraction(number_of(text))
        except ValueError:
            self.log.block("amount.not_a_number", field=tag)
            return None


def _shown(value: Fraction) -> str:
    """A finite decimal as it would be written; amounts never have more than six decimals."""
    if value.denominator == 1:
        return str(value.numerator)
    return str(Decimal(value.numerator) / Decimal(value.denominator))


def rate_of(code: str) -> Fraction | None:
    """``8%`` → 8/100; codes without a rate (KCT, KKKNT, CTTC) have no tax."""
    match = _RATE.fullmatch(code)
    return Fraction(match.group(1)) / 100 if match else None


def _check_groups(
    document: etree._Element,
    totals: etree._Element,
    numbers: _Numbers,
    *,
    is_adjustment: bool,
) -> None:
    log = numbers.log
    sums = _line_sums(document, numbers)
    for group in totals.iterfind("THTTLTSuat/LTSuat"):
        code = group.findtext("TSuat", "")
        net = numbers.read(group, "ThTien") or Fraction(0)
        if sums is not None and net != sums.get(code, Fraction(0)):
            expected = sums.get(code, Fraction(0))
            log.block("amount.vat_group", rate=code, actual=_shown(net), expected=_shown(expected))
        rate = rate_of(code)
        expected_vat = half_up(net * rate) if rate is not None else 0
        vat = numbers.read(group, "TThue") or Fraction(0)
        if vat == expected_vat:
            continue
        values = {"rate": code, "actual": _shown(vat), "expected": str(expected_vat)}
        if is_adjustment and abs(vat - expected_vat) <= 1:
            # the tax of an adjustment is a difference of totals, so it may deviate by rounding
            log.note("amount.vat_rounding", **values)
        else:
            log.block("amount.vat", **values)


def _line_sums(document: etree._Element, numbers: _Numbers) -> dict[str, Fraction] | None:
    """Amounts before tax by VAT code; ``None`` when the invoice has no lines."""
    lines = document.findall("NDHDon/DSHHDVu/HHDVu")
    if not lines:
        return None
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for position, line in enumerate(lines, start=1):
        amount = numbers.read(line, "ThTien")
        quantity, price = numbers.read(line, "SLuong"), numbers.read(line, "DGia")
        discount = numbers.read(line, "STCKhau") or Fraction(0)
        nature = line.findtext("TChat", "")
        if amount is None:
            continue
        if quantity is not None and price is not None:
            expected = half_up(quantity * price - discount)
            if amount != expected and nature in _GOODS:
                numbers.log.block(
                    "amount.line", line=position, actual=_shown(amount), expected=expected
                )
        code = line.findtext("TSuat", "")
        if nature in _GOODS:
            sums[code] += amount
        elif nature == _DISCOUNT:
            sums[code] -= amount
    return sums


def _check_totals(totals: etree._Element, numbers: _Numbers) -> int | None:
    """The payable total, whole đồng, when it can be read."""
    groups = totals.findall("THTTLTSuat/LTSuat")
    net = sum((numbers.read(group, "ThTien") or Fraction(0) for group in groups), Fraction(0))
    vat = sum((numbers.read(group, "TThue") or Fraction(0) for group in groups), Fraction(0))
    fees = sum(
        (numbers.read(fee, "TPhi") or Fraction(0) for fee in totals.iterfind("DSLPhi/LPhi")),
        Fraction(0),
    )
    other = numbers.read(totals, "TGTKhac") or Fraction(0)
    stated = {tag: numbers.read(totals, tag) for tag in ("TgTCThue", "TgTThue", "TgTTTBSo")}
    expected = {"TgTCThue": net, "TgTThue": vat, "TgTTTBSo": net + vat + fees + other}
    for tag, value in stated.items():
        if value is not None and value != expected[tag]:
            numbers.log.block(
                "amount.total", field=tag, actual=_shown(value), expected=_shown(expected[tag])
            )
    total = stated["TgTTTBSo"]
    return int(total) if total is not None and total.denominator == 1 else None


def same_words(words: str, amount_vnd: int) -> bool:
    """Whether the words say the amount; both spoken forms (linh/lẻ, nghìn/ngàn) are right."""
    if abs(amount_vnd) >= LIMIT:
        return False
    spoken = nfc(words).strip().rstrip(".").lower()
    for one, other in (("lẻ", "linh"), ("ngàn", "nghìn"), ("tỉ", "tỷ")):
        spoken = re.sub(rf"\b{one}\b", other, spoken)
    spoken = spoken.removesuffix(" chẵn").removesuffix("./")
    return spoken == amount_in_words(amount_vnd).lower()


def _check_words(words: str, total: int, log: FindingLog) -> None:
    if not same_words(words, total):
        log.block("amount.words", total=total)


def _check_payment_code(
    payload: str, document: etree._Element, total: int, log: FindingLog
) -> None:
    """The payment code stands outside the signed part, so each of its facts is compared."""
    try:
        code = parse_payment_code(payload)
    except BrokenPayload:
        log.block("qr.broken")
        return
    for field, stated, signed in _facts(code, document, total):
        if stated != signed:
            log.block("qr.differs", field=field)
    customer = document.findtext("NDHDon/NMua/MKHang")
    if customer is not None and code.customer_code not in ("", plain(customer, 25)):
        # the payment would arrive, but perhaps at another customer's debt: a person decides
        log.confirm("qr.differs", field="customer_code")


def _facts(
    code: PaymentCode, document: etree._Element, total: int
) -> list[tuple[str, object, object]]:
    """What the code says beside what the signed part says: (field, code, invoice)."""
    general = "TTChung"
    facts: list[tuple[str, object, object]] = [("amount", code.amount_vnd, total)]
    account = document.findtext("NDHDon/NBan/STKNHang")
    if account is not None:
        facts.append(("account", code.account.number, "".join(account.split())))
    if code.invoice is None:
        return facts
    reference = code.invoice
    return [
        *facts,
        ("tax_code", reference.seller_tax_code, document.findtext("NDHDon/NBan/MST")),
        ("form", reference.form, document.findtext(f"{general}/KHMSHDon")),
        ("symbol", reference.symbol, document.findtext(f"{general}/KHHDon")),
        ("number", str(reference.number), document.findtext(f"{general}/SHDon")),
        ("date", reference.invoice_date.isoformat(), document.findtext(f"{general}/NLap")),
        ("total", reference.total_vnd, total),
    ]

"""A4 views: the invoice, made from the signed XML itself, and the bill notice.

Rendering is deterministic: the document date is the invoice date and fonts are packaged. The
compiler is kept between calls, which is what makes it fast; one page is made at a time.
"""

import io
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst

from cmis.formats.einvoice.content import InvoiceContent, InvoiceLine, MeterReading
from cmis.formats.einvoice.parse import SignedBy, parse_invoice
from cmis.formats.einvoice.seal import VIETNAM
from cmis.formats.notices.figures import shown_date, shown_number
from cmis.formats.notices.notice import NOT_A_PAYMENT_DOCUMENT, BillNotice
from cmis.kernel.period import Period

#: A fixed mask is four times faster than trying all eight, and readers do not care.
QR_MASK = 4
#: PDF/A-3b may carry the original XML inside.
PDF_STANDARDS = ["a-3b"]
_COMMON_NAME = re.compile(r"(?:^|[,+])\s?CN=((?:\\.|[^,+\\])+)")
_LOCK = Lock()


def invoice_pdf(data: bytes, *, lookup_code: str = "") -> bytes:
    """The view of a signed invoice, with the XML attached.

    Args:
        data: exact bytes of the signed invoice. Verify them first; this only shows them.
        lookup_code: enquiry code, printed when given.

    Raises:
        UnableToReadXml, UnableToReadInvoice: not an invoice that we read.
    """
    parsed = parse_invoice(data)
    content = parsed.content
    view = _invoice_view(content, parsed.signed_by)
    view |= {
        "sha256": sha256(data).hexdigest(),
        "lookup_code": lookup_code,
        "xml": data.decode("utf-8"),
    }
    return compiled("invoice.typ", view, content.invoice_date)


def notice_pdf(notice: BillNotice) -> bytes:
    """The A4 bill notice. Its document date is ``issued_on``, else the due or last day."""
    period_end = notice.period.last_day if notice.period else None
    day = notice.issued_on or notice.due_date or period_end or date(2000, 1, 1)
    return compiled("notice.typ", _notice_view(notice), day)


def qr_svg(payload: str) -> str:
    """The payment code as SVG text, empty for no payload."""
    if not payload:
        return ""
    image = io.BytesIO()
    segno.make(payload, error="m", boost_error=False, micro=False, mask=QR_MASK).save(
        image, kind="svg", border=2, light="#ffffff", xmldecl=False, svgns=True
    )
    return image.getvalue().decode("utf-8")


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Templates and fonts must be real files for the compiler."""
    return Path(str(resources.files("cmis.formats.einvoice")))


@lru_cache(maxsize=3)
def _compiler(template: str) -> typst.Compiler:
    folder = _folder()
    return typst.Compiler(
        str(folder / template),
        root=str(folder),
        font_paths=[str(folder / "fonts")],
        ignore_system_fonts=True,
    )


def compiled(template: str, view: Mapping[str, Any], day: date) -> bytes:
    """A PDF of a packaged template over plain values; the same bytes for the same values."""
    dated = {**view, "year": day.year, "month": day.month, "day": day.day}
    text = json.dumps(dated, ensure_ascii=False)
    # Vietnam time, so that the file date does not depend on the machine
    moment = datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    arguments = {
        "format": "pdf",
        "sys_inputs": {"data": text},
        "timestamp": int(moment.timestamp()),
    }
    with _LOCK:
        compiler: Any = _compiler(template)  # its stub cannot follow shared arguments
        try:
            document: bytes = compiler.compile(pdf_standards=PDF_STANDARDS, **arguments)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise
            # a name in a script that the packaged fonts lack: PDF/A forbids it, the view must not
            document = compiler.compile(**arguments)
    return document


def _invoice_view(content: InvoiceContent, signed_by: SignedBy | None) -> dict[str, Any]:
    """Texts and figures of the invoice page, ready to print."""
    number = f"{content.number:08d}"
    attached = ""
    if content.list_number:
        attached = f"số {content.list_number} ngày {shown_date(content.list_date)}"
    name = signed_by.subject_name if signed_by else ""
    match = _COMMON_NAME.search(name)
    moment = signed_by.signed_at if signed_by else None
    return {
        "document_title": f"Hóa đơn tiền điện {content.form}{content.symbol} số {number}",
        "attachment_name": f"hoadon-{content.form}{content.symbol}-{number}.xml",
        "title": content.title.upper(),
        "symbol": content.form + content.symbol,
        "number": number,
        "invoice_date": shown_date(content.invoice_date),
        "related": content.related.note if content.related else "",
        "seller": _seller_view(content),
        "buyer": {
            "name": content.buyer.name,
            "contact_name": content.buyer.contact_name,
            "customer_code": content.buyer.customer_code,
            "tax_code": content.buyer.tax_code,
            "address": content.buyer.address,
        },
        "period_label": content.period_label,
        "period_days": _period_days(content.period),
        "purpose": content.purpose,
        "households": "" if content.households is None else shown_number(content.households),
        "book_code": content.book_code,
        "payment_method": content.payment_method,
        "attached_list": attached,
        "reason": content.reason,
        "due_date": shown_date(content.due_date) if content.total_vnd > 0 else "",
        "readings": [_reading_row(reading) for reading in content.readings],
        "lines": [_line_row(place, line) for place, line in enumerate(content.lines, start=1)],
        "net": shown_number(content.net_vnd),
        "vat_groups": [
            [
                group.vat_code,
                shown_number(group.net_vnd),
                "" if group.vat_vnd is None else shown_number(group.vat_vnd),
            ]
            for group in content.vat_groups
        ],
        "total": shown_number(content.total_vnd),
        "words": content.total_words,
        "qr_svg": qr_svg(content.qr_payload),
        "signed_by": match.group(1).replace("\\", "") if match else name,
        "signed_at": moment.strftime("%d/%m/%Y %H:%M:%S") if moment else "",
    }


def _seller_view(content: InvoiceContent) -> dict[str, str]:
    seller = content.seller
    contact = [
        f"Điện thoại: {seller.phone}" if seller.phone else "",
        seller.email,
        seller.website,
    ]
    account = f"Tài khoản: {seller.bank_account} {seller.bank_name}" if seller.bank_account else ""
    return {
        "name": seller.name,
        "unit_name": seller.unit_name,
        "address": seller.address,
        "tax_code": seller.tax_code,
        "contact": " · ".join(part for part in (*contact, account.strip()) if part),
    }


def _period_days(period: Period | None) -> str:
    if period is None:
        return ""
    return f"{shown_date(period.start)} – {shown_date(period.last_day)} ({period.days} ngày)"


def _reading_row(reading: MeterReading) -> list[str]:
    return [
        reading.point_code,
        reading.meter_serial,
        reading.register,
        shown_number(reading.current),
        shown_number(reading.previous),
        shown_number(reading.multiplier),
        shown_number(reading.energy_kwh),
        reading.mark,
    ]


def _line_row(place: int, line: InvoiceLine) -> list[str]:
    return [
        str(place),
        line.name,
        line.unit,
        "" if line.quantity is None else shown_number(line.quantity),
        "" if line.unit_price_vnd is None else shown_number(line.unit_price_vnd),
        "" if line.amount_vnd is None else shown_number(line.amount_vnd),
        line.vat_code,
    ]


def _notice_view(notice: BillNotice) -> dict[str, Any]:
    """Texts and figures of the notice page, ready to print."""
    invoice = ""
    if notice.invoice_number is not None:
        invoice = f"{notice.invoice_symbol} – {notice.invoice_number:08d}"
    phone = f"Điện thoại (Phone): {notice.unit_phone}" if notice.unit_phone else ""
    return {
        "document_title": f"{notice.title.vi.capitalize()} {notice.period_label}".strip(),
        "title": notice.title.vi,
        "title_en": notice.title.en,
        "seller": {
            "name": notice.company_name,
            "unit_name": notice.unit_name,
            "address": "",
            "tax_code": notice.tax_code,
            "contact": phone,
        },
        "invoice": invoice,
        "issued_on": shown_date(notice.issued_on),
        "period_label": notice.period_label,
        "period_days": _period_days(notice.period),
        "customer_name": notice.customer_name,
        "customer_code": notice.customer_code,
        "customer_address": notice.customer_address,
        "purpose": notice.purpose,
        "households": "" if notice.households is None else shown_number(notice.households),
        "book_code": notice.book_code,
        "reader_name": notice.reader_name,
        "due_date": shown_date(notice.due_date) if notice.payment_code else "",
        "marks": "; ".join(notice.marks),
        "readings": [_reading_row(reading) for reading in notice.readings],
        "lines": [
            [
                _both(line.label.render("vi"), line.label.render("en")),
                "" if line.quantity is None else f"{shown_number(line.quantity)} {line.unit}",
                "" if line.unit_price_vnd is None else shown_number(line.unit_price_vnd),
                "" if line.amount_vnd is None else shown_number(line.amount_vnd),
            ]
            for line in notice.lines
        ],
        "energy": shown_number(notice.energy_kwh),
        "net": shown_number(notice.net_vnd),
        "vat_label": notice.vat_label,
        "vat": shown_number(notice.vat_vnd),
        "total": shown_number(notice.total_vnd),
        "total_label": "Tổng cộng" if notice.is_final else "Tạm tính",
        "total_label_en": "Total" if notice.is_final else "Provisional",
        "words": notice.total_words,
        "qr_svg": qr_svg(notice.payment_code),
        "lookup_code": notice.lookup_code,
        "disclaimer": NOT_A_PAYMENT_DOCUMENT.vi,
        "disclaimer_en": NOT_A_PAYMENT_DOCUMENT.en,
    }


def _both(vi: str, en: str) -> str:
    return vi if vi == en else f"{vi} ({en})"

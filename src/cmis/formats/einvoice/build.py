"""From content to the canonical text of an invoice, written once and never re-serialised.

The text of ``DLHDon`` is written directly in canonical form (Canonical XML 1.0: no empty-element
tags, sorted attributes, escaped text, no namespace), so that the digest the signature needs is the
SHA-256 of exactly this text.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from cmis.formats.einvoice.content import Buyer, InvoiceContent, InvoiceLine, Seller
from cmis.formats.einvoice.elements import ILLEGAL, Section, UnableToBuildInvoice, escaped
from cmis.formats.einvoice.versions import Format, packaged_formats

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
SYMBOL = re.compile(r"[CK][0-9]{2}[TDLMNBGHXF][A-Z]{2}")
FORM = re.compile(r"[1-9]")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def format_of(content: InvoiceContent) -> Format:
    """The element lists of the content's own format version.

    Raises:
        UnableToBuildInvoice: no element list is packaged for it.
    """
    found = packaged_formats().get(content.format_version)
    if found is None:
        raise UnableToBuildInvoice(
            field="format_version",
            problem_vi="chưa có bảng phần tử",
            problem_en="has no element list",
        )
    return found


def document_text(content: InvoiceContent, *, form: Format | None = None) -> str:
    """The canonical text of ``DLHDon``.

    Args:
        content: a complete content with its number.
        form: another format than that of ``content.format_version``.

    Raises:
        UnableToBuildInvoice: a value is missing, too long, or not allowed in XML.
    """
    chosen = form or format_of(content)
    text = _document(content, chosen.sections)
    if not unicodedata.is_normalized("NFC", text):
        text = _document(_composed(content), chosen.sections)
        if not unicodedata.is_normalized("NFC", text):
            # a value that begins with a combining mark would join with the tag before it
            raise UnableToBuildInvoice(field="text", **ILLEGAL)
    if not text.isprintable() and _NOT_XML.search(text):
        raise UnableToBuildInvoice(field="text", **ILLEGAL)
    return text


def payment_code_element(content: InvoiceContent) -> str:
    """``DLQRCode``, or nothing when nothing is payable."""
    return f"<DLQRCode>{escaped(content.qr_payload)}</DLQRCode>" if content.qr_payload else ""


def _document(content: InvoiceContent, sections: dict[str, Section] | Any) -> str:
    _check_symbol(content.form, content.symbol)
    related = ""
    if content.related is not None:
        related = f"<TTHDLQuan>{sections['related'].write(content.related)}</TTHDLQuan>"
    readings = sections["reading_extra"]
    extra = sections["document_extra"].write(content) + "".join(
        [readings.write(reading) for reading in content.readings]
    )
    return "".join(
        (
            f'<DLHDon Id="{content.document_id}"><TTChung>',
            sections["general"].write(content),
            related,
            _further(sections["general_extra"].write(content)),
            "</TTChung><NDHDon><NBan>",
            _seller(content.seller, sections["seller"]),
            "</NBan><NMua>",
            _buyer(content.buyer, sections["buyer"]),
            "</NMua>",
            _lines(content.lines, sections["line"]),
            _totals(content, sections),
            "</NDHDon>",
            _further(extra),
            "</DLHDon>",
        )
    )


def _totals(content: InvoiceContent, sections: dict[str, Section] | Any) -> str:
    if not content.vat_groups:
        return ""  # an adjustment that changes no amount
    group = sections["vat_group"]
    groups = "".join([f"<LTSuat>{group.write(one)}</LTSuat>" for one in content.vat_groups])
    return f"<TToan><THTTLTSuat>{groups}</THTTLTSuat>{sections['totals'].write(content)}</TToan>"


def _lines(lines: Sequence[InvoiceLine], section: Section) -> str:
    if not lines:
        return ""
    written = "".join(
        [_line(line, position, section) for position, line in enumerate(lines, start=1)]
    )
    return f"<DSHHDVu>{written}</DSHHDVu>"


@lru_cache(maxsize=8192)
def _line(line: InvoiceLine, position: int, section: Section) -> str:
    """Kept, because full tiers (50 kWh of tier 1 …) are the same line in very many invoices."""
    return f"<HHDVu>{section.write(line, more={'position': position})}</HHDVu>"


def _further(text: str) -> str:
    return f"<TTKhac>{text}</TTKhac>" if text else ""


@lru_cache(maxsize=256)
def _seller(seller: Seller, section: Section) -> str:
    return section.write(seller)


def _buyer(buyer: Buyer, section: Section) -> str:
    return section.write(buyer)


@lru_cache(maxsize=256)
def _check_symbol(form: str, symbol: str) -> None:
    """Form and symbol stand inside an Id, so nothing else than the legal pattern may pass."""
    wrong = {"problem_vi": "sai mẫu quy định", "problem_en": "is not of the legal pattern"}
    if not FORM.fullmatch(form):
        raise UnableToBuildInvoice(field="form", **wrong)
    if not SYMBOL.fullmatch(symbol):
        raise UnableToBuildInvoice(field="symbol", **wrong)


def _composed(value: Any) -> Any:
    """The same content with all its text in NFC (TCVN 6909 asks for composed letters)."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, tuple):
        return tuple(_composed(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {
            field.name: _composed(getattr(value, field.name))
            for field in fields(value)
            if isinstance(getattr(value, field.name), str | tuple)
            or is_dataclass(getattr(value, field.name))
        }
        return replace(value, **changes)
    return value

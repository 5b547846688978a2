"""From signed bytes back to content, so that every view is made from the XML itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lxml import etree

from cmis.formats.einvoice.content import (
    Buyer,
    InvoiceContent,
    InvoiceLine,
    LineNature,
    MeterReading,
    RelatedInvoice,
    Relation,
    Seller,
    VatGroup,
)
from cmis.formats.einvoice.elements import READ, Element, Section
from cmis.formats.einvoice.safe_xml import parse_safely
from cmis.formats.einvoice.seal import NAMESPACE, VIETNAM
from cmis.formats.einvoice.versions import packaged_formats
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.period import Period

_DS = f"{{{NAMESPACE}}}"


class UnableToReadInvoice(UnableTo):
    """The XML is not an invoice of a format that we know."""

    code = "EIV-006"
    what = Bilingual(
        "Không đọc được hóa đơn: {problem_vi}.", "The invoice cannot be read: {problem_en}."
    )
    next_step = Bilingual(
        "Kiểm tra tệp bằng lệnh kiểm tra hóa đơn để xem chi tiết.",
        "Run the invoice check on the file for the details.",
    )


@dataclass(frozen=True, slots=True)
class SignedBy:
    """What the seller's signature says about itself; not verified here."""

    subject_name: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParsedInvoice:
    content: InvoiceContent
    signed_by: SignedBy | None


def parse_invoice(data: bytes) -> ParsedInvoice:
    """Read one signed ``HDon``. Reading is not verifying: call ``verify_document`` for that.

    Raises:
        UnableToReadXml: not XML that we read.
        UnableToReadInvoice: another document, an unknown format version, or a missing or
            malformed value.
    """
    root = parse_safely(data)
    document = root.find("DLHDon") if root.tag == "HDon" else None
    if document is None:
        raise UnableToReadInvoice(
            problem_vi="tệp không phải một hóa đơn", problem_en="the file is not one invoice"
        )
    try:
        content = _content(root, document)
    except (ValueError, TypeError, KeyError) as error:
        raise UnableToReadInvoice(
            problem_vi="thiếu trường hoặc giá trị sai kiểu",
            problem_en="a field is missing or has a value of the wrong kind",
        ) from error
    return ParsedInvoice(content, _signed_by(root))


def _content(root: etree._Element, document: etree._Element) -> InvoiceContent:
    version = document.findtext("TTChung/PBan", "")
    found = packaged_formats().get(version)
    if found is None:
        raise UnableToReadInvoice(
            problem_vi="phiên bản định dạng không có trong dữ liệu",
            problem_en="its format version is not in the data",
        )
    sections = found.sections
    general = _child(document, "TTChung")
    further = dict(_further(general))
    values = _values(general, sections["general"])
    values |= _values_of_extra(further, sections["general_extra"])
    values["period"] = _period(values)
    own = _further(document)
    values |= _values_of_extra(dict(own), sections["document_extra"])
    totals = document.find("NDHDon/TToan")
    values |= {"net_vnd": 0, "vat_vnd": 0, "total_vnd": 0}
    if totals is not None:
        values |= _values(totals, sections["totals"])
        values.pop("total_words", None)
        values["vat_groups"] = tuple(
            _made(VatGroup, {"vat_vnd": None, "vat_code": ""} | _values(one, sections["vat_group"]))
            for one in totals.iterfind("THTTLTSuat/LTSuat")
        )
    related = general.find("TTHDLQuan")
    if related is not None:
        values["related"] = _related(_values(related, sections["related"]))
    content: InvoiceContent = _made(
        InvoiceContent,
        {"vat_groups": ()}
        | values
        | {
            "seller": _made(Seller, _values(_child(document, "NDHDon/NBan"), sections["seller"])),
            "buyer": _made(
                Buyer, {"name": ""} | _values(_child(document, "NDHDon/NMua"), sections["buyer"])
            ),
            "lines": tuple(
                _line(_values(one, sections["line"]))
                for one in document.iterfind("NDHDon/DSHHDVu/HHDVu")
            ),
            "readings": tuple(_readings(own, sections["reading_extra"])),
            "qr_payload": root.findtext("DLQRCode", ""),
        },
    )
    return content


def _child(element: etree._Element, path: str) -> etree._Element:
    found = element.find(path)
    if found is None:
        raise KeyError(path)
    return found


def _values(element: etree._Element, section: Section) -> dict[str, Any]:
    texts = {str(child.tag): child.text or "" for child in element}
    return _read(texts, section.elements)


def _values_of_extra(texts: Mapping[str, str], section: Section) -> dict[str, Any]:
    return _read(texts, section.elements)


def _read(texts: Mapping[str, str], elements: Sequence[Element]) -> dict[str, Any]:
    return {
        element.field: READ[element.kind](texts[element.name])
        for element in elements
        if element.fixed is None and element.name in texts
    }


def _made(kind: Any, values: Mapping[str, Any]) -> Any:
    """An object of ``kind``; values without an attribute of their own go into ``extra``."""
    known = {name: value for name, value in values.items() if name in kind.__dataclass_fields__}
    others = tuple(
        (name, str(value))
        for name, value in values.items()
        if name not in kind.__dataclass_fields__ and name not in _DERIVED
    )
    if others:
        known["extra"] = others
    return kind(**known)


#: Fields that the builder derives from others.
_DERIVED = frozenset({"first_day", "last_day", "days", "position", "total_words"})


def _line(values: dict[str, Any]) -> InvoiceLine:
    values["nature"] = LineNature(values["nature"])
    line: InvoiceLine = _made(InvoiceLine, {"unit": ""} | values)
    return line


def _related(values: dict[str, Any]) -> RelatedInvoice:
    values["relation"] = Relation(values["relation"])
    related: RelatedInvoice = _made(RelatedInvoice, {"note": ""} | values)
    return related


def _period(values: Mapping[str, Any]) -> Period | None:
    first: date | None = values.get("first_day")
    days: int | None = values.get("days")
    if first is None or days is None:
        return None
    return Period(first, date.fromordinal(first.toordinal() + days))


def _further(element: etree._Element) -> list[tuple[str, str]]:
    return [
        (entry.findtext("TTruong", ""), entry.findtext("DLieu", ""))
        for entry in element.iterfind("TTKhac/TTin")
    ]


def _readings(entries: Sequence[tuple[str, str]], section: Section) -> Iterator[MeterReading]:
    """The repeated group of a register; its first field opens a new one."""
    names = {element.name for element in section.elements}
    opens = section.elements[0].name
    group: dict[str, str] = {}
    for name, text in entries:
        if name == opens and group:
            yield _made(MeterReading, _read(group, section.elements))
            group = {}
        if name in names:
            group[name] = text
    if group:
        yield _made(MeterReading, _read(group, section.elements))


def _signed_by(root: etree._Element) -> SignedBy | None:
    signature = root.find(f"DSCKS/NBan/{_DS}Signature")
    if signature is None:
        return None
    subject = signature.findtext(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509SubjectName", "")
    time = signature.findtext(f".//{_DS}SigningTime", "")
    try:
        signed_at = datetime.fromisoformat(time).replace(tzinfo=VIETNAM) if time else None
    except ValueError:
        signed_at = None
    return SignedBy(subject, signed_at)

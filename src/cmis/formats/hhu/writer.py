"""Write reading-book files: what goes out to a handheld, and what a handheld gives back.

UTF-8 without BOM, LF, indent 2, no newline at the end, known columns in the order of the central
system, unknown ones behind them. Text is written as it is: a column nobody touched comes back byte
for byte; text of our own is composed (NFC) where it is made (``exchange_fields``).
"""

import re
from collections.abc import Iterable, Mapping

from cmis.formats.hhu.columns import (
    DATA_SET,
    DEVICE_COLUMNS,
    OUTBOUND_COLUMNS,
    OUTBOUND_TYPES,
    ROW,
)
from cmis.formats.hhu.failures import UnableToNameBookFile, UnableToWriteBookFile
from cmis.kernel.period import BillingMonth

#: ``None`` leaves the column out (database NULL); ``""`` writes it empty.
RowFields = Mapping[str, str | None]

_ORDER = {tag: place for place, tag in enumerate((*OUTBOUND_COLUMNS, *DEVICE_COLUMNS))}
_HEAD = f'<?xml version="1.0" standalone="yes"?>\n<{DATA_SET}>\n'
_FOOT = f"</{DATA_SET}>"
_TAG = re.compile(r"[^\W\d][\w.-]*")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_BOOK_CODE = re.compile(r"[^\W_](?:[\w.-]{0,38}\w)?")


def write_outbound(rows: Iterable[RowFields]) -> bytes:
    """The file that goes out: no schema.

    Raises:
        UnableToWriteBookFile: a name or text XML cannot carry.
    """
    return _file(rows, _HEAD)


def write_returned(rows: Iterable[RowFields]) -> bytes:
    """The file a handheld gives back: inline schema of the 40 core columns, then the rows.

    Raises:
        UnableToWriteBookFile: a name or text XML cannot carry.
    """
    return _file(rows, f"{_HEAD}{_inline_schema()}\n\n")


def book_file_name(book_code: str, billing_month: BillingMonth) -> str:
    """``PX0100101-2026-7-1.xml``: book, year, month without zero, cycle.

    Raises:
        UnableToNameBookFile: a book code that could leave its folder or is no file name.
    """
    if not _BOOK_CODE.fullmatch(book_code):
        raise UnableToNameBookFile(book=book_code[:40])
    return f"{book_code}-{billing_month}.xml"


def _file(rows: Iterable[RowFields], head: str) -> bytes:
    lines: list[str] = []
    checked: dict[str, int] = {}
    for number, fields in enumerate(rows, start=1):
        lines.append(f"  <{ROW}>")
        for tag in sorted(fields, key=_place):
            text = fields[tag]
            if tag not in checked and not _TAG.fullmatch(tag):
                raise UnableToWriteBookFile(row=number, column=tag[:40])
            checked[tag] = number
            if text is None:
                continue
            if text == "":
                lines.append(f"    <{tag} />")
                continue
            if _NOT_XML.search(text):
                raise UnableToWriteBookFile(row=number, column=tag)
            lines.append(f"    <{tag}>{text.translate(_ESCAPES)}</{tag}>")
        lines.append(f"  </{ROW}>")
    lines.append(_FOOT)
    return (head + "\n".join(lines)).encode("utf-8")


def _place(tag: str) -> int:
    return _ORDER.get(tag, len(_ORDER))


def _inline_schema() -> str:
    opening = (
        f'  <xs:schema id="{DATA_SET}" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        ' xmlns:msdata="urn:schemas-microsoft-com:xml-msdata">\n'
        f'    <xs:element name="{DATA_SET}" msdata:IsDataSet="true"'
        f' msdata:MainDataTable="{ROW}" msdata:UseCurrentLocale="true">\n'
        "      <xs:complexType>\n"
        '        <xs:choice minOccurs="0" maxOccurs="unbounded">\n'
        f'          <xs:element name="{ROW}">\n'
        "            <xs:complexType>\n"
        "              <xs:sequence>\n"
    )
    columns = "".join(
        f'                <xs:element name="{tag}"'
        + (' msdata:DateTimeMode="Unspecified"' if kind == "dateTime" else "")
        + f' type="xs:{kind}" minOccurs="0" />\n'
        for tag, kind in OUTBOUND_TYPES.items()
    )
    closing = (
        "              </xs:sequence>\n"
        "            </xs:complexType>\n"
        "          </xs:element>\n"
        "        </xs:choice>\n"
        "      </xs:complexType>\n"
        "    </xs:element>\n"
        "  </xs:schema>"
    )
    return opening + columns + closing

"""Which law and format version an invoice date falls under, and the element lists of each version.

The data is ``versions.yaml``; nothing legal stands in code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from cmis.formats.einvoice.content import (
    Buyer,
    InvoiceContent,
    InvoiceLine,
    MeterReading,
    RelatedInvoice,
    Seller,
    VatGroup,
)
from cmis.formats.einvoice.elements import Element, Section
from cmis.kernel.errors import Bilingual, UnableTo

PACKAGE = "cmis.formats.einvoice"


class UnableToChooseFormatVersion(UnableTo):
    """No e-invoice format was in force on the invoice date."""

    code = "EIV-002"
    what = Bilingual(
        "Ngày hóa đơn {invoice_date} không thuộc định dạng hóa đơn điện tử nào đã khai báo.",
        "No declared e-invoice format covers the invoice date {invoice_date}.",
    )
    next_step = Bilingual(
        "Kiểm tra ngày hóa đơn hoặc bổ sung định dạng có hiệu lực vào dữ liệu định dạng.",
        "Check the invoice date, or add the format in force to the format data.",
    )


@dataclass(frozen=True, slots=True)
class InForce:
    """Law, decision and format version from a day on. ``mark``: law, observed, inferred, open."""

    effective_from: date
    law: str
    decision: str
    format_version: str
    mark: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the format: message size in bytes, digits and decimals of a number."""

    message_bytes: int
    total_digits: int
    decimals: int


@dataclass(frozen=True, slots=True)
class Format:
    """One format version: its sections by name and the file name of its schema, if there is one."""

    format_version: str
    reference: str
    mark: str
    schema: str | None
    sections: Mapping[str, Section]


#: Section name → content class, and the values that the builder adds to it.
_SOURCES: Mapping[str, tuple[type, tuple[str, ...]]] = {
    "general": (InvoiceContent, ()),
    "related": (RelatedInvoice, ()),
    "general_extra": (InvoiceContent, ("first_day", "last_day", "days")),
    "seller": (Seller, ()),
    "buyer": (Buyer, ()),
    "line": (InvoiceLine, ()),
    "vat_group": (VatGroup, ()),
    "totals": (InvoiceContent, ("total_words",)),
    "document_extra": (InvoiceContent, ()),
    "reading_extra": (MeterReading, ()),
}


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    text = resources.files(PACKAGE).joinpath("versions.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@lru_cache(maxsize=1)
def versions_in_force() -> tuple[InForce, ...]:
    """All dated entries, oldest first."""
    entries = tuple(
        InForce(row["from"], row["law"], row["decision"], row["format_version"], row["mark"])
        for row in _data()["in_force"]
    )
    return tuple(sorted(entries, key=lambda entry: entry.effective_from))


def in_force_on(invoice_date: date) -> InForce:
    """Law and format of an invoice dated so.

    Raises:
        UnableToChooseFormatVersion: before the first e-invoice format.
    """
    found = [entry for entry in versions_in_force() if entry.effective_from <= invoice_date]
    if not found:
        raise UnableToChooseFormatVersion(invoice_date=invoice_date.isoformat())
    return found[-1]


def format_version_for(invoice_date: date) -> str:
    """The format version (``2.1.0``) of an invoice dated so.

    Raises:
        UnableToChooseFormatVersion: before the first e-invoice format.
    """
    return in_force_on(invoice_date).format_version


@lru_cache(maxsize=1)
def limits() -> Limits:
    data = _data()["limits"]
    return Limits(data["message_bytes"], data["total_digits"], data["decimals"])


@lru_cache(maxsize=1)
def packaged_formats() -> Mapping[str, Format]:
    """Every format version with an element list, by version."""
    return load_formats(_data()["formats"])


def load_formats(data: Mapping[str, Any]) -> Mapping[str, Format]:
    """Compile element lists; ``based_on`` takes over a list and ``insert`` adds rows."""
    return {str(version): _format(str(version), data) for version in data}


def _format(version: str, data: Mapping[str, Any]) -> Format:
    entry = data[version]
    rows = _rows(version, data)
    sections = {
        name: Section([_element(row) for row in rows[name]], _attributes(name)) for name in _SOURCES
    }
    return Format(version, entry["reference"], entry["mark"], entry.get("schema"), sections)


def _rows(version: str, data: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    entry = data[version]
    if "based_on" not in entry:
        return {name: list(rows) for name, rows in entry["elements"].items()}
    rows = _rows(str(entry["based_on"]), data)
    for name, additions in entry.get("insert", {}).items():
        for addition in additions:
            place = _place_after(rows[name], addition["after"])
            rows[name].insert(place, addition)
    return rows


def _place_after(rows: Sequence[Mapping[str, Any]], tag: str) -> int:
    for position, row in enumerate(rows):
        if row.get("tag", row.get("extra")) == tag:
            return position + 1
    raise ValueError(f"versions.yaml inserts after {tag}, which is not in the list")


def _element(row: Mapping[str, Any]) -> Element:
    return Element(
        name=row.get("tag") or row["extra"],
        is_extra="extra" in row,
        field=row.get("field", ""),
        kind=row.get("kind", "text"),
        size=row.get("size", 0),
        need=row.get("need", False),
        fixed=str(row["value"]) if "value" in row else None,
    )


def _attributes(section: str) -> frozenset[str]:
    source, added = _SOURCES[section]
    return frozenset(field.name for field in fields(source)) | frozenset(added)

"""The sample files, and small books of every variant made from one row."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from cmis.formats.hhu.book_file import BookFile, BookVariant, ExchangeRow
from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.register_row import read_outbound_row
from cmis.formats.hhu.row_checks import ExportedRow, exported_row
from cmis.formats.hhu.writer import write_returned

SAMPLES = Path(__file__).parents[2] / "data/hhu"
OUTBOUND = ("PX0100101-2026-7-1.xml", "PX0100102-2026-7-1.xml", "PX01004GI-2026-6-3.xml")
RETURNED = ("PX0100102-2026-7-1.returned.xml", "PX0100101-2026-7-1.BAD.xml")
DIAL_DIGITS = {"999": 5, "998": 6}


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def rows_of(name: str) -> tuple[ExchangeRow, ...]:
    return parse_book_file(sample(name)).rows


def exported_from(name: str) -> dict[int, ExportedRow]:
    """The exported side of an outbound sample, with the dial digits of its meter types."""
    typed = (read_outbound_row(row) for row in rows_of(name))
    return {
        row.register_period_key: exported_row(row, dial_digits=DIAL_DIGITS[row.meter_code[:3]])
        for row in typed
    }


def book_of(*rows: Mapping[str, str]) -> BookFile:
    """A returned book of these rows, without the way through XML."""
    numbered = tuple(ExchangeRow(number, row) for number, row in enumerate(rows, start=1))
    return BookFile(BookVariant.RETURNED, "utf-8", numbered, ())


def returned_with(name: str, row_number: int, **changes: str | None) -> dict[str, str]:
    """Row of a sample with columns changed; ``None`` leaves a column out."""
    fields = dict(rows_of(name)[row_number - 1].fields)
    for tag, text in changes.items():
        if text is None:
            del fields[tag]
        else:
            fields[tag] = text
    return fields


def large_return(copies: int) -> tuple[dict[int, ExportedRow], bytes]:
    """The returned sample ``copies`` times under new keys: 10 rows each, 9 of them good."""
    exported: dict[int, ExportedRow] = {}
    returned: list[dict[str, str]] = []
    outbound = exported_from(OUTBOUND[1])
    for row in rows_of(RETURNED[0]):
        source = outbound[int(row.fields["BOCSO_ID"])]
        for copy in range(copies):
            key = source.key + 1_000 * copy
            exported[key] = replace(source, key=key)
            returned.append({**row.fields, "BOCSO_ID": str(key)})
    return exported, write_returned(returned)

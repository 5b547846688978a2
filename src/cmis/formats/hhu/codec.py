"""Read a reading-book file of any variant; nothing is repaired, nothing is dropped unseen."""

from collections.abc import Iterator
from unicodedata import is_normalized

from cmis.formats.hhu.book_file import BookFile, BookVariant, ExchangeRow
from cmis.formats.hhu.columns import (
    ALTITUDE,
    CAPTURED,
    CONCENTRATOR_IDENTITY,
    EXTRA_VALUE,
    PEOPLE_WRITE,
)
from cmis.formats.hhu.decoding import decode_book_bytes
from cmis.formats.hhu.failures import BookRowNotFlat
from cmis.formats.hhu.scanner import BookScan, Fields
from cmis.kernel.findings import Finding, Severity


def parse_book_file(data: bytes) -> BookFile:
    """All rows of the file, in any of the variants (readings: container and variants).

    Rows inside a DiffGram are taken only below the data set: its ``before`` and ``errors`` blocks
    repeat rows with old values. Rows are not checked against an inline schema, which describes
    only part of the columns.

    Findings (all notes): ``LOST_LETTERS`` and ``NOT_COMPOSED`` per column with ``row_count`` and
    ``first_row``; ``OTHER_TABLE`` for tables beside the rows, which are not read.

    Raises:
        UnableToReadBookFile: too large, cut short, damaged, wrong encoding, hostile or no book.
    """
    text, encoding = decode_book_bytes(data)
    scan = BookScan()
    scan.read(text)
    rows = _without_prefixes(scan)
    findings = (
        *_column_findings(rows, text),
        *(
            Finding("OTHER_TABLE", Severity.NOTE, {"table": name, "row_count": count})
            for name, count in sorted(scan.other_tables.items())
        ),
    )
    numbered = tuple(ExchangeRow(number, fields) for number, fields in enumerate(rows, start=1))
    return BookFile(_variant(scan), encoding, numbered, findings)


def _variant(scan: BookScan) -> BookVariant:
    marks = (
        (scan.is_diffgram, BookVariant.WEB_SERVICE),
        (scan.has_namespace, BookVariant.REMOTE_READING),
        (CONCENTRATOR_IDENTITY in scan.columns, BookVariant.CONCENTRATOR),
        (ALTITUDE in scan.columns, BookVariant.WITH_ALTITUDE),
        (EXTRA_VALUE in scan.columns, BookVariant.EXTRA_VALUES),
        (scan.has_schema or CAPTURED in scan.columns, BookVariant.RETURNED),
    )
    return next((variant for mark, variant in marks if mark), BookVariant.OUTBOUND)


def _without_prefixes(scan: BookScan) -> list[Fields]:
    """Rows whose columns carry a namespace prefix get plain names; the usual file has none."""
    if not any(":" in name for name in scan.columns):
        return scan.rows
    plain = {name: name.rpartition(":")[2] for name in scan.columns}
    rows = [{plain[name]: text for name, text in fields.items()} for fields in scan.rows]
    for number, (before, after) in enumerate(zip(scan.rows, rows, strict=True), start=1):
        if len(before) != len(after):
            raise BookRowNotFlat(
                row=number,
                column=next(name for name in before if ":" in name),
                reason_vi="cột lặp lại",
                reason_en="the column is there twice",
            )
    return rows


def _column_findings(rows: list[Fields], text: str) -> Iterator[Finding]:
    # The whole text is asked first: a clean file costs two scans in C and no loop over its rows.
    if text.find("?", text.find("?>") + 2) >= 0:
        for column in PEOPLE_WRITE:
            hits = [n for n, fields in enumerate(rows, 1) if "?" in fields.get(column, "")]
            yield from _note("LOST_LETTERS", column, hits)
    if not is_normalized("NFC", text):
        for column in PEOPLE_WRITE:
            hits = [
                n
                for n, fields in enumerate(rows, 1)
                if not is_normalized("NFC", fields.get(column, ""))
            ]
            yield from _note("NOT_COMPOSED", column, hits)


def _note(rule: str, column: str, row_numbers: list[int]) -> Iterator[Finding]:
    if row_numbers:
        yield Finding(
            rule,
            Severity.NOTE,
            {"column": column, "row_count": len(row_numbers), "first_row": row_numbers[0]},
        )

"""What a reading-book file holds: its rows as they came, before any meaning is read into them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cmis.kernel.findings import Finding
from cmis.kernel.period import BillingMonth


class BookVariant(StrEnum):
    """The forms seen in the field; the reader takes all of them, the name is for people."""

    OUTBOUND = "outbound"
    RETURNED = "returned"
    EXTRA_VALUES = "extra_values"  # handhelds of 2018: blank states, three extra values
    WEB_SERVICE = "web_service"  # rows inside a DiffGram
    WITH_ALTITUDE = "with_altitude"  # handhelds of 2023: three coordinates
    REMOTE_READING = "remote_reading"  # own namespace, every value a string
    CONCENTRATOR = "concentrator"  # three coordinates and the identity of a data concentrator


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """One row as it came.

    ``row_number`` counts rows of the file from 1. ``fields`` keeps the order of the file and the
    three kinds of nothing apart: no entry (database NULL), ``""`` and ``" "``. Unknown columns
    are there too.
    """

    row_number: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BookFile:
    """All rows of one file, in file order, which carries no meaning."""

    variant: BookVariant
    encoding: str
    rows: tuple[ExchangeRow, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, order=True)
class BookMonth:
    """A book in a billing month, as rows name it."""

    unit_code: str
    book_code: str
    billing_month: BillingMonth


def books_named_in(book_file: BookFile) -> dict[BookMonth, int]:
    """Books the rows belong to and how many rows say so, most rows first.

    Hand-merged files with several books are normal, and the file name means nothing. A defective
    row may name a book alone; rows whose period cannot be read name none.
    """
    named = Counter(
        tuple(row.fields.get(tag, "") for tag in ("MA_DVIQLY", "MA_QUYEN", "NAM", "THANG", "KY"))
        for row in book_file.rows
    )
    books: dict[BookMonth, int] = {}
    for (unit_code, book_code, *period), count in named.most_common():
        try:
            month = BillingMonth.parse("-".join(period))
        except ValueError:
            continue
        book = BookMonth(unit_code, book_code, month)
        books[book] = books.get(book, 0) + count
    return books

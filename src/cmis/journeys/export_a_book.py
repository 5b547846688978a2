"""Send a book out: the file of a prepared period, or the same file again for its holder.

A period that was adopted goes out exactly as it came: every outbound column is kept as text, and a
column that was missing stays missing. A period of our own is prepared from what the period before
left behind (``prepare_a_period``).
"""

from dataclasses import dataclass
from datetime import datetime

from cmis.formats.hhu.writer import book_file_name, write_outbound
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books
from cmis.modules.reading.types import PeriodFacts


@dataclass(frozen=True, slots=True)
class ExportedBook:
    """A book file as it went out."""

    file_name: str
    data: bytes
    period: PeriodFacts


def export_a_book(
    scope: UnitScope, period_code: str, *, holder: str, actor: str, at: datetime
) -> ExportedBook:
    """Hand a book to its one holder and give back the file.

    Asking again as the same holder gives the same bytes and changes no reading.

    Raises:
        UnableToFindPeriod: unknown, or outside the scope.
        UnableToExportBook: somebody else holds the book.
        UnableToNameBookFile, UnableToWriteBookFile: a text no file can carry; nothing changed.
    """
    found = books.period(scope, period_code)
    file_name = book_file_name(found.book_code, found.month)
    data = write_outbound(books.outbound_rows(found.id))
    period = reading.hand_out(scope, period_code, holder=holder, actor=actor, at=at)
    return ExportedBook(file_name, data, period)

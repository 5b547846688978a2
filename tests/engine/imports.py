"""Judge a returned book as an import does, for tests that know the truth."""

from collections import defaultdict

from cmis.engine.simulation.walk import DIAL_DIGITS
from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.register_row import RegisterRow, read_outbound_row
from cmis.formats.hhu.row_checks import exported_row
from cmis.formats.hhu.verdicts import judge_returned_rows


def rows_of(outbound: bytes) -> list[RegisterRow]:
    return [read_outbound_row(row) for row in parse_book_file(outbound).rows]


def verdicts_by_key(outbound: bytes, returned: bytes) -> dict[int, list[str]]:
    """Key → primary verdicts of its rows, in file order."""
    exported = {
        row.register_period_key: exported_row(row, dial_digits=DIAL_DIGITS[row.meter_code[:3]])
        for row in rows_of(outbound)
    }
    verdicts: dict[int, list[str]] = defaultdict(list)
    for verdict in judge_returned_rows(exported, parse_book_file(returned)):
        assert verdict.key is not None
        verdicts[verdict.key].append(verdict.primary.value)
    return verdicts

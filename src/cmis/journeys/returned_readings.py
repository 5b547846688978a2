"""The reading in one judged row of a returned file, with the evidence around it (READ-12)."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from cmis.engine.clock import VIETNAM
from cmis.formats.hhu.book_file import BookFile, BookVariant
from cmis.formats.hhu.columns import DEVICE_FILLS, OUTBOUND_COLUMNS
from cmis.formats.hhu.register_row import RegisterRow
from cmis.formats.hhu.verdict_codes import Verdict, VerdictKind
from cmis.formats.hhu.verdicts import RowVerdict as Judgement
from cmis.modules.reading.file_types import ExpectedRow
from cmis.modules.reading.types import ReadingToTake

#: Readings of imported files have names of their own, the same at every rerun.
READING_NAMESPACE = UUID("6f2d3a52-9f0e-5d43-8d0c-6b3a1c8f4e11")
#: Smallest part of an index that is kept (MTR-09), and the largest energy of one row.
INDEX_STEP = Decimal("0.001")
ENERGY_LIMIT_KWH = Decimal(10) ** 13
REMOTE = frozenset({BookVariant.REMOTE_READING, BookVariant.CONCENTRATOR})
CUSTOMER_REPORTED = "T"
OLDEST_CAPTURE_YEAR = 2000
NOT_OF_THE_DEVICE = frozenset(OUTBOUND_COLUMNS) - frozenset(DEVICE_FILLS)


def reading_of(
    file: BookFile, judgement: Judgement, row: ExpectedRow, *, identity: str
) -> ReadingToTake | None:
    """The reading a row of the file brings, or nothing when it brings none that may be kept.

    Args:
        identity: what names the file among all imports; with the row it names the reading.
    """
    typed = judgement.row
    codes = (judgement.primary, *judgement.further)
    if typed is None or not typed.is_captured or Verdict.UNREAD_ROW in codes:
        return None
    if judgement.severity is VerdictKind.ERROR or not _is_keepable(typed):
        return None
    assert typed.current_index is not None
    assert typed.consumption_kwh is not None
    assert judgement.row_number is not None
    columns = file.rows[judgement.row_number - 1].fields
    return ReadingToTake(
        event_uuid=uuid5(READING_NAMESPACE, f"{identity}:{judgement.row_number}"),
        row_id=row.id,
        source=_source(file.variant, typed.state_code),
        index=typed.current_index,
        state_code=typed.state_code,
        consumption_kwh=typed.consumption_kwh,
        last_day=typed.planned_end_date or row.planned_last_day,
        read_at=_utc(typed.captured_at_local),
        latitude=typed.latitude,
        longitude=typed.longitude,
        person=typed.reader_name or typed.reader_code,
        note=typed.note,
        is_abnormal_confirmed=typed.abnormal_confirmed,
        # What the device wrote, to the letter: evidence, and given back untouched.
        detail={
            "row": judgement.row_number,
            "columns": {tag: text for tag, text in columns.items() if tag not in NOT_OF_THE_DEVICE},
        },
        supersedes_id=row.reading_id,
    )


def _is_keepable(typed: RegisterRow) -> bool:
    """Whether index and energy can be stored exactly."""
    index, energy_kwh = typed.current_index, typed.consumption_kwh
    return (
        index is not None
        and energy_kwh is not None
        and not index % INDEX_STEP
        and not energy_kwh % INDEX_STEP
        and abs(energy_kwh) < ENERGY_LIMIT_KWH
    )


def _source(variant: BookVariant, state_code: str) -> str:
    if variant in REMOTE:
        return "remote"
    return "customer" if state_code == CUSTOMER_REPORTED else "handheld"


def _utc(moment: datetime | None) -> datetime | None:
    """Local time of the device as UTC; a time before any handheld existed is none."""
    if moment is None or moment.year < OLDEST_CAPTURE_YEAR:
        return None
    return moment.replace(tzinfo=VIETNAM).astimezone(UTC)

"""A returned file on its way in: what it is held against, and what judging it gave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cmis.kernel.findings import Severity
from cmis.modules.reading.types import ReadingToTake, RowVerdict

#: A row in one of these states keeps the reading it has.
SETTLED_STATES = frozenset({"confirmed", "billed", "carried"})


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """A row of a book that is out, with what went out and what it already has."""

    id: int
    period_id: int
    key: int
    point_id: int
    point_code: str
    unit_code: str
    meter_code: str
    meter_serial: str
    register_kind: str
    dial_digits: int | None
    previous_index: Decimal
    multiplier: Decimal
    previous_kwh: Decimal
    removed_kwh: Decimal
    first_day: date
    planned_last_day: date
    state: str
    current_index: Decimal | None
    state_code: str
    last_day: date | None
    reading_id: int | None

    @property
    def is_settled(self) -> bool:
        """Confirmed, billed or carried: takes no other reading."""
        return self.state in SETTLED_STATES

    def has(self, index: Decimal, state_code: str, last_day: date) -> bool:
        """Whether this very reading was accepted before."""
        return (
            self.reading_id is not None
            and self.current_index == index
            and self.state_code == state_code
            and self.last_day == last_day
        )


@dataclass(frozen=True, slots=True)
class DoubtAboutRow:
    """What a file says against a row. A row without a new reading may have doubts too."""

    row_id: int
    rule: str
    severity: Severity
    values: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A file, judged: every row has its verdict; ``readings`` are those to be taken.

    ``unread_row_ids`` came back without a reading and wait for a person.
    """

    sha256: str
    name: str
    byte_count: int
    row_count: int
    verdicts: Sequence[RowVerdict]
    refused_count: int
    held_count: int
    readings: Sequence[ReadingToTake]
    unread_row_ids: Sequence[int]
    doubts: Sequence[DoubtAboutRow]

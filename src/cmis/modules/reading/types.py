"""What reading takes and gives: frozen facts of books, rows, readings and decisions."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from cmis.kernel.findings import Finding
from cmis.kernel.period import BillingMonth
from cmis.kernel.tally import Tally


@dataclass(frozen=True, slots=True)
class RowToAdd:
    """One register of a book period that begins. ``exchange`` is JSON text of the outbound columns.

    Energy in kWh, for reactive registers in kvarh; days are the first and last day, both included.
    """

    key: int
    point_id: int
    installation_id: int
    register_kind: str
    walk_code: str
    multiplier: Decimal
    dial_digits: int | None
    previous_index: Decimal
    previous_kwh: Decimal
    history_kwh: tuple[str, ...]
    removed_kwh: Decimal
    direct_kwh: Decimal
    first_day: date
    planned_last_day: date
    household_count: Decimal
    price_text: str
    exchange: str


@dataclass(frozen=True, slots=True)
class PeriodToAdd:
    book_code: str
    unit_id: int
    month: BillingMonth
    first_day: date
    planned_last_day: date
    is_boundary: bool = False

    @property
    def code(self) -> str:
        return f"{self.book_code}-{self.month}"


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A book in one billing month, as other parts of the house see it."""

    id: int
    code: str
    book_code: str
    unit_id: int
    unit_code: str
    month: BillingMonth
    first_day: date
    planned_last_day: date
    state: str
    holder: str
    row_count: int


@dataclass(frozen=True, slots=True)
class ReadingToTake:
    """A reading that came for a row, ready to be kept for ever."""

    event_uuid: UUID
    row_id: int
    source: str
    index: Decimal
    state_code: str
    consumption_kwh: Decimal
    last_day: date
    read_at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    person: str = ""
    device: str = ""
    photo: str = ""
    note: str = ""
    is_abnormal_confirmed: bool = False
    reason: str = ""
    detail: dict[str, object] = field(default_factory=dict)
    supersedes_id: int | None = None


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """The verdict on one row of a file. ``row_number`` is ``None`` for a row that never came."""

    row_number: int | None
    key: str
    code: str
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What one returned file did. Rows of the file: accepted + held + refused = row_count.

    ``verdicts`` has one entry for every row of the file in its order, then the registers that never
    came. ``is_taken`` is false when nothing was kept: no row could be matched, or one was refused
    and all or nothing had been asked for.
    """

    sha256: str
    name: str
    already_imported: bool
    period_codes: tuple[str, ...]
    row_count: int
    accepted_count: int
    held_count: int
    refused_count: int
    verdicts: tuple[RowVerdict, ...]
    findings: tuple[Finding, ...] = ()
    is_taken: bool = True

    @property
    def tally(self) -> Tally:
        return Tally(self.row_count, self.accepted_count, self.held_count, self.refused_count)


@dataclass(frozen=True, slots=True)
class ConfirmedRow:
    """One confirmed register of a point, with everything rating and the bill need.

    Energy in kWh (kvarh for reactive registers), days first and last, both included. ``price_text``
    and ``price_terms`` are the price agreement valid on the last day of the reading.
    """

    row_id: int
    reading_id: int
    read_at: datetime | None
    period_id: int
    year: int
    month: int
    cycle: int
    period_first_day: date
    point_id: int
    point_code: str
    customer_id: int
    customer_code: str
    contract_id: int
    contract_code: str
    contract_starts_on: date | None
    unit_id: int
    unit_code: str
    installation_id: int
    meter_code: str
    meter_serial: str
    register_kind: str
    multiplier: Decimal
    dial_digits: int | None
    previous_index: Decimal
    current_index: Decimal
    consumption_kwh: Decimal
    removed_kwh: Decimal
    direct_kwh: Decimal
    first_day: date
    last_day: date
    planned_last_day: date
    household_count: Decimal
    price_text: str
    price_terms: tuple[dict[str, object], ...]
    buys_reactive: bool
    walk_code: str
    position: int
    state_code: str
    is_estimated: bool
    is_swap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCard:
    """One doubt as the queue shows it: the row, its numbers and its past for the bars."""

    id: int
    rule: str
    severity: str
    values: dict[str, str | int]
    state: str
    found_at: datetime
    period_code: str
    period_id: int
    book_code: str
    row_id: int
    row_state: str
    unit_id: int
    unit_code: str
    point_id: int
    customer_code: str
    point_code: str
    meter_serial: str
    register_kind: str
    walk_code: str
    multiplier: Decimal
    previous_index: Decimal
    current_index: Decimal | None
    state_code: str
    consumption_kwh: Decimal | None
    removed_kwh: Decimal
    direct_kwh: Decimal
    previous_kwh: Decimal
    history_kwh: tuple[Decimal, ...]
    first_day: date
    planned_last_day: date
    last_day: date | None
    read_by: str
    recorded_by: str
    source: str
    note: str
    read_at: datetime | None
    latitude: Decimal | None
    longitude: Decimal | None
    is_abnormal_confirmed: bool
    decided_by: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A reading somebody enters instead of another. Without a day the row keeps the one it has.

    ``source``: ``typed`` at the desk, ``recheck`` by the re-check section, ``customer`` reported.
    """

    index: Decimal
    reason: str
    state_code: str = ""
    last_day: date | None = None
    source: str = "typed"


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that waits for a person, as lists name it."""

    book_code: str
    period_code: str
    point_code: str
    register_kind: str
    rule: str
    severity: str


@dataclass(frozen=True, slots=True)
class BookFacts:
    """A book with its newest period; the last three are empty while it has none."""

    code: str
    unit_code: str
    name: str
    newest_period_code: str
    newest_state: str
    holder: str


@dataclass(frozen=True, slots=True)
class RowToFollow:
    """A register of a period that ended, with what the next period takes over."""

    id: int
    point_id: int
    point_code: str
    installation_id: int
    register_kind: str
    walk_code: str
    multiplier: Decimal
    dial_digits: int | None
    previous_index: Decimal
    current_index: Decimal | None
    previous_kwh: Decimal
    consumption_kwh: Decimal | None
    removed_kwh: Decimal
    direct_kwh: Decimal
    first_day: date
    last_day: date | None
    exchange: dict[str, str | None]
    history_kwh: tuple[Decimal, ...]
    is_settled: bool
    is_unchecked: bool


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One period of one register in the past of a point, newest first in lists."""

    period_code: str
    point_code: str
    register_kind: str
    first_day: date
    last_day: date | None
    previous_index: Decimal
    current_index: Decimal | None
    multiplier: Decimal
    consumption_kwh: Decimal | None
    removed_kwh: Decimal
    direct_kwh: Decimal
    state_code: str
    row_state: str
    is_estimated: bool
    source: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One book period on the reading board."""

    period_code: str
    book_code: str
    unit_code: str
    month: BillingMonth
    state: str
    holder: str
    first_day: date
    planned_last_day: date
    row_count: int
    open: int
    received: int
    held: int
    confirmed: int
    billed: int
    carried: int
    finding_count: int

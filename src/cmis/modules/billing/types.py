"""Frozen values the billing module takes and returns."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BillToStore:
    """A rated bill before it has an id. ``lines`` are rows of :data:`LINE_COLUMNS`."""

    code: str
    unit_id: int
    period_id: int
    customer_id: int
    contract_id: int
    point_id: int
    walk_code: str
    position: int
    year: int
    month: int
    cycle: int
    first_day: date
    last_day: date
    energy_kwh: int
    net_vnd: int
    vat_percent: str
    vat_vnd: int
    total_vnd: int
    is_estimated: bool
    case: str
    readings_json: str
    findings_json: str
    is_held: bool
    lines: tuple[tuple[str, str, str, Decimal, int, int], ...]


#: Order of the values in ``BillToStore.lines``.
LINE_COLUMNS = (
    "label",
    "item_code",
    "decision",
    "energy_kwh",
    "price_vnd_per_kwh",
    "amount_vnd",
)


@dataclass(frozen=True, slots=True)
class LineFacts:
    line_no: int
    label: str
    item_code: str
    decision: str
    energy_kwh: Decimal
    price_vnd_per_kwh: int
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class BillFacts:
    """What pages and documents show of a bill."""

    id: int
    code: str
    unit_id: int
    unit_code: str
    period_code: str
    customer_id: int
    customer_code: str
    point_code: str
    year: int
    month: int
    cycle: int
    first_day: date
    last_day: date
    energy_kwh: int
    net_vnd: int
    vat_percent: str
    vat_vnd: int
    total_vnd: int
    is_estimated: bool
    state: str
    case: str
    readings: tuple[dict[str, str], ...]
    findings: tuple[dict[str, object], ...]
    rated_at: datetime
    decided_by: str
    lines: tuple[LineFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class BillToIssue:
    """All that an invoice needs of a bill, plain and picklable for a worker process."""

    bill_id: int
    bill_code: str
    book_code: str
    unit_id: int
    customer_id: int
    customer_code: str
    point_code: str
    year: int
    month: int
    cycle: int
    first_day: date
    last_day: date
    energy_kwh: int
    net_vnd: int
    vat_percent: str
    vat_vnd: int
    total_vnd: int
    is_estimated: bool
    case: str
    readings: list[dict[str, str]]
    lines: tuple[tuple[str, str, str, Decimal, int, int], ...]

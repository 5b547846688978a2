"""What really happened at each register, beside what the reader brought back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Situation(StrEnum):
    """Honest things a reader meets."""

    ORDINARY = "ordinary"
    ROLLOVER = "rollover"
    NOT_USED = "not_used"
    ABSENT = "absent"
    STUCK = "stuck"
    CUSTOMER_REPORTED = "customer_reported"


class Fault(StrEnum):
    """Mistakes that are planted; empty for an honest row."""

    NONE = ""
    DIGITS_SWAPPED = "digits_swapped"
    DIGIT_MISREAD = "digit_misread"
    SPIKE = "spike"
    NEGATIVE = "negative"
    UNREAD = "unread"
    WRONG_SERIAL = "wrong_serial"
    ALTERED_OLD_INDEX = "altered_old_index"
    ALTERED_MULTIPLIER = "altered_multiplier"
    WRONG_ARITHMETIC = "wrong_arithmetic"
    OLD_INDEX_TYPED = "old_index_typed"
    COPIED_ENERGY = "copied_energy"
    REGISTERS_SWAPPED = "registers_swapped"
    TOTAL_MISREAD = "total_misread"
    MISSING_ROW = "missing_row"
    DUPLICATE_ROW = "duplicate_row"
    FALSE_ROLLOVER = "false_rollover"
    UNCONFIRMED_RISE = "unconfirmed_rise"
    WRONG_DATE = "wrong_date"
    UNKNOWN_STATE = "unknown_state"
    #: Not planted: an honest reading that lies below a wrong one of an earlier month.
    EARLIER_MISREAD = "earlier_misread"


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One register in one period. Indices are register units, energy whole kWh as text.

    Args:
        start_index: what the dial showed at the end of the period before.
        true_index: what the dial shows now; ``used_kwh`` is the energy that passed, with the
            removed meter, also where the dial is stuck.
        recorded_index: what the returned file says; None when the row is unread or missing.
        expected_verdict: the verdict an import must give; empty where only judgement can tell.
        price_text: with ``household_count``, ``first_date`` and ``last_date`` the inputs of a bill.
    """

    book_code: str
    month: str
    key: int
    point_code: str
    customer_code: str
    register: str
    meter_serial: str
    multiplier: str
    start_index: str
    true_index: str
    used_kwh: str
    removed_kwh: str
    direct_kwh: str
    recorded_index: str | None
    recorded_state: str
    situation: str
    fault: str
    expected_verdict: str
    price_text: str
    household_count: str
    first_date: str
    last_date: str


#: Where a dial stood: point, register and serial of the meter → index.
DialIndices = Mapping[tuple[str, str, str], int]


def truth_lines(rows: Iterable[TruthRow]) -> Iterator[str]:
    """One JSON object a line."""
    for row in rows:
        yield json.dumps(asdict(row), ensure_ascii=False, separators=(",", ":")) + "\n"


def read_dial_indices(path: Path) -> dict[tuple[str, str, str], int]:
    """Where the dials stood at the end of a truth file; a later line replaces an earlier one.

    Raises:
        OSError: the file cannot be read.
        ValueError: a line is not a truth row.
    """
    indices: dict[tuple[str, str, str], int] = {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            try:
                place = (row["point_code"], row["register"], row["meter_serial"])
                indices[place] = int(row["true_index"])
            except (KeyError, TypeError) as error:
                raise ValueError(f"{path.name} holds a line that is no truth row") from error
    return indices

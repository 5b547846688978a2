"""Half-open calendar periods."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """``[start, end)``: the start day belongs to it, the end day does not.

    Raises:
        ValueError: when the end is before the start.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"period ends {self.end} before it starts {self.start}")

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def split(self, at: date) -> tuple["Period", "Period"]:
        """Two periods that meet at ``at``, which must lie inside or on a border."""
        return Period(self.start, at), Period(at, self.end)

    def each_day(self) -> Iterator[date]:
        for offset in range(self.days):
            yield self.start + timedelta(days=offset)


@dataclass(frozen=True, slots=True, order=True)
class BillingMonth:
    """The accounting month and the reading cycle in it (1…3), as books and bills are keyed."""

    year: int
    month: int
    cycle: int = 1

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.cycle <= 31 and 1900 <= self.year <= 9999):
            raise ValueError(f"not a billing month: {self.year}-{self.month}-{self.cycle}")

    @classmethod
    def parse(cls, text: str) -> "BillingMonth":
        """Read ``2026-7-1`` or ``2026-07`` (cycle 1).

        Raises:
            ValueError: when the text is neither.
        """
        parts = text.split("-")
        if len(parts) not in (2, 3) or not all(part.isdigit() for part in parts):
            raise ValueError(f"not a billing month: {text!r}; write year-month-cycle, as 2026-7-1")
        return cls(*(int(part) for part in parts))

    def __str__(self) -> str:
        return f"{self.year}-{self.month}-{self.cycle}"

    @property
    def previous(self) -> "BillingMonth":
        """The same cycle of the month before."""
        if self.month == 1:
            return BillingMonth(self.year - 1, 12, self.cycle)
        return BillingMonth(self.year, self.month - 1, self.cycle)

    @property
    def next(self) -> "BillingMonth":
        """The same cycle of the month after."""
        if self.month == 12:
            return BillingMonth(self.year + 1, 1, self.cycle)
        return BillingMonth(self.year, self.month + 1, self.cycle)


def days_in_month_before(day: date) -> int:
    """Calendar days of the month before the one ``day`` lies in (T of BILL-06)."""
    first = day.replace(day=1)
    before = first - timedelta(days=1)
    return monthrange(before.year, before.month)[1]

"""One register of one point in one period, as the rules look at it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cmis.kernel.registers import RegisterKind

ZERO = Decimal(0)

#: Control totals: never priced, so no usual or unusual energy is looked for in them.
CONTROL = frozenset((RegisterKind.TOTAL, RegisterKind.EXPORT_TOTAL))


@dataclass(frozen=True, slots=True)
class RowToCheck:
    """A reading with what is needed to judge it. Indices are register units, energy is kWh.

    Args:
        consumption_kwh: index difference × multiplier, without ``removed_kwh`` and ``direct_kwh``;
            None when nothing was captured or state and indices contradict each other.
        previous_kwh: whole energy of the period before.
        history_kwh: energy of the periods before, newest first; the first is ``previous_kwh``.
        captured: the reader took the reading; says it apart from the index, since 0 is a reading.
        previous_days: days of the period before when known; energies are then compared per day.
        point_registers: every register the point should have; empty when not known.
        estimates_before: estimated periods in a row before this one.
        confirmed_on_device: the reader answered the alarm on the device with a note or a photo.
    """

    register: RegisterKind
    previous_index: Decimal
    current_index: Decimal | None
    multiplier: Decimal
    consumption_kwh: Decimal | None
    previous_kwh: Decimal
    period_days: int
    first_date: date
    planned_date: date
    read_date: date | None
    state: str = ""
    captured: bool = True
    dial_digits: int | None = None
    removed_kwh: Decimal = ZERO
    direct_kwh: Decimal = ZERO
    history_kwh: tuple[Decimal, ...] = ()
    same_month_last_year_kwh: Decimal | None = None
    previous_days: int | None = None
    confirmed_on_device: bool = False
    price_group: str = ""
    point_registers: tuple[RegisterKind, ...] = ()
    is_estimated: bool = False
    estimates_before: int = 0

    @property
    def used_kwh(self) -> Decimal | None:
        """Whole energy of the period, or None when the reading gives none that can be judged."""
        consumption_kwh = self.consumption_kwh
        if consumption_kwh is None or not self.captured or consumption_kwh < 0:
            return None
        return consumption_kwh + self.removed_kwh + self.direct_kwh

    @property
    def expected_kwh(self) -> Decimal:
        """Energy of the period before, carried to the days of this one when both are known."""
        if self.previous_days and self.previous_days != self.period_days:
            return self.previous_kwh * self.period_days / self.previous_days
        return self.previous_kwh

    @property
    def mean_kwh(self) -> Decimal:
        """Mean of the known periods before; zero when there is none."""
        if not self.history_kwh:
            return self.previous_kwh
        return sum(self.history_kwh, ZERO) / len(self.history_kwh)


def figure(value: Decimal | int) -> str:
    """A number as a finding stores it: plain digits, no exponent, no empty decimals."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_of(part: Decimal, whole: Decimal) -> int:
    """How many percent ``part`` is of a positive ``whole``, cut to a whole number."""
    return int(part * 100 / whole)

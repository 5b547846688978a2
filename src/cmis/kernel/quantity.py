"""From two indices to energy (domain: readings §7, tariffs §3; MTR-09, BILL-02)."""

from decimal import Decimal

from cmis.kernel.registers import ZERO_STATES


class IndexConflict(ValueError):
    """The state and the two indices cannot be true together; the rule that broke is the text."""


def index_difference(
    *, previous: Decimal, current: Decimal, state: str, dial_digits: int | None
) -> Decimal:
    """Units of the register that passed between two readings, before the multiplier.

    Rollover (state ``Q``) uses the meter's digit capacity, never the digits of a number: 00998 →
    00003 on a five-digit dial is 99 005 units, not 5.

    Raises:
        IndexConflict: state and indices contradict each other, or a rollover lacks the capacity.
    """
    if state in ZERO_STATES and state:
        if current != previous:
            raise IndexConflict("state_needs_equal_index")
        return Decimal(0)
    if state == "Q":
        if dial_digits is None:
            raise IndexConflict("rollover_without_dial_digits")
        if current >= previous:
            raise IndexConflict("rollover_needs_lower_index")
        return Decimal(10) ** dial_digits - previous + current
    if current < previous:
        raise IndexConflict("negative")
    return current - previous


def register_energy(
    *,
    difference: Decimal,
    multiplier: Decimal,
    removed_kwh: Decimal = Decimal(0),
    direct_kwh: Decimal = Decimal(0),
) -> Decimal:
    """Energy of one register in one period: difference × multiplier + removed meter + direct."""
    return difference * multiplier + removed_kwh + direct_kwh

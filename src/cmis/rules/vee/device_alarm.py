"""The alarm on the reader's device (READ-15): it clears the number and asks to type it again.

Plainer than the rules of the office, and binding by itself: change of 30 % or more up or down from
the period before, end not above start, energy equal to the period before.
"""

from decimal import Decimal
from enum import StrEnum

from cmis.rules.vee.limits import Limits


class DeviceAlarm(StrEnum):
    ENERGY_EQUAL = "energy_equal"
    NOT_ABOVE_START = "not_above_start"
    CHANGED_UP = "changed_up"
    CHANGED_DOWN = "changed_down"


def device_alarm(
    *,
    previous_index: Decimal,
    current_index: Decimal,
    used_kwh: Decimal,
    previous_kwh: Decimal,
    limits: Limits,
    state: str = "",
) -> DeviceAlarm | None:
    """What the device asks about, or None.

    Args:
        used_kwh: difference × multiplier + energy of a removed meter.
        previous_kwh: energy of the period before; 0 switches the percentage off, since nothing can
            be compared.
        state: with ``Q`` a lower index is meant.
    """
    if current_index <= previous_index and state != "Q":
        return DeviceAlarm.NOT_ABOVE_START
    if previous_kwh <= 0:
        return None
    if used_kwh == previous_kwh:
        return DeviceAlarm.ENERGY_EQUAL
    if used_kwh * 100 >= previous_kwh * (100 + limits.device_change_percent):
        return DeviceAlarm.CHANGED_UP
    if used_kwh * 100 <= previous_kwh * (100 - limits.device_change_percent):
        return DeviceAlarm.CHANGED_DOWN
    return None

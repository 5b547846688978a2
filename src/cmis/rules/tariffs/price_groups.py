"""From the price group of a reading-book file to a price item."""

from datetime import date

from cmis.rules.tariffs.errors import UnableToMapPriceGroup
from cmis.rules.tariffs.schema import Law

#: Marks a cell of the mapping that the switch ``administrative_item`` decides.
_ADMINISTRATIVE = "administrative_item"


def item_for_group(
    law: Law,
    *,
    group: str,
    sub_code: str = "",
    on: date,
    voltage: str | None = None,
    administrative_item: str | None = None,
) -> str:
    """Price item code of an exchange group, such as SXBT → SX_LT6.

    Args:
        voltage: voltage class of ``price_groups.yaml`` (``lt_6kV``, ``6_22kV``, ``22_110kV``,
            ``ge_110kV``); None takes the file's default, since the exchange names no voltage.
        administrative_item: HC1 (hospitals, schools) or HC2 (other offices); None takes the
            default of the switch, whose meaning is open.

    Raises:
        UnableToMapPriceGroup: no row for this group, sub-code, voltage and day.
    """
    groups = law.price_groups
    voltage = voltage or groups.default_voltage
    for row in groups.rows:
        if (
            row.group == group
            and sub_code in row.sub_codes
            and row.first_day <= on <= row.last_day
            and voltage in row.item_by_voltage
        ):
            item = row.item_by_voltage[voltage]
            if item != _ADMINISTRATIVE:
                return item
            suffix = "LT6" if voltage == "lt_6kV" else "GE6"
            return f"{administrative_item or groups.default_administrative_item}_{suffix}"
    raise UnableToMapPriceGroup(group=group, sub_code=sub_code, voltage=voltage)

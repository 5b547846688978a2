"""The index has more digits than the dial: an error, never a rollover (readings §7)."""

from decimal import Decimal

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck, figure

CODE = "INDEX_EXCEEDS_DIGITS"
EXPLANATION = Bilingual(
    "Chỉ số mới {current_index} vượt mặt số {dial_digits} chữ số của công tơ.",
    "The new index {current_index} does not fit the {dial_digits}-digit dial of the meter.",
)
USUAL = Bilingual(
    "Chỉ số phải nhỏ hơn {capacity_index}; kiểm tra chữ số thừa hoặc loại công tơ.",
    "The index must be below {capacity_index}; look for an extra digit or a wrong meter type.",
)

_CAPACITIES = tuple(Decimal(10) ** digits for digits in range(19))


def check(row: RowToCheck, limits: Limits) -> Finding | None:  # noqa: ARG001 - one signature for all
    digits = row.dial_digits
    current = row.current_index
    if digits is None or current is None or not row.captured or current < _CAPACITIES[digits]:
        return None
    return Finding(
        CODE,
        Severity.BLOCK,
        {
            "current_index": figure(current),
            "dial_digits": digits,
            "capacity_index": figure(_CAPACITIES[digits]),
        },
    )

"""The new index is below the old one and nobody said the register rolled over."""

from decimal import Decimal

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.kernel.registers import DIFFERENCE_STATES
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck, figure

CODE = "NEGATIVE_CONSUMPTION"
EXPLANATION = Bilingual(
    "Chỉ số mới {current_index} nhỏ hơn chỉ số cũ {previous_index} mà không có trạng thái qua"
    " vòng.",
    "The new index {current_index} is below the old index {previous_index} without a rollover.",
)
USUAL = Bilingual(
    "Chỉ số mới phải từ {previous_index} trở lên; nếu công tơ thật sự qua vòng thì ghi trạng thái Q"
    " (khi đó sản lượng là {rollover_kwh} kWh).",
    "The new index must be {previous_index} or more; if the register really rolled over, set state"
    " Q (the energy would then be {rollover_kwh} kWh).",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:  # noqa: ARG001 - one signature for all
    current = row.current_index
    if current is None or not row.captured or current >= row.previous_index:
        return None
    if row.state not in DIFFERENCE_STATES:
        return None
    return Finding(
        CODE,
        Severity.BLOCK,
        {
            "current_index": figure(current),
            "previous_index": figure(row.previous_index),
            "rollover_kwh": _rollover_kwh(row, current),
        },
    )


def _rollover_kwh(row: RowToCheck, current: Decimal) -> str:
    """Energy if the register had rolled over; a dash when the dial is not known."""
    if row.dial_digits is None:
        return "–"
    difference = Decimal(10) ** row.dial_digits - row.previous_index + current
    return figure(difference * row.multiplier)

"""A register that rolls over stood near the end of its dial before."""

from decimal import Decimal

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck, figure

CODE = "ROLLOVER_IMPLAUSIBLE"
EXPLANATION = Bilingual(
    "Công tơ được ghi là qua vòng nhưng chỉ số cũ {previous_index} còn cách điểm qua vòng"
    " {left_index} đơn vị; sản lượng tính ra {used_kwh} kWh.",
    "The meter is reported as rolled over, but the old index {previous_index} was still"
    " {left_index} units away from it; this gives {used_kwh} kWh.",
)
USUAL = Bilingual(
    "Khi qua vòng, chỉ số cũ phải từ {least_index} trở lên; kiểm tra ảnh và chữ số đầu.",
    "Before a rollover the old index is {least_index} or more; check the photo and the first"
    " digit.",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:
    if row.state != "Q" or row.dial_digits is None or row.current_index is None:
        return None
    capacity = Decimal(10) ** row.dial_digits
    least = capacity * (100 - limits.rollover_last_part_percent) / 100
    if row.previous_index >= least or row.current_index >= row.previous_index:
        return None
    left = capacity - row.previous_index
    return Finding(
        CODE,
        Severity.SIGN,
        {
            "previous_index": figure(row.previous_index),
            "left_index": figure(left),
            "least_index": figure(least),
            "used_kwh": figure((left + row.current_index) * row.multiplier),
        },
    )

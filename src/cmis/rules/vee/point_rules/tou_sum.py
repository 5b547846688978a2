"""The control total against normal + peak + off-peak, in units of the register (readings §6)."""

from collections.abc import Sequence
from decimal import Decimal

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.kernel.registers import TIME_OF_USE, RegisterKind
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import ZERO, RowToCheck, figure

CODE = "TOU_SUM_MISMATCH"
EXPLANATION = Bilingual(
    "Tổng ba giá {parts_kwh} kWh khác bộ chỉ số tổng SG {total_kwh} kWh (lệch {gap_kwh} kWh).",
    "Normal + peak + off-peak give {parts_kwh} kWh, the control total {total_kwh} kWh (a gap of"
    " {gap_kwh} kWh).",
)
USUAL = Bilingual(
    "Bình thường khi lệch không quá {tolerance_kwh} kWh; thường là đọc nhầm giữa hai bộ chỉ số.",
    "Usual within {tolerance_kwh} kWh; two registers are often read for each other.",
)


def check(rows: Sequence[RowToCheck], limits: Limits) -> Finding | None:
    energies: dict[RegisterKind, Decimal] = {}
    multiplier = ZERO
    for row in rows:
        if row.captured and row.consumption_kwh is not None:
            energies[row.register] = row.consumption_kwh
            multiplier = row.multiplier
    total_kwh = energies.get(RegisterKind.TOTAL)
    if total_kwh is None or not all(kind in energies for kind in TIME_OF_USE):
        return None
    parts_kwh = sum((energies[kind] for kind in TIME_OF_USE), ZERO)
    gap_kwh = abs(total_kwh - parts_kwh)
    tolerance_kwh = limits.tou_sum_tolerance * multiplier
    if gap_kwh <= tolerance_kwh:
        return None
    return Finding(
        CODE,
        Severity.CONFIRM,
        {
            "parts_kwh": figure(parts_kwh),
            "total_kwh": figure(total_kwh),
            "gap_kwh": figure(gap_kwh),
            "tolerance_kwh": figure(tolerance_kwh),
        },
    )

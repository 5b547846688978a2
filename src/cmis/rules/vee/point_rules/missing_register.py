"""A point is one visit: with one register missing none of it is billed (readings §6)."""

from collections.abc import Sequence

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.kernel.registers import PRICED, TIME_OF_USE, RegisterKind
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck

CODE = "REGISTER_MISSING"
EXPLANATION = Bilingual(
    "Điểm đo thiếu chỉ số của bộ {missing}; đã có {present}.",
    "The point lacks a reading of {missing}; it has {present}.",
)
USUAL = Bilingual(
    "Ghi đủ tất cả các bộ chỉ số của điểm đo trong một lần đến.",
    "Read every register of the point in one visit.",
)


def check(rows: Sequence[RowToCheck], limits: Limits) -> Finding | None:  # noqa: ARG001 - one signature
    """Nothing is said when no register at all was read: each row says so itself."""
    present = {row.register for row in rows if row.captured and row.current_index is not None}
    if not present:
        return None
    expected: set[RegisterKind] = {row.register for row in rows}
    for row in rows:
        expected.update(row.point_registers)
    if len(present.intersection(TIME_OF_USE)) > 1:
        expected.update(TIME_OF_USE)
    missing = expected - present
    if not missing:
        return None
    holds = missing.intersection(PRICED) or RegisterKind.REACTIVE in missing
    return Finding(
        CODE,
        Severity.CONFIRM if holds else Severity.NOTE,
        {"missing": _listed(missing), "present": _listed(present)},
    )


def _listed(kinds: set[RegisterKind]) -> str:
    return ", ".join(kind.value for kind in RegisterKind if kind in kinds)

"""No reading was captured (readings §8: an explicit flag, never ``index > 0``)."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck

CODE = "UNREAD_ROW"
EXPLANATION = Bilingual(
    "Bộ chỉ số {register} chưa được ghi trong kỳ này.",
    "Register {register} was not read in this period.",
)
USUAL = Bilingual(
    "Ghi lại chỉ số, hoặc tạm tính nếu đã đến hai lần mà không ghi được.",
    "Read it again, or estimate it after two visits without success.",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:  # noqa: ARG001 - one signature for all
    if row.captured and row.current_index is not None:
        return None
    return Finding(CODE, Severity.CONFIRM, {"register": row.register.value})

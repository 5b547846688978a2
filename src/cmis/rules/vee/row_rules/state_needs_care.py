"""A state that says the meter did not measure, or that nobody stood before it (readings §8)."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.kernel.registers import DEFECT_STATES
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck

CODE = "STATE_NEEDS_CARE"
EXPLANATION = Bilingual(
    "Người ghi báo trạng thái {state} ({state_name_vi}): sản lượng của kỳ có thể chưa đúng.",
    "The reader reported state {state} ({state_name_en}): the energy may not be the true one.",
)
USUAL = Bilingual(
    "Xem hồ sơ điểm đo: ghi lại, tạm tính, hoặc lập phiếu xử lý thiết bị đo.",
    "Look at the point: read again, estimate, or open a meter case.",
)

_NAMES = {
    "V": ("vắng nhà", "nobody at home"),
    "M": ("mất công tơ", "meter missing"),
    "L": ("quá số", "over-range"),
    "X": ("có thay đổi", "changed"),
    "C": ("cháy", "burnt"),
    "K": ("kẹt", "stuck"),
    "H": ("hỏng", "faulty"),
    "G": ("bị rời vị trí", "moved"),
    "T": ("khách hàng báo chỉ số", "reported by the customer"),
}
#: The energy is a plain difference and may be billed while the case is worked off.
_NOTED = frozenset("TG")


def check(row: RowToCheck, limits: Limits) -> Finding | None:  # noqa: ARG001 - one signature for all
    state = row.state
    if not state or state not in _NAMES or not row.captured:
        return None
    severity = Severity.NOTE if state in _NOTED else Severity.CONFIRM
    name_vi, name_en = _NAMES[state]
    return Finding(
        CODE,
        severity,
        {
            "state": state,
            "state_name_vi": name_vi,
            "state_name_en": name_en,
            "opens_meter_case": int(state in DEFECT_STATES),
        },
    )

"""No energy at a point that usually uses some (READ-15: end = start; vee §1 zero)."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import CONTROL, RowToCheck, figure

CODE = "ZERO_CONSUMPTION"
EXPLANATION = Bilingual(
    "Sản lượng kỳ này bằng 0 trong khi các kỳ trước trung bình {mean_kwh} kWh.",
    "No energy was used, while the periods before had {mean_kwh} kWh on average.",
)
USUAL = Bilingual(
    "Bình thường nếu khách hàng không dùng điện (U) hoặc bị cắt điện (D); nếu không, kiểm tra công"
    " tơ kẹt hoặc chỉ số nhập lại số cũ.",
    "Usual when the customer used nothing (U) or is cut off (D); otherwise look for a stuck meter"
    " or"
    " the old index typed again.",
)


#: States that explain a zero by themselves, and states another rule already holds.
_EXPLAINED = frozenset("UD")
_LEFT_TO_STATE = frozenset("VMLXCKH")


def check(row: RowToCheck, limits: Limits) -> Finding | None:
    if row.used_kwh or not row.captured or row.consumption_kwh is None or row.consumption_kwh < 0:
        return None
    if row.state in _LEFT_TO_STATE or row.register in CONTROL:
        return None
    mean_kwh = row.mean_kwh
    if mean_kwh < limits.zero_usual_kwh:
        return None
    explained = row.state in _EXPLAINED or row.confirmed_on_device
    return Finding(
        CODE,
        Severity.NOTE if explained else Severity.CONFIRM,
        {"mean_kwh": figure(round(mean_kwh)), "at_stake_kwh": figure(round(row.expected_kwh))},
    )

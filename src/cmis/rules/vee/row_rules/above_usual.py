"""More energy than usual: soft stage confirmed by the reader, hard stage signed by the head.

Soft stage: relative and absolute limit together. Hard stage (three times and more): gate 1. A rise
that another baseline explains (same month of last year, mean of the periods before) goes down one
stage, because a plain ±30 % rule flags a quarter of honest rows and teaches people not to look.
"""

from decimal import Decimal

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import CONTROL, RowToCheck, figure, percent_of

CODE = "ABOVE_USUAL"
EXPLANATION = Bilingual(
    "Sản lượng {used_kwh} kWh bằng {percent} % kỳ trước ({expected_kwh} kWh), tăng {rise_kwh} kWh.",
    "The energy of {used_kwh} kWh is {percent} % of the period before ({expected_kwh} kWh), a rise"
    " of {rise_kwh} kWh.",
)
USUAL = Bilingual(
    "Bình thường khi dưới {usual_kwh} kWh, hoặc khi có ghi chú, ảnh của người ghi; gấp nhiều lần"
    " thì"
    " lãnh đạo đơn vị ký xác nhận.",
    "Usual below {usual_kwh} kWh, or with the reader's note or photo; several times as much needs"
    " the signature of the unit head.",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:
    used_kwh = row.used_kwh
    expected_kwh = row.expected_kwh
    if used_kwh is None or expected_kwh <= 0 or row.register in CONTROL:
        return None
    rise_kwh = used_kwh - expected_kwh
    if rise_kwh < limits.soft_kwh or used_kwh * 100 < expected_kwh * limits.over_percent:
        return None
    percent = percent_of(used_kwh, expected_kwh)
    return Finding(
        CODE,
        _severity(row, limits, used_kwh, percent),
        {
            "used_kwh": figure(used_kwh),
            "expected_kwh": figure(round(expected_kwh)),
            "rise_kwh": figure(round(rise_kwh)),
            "percent": percent,
            "usual_kwh": figure(
                round(max(expected_kwh * limits.over_percent / 100, expected_kwh + limits.soft_kwh))
            ),
            "step_percent": max(
                (step for step in limits.escalation_percents if percent >= step), default=0
            ),
        },
    )


def _severity(row: RowToCheck, limits: Limits, used_kwh: Decimal, percent: int) -> Severity:
    baselines = (row.same_month_last_year_kwh, row.mean_kwh)
    explained = any(
        baseline and used_kwh * 100 < baseline * limits.over_percent for baseline in baselines
    )
    if percent >= limits.hard_percent:
        return Severity.CONFIRM if explained else Severity.SIGN
    return Severity.NOTE if explained or row.confirmed_on_device else Severity.CONFIRM

"""Less energy than usual, but some: often a misread digit that comes back as a rise next time."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import CONTROL, RowToCheck, figure, percent_of

CODE = "BELOW_USUAL"
EXPLANATION = Bilingual(
    "Sản lượng {used_kwh} kWh chỉ bằng {percent} % kỳ trước ({expected_kwh} kWh), giảm {fall_kwh}"
    " kWh.",
    "The energy of {used_kwh} kWh is only {percent} % of the period before ({expected_kwh} kWh), a"
    " fall of {fall_kwh} kWh.",
)
USUAL = Bilingual(
    "Bình thường khi trên {usual_kwh} kWh, hoặc khi có ghi chú, ảnh của người ghi.",
    "Usual above {usual_kwh} kWh, or with the reader's note or photo.",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:
    used_kwh = row.used_kwh
    expected_kwh = row.expected_kwh
    if not used_kwh or row.register in CONTROL:
        return None
    fall_kwh = expected_kwh - used_kwh
    if fall_kwh < limits.soft_kwh or used_kwh * 100 > expected_kwh * limits.under_percent:
        return None
    last_year_kwh = row.same_month_last_year_kwh
    mean_kwh = row.mean_kwh
    explained = row.confirmed_on_device or any(
        baseline and used_kwh * 100 > baseline * limits.under_percent
        for baseline in (last_year_kwh, mean_kwh)
    )
    return Finding(
        CODE,
        Severity.NOTE if explained else Severity.CONFIRM,
        {
            "used_kwh": figure(used_kwh),
            "expected_kwh": figure(round(expected_kwh)),
            "fall_kwh": figure(round(fall_kwh)),
            "percent": percent_of(used_kwh, expected_kwh),
            "usual_kwh": figure(
                round(
                    min(expected_kwh * limits.under_percent / 100, expected_kwh - limits.soft_kwh)
                )
            ),
        },
    )

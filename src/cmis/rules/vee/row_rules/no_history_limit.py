"""A new or idle customer escapes every percentage and has an absolute limit (readings §9)."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import CONTROL, RowToCheck, figure

CODE = "NO_HISTORY_LIMIT"
EXPLANATION = Bilingual(
    "Kỳ trước không có sản lượng để so sánh mà kỳ này dùng {used_kwh} kWh (ngưỡng {limit_kwh}"
    " kWh).",
    "There is no energy before to compare with, and {used_kwh} kWh were used (limit {limit_kwh}"
    " kWh).",
)
USUAL = Bilingual(
    "Bình thường khi dưới {limit_kwh} kWh, hoặc ngang mức các kỳ đã biết; nếu không, đối chiếu"
    " ảnh.",
    "Usual below {limit_kwh} kWh, or at the level of known periods; otherwise compare the photo.",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:
    if row.previous_kwh > 0:
        return None
    used_kwh = row.used_kwh
    if used_kwh is None or used_kwh < limits.no_history_kwh or row.register in CONTROL:
        return None
    known = [energy for energy in row.history_kwh if energy > 0]
    if row.same_month_last_year_kwh:
        known.append(row.same_month_last_year_kwh)
    explained = known and used_kwh * 100 < max(known) * limits.over_percent
    hard = used_kwh * 100 >= limits.no_history_kwh * limits.hard_percent
    if explained:
        severity = Severity.CONFIRM if hard else Severity.NOTE
    else:
        severity = Severity.SIGN if hard else Severity.CONFIRM
    return Finding(
        CODE, severity, {"used_kwh": figure(used_kwh), "limit_kwh": limits.no_history_kwh}
    )

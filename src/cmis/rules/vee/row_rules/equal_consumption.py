"""The same energy as before (READ-15); several equal periods in a row are not chance."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import CONTROL, RowToCheck, figure

CODE = "EQUAL_CONSUMPTION"
EXPLANATION = Bilingual(
    "Sản lượng {used_kwh} kWh bằng đúng sản lượng kỳ trước, {equal_periods} kỳ liên tiếp như nhau.",
    "The energy of {used_kwh} kWh equals the period before; {equal_periods} periods in a row are"
    " the same.",
)
USUAL = Bilingual(
    "Hai kỳ bằng nhau có thể là ngẫu nhiên; nhiều kỳ bằng nhau thường là số chép lại, cần xem ảnh.",
    "Two equal periods may be chance; more are often a copied figure: look at the photo.",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:
    used_kwh = row.used_kwh
    if used_kwh != row.previous_kwh or not used_kwh or row.register in CONTROL:
        return None
    equal_periods = 2
    for earlier_kwh in row.history_kwh[1:]:
        if earlier_kwh != used_kwh:
            break
        equal_periods += 1
    asks = equal_periods >= limits.equal_periods and not row.confirmed_on_device
    return Finding(
        CODE,
        Severity.CONFIRM if asks else Severity.NOTE,
        {"used_kwh": figure(used_kwh), "equal_periods": equal_periods},
    )

"""A third estimate in a row is refused (READ-18): the meter has to be reached or moved outside."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck

CODE = "PROLONGED_ESTIMATE"
EXPLANATION = Bilingual(
    "Đây là kỳ tạm tính thứ {estimates} liên tiếp; chỉ được tạm tính tối đa {estimates_allowed}"
    " kỳ.",
    "This is estimate number {estimates} in a row; at most {estimates_allowed} are allowed.",
)
USUAL = Bilingual(
    "Ghi chỉ số thật, hoặc thỏa thuận đưa công tơ ra ngoài nhà.",
    "Take a real reading, or agree with the customer to move the meter outside.",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:
    if not row.is_estimated or row.estimates_before < limits.estimates_in_row:
        return None
    return Finding(
        CODE,
        Severity.BLOCK,
        {"estimates": row.estimates_before + 1, "estimates_allowed": limits.estimates_in_row},
    )

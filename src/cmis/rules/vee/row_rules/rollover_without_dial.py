"""A rollover on a meter whose digit capacity is not known is held for a person (readings §7)."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck, figure

CODE = "ROLLOVER_WITHOUT_DIAL"
EXPLANATION = Bilingual(
    "Công tơ được ghi là qua vòng ({previous_index} → {current_index}) nhưng chưa biết số chữ số"
    " của mặt số.",
    "The meter is reported as rolled over ({previous_index} → {current_index}) but the number of"
    " digits of its dial is not known.",
)
USUAL = Bilingual(
    "Bổ sung số chữ số của loại công tơ trong danh mục.",
    "Add the digits of this meter type to the catalogue.",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:  # noqa: ARG001 - one signature for all
    if row.state != "Q" or row.dial_digits is not None or row.current_index is None:
        return None
    return Finding(
        CODE,
        Severity.CONFIRM,
        {
            "previous_index": figure(row.previous_index),
            "current_index": figure(row.current_index),
        },
    )

"""The reading day against the reading calendar (READ-04, READ-05; readings §12)."""

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import RowToCheck

CODE = "DATE_OUT_OF_PERIOD"
EXPLANATION = Bilingual(
    "Ngày ghi {read_date} lệch {shift_days} ngày so với lịch ghi {planned_date} (kỳ bắt đầu"
    " {first_date}).",
    "The reading of {read_date} is {shift_days} days off the calendar day {planned_date} (the"
    " period"
    " starts on {first_date}).",
)
USUAL = Bilingual(
    "Bình thường khi lệch không quá {tolerance_days} ngày; lệch hơn thì định mức bậc thang tính"
    " theo"
    " số ngày thực tế.",
    "Usual within {tolerance_days} day; beyond that the tier norms follow the actual days.",
)


def check(row: RowToCheck, limits: Limits) -> Finding | None:
    read_date = row.read_date
    if read_date is None or read_date == row.planned_date or not row.captured:
        return None
    shift_days = (read_date - row.planned_date).days
    before_start = read_date < row.first_date
    if abs(shift_days) <= limits.planned_day_tolerance_days and not before_start:
        return None
    far = before_start or abs(shift_days) > limits.far_day_days
    return Finding(
        CODE,
        Severity.CONFIRM if far else Severity.NOTE,
        {
            "read_date": read_date.isoformat(),
            "planned_date": row.planned_date.isoformat(),
            "first_date": row.first_date.isoformat(),
            "shift_days": shift_days,
            "tolerance_days": limits.planned_day_tolerance_days,
        },
    )

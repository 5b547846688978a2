"""Sentences and names of the portal that depend on data."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmis.engine.line_names import line_name
from cmis.formats.notices.notice import two_languages
from cmis.interfaces.ui import formatting
from cmis.journeys.rate_a_period import REACTIVE_ITEM
from cmis.journeys.show_a_bill import ShownReading
from cmis.kernel.rounding import half_up
from cmis.modules.billing.types import BillFacts
from cmis.modules.reading.types import ReadingLine

SOURCES = {
    "handheld": gettext_lazy("nhân viên ghi tại chỗ"),
    "remote": gettext_lazy("đo xa"),
    "typed": gettext_lazy("nhập tay"),
    "customer": gettext_lazy("khách hàng báo"),
    "estimate": gettext_lazy("tạm tính"),
    "recheck": gettext_lazy("phúc tra"),
    "carried": gettext_lazy("chuyển từ kỳ trước"),
}
REGISTERS = {
    "KT": gettext_lazy("một giá"),
    "BT": gettext_lazy("giờ bình thường"),
    "CD": gettext_lazy("giờ cao điểm"),
    "TD": gettext_lazy("giờ thấp điểm"),
    "SG": gettext_lazy("tổng"),
    "VC": gettext_lazy("vô công"),
}
MARKS = {
    "Q": gettext_lazy("qua vòng"),
    "K": gettext_lazy("công tơ kẹt"),
    "T": gettext_lazy("khách hàng báo chỉ số"),
    "V": gettext_lazy("vắng nhà"),
    "U": gettext_lazy("không dùng điện"),
    "M": gettext_lazy("mất công tơ"),
    "L": gettext_lazy("quá số"),
    "X": gettext_lazy("có thay đổi"),
    "D": gettext_lazy("bị cắt điện"),
    "C": gettext_lazy("công tơ cháy"),
    "H": gettext_lazy("công tơ hỏng"),
    "G": gettext_lazy("công tơ bị rời vị trí"),
}


def line_title(item_code: str, label: str, language: str) -> str:
    """``Điện sinh hoạt bậc 1``."""
    if item_code == REACTIVE_ITEM:
        return _("Công suất phản kháng")
    return two_languages(line_name(item_code, label)).render(language)


def register_title(kind: str) -> str:
    """``KT – một giá``."""
    return f"{kind} – {REGISTERS[kind]}" if kind in REGISTERS else kind


def source_title(source: str) -> str:
    return str(SOURCES.get(source, source))


def marks_of(row: ReadingLine) -> str:
    """What is unusual about a reading, in words; empty when nothing is."""
    marks = []
    if row.is_estimated:
        marks.append(_("tạm tính"))
    elif row.state_code in MARKS:
        marks.append(str(MARKS[row.state_code]))
    if row.removed_kwh:
        marks.append(
            _("thay công tơ, công tơ tháo %(energy)s") % {"energy": formatting.kwh(row.removed_kwh)}
        )
    if row.direct_kwh:
        marks.append(_("dùng trực tiếp %(energy)s") % {"energy": formatting.kwh(row.direct_kwh)})
    return "; ".join(marks)


def marks_of_shown(reading: ShownReading) -> str:
    """As :func:`marks_of`; a register without its book row keeps the words stored in the bill."""
    return reading.values.get("mark", "") if reading.row is None else marks_of(reading.row)


def compared(now: BillFacts, before: BillFacts | None) -> str:
    """One plain sentence about the period before; per day, for periods differ in length."""
    if before is None:
        return _("Đây là hóa đơn đầu tiên ở trang này, chưa có kỳ trước để so sánh.")
    values = {
        "energy": formatting.kwh(abs(now.energy_kwh - before.energy_kwh)),
        "amount": formatting.vnd(abs(now.total_vnd - before.total_vnd)),
        "daily_now": formatting.kwh(_daily(now)),
        "daily_before": formatting.kwh(_daily(before)),
    }
    if now.energy_kwh == before.energy_kwh:
        first = _("Kỳ này dùng bằng kỳ trước.")
    elif now.energy_kwh > before.energy_kwh:
        first = _("Kỳ này dùng nhiều hơn kỳ trước %(energy)s.") % values
    else:
        first = _("Kỳ này dùng ít hơn kỳ trước %(energy)s.") % values
    if now.total_vnd == before.total_vnd:
        second = _("Số tiền không đổi.")
    elif now.total_vnd > before.total_vnd:
        second = _("Số tiền nhiều hơn %(amount)s.") % values
    else:
        second = _("Số tiền ít hơn %(amount)s.") % values
    third = _("Trung bình mỗi ngày %(daily_now)s, kỳ trước %(daily_before)s.") % values
    return f"{first} {second} {third}"


def _daily(bill: BillFacts) -> Decimal:
    days = days_between(bill.first_day, bill.last_day)
    return Decimal(half_up(bill.energy_kwh * 10, days)) / 10


def days_between(first_day: date, last_day: date) -> int:
    """Days of a period, both ends counted."""
    return (last_day - first_day).days + 1

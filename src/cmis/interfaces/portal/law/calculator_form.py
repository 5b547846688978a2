"""What a visitor types into the calculator, and the case it makes."""

import re
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmis.interfaces.portal.law import words
from cmis.interfaces.ui.fields import DayField
from cmis.kernel.period import Period
from cmis.kernel.registers import TIME_OF_USE, RegisterKind
from cmis.rules.rating import BillCase, Purpose, RegisterEnergy, Switches
from cmis.rules.rating.plan import LIMIT_DAYS, LIMIT_HOUSEHOLDS, LIMIT_KWH
from cmis.rules.tariffs import Law, PriceDecision
from cmis.rules.tariffs.schema import LAST_DAY

_WHOLE = re.compile(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*|\d+", re.ASCII)
_HOUSEHOLDS = re.compile(r"(\d{1,7})(?:/(\d{1,5})|[.,](\d{1,4}))?", re.ASCII)
#: The item that the form offers first.
HOUSEHOLD = "SH"
#: A reading cycle longer than this is more than a month.
LONGEST_MONTH_DAYS = 31


class KwhField(forms.Field):
    """Whole kWh, grouped or not: ``275``, ``1.250``."""

    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input input--w10"}
    )

    def to_python(self, value: str | None) -> int | None:
        text = (value or "").strip().casefold().removesuffix("kwh").strip()
        if not text:
            return None
        if text.startswith(("-", "−")):
            raise ValidationError(_("Số kWh không thể âm."), code="negative")
        if not _WHOLE.fullmatch(text):
            raise ValidationError(
                _("Hãy nhập số kWh nguyên, ví dụ 275 hoặc 1.250."), code="invalid"
            )
        digits = re.sub(r"\D", "", text).lstrip("0") or "0"
        if len(digits) > len(str(LIMIT_KWH)) or int(digits) > LIMIT_KWH:
            raise ValidationError(_("Số kWh quá lớn để tính thử."), code="huge")
        return int(digits)


class HouseholdsField(forms.Field):
    """A number of households: ``2``, or quarters: ``1/4``, ``3/4``, ``0,5``, ``1,25``."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "class": "input input--w10"})

    def to_python(self, value: str | None) -> Fraction:
        text = (value or "").strip().replace(" ", "")
        if not text:
            return Fraction(1)
        if text.startswith(("-", "−")):
            raise ValidationError(_("Số hộ không thể âm."), code="negative")
        found = _HOUSEHOLDS.fullmatch(text)
        if not found or (found[2] and int(found[2]) == 0):
            raise ValidationError(
                _("Hãy nhập số hộ, ví dụ 1, 2 hoặc phần tư hộ như 1/4, 1/2, 3/4."), code="invalid"
            )
        if found[2]:
            return Fraction(int(found[1]), int(found[2]))
        return Fraction(f"{found[1]}.{found[3]}" if found[3] else found[1])


class CalculatorForm(forms.Form):
    """Energy, purpose, households and days. Either the whole energy, or that of the three hours."""

    purpose = forms.ChoiceField(label=gettext_lazy("Mục đích sử dụng điện"), required=False)
    kwh = KwhField(label=gettext_lazy("Điện năng (kWh)"), required=False)
    bt = KwhField(label=gettext_lazy("Giờ bình thường (kWh)"), required=False)
    cd = KwhField(label=gettext_lazy("Giờ cao điểm (kWh)"), required=False)
    td = KwhField(label=gettext_lazy("Giờ thấp điểm (kWh)"), required=False)
    households = HouseholdsField(
        label=gettext_lazy("Số hộ dùng chung công tơ"),
        required=False,
        help_text=gettext_lazy("Người thuê nhà: 1 người là 1/4 hộ, 2 người 1/2, 3 người 3/4."),
    )
    first = DayField(label=gettext_lazy("Từ ngày"), required=False)
    last = DayField(label=gettext_lazy("Đến hết ngày"), required=False)
    norms = forms.ChoiceField(
        label=gettext_lazy("Định mức bậc thang"),
        required=False,
        choices=[
            ("full", gettext_lazy("Đủ định mức: ghi chỉ số đúng lịch hằng tháng")),
            ("days", gettext_lazy("Theo số ngày: khách hàng mới, hoặc đổi ngày ghi chỉ số")),
        ],
        widget=forms.RadioSelect,
    )
    renters = forms.BooleanField(
        label=gettext_lazy("Người thuê nhà chưa kê khai được số người"), required=False
    )

    def __init__(
        self, data: object, *, law: Law, language: str, today: date, initial: object = None
    ) -> None:
        super().__init__(data, auto_id="%s", initial=initial)  # type: ignore[arg-type]
        self.law = law
        self.today = today
        self.fields["purpose"].choices = purposes(law.decisions[-1], language)  # type: ignore[attr-defined]

    def clean_households(self) -> Fraction:
        households: Fraction = self.cleaned_data["households"]
        if (households * self.law.renters.people_per_household).denominator != 1:
            raise ValidationError(
                _("Số hộ chỉ có phần lẻ là 1/4, 1/2 hoặc 3/4."), code="not_quarters"
            )
        if not 0 < households <= LIMIT_HOUSEHOLDS:
            raise ValidationError(_("Số hộ phải lớn hơn 0 và không quá lớn."), code="range")
        return households

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"bt", "cd", "td", "kwh"} & set(self.errors):
            by_hours = [values.get(name) for name in ("bt", "cd", "td")]
            given = any(value is not None for value in by_hours)
            if given and values.get("kwh") is not None:
                self.add_error("kwh", _("Nhập tổng điện năng, hoặc từng giờ; không nhập cả hai."))
            elif not given and values.get("kwh") is None:
                self.add_error("kwh", _("Hãy nhập số kWh đã dùng, ví dụ 275."))
        self._clean_days(values)
        return values

    def _clean_days(self, values: dict[str, Any]) -> None:
        if {"first", "last"} & set(self.errors):
            return
        first, last = values.get("first"), values.get("last")
        if first is None and last is None:
            values["first"], values["last"] = month_before(self.today)
        elif first is None or last is None:
            self.add_error(
                "first" if first is None else "last", _("Hãy nhập cả ngày đầu và ngày cuối.")
            )
        elif last < first:
            self.add_error("last", _("Ngày cuối phải từ ngày đầu trở đi."))
        elif (last - first).days >= LIMIT_DAYS or last == LAST_DAY:
            self.add_error("last", _("Kỳ tính quá dài."))

    def case(self, switches: Switches) -> BillCase:
        """The case of a valid form."""
        values = self.cleaned_data
        by_hours = values["kwh"] is None
        energies = (
            [(kind, values[kind.value.lower()] or 0) for kind in TIME_OF_USE]
            if by_hours
            else [(RegisterKind.SINGLE, values["kwh"])]
        )
        purpose = (Purpose(values["purpose"] or HOUSEHOLD),)
        prorate = values["norms"] == "days"
        return BillCase(
            case_id="calculator",
            period=Period(values["first"], values["last"] + timedelta(days=1)),
            registers=tuple(RegisterEnergy(kind, kwh, purpose) for kind, kwh in energies),
            households=values["households"],
            time_of_use=by_hours,
            prorate=prorate,
            prorate_reason="reading_moved" if prorate else "",
            renters_undeclared=values["renters"],
            reading_date=values["last"],
            invoice_date=values["last"],
            switches=switches,
        )


def purposes(decision: PriceDecision, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Price items by group, households first, as choices of a select."""
    groups: dict[str, list[tuple[str, str]]] = {group: [] for group in words.GROUPS}
    for item in decision.items.values():
        groups.setdefault(item.group, []).append((item.code, item.name.render(language)))
    return [
        (str(words.GROUPS.get(group, group)), choices)
        for group, choices in groups.items()
        if choices
    ]


def month_before(today: date) -> tuple[date, date]:
    """First and last day of the month before."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last

"""What people type at the desk."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cmis.interfaces.ui.fields import DayField
from cmis.kernel.registers import ReadingState

REASON_LENGTH = 400
_INDEX = re.compile(r"\d{1,11}([.,]\d{1,2})?|(?:0|\d{4,11})[.,]\d{3}", re.ASCII)


class LogInForm(forms.Form):
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "class": "input"}
        ),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        strip=False,
        max_length=512,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "input"}),
    )


class IndexField(forms.Field):
    """An index of a meter: digits without grouping, decimals after a comma or a point.

    ``1.234`` could be one thousand or one and a bit: it is refused, not guessed.
    """

    widget = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input input--number"}
    )
    default_error_messages = {
        "required": _("Hãy nhập chỉ số."),
        "invalid": _("Hãy nhập chỉ số không chấm nhóm, ví dụ 12345 hoặc 12345,6."),
    }

    def to_python(self, value: str | None) -> Decimal | None:
        text = (value or "").strip()
        if not text:
            return None
        if not _INDEX.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text.replace(",", "."))


def reason_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Lý do"),
        required=required,
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input"}),
        error_messages={"required": _("Hãy ghi lý do.")},
    )


class ReasonForm(forms.Form):
    reason = reason_field(required=True)


#: States a person may write beside an index he enters.
STATE_CHOICES = (
    ("", _("Bình thường")),
    (ReadingState.ROLLOVER.value, _("Q – công tơ qua vòng")),
    (ReadingState.STUCK.value, _("K – kẹt")),
    (ReadingState.ABSENT.value, _("V – vắng nhà")),
    (ReadingState.FAULTY.value, _("H – hỏng")),
    (ReadingState.BURNT.value, _("C – cháy")),
)


class CorrectionForm(forms.Form):
    index = IndexField(label=_("Chỉ số đúng"))
    last_day = DayField(label=_("Ngày ghi"), required=False)
    state_code = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        choices=STATE_CHOICES,
        widget=forms.Select(attrs={"class": "input"}),
    )
    reason = reason_field(required=True)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Tệp trả về"),
        help_text=_("Tệp XML của máy ghi chỉ số hoặc của hệ thống đo xa."),
        error_messages={"required": _("Hãy chọn tệp."), "empty": _("Tệp rỗng.")},
        widget=forms.FileInput(attrs={"accept": ".xml,text/xml", "class": "input"}),
    )


class NightForm(forms.Form):
    day = DayField(label=_("Ngày hóa đơn"))
    unit_code = forms.ChoiceField(label=_("Đơn vị"), widget=forms.Select(attrs={"class": "input"}))

    def __init__(self, *args: object, units: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["unit_code"].choices = units  # type: ignore[attr-defined]

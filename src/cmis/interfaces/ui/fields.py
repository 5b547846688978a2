"""Form fields that read what people in Vietnam type."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_GROUPED = re.compile(r"\d{1,3}(?:([., \u00a0])\d{3})(?:\1\d{3})*|\d+", re.ASCII)


class DayField(forms.DateField):
    """A day typed as dd/mm/yyyy, the year last, in both languages.

    A plain text box on purpose: the date picker of a browser follows the browser's language, so
    05/11 would be May on one machine and November on the next.
    """

    widget = forms.DateInput(
        format="%d/%m/%Y",
        attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input input--date"},
    )
    default_error_messages = {
        "required": _("Hãy nhập ngày."),
        "invalid": _("Hãy nhập ngày đúng theo dạng ngày/tháng/năm, ví dụ 05/11/2026."),
    }

    def __init__(self, **options: object) -> None:
        options.setdefault("input_formats", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"])
        options.setdefault("help_text", _("Ví dụ: 05/11/2026"))
        super().__init__(**options)


class VndField(forms.Field):
    """Whole đồng, with or without grouping: ``1.250.000``, ``1,250,000`` or ``1250000``.

    ``12.50`` is refused: half a đồng does not exist, and guessing would be off by a hundred.
    """

    widget = forms.TextInput(
        attrs={
            "inputmode": "numeric",
            "autocomplete": "off",
            "class": "input input--w10 input--number",
        }
    )
    default_error_messages = {
        "required": _("Hãy nhập số tiền."),
        "invalid": _("Hãy nhập số đồng nguyên, ví dụ 1.250.000."),
    }

    def to_python(self, value: str | None) -> int | None:
        text = (value or "").strip().removesuffix("đ").strip()
        if not text:
            return None
        if not _GROUPED.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(re.sub(r"\D", "", text))

    def prepare_value(self, value: object) -> object:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value

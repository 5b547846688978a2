"""What customers type."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmis.interfaces.ui.fields import VndField


class CustomerCodeForm(forms.Form):
    customer_code = forms.CharField(
        label=gettext_lazy("Mã khách hàng"),
        help_text=gettext_lazy("Ghi trên hóa đơn và thông báo tiền điện, ví dụ PX01000000301."),
        max_length=20,
        error_messages={"required": gettext_lazy("Hãy nhập mã khách hàng.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "input input--w20",
            }
        ),
    )


class LoginCodeForm(forms.Form):
    code = forms.RegexField(
        regex=r"^\s*(?:\d\s*){6}$",
        label=gettext_lazy("Mã đăng nhập"),
        help_text=gettext_lazy("6 chữ số trong tin nhắn hoặc thư vừa gửi. Có thể dán."),
        max_length=20,
        error_messages={
            "required": gettext_lazy("Hãy nhập mã đăng nhập."),
            "invalid": gettext_lazy("Mã đăng nhập gồm đúng 6 chữ số."),
        },
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "input input--w10",
            }
        ),
    )


class VerifyForm(forms.Form):
    customer_code = CustomerCodeForm.base_fields["customer_code"]
    lookup_code = forms.CharField(
        label=gettext_lazy("Mã tra cứu"),
        help_text=gettext_lazy("12 chữ và số, in ở cuối hóa đơn hoặc thông báo."),
        max_length=20,
        error_messages={"required": gettext_lazy("Hãy nhập mã tra cứu.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "input input--w20 code",
            }
        ),
    )
    total_vnd = VndField(
        label=gettext_lazy("Tổng cộng tiền thanh toán (đồng)"),
        help_text=gettext_lazy("Số tiền đã gồm thuế, ví dụ 191.268."),
    )


class ChannelForm(forms.Form):
    """Where payment notices go; only ways for which an address is on record are offered."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Nhận thông báo tiền điện qua"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Hãy chọn một cách nhận."),
            "invalid_choice": gettext_lazy("Hãy chọn một cách nhận trong danh sách."),
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, email: str, phone: str, now: str = ""
    ) -> None:
        super().__init__(data, initial={"channel": now})
        choices = []
        if email:
            choices.append(("email", _("Thư điện tử: %(address)s") % {"address": hidden(email)}))
        if phone:
            choices.append(("sms", _("Tin nhắn SMS: %(phone)s") % {"phone": hidden(phone)}))
        choices.append(("none", _("Không nhận thông báo; tự xem ở trang này")))
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]


def hidden(address: str) -> str:
    """Enough of an address to know it, not enough to learn it: ``d…@vidu.vn``, ``…567``."""
    name, at, host = address.partition("@")
    return f"{name[:1]}…@{host}" if at else f"…{address[-3:]}"

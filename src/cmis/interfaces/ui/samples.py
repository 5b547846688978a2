"""Synthetic content of the style page. No real person, unit or amount."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cmis.interfaces.ui.charts import Bar
from cmis.interfaces.ui.fields import DayField, VndField
from cmis.kernel.period import BillingMonth, Period


class SampleForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Họ và tên"))
    day = DayField(label=gettext_lazy("Ngày ghi chỉ số"))
    amount_vnd = VndField(label=gettext_lazy("Số tiền"), required=False)
    channel = forms.ChoiceField(
        label=gettext_lazy("Nhận hóa đơn qua"),
        widget=forms.RadioSelect,
        choices=[("email", gettext_lazy("Thư điện tử")), ("sms", gettext_lazy("Tin nhắn"))],
    )
    reason = forms.CharField(
        label=gettext_lazy("Lý do"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    agreed = forms.BooleanField(label=gettext_lazy("Tôi đã kiểm tra ảnh công tơ"))


def _books() -> list[dict[str, Any]]:
    return [
        {
            "code": f"PX010{number:04}",
            "reader": reader,
            "points": points,
            "energy_kwh": energy_kwh,
            "amount_vnd": amount_vnd,
            "day": date(2026, 7, number),
            "state": state,
        }
        for number, reader, points, energy_kwh, amount_vnd, state in [
            (1, "Đặng Văn Ánh", 412, 98_765, 217_454_321, "done"),
            (2, "Nguyễn Thị Đào", 1_250, 301_440, 717_714_000, "running"),
            (3, "Âu Dương Sơn", 87, None, None, "todo"),
            (4, "Trần Ổn", 530, 120_009, 260_000_500, "held"),
            (5, "Bùi Ý Nhi", 96, 10_450, 22_800_000, "failed"),
        ]
    ]


def _lists() -> dict[str, Any]:
    return {
        "crumbs": [(_("Trang đầu"), "#top"), (_("Khách hàng"), "#customers")],
        "facts": [
            (_("Điểm đo"), "PX01000000012001"),
            (_("Công tơ"), "26001234"),
            (_("Địa chỉ"), "12 Ngõ Thử, Phường Mẫu"),
        ],
        "tab_items": [
            {"label": _("Hóa đơn"), "url": "#tabs", "count": 1234, "current": True},
            {"label": _("Chỉ số"), "url": "#tabs2", "count": 12},
            {"label": _("Liên hệ"), "url": "#tabs3"},
        ],
        "nav_items": [
            {"label": _("Bảng ghi chỉ số"), "url": "#nav", "current": True, "shortcut": "g b"},
            {"label": _("Cần xử lý"), "url": "#work", "count": 18, "shortcut": "g w"},
        ],
        "summary_rows": [
            (_("Khách hàng"), "Nguyễn Thị Đào", "#change"),
            (_("Giá áp dụng"), _("Sinh hoạt bậc thang")),
        ],
        "tasks": [
            {
                "title": _("Ký số liệu bất thường"),
                "url": "#1",
                "status": _("Chờ ký"),
                "tone": "warning",
                "hint": _("3 điểm đo"),
            },
            {"title": _("Phát hành hóa đơn"), "status": _("Chưa làm")},
        ],
    }


def _figures() -> dict[str, Any]:
    moment = datetime(2026, 7, 13, 18, 20, tzinfo=UTC)
    months = [210, 198, 225, 240, 231, None, 250, 262, 248, 239, 251]
    return {
        "books": _books(),
        "bars": [Bar(f"{month}/2026", kwh) for month, kwh in enumerate(months[:6], 1)]
        + [Bar("7/2026", 275, now=True)],
        "months": months,
        "current_kwh": 275,
        "steps": [
            {"label": _("Chuẩn bị"), "state": "done", "note": "05/07"},
            {"label": _("Xuất sổ"), "state": "done"},
            {"label": _("Nhận về"), "state": "running", "note": "412 / 1.250"},
            {"label": _("Kiểm tra"), "state": "held"},
            {"label": _("Tính tiền"), "state": "todo"},
            {"label": _("Gửi"), "state": "failed"},
        ],
        "events": [
            {
                "at": moment,
                "title": _("Hóa đơn tháng 7"),
                "text": "275 kWh · 717.714 đ",
                "icon": "bill",
                "tone": "success",
                "url": "#bill",
                "who": _("Hệ thống"),
                "tag": _("Đã gửi"),
            },
            {
                "at": moment,
                "title": _("Ghi chỉ số"),
                "text": "12.345 → 12.620",
                "icon": "reading",
                "tone": "info",
                "who": "Trần Ổn",
            },
            {"at": moment, "title": _("Thay công tơ"), "icon": "meter"},
        ],
        "moment": moment,
        "day": date(2026, 11, 5),
        "span": Period(date(2026, 7, 1), date(2026, 8, 1)),
        "billing_month": BillingMonth(2026, 7, 1),
        "precise_kwh": Decimal("1234.50"),
    }


def samples() -> dict[str, Any]:
    """The context of the style page."""
    return {**_lists(), **_figures()}

"""The states a step of a book or run can be in, and how each looks."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class StepLook:
    """Name, tone (a CSS class) and icon of a state; never colour alone."""

    name: str | Promise
    tone: str
    icon: str


LOOKS = {
    "todo": StepLook(_("Chưa làm"), "neutral", "circle"),
    "running": StepLook(_("Đang chạy"), "info", "play"),
    "done": StepLook(_("Xong"), "success", "check"),
    "held": StepLook(_("Đang giữ"), "warning", "pause"),
    "failed": StepLook(_("Lỗi"), "danger", "cross"),
}

#: Icon of each tone of a banner.
TONE_ICONS = {
    "success": "check",
    "warning": "warning",
    "danger": "warning",
    "info": "info",
    "neutral": "info",
}

#: Levels of django.contrib.messages in our tones.
LEVEL_TONES = {"error": "danger", "debug": "neutral"}

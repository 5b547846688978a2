"""Names of states, steps, sources and acts as people read them, and the sentence of a doubt."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cmis.formats.hhu.verdict_codes import Verdict
from cmis.interfaces.console.desk import language
from cmis.interfaces.ui import formatting
from cmis.kernel.findings import Finding, Severity
from cmis.rules.rating.refusals import RefusalCode, Refused
from cmis.rules.tariffs.price_groups import UnableToMapPriceGroup
from cmis.rules.vee.registry import SENTENCES, explanation

Word = str | Promise

#: The steps of a book period in order.
PERIOD_STEPS: Mapping[str, Word] = {
    "prepared": _("Lập sổ"),
    "exported": _("Xuất"),
    "received": _("Nhận về"),
    "checked": _("Kiểm tra"),
    "confirmed": _("Xác nhận"),
    "rated": _("Tính tiền"),
    "cleared": _("Duyệt"),
    "issued": _("Phát hành"),
    "sent": _("Gửi"),
    "locked": _("Khóa"),
}
LEDGER_STEPS: Mapping[str, Word] = {
    **PERIOD_STEPS,
    "take_back": _("Thu hồi sổ"),
    "cancel_receipt": _("Hủy nhận"),
    "undo_checked": _("Lùi bước kiểm tra"),
    "undo_confirmed": _("Lùi bước xác nhận"),
}
ROW_STATES: Mapping[str, tuple[Word, str]] = {
    "open": (_("Chưa đọc"), "neutral"),
    "received": (_("Đã nhận"), "info"),
    "held": (_("Đang giữ"), "warning"),
    "confirmed": (_("Đã xác nhận"), "success"),
    "billed": (_("Đã tính tiền"), "success"),
    "carried": (_("Chuyển kỳ sau"), "neutral"),
}
BILL_STATES: Mapping[str, tuple[Word, str]] = {
    "held": (_("Chờ ký"), "warning"),
    "cleared": (_("Đã duyệt"), "info"),
    "issued": (_("Đã phát hành"), "success"),
    "withdrawn": (_("Đã rút"), "neutral"),
}
NIGHT_STATES: Mapping[str, tuple[Word, str]] = {
    "running": (_("Đang chạy"), "info"),
    "finished": (_("Đã xong"), "success"),
    "failed": (_("Dừng giữa chừng"), "danger"),
}
NIGHT_PHASES: Mapping[str, Word] = {
    "": _("Bắt đầu"),
    "collect": _("Nhận tệp"),
    "bill": _("Kiểm tra và tính tiền"),
    "issue": _("Ký và phát hành"),
    "deliver": _("Gửi tin"),
    "report": _("Lập báo cáo"),
}
MESSAGE_STATES: Mapping[str, tuple[Word, str]] = {
    "queued": (_("Chờ gửi"), "info"),
    "sent": (_("Đã gửi"), "success"),
    "failed": (_("Không gửi được"), "danger"),
    "cancelled": (_("Đã hủy"), "neutral"),
}
SEVERITIES: Mapping[str, tuple[Word, str]] = {
    Severity.BLOCK: (_("Chặn"), "danger"),
    Severity.SIGN: (_("Chờ lãnh đạo ký"), "warning"),
    Severity.CONFIRM: (_("Cần xác nhận"), "info"),
    Severity.NOTE: (_("Ghi chú"), "neutral"),
}
FINDING_STATES: Mapping[str, tuple[Word, str]] = {
    "open": (_("Đang chờ"), "warning"),
    "accepted": (_("Đã chấp nhận"), "success"),
    "signed": (_("Đã ký"), "success"),
    "estimated": (_("Đã tạm tính"), "info"),
    "sent_back": (_("Đã trả đọc lại"), "info"),
    "overtaken": (_("Đã có chỉ số mới"), "neutral"),
}
SOURCES: Mapping[str, Word] = {
    "handheld": _("Máy ghi chỉ số"),
    "remote": _("Đo xa"),
    "typed": _("Nhập tay"),
    "customer": _("Khách hàng báo"),
    "estimate": _("Tạm tính"),
    "recheck": _("Phúc tra"),
}
CHANNELS: Mapping[str, Word] = {"email": _("Thư điện tử"), "sms": _("Tin nhắn")}
PURPOSES: Mapping[str, Word] = {
    "payment": _("Thanh toán"),
    "outage": _("Ngừng cấp điện"),
    "general": _("Thông tin chung"),
    "login": _("Mã đăng nhập"),
}
CUSTOMER_ACTS: Mapping[str, Word] = {
    "see_customer": _("Xem khách hàng"),
    "revise_customer": _("Sửa thông tin khách hàng"),
    "revise_price_application": _("Sửa áp giá"),
    "set_preference": _("Đặt kênh nhận tin"),
    "login_code_refused": _("Từ chối mã đăng nhập"),
    "denied": _("Bị từ chối"),
}
#: Short names of the rules; the sentence beside them tells the numbers.
RULE_NAMES: Mapping[str, Word] = {
    "UNREAD_ROW": _("Chưa có chỉ số"),
    "MISSING_ROW": _("Thiếu dòng trong tệp"),
    "INDEX_EXCEEDS_DIGITS": _("Chỉ số quá số chữ số"),
    "STATE_INDEX_CONFLICT": _("Trạng thái mâu thuẫn chỉ số"),
    "NEGATIVE_CONSUMPTION": _("Sản lượng âm"),
    "ROLLOVER_WITHOUT_DIAL": _("Qua vòng, chưa biết số chữ số"),
    "ROLLOVER_IMPLAUSIBLE": _("Qua vòng không hợp lý"),
    "STATE_NEEDS_CARE": _("Trạng thái cần xem"),
    "ZERO_CONSUMPTION": _("Sản lượng bằng không"),
    "ABOVE_USUAL": _("Tăng bất thường"),
    "BELOW_USUAL": _("Giảm bất thường"),
    "NO_HISTORY_LIMIT": _("Sản lượng lớn, chưa có quá khứ"),
    "EQUAL_CONSUMPTION": _("Sản lượng trùng kỳ trước"),
    "DATE_OUT_OF_PERIOD": _("Ngày ghi ngoài kỳ"),
    "PROLONGED_ESTIMATE": _("Tạm tính nhiều kỳ"),
    "REGISTER_MISSING": _("Thiếu bộ chỉ số"),
    "TOU_SUM_MISMATCH": _("Tổng ba giá không khớp"),
    "ABNORMAL_UNCONFIRMED": _("Bất thường chưa xác nhận"),
    "CONSUMPTION_ARITHMETIC": _("Sản lượng tính sai trong tệp"),
    "NOT_A_NUMBER": _("Chỉ số không phải số"),
    "METER_SERIAL_MISMATCH": _("Sai số công tơ"),
    "OLD_INDEX_ALTERED": _("Chỉ số cũ bị sửa"),
    "MULTIPLIER_ALTERED": _("Hệ số nhân bị sửa"),
    "UNKNOWN_STATE_CODE": _("Trạng thái lạ"),
    "BILL_WITHDRAWN": _("Hóa đơn bị rút"),
}
VERDICT_TONES: Mapping[str, str] = {"ok": "success", "W": "warning", "E": "danger", "F": "danger"}
_REFUSALS = {code.code: code for code in RefusalCode}
_VERDICTS = frozenset(verdict.value for verdict in Verdict)


def word(words: Mapping[str, Word], code: str) -> str:
    """The word of a code; a code nobody named yet is shown as it is."""
    return str(words.get(code, code))


def tag(words: Mapping[str, tuple[Word, str]], code: str) -> tuple[str, str]:
    """Word and tone of a state."""
    text, tone = words.get(code, (code, "neutral"))
    return str(text), tone


def rule_name(rule: str) -> str:
    if rule in _REFUSALS or rule == UnableToMapPriceGroup.code:
        return gettext("Không tính được tiền (%(rule)s)") % {"rule": rule}
    return word(RULE_NAMES, rule)


def sentence(rule: str, severity: str, values: Mapping[str, Any]) -> str:
    """Why something waits, in the language of the page; always a sentence, never a code alone."""
    if rule in SENTENCES:
        try:
            return explanation(Finding(rule, Severity(severity), values), language())
        except KeyError:
            pass  # a returned file said it, with other numbers than the rule of that name
    if rule in _REFUSALS:
        return Refused("", _REFUSALS[rule], values).message(language())
    if rule == UnableToMapPriceGroup.code:
        return UnableToMapPriceGroup(**values).message(language())
    if rule == "BILL_WITHDRAWN":
        return gettext(
            "Lãnh đạo rút hóa đơn %(bill)s (%(amount)s) và yêu cầu xem lại chỉ số: %(reason)s"
        ) % {
            "bill": values["bill"],
            "amount": formatting.vnd(int(values["amount_vnd"])),
            "reason": values["reason"],
        }
    if rule in _VERDICTS:
        return verdict_sentence(rule)
    return gettext("Cần người xem: %(rule)s %(values)s") % {
        "rule": rule,
        "values": ", ".join(f"{name} {value}" for name, value in values.items()),
    }


def verdict_sentence(code: str) -> str:
    """What a verdict on a row of a file means and what to do next."""
    text = Verdict(code).explanation
    if Verdict(code) is Verdict.GOOD:
        return text.what.render(language())
    return f"{text.what.render(language())} {text.next_step.render(language())}"


def verdict_tone(code: str) -> str:
    return VERDICT_TONES[Verdict(code).kind.value]

"""Gate 2: doubts about the amount of a bill, after rating and before an invoice (BILL-10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.limits import BillLimits


@dataclass(frozen=True, slots=True)
class BillToCheck:
    """A rated bill with what came before it. Amounts are whole đồng with VAT.

    Args:
        previous_amounts_vnd: bills of the periods before, newest first; empty for a first bill.
        is_correction: part of a correction, whose amount may be negative.
    """

    amount_vnd: int
    energy_kwh: int
    billed_days: int
    previous_amounts_vnd: tuple[int, ...] = ()
    same_month_last_year_vnd: int | None = None
    is_correction: bool = False


BillCheck = Callable[[BillToCheck, BillLimits], Finding | None]

AMOUNT_NEGATIVE = "AMOUNT_NEGATIVE"
AMOUNT_ZERO = "AMOUNT_ZERO"
AMOUNT_TINY = "AMOUNT_TINY"
AMOUNT_HUGE = "AMOUNT_HUGE"
AMOUNT_ABOVE_USUAL = "AMOUNT_ABOVE_USUAL"
AMOUNT_WITHOUT_HISTORY = "AMOUNT_WITHOUT_HISTORY"
BILL_DAYS_UNUSUAL = "BILL_DAYS_UNUSUAL"

#: Rule → why, and what would make it usual.
SENTENCES: Mapping[str, tuple[Bilingual, Bilingual]] = {
    AMOUNT_NEGATIVE: (
        Bilingual("Hóa đơn có số tiền âm {amount_vnd} đ.", "The bill is negative: {amount_vnd} đ."),
        Bilingual(
            "Số tiền âm chỉ có ở hóa đơn điều chỉnh hoặc thoái hoàn.",
            "Only an adjustment or a refund may be negative.",
        ),
    ),
    AMOUNT_ZERO: (
        Bilingual(
            "Hóa đơn 0 đ trong khi kỳ trước là {previous_vnd} đ.",
            "The bill is 0 đ, while the period before was {previous_vnd} đ.",
        ),
        Bilingual("Bình thường khi khách hàng không dùng điện.", "Usual when nothing was used."),
    ),
    AMOUNT_TINY: (
        Bilingual(
            "Hóa đơn chỉ {amount_vnd} đ, dưới mức {limit_vnd} đ.",
            "The bill is only {amount_vnd} đ, below {limit_vnd} đ.",
        ),
        Bilingual("Bình thường với hộ dùng rất ít.", "Usual for very small users."),
    ),
    AMOUNT_HUGE: (
        Bilingual(
            "Hóa đơn {amount_vnd} đ vượt mức tuyệt đối {limit_vnd} đ.",
            "The bill of {amount_vnd} đ is above the absolute limit of {limit_vnd} đ.",
        ),
        Bilingual(
            "Lãnh đạo đơn vị ký xác nhận sau khi đối chiếu chỉ số và ảnh, hoặc khi các kỳ trước đã"
            " ở"
            " mức này.",
            "The unit head signs after the reading and its photo were compared; usual when earlier"
            " periods were as high.",
        ),
    ),
    AMOUNT_ABOVE_USUAL: (
        Bilingual(
            "Số tiền {amount_vnd} đ bằng {percent} % mức thường ({usual_vnd} đ), tăng {rise_vnd}"
            " đ.",
            "The amount of {amount_vnd} đ is {percent} % of the usual ({usual_vnd} đ), a rise of"
            " {rise_vnd} đ.",
        ),
        Bilingual(
            "Bình thường khi dưới {limit_vnd} đ; gấp nhiều lần thì lãnh đạo đơn vị ký xác nhận.",
            "Usual below {limit_vnd} đ; several times as much needs the signature of the unit"
            " head.",
        ),
    ),
    AMOUNT_WITHOUT_HISTORY: (
        Bilingual(
            "Không có hóa đơn trước để so sánh mà số tiền là {amount_vnd} đ (ngưỡng {limit_vnd}"
            " đ).",
            "There is no bill before to compare with, and the amount is {amount_vnd} đ (limit"
            " {limit_vnd} đ).",
        ),
        Bilingual(
            "Bình thường khi dưới {limit_vnd} đ; nếu không, đối chiếu chỉ số lắp đặt và hệ số"
            " nhân.",
            "Usual below {limit_vnd} đ; otherwise compare installation index and multiplier.",
        ),
    ),
    BILL_DAYS_UNUSUAL: (
        Bilingual("Kỳ hóa đơn dài {billed_days} ngày.", "The bill covers {billed_days} days."),
        Bilingual(
            "Bình thường từ {from_days} đến {to_days} ngày; kỳ đầu, kỳ cuối hoặc đổi lịch ghi thì"
            " khác.",
            "Usual from {from_days} to {to_days} days; first, last and moved periods differ.",
        ),
    ),
}


def check_bill(bill: BillToCheck, limits: BillLimits) -> tuple[Finding, ...]:
    """All doubts about one bill; a ``SIGN`` waits for the unit head, a ``NOTE`` stops nothing."""
    return tuple([found for check in _CHECKS if (found := check(bill, limits)) is not None])


def _negative(bill: BillToCheck, limits: BillLimits) -> Finding | None:  # noqa: ARG001
    if bill.amount_vnd >= 0 or bill.is_correction:
        return None
    return Finding(AMOUNT_NEGATIVE, Severity.BLOCK, {"amount_vnd": bill.amount_vnd})


def _zero(bill: BillToCheck, limits: BillLimits) -> Finding | None:
    if bill.amount_vnd or not bill.previous_amounts_vnd:
        return None
    previous_vnd = bill.previous_amounts_vnd[0]
    if previous_vnd < limits.tiny_vnd:
        return None
    # Energy without money is a fault of the rating, not of the customer's habits.
    severity = Severity.BLOCK if bill.energy_kwh > 0 else Severity.NOTE
    return Finding(AMOUNT_ZERO, severity, {"previous_vnd": previous_vnd})


def _tiny(bill: BillToCheck, limits: BillLimits) -> Finding | None:
    if not 0 < bill.amount_vnd < limits.tiny_vnd:
        return None
    return Finding(
        AMOUNT_TINY,
        Severity.NOTE,
        {"amount_vnd": bill.amount_vnd, "limit_vnd": limits.tiny_vnd},
    )


def _huge(bill: BillToCheck, limits: BillLimits) -> Finding | None:
    if bill.amount_vnd < limits.huge_vnd:
        return None
    known_vnd = max((*bill.previous_amounts_vnd, bill.same_month_last_year_vnd or 0))
    usual = bill.amount_vnd * 100 < known_vnd * limits.note_percent
    return Finding(
        AMOUNT_HUGE,
        Severity.NOTE if usual else Severity.SIGN,
        {"amount_vnd": bill.amount_vnd, "limit_vnd": limits.huge_vnd},
    )


def _above_usual(bill: BillToCheck, limits: BillLimits) -> Finding | None:
    if not bill.previous_amounts_vnd:
        return None
    usual_vnd = bill.previous_amounts_vnd[0]
    if usual_vnd <= 0:
        return None
    rise_vnd = bill.amount_vnd - usual_vnd
    if rise_vnd < limits.rise_vnd or bill.amount_vnd * 100 < usual_vnd * limits.note_percent:
        return None
    percent = bill.amount_vnd * 100 // usual_vnd
    steps = [step for step in limits.escalation_percents if percent >= step]
    return Finding(
        AMOUNT_ABOVE_USUAL,
        Severity.SIGN if percent >= limits.sign_percent else Severity.NOTE,
        {
            "amount_vnd": bill.amount_vnd,
            "usual_vnd": usual_vnd,
            "rise_vnd": rise_vnd,
            "percent": percent,
            "step_percent": max(steps, default=0),
            "limit_vnd": max(usual_vnd * limits.note_percent // 100, usual_vnd + limits.rise_vnd),
        },
    )


def _without_history(bill: BillToCheck, limits: BillLimits) -> Finding | None:
    if any(amount > 0 for amount in bill.previous_amounts_vnd[:1]):
        return None
    if bill.amount_vnd < limits.no_history_vnd:
        return None
    hard = bill.amount_vnd * 100 >= limits.no_history_vnd * limits.sign_percent
    return Finding(
        AMOUNT_WITHOUT_HISTORY,
        Severity.SIGN if hard else Severity.NOTE,
        {"amount_vnd": bill.amount_vnd, "limit_vnd": limits.no_history_vnd},
    )


def _days(bill: BillToCheck, limits: BillLimits) -> Finding | None:
    if limits.usual_days_from <= bill.billed_days <= limits.usual_days_to:
        return None
    return Finding(
        BILL_DAYS_UNUSUAL,
        Severity.NOTE,
        {
            "billed_days": bill.billed_days,
            "from_days": limits.usual_days_from,
            "to_days": limits.usual_days_to,
        },
    )


_CHECKS: tuple[BillCheck, ...] = (
    _negative,
    _zero,
    _tiny,
    _huge,
    _above_usual,
    _without_history,
    _days,
)

"""Why did my bill change? The difference of two explained bills, in parts that sum to the đồng.

The way from one bill to the other is walked in steps, each of them rated in full; what a step adds
is its part, so nothing is lost and nothing is counted twice:

    previous bill → its contract with the new energy → the new prices → the new days of the norms
    → the new contract (households, purposes, time of use, renters) = the current bill
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from cmis.kernel.errors import Bilingual
from cmis.kernel.rounding import half_up
from cmis.kernel.text import group_thousands
from cmis.rules.rating.case import BillCase, RegisterEnergy
from cmis.rules.rating.explain import explain
from cmis.rules.rating.explained import ExplainedBill
from cmis.rules.rating.numbers_shown import percent_shown, show
from cmis.rules.rating.plan import quantity
from cmis.rules.rating.refusals import Refused
from cmis.rules.rating.splitting import Quantity, plain, split
from cmis.rules.tariffs.schema import Law


class ChangeKind(StrEnum):
    """Parts of a difference, in the order in which people read them."""

    DAYS = "days"
    QUANTITY = "quantity"
    TIER_EFFECT = "tier_effect"
    PRICE = "price"
    CONTRACT = "households_purpose"
    REACTIVE = "reactive"
    VAT = "vat"
    CORRECTION = "correction"


LABELS: Mapping[ChangeKind, Bilingual] = {
    ChangeKind.DAYS: Bilingual("Số ngày", "Number of days"),
    ChangeKind.QUANTITY: Bilingual("Lượng điện dùng mỗi ngày", "Energy used a day"),
    ChangeKind.TIER_EFFECT: Bilingual(
        "Bậc giá, giờ cao điểm và thấp điểm", "Price tiers, peak and off-peak hours"
    ),
    ChangeKind.PRICE: Bilingual("Giá điện", "Electricity prices"),
    ChangeKind.CONTRACT: Bilingual("Số hộ, mục đích sử dụng", "Households, purpose of use"),
    ChangeKind.REACTIVE: Bilingual("Công suất phản kháng", "Reactive power"),
    ChangeKind.VAT: Bilingual("Thuế GTGT", "VAT"),
    ChangeKind.CORRECTION: Bilingual("Điều chỉnh", "Corrections"),
}

#: Causes in a sentence, for a bill that rises and one that falls.
_CAUSES: Mapping[ChangeKind, tuple[Bilingual, Bilingual]] = {
    ChangeKind.DAYS: (
        Bilingual("kỳ tính tiền dài hơn ({days} ngày)", "a longer period ({days} days)"),
        Bilingual("kỳ tính tiền ngắn hơn ({days} ngày)", "a shorter period ({days} days)"),
    ),
    ChangeKind.QUANTITY: (
        Bilingual("mỗi ngày dùng nhiều điện hơn", "more energy used a day"),
        Bilingual("mỗi ngày dùng ít điện hơn", "less energy used a day"),
    ),
    ChangeKind.TIER_EFFECT: (
        Bilingual("phần dùng ở giá cao nhiều hơn", "more of it at the higher prices"),
        Bilingual("phần dùng ở giá cao ít hơn", "less of it at the higher prices"),
    ),
    ChangeKind.PRICE: (
        Bilingual("giá điện tăng", "higher electricity prices"),
        Bilingual("giá điện giảm", "lower electricity prices"),
    ),
    ChangeKind.CONTRACT: (
        Bilingual(
            "thay đổi số hộ hoặc mục đích sử dụng", "a change of households or purpose of use"
        ),
    )
    * 2,
    ChangeKind.REACTIVE: (
        Bilingual("tiền công suất phản kháng tăng", "a higher reactive charge"),
        Bilingual("tiền công suất phản kháng giảm", "a lower reactive charge"),
    ),
    ChangeKind.VAT: (
        Bilingual("thuế suất GTGT tăng lên {vat_percent} %", "VAT raised to {vat_percent} %"),
        Bilingual("thuế suất GTGT giảm còn {vat_percent} %", "VAT lowered to {vat_percent} %"),
    ),
    ChangeKind.CORRECTION: (Bilingual("các khoản điều chỉnh", "corrections"),) * 2,
}

_UNCHANGED = Bilingual(
    "Hóa đơn kỳ này là {total} đồng, bằng kỳ trước.",
    "This bill is {total} đồng, the same as the one before.",
)
_CHANGED = Bilingual(
    "Hóa đơn kỳ này là {total} đồng, {direction} {change} đồng so với kỳ trước, chủ yếu do"
    " {causes}; sản lượng {kwh} kWh, kỳ trước {previous_kwh} kWh.",
    "This bill is {total} đồng, {change} đồng {direction} than the one before, mainly because of"
    " {causes}; {kwh} kWh used, {previous_kwh} kWh before.",
)
_DIRECTION = {
    "vi": {True: "tăng", False: "giảm"},
    "en": {True: "more", False: "less"},
}
#: Causes that the sentence names at most.
_NAMED_CAUSES = 2


@dataclass(frozen=True, slots=True)
class ChangePart:
    """What one cause adds to the bill, in đồng; negative where it makes the bill smaller."""

    kind: ChangeKind
    amount_vnd: int

    def label(self, language: str = "vi") -> str:
        return LABELS[self.kind].render(language)


@dataclass(frozen=True, slots=True)
class BillChange:
    """The difference of two bills. ``parts`` holds every kind once, in order, and sums to
    ``change_vnd``; VAT is a part of its own, the others are before VAT."""

    previous_total_vnd: int
    current_total_vnd: int
    previous_kwh: Quantity
    current_kwh: Quantity
    previous_days: int
    current_days: int
    previous_vat_rate_bp: int
    current_vat_rate_bp: int
    parts: tuple[ChangePart, ...]

    @property
    def change_vnd(self) -> int:
        return self.current_total_vnd - self.previous_total_vnd

    def amount_vnd(self, kind: ChangeKind) -> int:
        return next(part.amount_vnd for part in self.parts if part.kind is kind)

    def sentence(self, language: str = "vi") -> str:
        """One plain sentence: the new total, the change and its one or two largest causes."""
        mark = "," if language == "en" else "."
        total = group_thousands(self.current_total_vnd, mark)
        if self.change_vnd == 0:
            return _UNCHANGED.render(language, total=total)
        rises = self.change_vnd > 0
        return _CHANGED.render(
            language,
            total=total,
            change=group_thousands(abs(self.change_vnd), mark),
            direction=_DIRECTION["en" if language == "en" else "vi"][rises],
            causes=self._causes(language, rises, mark),
            kwh=_energy(self.current_kwh, language),
            previous_kwh=_energy(self.previous_kwh, language),
        )

    def _causes(self, language: str, rises: bool, mark: str) -> str:
        """The largest parts in the direction of the change; VAT only when its rate changed, for
        else it only follows the others."""
        same_rate = self.previous_vat_rate_bp == self.current_vat_rate_bp
        ranked = sorted(
            (
                part
                for part in self.parts
                if part.amount_vnd and (part.amount_vnd > 0) is rises
                if part.kind is not ChangeKind.VAT or not same_rate
            ),
            key=lambda part: -abs(part.amount_vnd),
        )
        named = [self._cause(part, language, mark) for part in ranked[:_NAMED_CAUSES]]
        if not named:  # a rounding of VAT at most
            return LABELS[ChangeKind.VAT].render(language)
        return (" and " if language == "en" else " và ").join(named)

    def _cause(self, part: ChangePart, language: str, mark: str) -> str:
        rises = part.amount_vnd > 0
        text = _CAUSES[part.kind][0 if rises else 1].render(
            language, days=self.current_days, vat_percent=percent_shown(self.current_vat_rate_bp)
        )
        sign = "+" if rises else "−"
        return f"{text} ({sign}{group_thousands(abs(part.amount_vnd), mark)} đồng)"


def _energy(kwh: Quantity, language: str) -> str:
    text = show(kwh)
    return text if language == "en" else text.replace(".", ",")


def compare(
    previous: ExplainedBill,
    current: ExplainedBill,
    law: Law,
    *,
    previous_correction_vnd: int = 0,
    current_correction_vnd: int = 0,
) -> BillChange:
    """Split the difference of two bills of one customer.

    Args:
        law: the law that both were explained with; the steps between them are rated under it.
        previous_correction_vnd, current_correction_vnd: back-billed (+) or refunded (−) money that
            stands on the paper beside the bill; added to the totals.

    Returns:
        parts that sum exactly to the difference of the totals. A step that the law cannot rate
        (an item that the other decision lacks) is left out; its money joins the next step.
    """
    amounts = dict.fromkeys(ChangeKind, 0)
    amounts[ChangeKind.CORRECTION] = current_correction_vnd - previous_correction_vnd
    amounts[ChangeKind.VAT] = current.vat_vnd - previous.vat_vnd
    amounts[ChangeKind.REACTIVE] = _reactive_vnd(current) - _reactive_vnd(previous)
    for kind, amount_vnd in _active_steps(previous, current, law):
        amounts[kind] += amount_vnd
    return BillChange(
        previous_total_vnd=previous.total_vnd + previous_correction_vnd,
        current_total_vnd=current.total_vnd + current_correction_vnd,
        previous_kwh=_kwh(previous.case),
        current_kwh=_kwh(current.case),
        previous_days=previous.plan.billed_days,
        current_days=current.plan.billed_days,
        previous_vat_rate_bp=previous.vat_rate_bp,
        current_vat_rate_bp=current.vat_rate_bp,
        parts=tuple(ChangePart(kind, amount) for kind, amount in amounts.items()),
    )


def _reactive_vnd(bill: ExplainedBill) -> int:
    return 0 if bill.reactive is None else bill.reactive.amount_vnd


def _kwh(case: BillCase) -> Quantity:
    return plain(sum((quantity(register.kwh) for register in case.registers), start=Fraction(0)))


def _active_steps(
    previous: ExplainedBill, current: ExplainedBill, law: Law
) -> list[tuple[ChangeKind, int]]:
    """The active charge before VAT, step by step; each amount is the money after minus before."""
    steps: list[tuple[ChangeKind, int]] = []
    reached = previous.active_vnd
    before, after = previous.case, current.case
    registers = _energy_in_form_of(before.registers, after.registers)
    with_energy = _active_vnd(
        replace(before, registers=_unmeasured(registers), reactive_kvarh=None), law
    )
    if with_energy is not None:
        steps += _energy_steps(previous, current, with_energy)
        reached = with_energy
    contract = replace(
        after,
        registers=_energy_in_form_of(before.registers, after.registers, keep_measured=True),
        households=before.households,
        time_of_use=before.time_of_use,
        renters_undeclared=before.renters_undeclared,
        reactive_kvarh=None,
    )
    for kind, case in (
        (ChangeKind.PRICE, _with_norm_days_of(contract, previous)),
        (ChangeKind.DAYS, contract),
    ):
        money = _active_vnd(case, law)
        if money is not None:
            steps.append((kind, money - reached))
            reached = money
    return [*steps, (ChangeKind.CONTRACT, current.active_vnd - reached)]


def _active_vnd(case: BillCase, law: Law) -> int | None:
    answer = explain(case, law)
    return None if isinstance(answer, Refused) else answer.active_vnd


def _energy_steps(
    previous: ExplainedBill, current: ExplainedBill, with_energy_vnd: int
) -> list[tuple[ChangeKind, int]]:
    """More days at the same daily use, another daily use, and what tiers or hours make of it.

    The first two are counted at the mean price of the previous bill.
    """
    old, new = _kwh(previous.case), _kwh(current.case)
    change_vnd = with_energy_vnd - previous.active_vnd
    if old == 0:
        return [(ChangeKind.QUANTITY, change_vnd)]
    linear_vnd = half_up(Fraction(previous.active_vnd) * (new - old) / old)
    days_vnd = 0
    old_days, new_days = previous.plan.billed_days, current.plan.billed_days
    if old_days > 0 and new_days > 0:
        days_vnd = half_up(previous.active_vnd * (new_days - old_days), old_days)
    return [
        (ChangeKind.DAYS, days_vnd),
        (ChangeKind.QUANTITY, linear_vnd - days_vnd),
        (ChangeKind.TIER_EFFECT, change_vnd - linear_vnd),
    ]


def _with_norm_days_of(case: BillCase, previous: ExplainedBill) -> BillCase:
    """The case with the norms of the previous bill's days, where one of them is prorated by its
    contract; a price change in the period prorates by itself and stays."""
    before = previous.case
    if not (case.prorates or before.prorates) or len(previous.plan.parts) > 1:
        return case
    return replace(
        case,
        prorate=before.prorate,
        prorate_reason=before.prorate_reason,
        billed_days=previous.plan.billed_days if before.prorates else None,
        norm_reference_days=previous.plan.norm_reference_days if before.prorates else None,
    )


def _energy_in_form_of(
    form: tuple[RegisterEnergy, ...],
    energy: tuple[RegisterEnergy, ...],
    *,
    keep_measured: bool = False,
) -> tuple[RegisterEnergy, ...]:
    """The new energy on the registers and purposes of the previous bill.

    The same registers keep their own energy; after a change of the meter's kind the whole is
    shared in the proportion of the previous registers.
    """
    by_kind = {register.kind: register for register in energy}
    if set(by_kind) == {register.kind for register in form}:
        return tuple(
            replace(
                register,
                kwh=by_kind[register.kind].kwh,
                measured_kwh=by_kind[register.kind].measured_kwh if keep_measured else (),
            )
            for register in form
        )
    total = sum(register.kwh for register in energy)
    weights = [int(register.kwh) for register in form]
    if sum(weights) == 0:
        weights = [1] * len(form)
    parts = split(quantity(total), weights)
    left = total
    shared = []
    for register, part in zip(form[:-1], parts[:-1], strict=True):
        shared.append(replace(register, kwh=int(part), measured_kwh=()))
        left -= int(part)
    return (*shared, replace(form[-1], kwh=left, measured_kwh=()))


def _unmeasured(registers: tuple[RegisterEnergy, ...]) -> tuple[RegisterEnergy, ...]:
    return tuple(replace(register, measured_kwh=()) for register in registers)

"""One bill, exactly and readably: each line with its price row and reason, each rounding shown.

This is the definition the columnar :mod:`cmis.rules.rating.kernel` must agree with. All arithmetic
is in ``int`` and ``Fraction``; source of every rule: tariffs §4–§8, §12 (EVN VI.4).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cmis.kernel.registers import RegisterKind
from cmis.kernel.rounding import half_up
from cmis.rules.rating.case import BillCase
from cmis.rules.rating.explained import ExplainedBill, ExplainedLine, SharedEnergy, UsedNorms
from cmis.rules.rating.norms import days_of, exact_norm, full_norms, prorated_norms
from cmis.rules.rating.numbers_shown import (
    decimal_shown,
    energy_shown,
    percent_shown,
    show,
    show_all,
    tier_reason,
)
from cmis.rules.rating.plan import Part, Plan, is_allowed, plan, quantity, renter_tier
from cmis.rules.rating.reactive import ReactiveCharge, reactive_charge
from cmis.rules.rating.reasons import Reason
from cmis.rules.rating.refusals import Refused
from cmis.rules.rating.splitting import Quantity, plain, split
from cmis.rules.tariffs.schema import (
    Confidence,
    FlatPrice,
    LadderPrice,
    Law,
    PriceItem,
    TimeOfUsePrice,
)


def explain(case: BillCase, law: Law) -> ExplainedBill | Refused:
    """Rate one bill.

    Returns:
        the bill, or a :class:`Refused` with a stable code when data or law do not allow it.
    """
    resolved = plan(case, law)
    if isinstance(resolved, Refused):
        return resolved
    return _Explanation(case, law, resolved).bill()


@dataclass(slots=True)
class _PricedEnergy:
    """Energy of one price item in one part of the period, per register."""

    item: PriceItem
    by_register: dict[RegisterKind, Quantity]


class _Explanation:
    """The bill while it is being written: lines and steps grow in the order of the rules."""

    __slots__ = ("case", "energies", "exact_net", "law", "lines", "plan", "steps", "used_norms")

    def __init__(self, case: BillCase, law: Law, resolved: Plan) -> None:
        self.case = case
        self.law = law
        self.plan = resolved
        self.lines: list[ExplainedLine] = []
        self.steps: list[Reason] = []
        self.energies: list[SharedEnergy] = []
        self.used_norms: list[UsedNorms] = []
        self.exact_net: Quantity = 0

    def bill(self) -> ExplainedBill:
        energies = self._energy_of_parts()
        for number, part in enumerate(self.plan.parts):
            if len(self.plan.parts) > 1:
                self._step("decision_part", days=part.days, reference=part.decision.reference)
            for priced in self._shared(number, [energy[number] for energy in energies]):
                self._price(number, part, priced)
        return self._totals()

    def _step(self, key: str, **values: str | int) -> None:
        self.steps.append(Reason(key, values))

    def _energy_of_parts(self) -> list[list[Quantity]]:
        """Per register, the energy of each part of the period."""
        days = [part.days for part in self.plan.parts]
        result = []
        for register in self.plan.registers:
            kwh = quantity(register.kwh)
            if len(days) == 1:
                result.append([kwh])
                continue
            if register.measured_kwh:
                parts = [quantity(measured) for measured in register.measured_kwh]
                self._step("energy_measured", register=register.kind, parts=show_all(parts))
            else:
                parts = split(kwh, days, self.case.switches.energy_split_rounding)
                self._step(
                    "energy_split", register=register.kind, kwh=show(kwh), parts=show_all(parts)
                )
            result.append(parts)
        return result

    def _shared(self, number: int, energies: list[Quantity]) -> Iterator[_PricedEnergy]:
        """Energy of the part by price item, items in the order of their first register."""
        part = self.plan.parts[number]
        registers = self.plan.registers
        if len(registers) == 1 and len(registers[0].purposes) == 1:  # most bills
            register, kwh = registers[0], energies[0]
            self.energies.append(SharedEnergy(number, register.kind, kwh, (kwh,)))
            item = part.decision.items[register.purposes[0].item_code]
            return iter((_PricedEnergy(item, {register.kind: kwh}),))
        by_item: dict[str, _PricedEnergy] = {}
        for register, kwh in zip(self.plan.registers, energies, strict=True):
            shares = [purpose.share_percent for purpose in register.purposes]
            parts = split(kwh, shares)
            self.energies.append(SharedEnergy(number, register.kind, kwh, tuple(parts)))
            if len(parts) > 1:
                self._step(
                    "shares",
                    register=register.kind,
                    kwh=show(kwh),
                    shares=show_all(shares),
                    parts=show_all(parts),
                )
            for purpose, share in zip(register.purposes, parts, strict=True):
                item = part.decision.items[purpose.item_code]
                priced = by_item.setdefault(item.code, _PricedEnergy(item, {}))
                priced.by_register[register.kind] = share
        return iter(by_item.values())

    def _price(self, number: int, part: Part, priced: _PricedEnergy) -> None:
        item, form = priced.item, priced.item.form
        if item.confidence is not Confidence.VERIFIED and is_allowed(
            self.case, part.decision, item.code
        ):
            self._step("unverified_allowed", item=f"{part.decision.code} {item.code}")
        if isinstance(form, LadderPrice):
            energies = priced.by_register.values()
            kwh = plain(sum(energies)) if len(energies) > 1 else next(iter(energies))
            if self.case.renters_undeclared:
                self._price_renters(number, part, item, form, kwh)
            else:
                self._price_ladder(number, part, item, form, kwh)
            return
        for register, kwh in priced.by_register.items():
            price, reason = self._register_price(form, register)
            self._line(number, part, item, kwh, price, reason, register=register)

    def _price_ladder(
        self, number: int, part: Part, item: PriceItem, form: LadderPrice, kwh: Quantity
    ) -> None:
        left = kwh
        norms = self._norms(number, item, form)
        self.used_norms.append(UsedNorms(number, item.code, norms))
        for tier, (norm, price) in enumerate(
            zip((*norms, None), form.prices_vnd_per_kwh, strict=True), start=1
        ):
            if not left:
                break
            taken = left if norm is None or left <= norm else norm
            left = plain(left - taken)
            self._line(number, part, item, taken, price, tier_reason(tier, norm), tier=tier)

    def _price_renters(
        self, number: int, part: Part, item: PriceItem, form: LadderPrice, kwh: Quantity
    ) -> None:
        tier = renter_tier(self.case, self.law)
        reason = Reason(
            "renter_tier", {"tier": tier, "reference": self.law.renters.legal_reference}
        )
        price = form.prices_vnd_per_kwh[tier - 1]
        self._line(number, part, item, kwh, price, reason, tier=tier)

    def _register_price(
        self, form: TimeOfUsePrice | FlatPrice | LadderPrice, register: RegisterKind
    ) -> tuple[int, Reason]:
        if isinstance(form, FlatPrice):
            return form.price_vnd_per_kwh, Reason("flat")
        assert isinstance(form, TimeOfUsePrice)
        if not self.case.time_of_use:
            return form.normal_vnd_per_kwh, Reason("below_time_of_use")
        if register is RegisterKind.SINGLE:
            return form.normal_vnd_per_kwh, Reason("single_register")
        price = {
            RegisterKind.NORMAL: form.normal_vnd_per_kwh,
            RegisterKind.OFF_PEAK: form.off_peak_vnd_per_kwh,
            RegisterKind.PEAK: form.peak_vnd_per_kwh,
        }[register]
        return price, Reason("time_of_use", {"register": register})

    def _norms(self, number: int, item: PriceItem, form: LadderPrice) -> tuple[Quantity, ...]:
        """Widths of the tiers for this part, with the step that explains them."""
        households = self.case.households
        if self.plan.norm_reference_days is None:
            if number == 0 and households != 1:
                self._step("full_norms", households=show(households))
            rounding = self.case.switches.fractional_norm_rounding
            return full_norms(form.norms_kwh, households, rounding)
        widths = [norm for norm in form.norms_kwh if norm is not None]
        if number == 0:
            self._step(
                "prorated_norms",
                reference_days=self.plan.norm_reference_days or 0,
                billed_days=self.plan.billed_days,
                households=show(households),
                rounding=self.case.switches.norm_rounding,
            )
        norms: tuple[Quantity, ...] = tuple(
            prorated_norms(self.case, self.plan, width)[number] for width in widths
        )
        for tier, (width, norm) in enumerate(zip(widths, norms, strict=True), start=1):
            exact = exact_norm(self.case, self.plan, width, days_of(self.plan, number))
            self._step(
                "norm_rounded", tier=tier, item=item.code, exact=show(exact), norm=show(norm)
            )
        return norms

    def _line(
        self,
        number: int,
        part: Part,
        item: PriceItem,
        kwh: Quantity,
        price: int,
        reason: Reason,
        *,
        tier: int | None = None,
        register: RegisterKind | None = None,
    ) -> None:
        if kwh == 0:
            return
        line_no = len(self.lines) + 1
        exact = kwh * price
        shown: int | Decimal
        if isinstance(kwh, int) and isinstance(exact, int):
            shown, amount = kwh, exact
        else:
            shown, amount = energy_shown(kwh), half_up(exact)
            if exact != amount:
                self._step("line_rounded", line_no=line_no, exact=show(exact), amount=amount)
        self.exact_net += exact
        self.lines.append(
            ExplainedLine(
                line_no, item, part.decision, shown, price, amount, reason, tier, register, number
            )
        )

    def _totals(self) -> ExplainedBill:
        active = sum([line.amount_vnd for line in self.lines])
        if self.case.switches.total_rounding == "half_up_once":
            active = half_up(Fraction(self.exact_net))
        charge = self._reactive(active)
        reactive = 0 if charge is None else charge.amount_vnd
        net = active + reactive
        vat = self._vat(active, reactive)
        if not self.lines:
            self._step("no_consumption")
        return ExplainedBill(
            case=self.case,
            law_digest=self.law.digest,
            plan=self.plan,
            lines=tuple(self.lines),
            steps=tuple(self.steps),
            energies=tuple(self.energies),
            norms=tuple(self.used_norms),
            active_vnd=active,
            reactive=charge,
            net_vnd=net,
            vat_rate_bp=self.plan.vat_rate_bp,
            vat_day=self.plan.vat_day,
            vat_vnd=vat,
            total_vnd=net + vat,
        )

    def _vat(self, active_vnd: int, reactive_vnd: int) -> int:
        """VAT half-up on the sum of the lines; on each of the two sums in mode two_invoices."""
        rate_bp = self.plan.vat_rate_bp
        net = active_vnd + reactive_vnd
        shown = decimal_shown(net * rate_bp, 4)
        if self.case.switches.total_rounding == "half_up_once":
            exact = plain(Fraction(self.exact_net + reactive_vnd) * rate_bp / 10_000)
            vat = half_up(self.exact_net + reactive_vnd + exact) - net
            shown = show(exact)
        elif self.case.switches.reactive_invoice_mode == "two_invoices":
            vat = half_up(active_vnd * rate_bp, 10_000) + half_up(reactive_vnd * rate_bp, 10_000)
        else:
            vat = half_up(net * rate_bp, 10_000)
        self._step(
            "vat",
            rate_percent=percent_shown(rate_bp),
            net=net,
            exact=shown,
            vat=vat,
            reference=self.plan.vat_reference or "–",
            day=str(self.plan.vat_day or "–"),
        )
        return vat

    def _reactive(self, active_vnd: int) -> ReactiveCharge | None:
        kvarh = self.case.reactive_kvarh
        if kvarh is None:
            return None
        kwh = sum((quantity(r.kwh) for r in self.plan.registers), start=Fraction(0))
        charge = reactive_charge(
            self.law.reactive,
            active_kwh=plain(kwh),
            reactive_kvarh=kvarh,
            active_vnd=active_vnd,
            cos_phi_rounding=self.case.switches.cos_phi_rounding,
        )
        if charge.amount_vnd == 0:
            return charge
        self.lines.append(
            ExplainedLine(
                line_no=len(self.lines) + 1,
                item=None,
                decision=None,
                kwh=0,
                price_vnd_per_kwh=0,
                amount_vnd=charge.amount_vnd,
                reason=Reason(
                    "reactive",
                    {
                        "cos_phi": f"{charge.cos_phi_hundredths:02d}",
                        "k_percent": percent_shown(charge.k_hundredths),
                        "reference": self.law.reactive.legal_reference,
                    },
                ),
            )
        )
        return charge

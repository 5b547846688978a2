"""The days, price decisions and rates a bill is computed with, found before any arithmetic."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm

from cmis.kernel.period import Period, days_in_month_before
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating.case import BillCase, Energy, RegisterEnergy
from cmis.rules.rating.refusals import RefusalCode, Refused
from cmis.rules.rating.splitting import Quantity, plain
from cmis.rules.tariffs.errors import UnableToFindPriceDecision, UnableToFindVatRate
from cmis.rules.tariffs.schema import Confidence, LadderPrice, Law, PriceDecision, VatRate

#: Order of registers on a bill: single rate, normal, off-peak, peak (as the price tables).
REGISTER_ORDER = (
    RegisterKind.SINGLE,
    RegisterKind.NORMAL,
    RegisterKind.OFF_PEAK,
    RegisterKind.PEAK,
)
#: Largest energy of one bill and smallest fraction of a kWh; they keep every product in int64.
LIMIT_KWH = 10**9
LIMIT_DENOMINATOR = 10_000
#: Largest number of households and of days that a bill may name.
LIMIT_HOUSEHOLDS = 10**6
LIMIT_DAYS = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """Days of the period under one price decision."""

    decision: PriceDecision
    days: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a case resolves to under a law.

    ``norm_reference_days`` is T, None where the norms stay whole; ``billed_days`` is N.
    """

    parts: tuple[Part, ...]
    registers: tuple[RegisterEnergy, ...]
    billed_days: int
    norm_reference_days: int | None
    vat_rate_bp: int
    vat_day: date | None
    vat_reference: str

    @property
    def prorates(self) -> bool:
        return self.norm_reference_days is not None


def quantity(kwh: Energy) -> Quantity:
    """Energy as an exact number."""
    return kwh if isinstance(kwh, int) else plain(Fraction(kwh))


def plan(case: BillCase, law: Law) -> Plan | Refused:
    """Resolve a case, or say by the first broken condition why it cannot be rated."""
    refused = None if _is_plain(case) else _check_energy(case) or _check_numbers(case)
    if refused:
        return refused
    try:
        parts = _parts(case, law)
    except UnableToFindPriceDecision as failure:
        return Refused(
            case.case_id, RefusalCode.NO_DECISION, {"asked": str(failure.values["asked"])}
        )
    return (
        _check_days(case, parts)
        or _check_measured(case, len(parts))
        or _check_items(case, parts)
        or _resolve(case, law, parts)
    )


def _is_plain(case: BillCase) -> bool:
    """Whether nothing of energy and numbers can be wrong: one register, whole kWh in range, one
    purpose, one household. Most bills are, and skip the checks below."""
    if len(case.registers) != 1 or case.households != 1:
        return False
    register = case.registers[0]
    kwh = register.kwh
    return (
        isinstance(kwh, int)
        and 0 <= kwh <= LIMIT_KWH
        and not register.measured_kwh
        and register.kind in REGISTER_ORDER
        and len(register.purposes) == 1
        and register.purposes[0].share_percent == 100
    )


def _check_energy(case: BillCase) -> Refused | None:
    if not case.registers:
        return Refused(case.case_id, RefusalCode.NO_REGISTER)
    kinds = [register.kind for register in case.registers]
    for kind in kinds:
        if kind not in REGISTER_ORDER or kinds.count(kind) > 1:
            return Refused(case.case_id, RefusalCode.REGISTER_NOT_PRICED, {"register": kind})
    for register in case.registers:
        for kwh in (register.kwh, *register.measured_kwh):
            if kwh < 0:
                return Refused(case.case_id, RefusalCode.NEGATIVE_ENERGY, {"kwh": str(kwh)})
    if case.switches.energy_rounding == "whole":
        for register in case.registers:
            for kwh in (register.kwh, *register.measured_kwh):
                if kwh != int(kwh):
                    return Refused(case.case_id, RefusalCode.ENERGY_NOT_WHOLE, {"kwh": str(kwh)})
    for register in case.registers:
        shares = [purpose.share_percent for purpose in register.purposes]
        items = {purpose.item_code for purpose in register.purposes}
        if sum(shares) != 100 or min(shares) <= 0 or len(items) != len(shares):
            return Refused(
                case.case_id,
                RefusalCode.SHARES,
                {"register": register.kind, "sum": sum(shares)},
            )
    return None


def _check_numbers(case: BillCase) -> Refused | None:
    households = case.households
    if not 0 < households <= LIMIT_HOUSEHOLDS or LIMIT_DENOMINATOR % households.denominator:
        return Refused(case.case_id, RefusalCode.HOUSEHOLDS, {"households": str(households)})
    denominator = households.denominator
    for register in case.registers:
        for kwh in (register.kwh, *register.measured_kwh):
            if not isinstance(kwh, int):
                denominator = lcm(denominator, Fraction(kwh).denominator)
    total = sum((register.kwh for register in case.registers), start=0)
    if total > LIMIT_KWH or LIMIT_DENOMINATOR % denominator:
        return Refused(case.case_id, RefusalCode.OUT_OF_RANGE, {"kwh": str(total)})
    return None


def _parts(case: BillCase, law: Law) -> tuple[Part, ...]:
    if case.segments:
        return tuple(Part(law.decision(part.decision_code), part.days) for part in case.segments)
    assert case.period is not None  # a case has one or the other
    return _dated_parts(law, case.period)


@lru_cache(maxsize=4096)
def _dated_parts(law: Law, period: Period) -> tuple[Part, ...]:
    """Bills of one night share few periods, so each is looked up once."""
    return tuple(Part(priced.decision, priced.period.days) for priced in law.priced_days(period))


@lru_cache(maxsize=4096)
def _vat_on(law: Law, day: date) -> VatRate:
    return law.vat_on(day)


def _billed_days(case: BillCase, parts: tuple[Part, ...]) -> int:
    return sum(part.days for part in parts) if case.billed_days is None else case.billed_days


def _reference_days(case: BillCase) -> int | None:
    """T: given with the case, else the days of the month before the one the switch names."""
    if case.norm_reference_days is not None or case.period is None:
        return case.norm_reference_days
    if case.switches.norm_reference_month == "month_before_reading_day":
        return days_in_month_before(case.period.end)
    return days_in_month_before(case.period.last_day)


def _check_days(case: BillCase, parts: tuple[Part, ...]) -> Refused | None:
    """N and T matter only where something is prorated or split."""
    if not case.prorates and len(parts) == 1:
        return None
    billed, reference = _billed_days(case, parts), _reference_days(case)
    in_range = reference is not None and 0 < reference <= LIMIT_DAYS and 0 <= billed <= LIMIT_DAYS
    days = [part.days for part in parts]
    sums = len(parts) == 1 or (min(days) >= 0 and sum(days) == billed > 0)
    if in_range and sums:
        return None
    return Refused(
        case.case_id,
        RefusalCode.DAYS,
        {"billed_days": billed, "reference_days": "?" if reference is None else reference},
    )


def _check_measured(case: BillCase, part_count: int) -> Refused | None:
    for register in case.registers:
        measured = register.measured_kwh
        if measured and (len(measured) != part_count or sum(measured) != register.kwh):
            return Refused(case.case_id, RefusalCode.MEASURED_PARTS, {"register": register.kind})
    return None


def _check_items(case: BillCase, parts: tuple[Part, ...]) -> Refused | None:
    if len(parts) == 1 and len(case.registers) == 1 and len(case.registers[0].purposes) == 1:
        code = case.registers[0].purposes[0].item_code
        item = parts[0].decision.items.get(code)
        if item is not None and item.confidence is Confidence.VERIFIED:
            return None  # most bills; every other one is looked at row by row
    pairs = [
        (part.decision, purpose.item_code)
        for part in parts
        for register in case.registers
        for purpose in register.purposes
    ]
    for decision, code in pairs:
        if code not in decision.items:
            return Refused(
                case.case_id, RefusalCode.ITEM_MISSING, {"decision": decision.code, "item": code}
            )
    for decision, code in pairs:
        item = decision.items[code]
        if item.confidence is not Confidence.VERIFIED and not is_allowed(case, decision, code):
            return Refused(
                case.case_id,
                RefusalCode.PRICE_UNVERIFIED,
                {"decision": decision.code, "item": code, "confidence": item.confidence},
            )
    return None


def is_allowed(case: BillCase, decision: PriceDecision, code: str) -> bool:
    """Whether the operator allowed this item by name, before or after its split by voltage."""
    allowed = case.switches.allow_unverified_prices
    base = decision.items[code].base_code
    return f"{decision.code} {code}" in allowed or f"{decision.code} {base}" in allowed


def _resolve(case: BillCase, law: Law, parts: tuple[Part, ...]) -> Plan | Refused:
    day = case.vat_day
    rate_bp, reference = case.vat_rate_bp, ""
    if rate_bp is None:
        try:
            if day is None:
                raise UnableToFindVatRate(day="?")
            rate = _vat_on(law, day)
        except UnableToFindVatRate as failure:
            return Refused(case.case_id, RefusalCode.NO_VAT, {"day": str(failure.values["day"])})
        rate_bp, reference = rate.rate_bp, rate.legal_reference
    elif not 0 <= rate_bp <= 10_000:
        return Refused(case.case_id, RefusalCode.NO_VAT, {"day": str(day or "?")})
    kvarh = case.reactive_kvarh
    if kvarh is not None and not 0 <= kvarh <= LIMIT_KWH:
        return Refused(case.case_id, RefusalCode.REACTIVE, {"kvarh": kvarh})
    if case.renters_undeclared:
        refused = _check_renter_tier(case, law, parts)
        if refused:
            return refused
    prorates = case.prorates or len(parts) > 1
    return Plan(
        parts=parts,
        registers=_in_order(case.registers),
        billed_days=_billed_days(case, parts),
        norm_reference_days=_reference_days(case) if prorates else None,
        vat_rate_bp=rate_bp,
        vat_day=day,
        vat_reference=reference,
    )


def _in_order(registers: tuple[RegisterEnergy, ...]) -> tuple[RegisterEnergy, ...]:
    if len(registers) == 1:
        return registers
    return tuple(sorted(registers, key=lambda register: REGISTER_ORDER.index(register.kind)))


def renter_tier(case: BillCase, law: Law) -> int:
    """The tier whose price undeclared renters pay for all energy."""
    return case.switches.undeclared_renter_tier or law.renters.undeclared_tier


def _check_renter_tier(case: BillCase, law: Law, parts: tuple[Part, ...]) -> Refused | None:
    tier = renter_tier(case, law)
    for part in parts:
        for register in case.registers:
            for purpose in register.purposes:
                form = part.decision.items[purpose.item_code].form
                if isinstance(form, LadderPrice) and tier > len(form.prices_vnd_per_kwh):
                    return Refused(
                        case.case_id,
                        RefusalCode.RENTER_TIER,
                        {"item": purpose.item_code, "tier": tier},
                    )
    return None

"""Published and constructed cases (``tests/golden/cases``) as bill cases, and their answers.

One JSON object a line, keys as in the README beside the cases. Besides bills the rows ask for
single rules: the k factor, a fee, prices from percentages, a number of households, the blocks.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from cmis.kernel.period import Period
from cmis.kernel.quantity import index_difference
from cmis.kernel.registers import RegisterKind
from cmis.kernel.rounding import half_up
from cmis.rules.rating.answers import answer_of, number
from cmis.rules.rating.case import (
    BillCase,
    Energy,
    PriceSegment,
    Purpose,
    RegisterEnergy,
    energy,
)
from cmis.rules.rating.explain import explain
from cmis.rules.rating.norms import full_norms, prorated_norms
from cmis.rules.rating.numbers_shown import energy_shown, show
from cmis.rules.rating.plan import plan
from cmis.rules.rating.reactive import k_of
from cmis.rules.rating.refusals import Refused
from cmis.rules.rating.splitting import Quantity
from cmis.rules.rating.switches import DEFAULTS, Switches
from cmis.rules.tariffs.fees import disconnect_fee_vnd
from cmis.rules.tariffs.schema import LadderPrice, Law, next_day

Row = Mapping[str, Any]

#: Names of the worked cases for switches of ours.
_SWITCH_NAMES = {"kwh_rounding": "energy_rounding", "undeclared_tier": "undeclared_renter_tier"}
#: Groups of price items that pay for reactive power.
_REACTIVE_GROUPS = ("production", "business")


class UnreadableCase(ValueError):
    """A row that is not a case; the text says what is missing or wrong."""


def answer(row: Row, law: Law, allowed: tuple[str, ...] = ()) -> dict[str, object]:
    """The result object of one row: ``id`` plus results, or ``refused`` with code and reasons.

    Args:
        allowed: unverified prices that may be used, as in ``Switches.allow_unverified_prices``.

    Raises:
        UnreadableCase: the row is not a case.
    """
    kinds = {
        "bill": _bill,
        "tier_split": _bill,
        "norm_proration": _norms,
        "tariff_difference": _difference,
        "k_factor": _k_factor,
        "fee": _fee,
        "price_from_percent": _prices,
        "household_count": _households,
    }
    kind = row.get("case_type") or "bill"
    if kind not in kinds:
        raise UnreadableCase(f"unknown case_type {kind!r}")
    try:
        result = kinds[kind](row, law, allowed)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise UnreadableCase(str(error) or type(error).__name__) from error
    return {"id": row.get("id"), **result}


def _bill(row: Row, law: Law, allowed: tuple[str, ...]) -> dict[str, object]:
    law = _overridden(row, law)
    return answer_of(explain(bill_case(row, law, allowed), law))


def _overridden(row: Row, law: Law) -> Law:
    """The law with the tier prices that a row brings along instead of those of its decision."""
    override = row.get("tariff_override")
    if not override:
        return law
    decision = law.decision(row["decision"])
    item = decision.items[row["group"]]
    assert isinstance(item.form, LadderPrice)
    form = LadderPrice(item.form.norms_kwh, tuple(override["tier_prices"]))
    items = {**decision.items, item.code: replace(item, form=form)}
    changed = replace(decision, items=MappingProxyType(items))
    return replace(law, decisions=tuple(changed if d is decision else d for d in law.decisions))


def bill_case(row: Row, law: Law, allowed: tuple[str, ...] = ()) -> BillCase:
    """One row of type bill as a case.

    Raises:
        UnreadableCase, ValueError, KeyError: the row is not complete.
    """
    switches = {str(key): value for key, value in (row.get("switches") or {}).items()}
    renters = switches.pop("renters", None) == "undeclared"
    named: dict[str, object] = {
        _SWITCH_NAMES.get(key, key): value for key, value in switches.items()
    }
    named["allow_unverified_prices"] = allowed
    period = None
    if row.get("period_start") and row.get("period_end"):
        last_day = date.fromisoformat(row["period_end"])
        period = Period(date.fromisoformat(row["period_start"]), next_day(last_day))
    segments = _segments(row, period)
    if period is None and not segments:
        raise UnreadableCase("the case names neither a period nor a decision")
    rate = row.get("vat_rate")
    days = row.get("days")
    return BillCase(
        case_id=str(row.get("id")),
        period=period,
        registers=_registers(row),
        households=Fraction(str(row.get("households") or 1)),
        time_of_use=_by_time_of_use(row),
        prorate=bool(row.get("prorate_norms")),
        billed_days=days if len(segments) < 2 else None,
        norm_reference_days=row.get("reference_days"),
        renters_undeclared=renters,
        reactive_kvarh=_kvarh(row, law),
        segments=segments,
        vat_rate_bp=_vat_bp(rate, period),
        invoice_date=date.fromisoformat(row["invoice_date"]) if row.get("invoice_date") else None,
        reading_date=None if period is None else period.last_day,
        switches=Switches.of(named) if named != {"allow_unverified_prices": ()} else DEFAULTS,
    )


def _vat_bp(rate: str | None, period: Period | None) -> int | None:
    """The rate of the row; without one it is found by date, or none is charged."""
    if rate is None:
        return None if period else 0
    basis_points = Fraction(rate) * 10_000
    if basis_points.denominator != 1:
        raise UnreadableCase(f"vat_rate {rate} is finer than a basis point")
    return int(basis_points)


def _segments(row: Row, period: Period | None) -> tuple[PriceSegment, ...]:
    decision, before = row.get("decision"), row.get("decision_before")
    if decision is None:
        return ()
    days = row.get("days") or (period.days if period else 0)
    if before is None or row.get("case_type") == "tariff_difference":
        return (PriceSegment(decision, days),)
    earlier, later = row.get("days_before"), row.get("days_after")
    if row.get("price_change_date") and period and earlier is None:
        old, new = period.split(date.fromisoformat(row["price_change_date"]))
        earlier, later = old.days, new.days
    if earlier is None:
        raise UnreadableCase("the days before the price change are not known")
    return (
        PriceSegment(before, earlier),
        PriceSegment(decision, days - earlier if later is None else later),
    )


def _registers(row: Row) -> tuple[RegisterEnergy, ...]:
    purposes = _purposes(row)
    energies = _energies(row)
    if row.get("other_kwh") is not None:
        return _with_other_use(row, energies)
    registers = []
    for kind, kwh in energies.items():
        measured: tuple[Energy, ...] = ()
        if row.get("kwh_before") is not None:
            first = energy(row["kwh_before"])
            measured = (first, energy(str(Decimal(kwh) - Decimal(first))))
        registers.append(RegisterEnergy(kind, kwh, purposes, measured))
    return tuple(registers)


def _with_other_use(row: Row, energies: dict[RegisterKind, Energy]) -> tuple[RegisterEnergy, ...]:
    """A ladder and energy of another use on a second register: the main use first."""
    if set(energies) != {RegisterKind.SINGLE}:
        raise UnreadableCase("other_kwh goes with a single-rate register")
    return (
        RegisterEnergy(
            RegisterKind.SINGLE, energies[RegisterKind.SINGLE], (Purpose(row["group"]),)
        ),
        RegisterEnergy(
            RegisterKind.NORMAL, energy(row["other_kwh"]), (Purpose(row["other_group"]),)
        ),
    )


def _purposes(row: Row) -> tuple[Purpose, ...]:
    ratio = row.get("mixed_ratio")
    if not ratio:
        return (Purpose(row["group"]),)
    pairs = ratio.items() if isinstance(ratio, Mapping) else [_pair(entry) for entry in ratio]
    return tuple(Purpose(code, _percent(share)) for code, share in pairs)


def _pair(entry: Any) -> tuple[str, Any]:
    if isinstance(entry, Mapping):
        share = next(entry[key] for key in ("share", "percent", "ratio") if key in entry)
        return str(entry["group"]), share
    code, share = entry
    return str(code), share


def _percent(share: object) -> int:
    """A share as whole percent; texts below 1 are parts of the whole ("0.40")."""
    value = Fraction(str(share))
    percent = value * 100 if isinstance(share, str) and value <= 1 else value
    if percent.denominator != 1:
        raise UnreadableCase(f"the share {share} is not a whole percent")
    return int(percent)


def _energies(row: Row) -> dict[RegisterKind, Energy]:
    """kWh by register, from the row or from its meter readings."""
    if row.get("registers"):
        return _from_readings(row["registers"])
    if row.get("kwh_by_register"):
        return {RegisterKind(k): energy(kwh) for k, kwh in row["kwh_by_register"].items()}
    return {RegisterKind.SINGLE: energy(row["kwh"])}


def _from_readings(readings: list[Row]) -> dict[RegisterKind, Energy]:
    """Sum of the meters of each register; the sum is rounded to whole kWh (a meter change)."""
    sums: dict[RegisterKind, Decimal] = {}
    for reading in readings:
        previous, current = Decimal(str(reading["previous"])), Decimal(str(reading["current"]))
        difference = index_difference(
            previous=previous,
            current=current,
            state="Q" if current < previous else "",
            dial_digits=reading.get("digits"),
        )
        kind = RegisterKind(reading["register"])
        passed = difference * Decimal(str(reading.get("multiplier") or 1))
        sums[kind] = sums.get(kind, Decimal(0)) + passed
    return {kind: half_up(Fraction(total)) for kind, total in sums.items()}


def _by_time_of_use(row: Row) -> bool:
    """Registers of the three times of the day are priced by them."""
    kinds = set(_energies(row)) if row.get("kwh") is None else {RegisterKind.SINGLE}
    return RegisterKind.SINGLE not in kinds


def _kvarh(row: Row, law: Law) -> int | None:
    """Reactive energy where the registered demand makes it chargeable."""
    if row.get("kvarh") is None:
        return None
    demand = row.get("pmax_kw")
    if demand is not None and Fraction(str(demand)) < law.reactive.registered_pmax_kw_min:
        return None
    return int(row["kvarh"])


def _norms(row: Row, law: Law, allowed: tuple[str, ...]) -> dict[str, object]:
    """Widths of the tiers of a prorated ladder."""
    case = bill_case({**row, "kwh": 0}, law, allowed)
    resolved = plan(case, law)
    if isinstance(resolved, Refused):
        return answer_of(resolved)
    form = resolved.parts[-1].decision.items[row["group"]].form
    assert isinstance(form, LadderPrice)
    norms: tuple[Quantity, ...] = full_norms(
        form.norms_kwh, case.households, case.switches.fractional_norm_rounding
    )
    if resolved.prorates:
        widths = [norm for norm in form.norms_kwh if norm is not None]
        norms = tuple(prorated_norms(case, resolved, width)[-1] for width in widths)
    return {"norms": [number(energy_shown(norm)) for norm in norms]}


def _difference(row: Row, law: Law, allowed: tuple[str, ...]) -> dict[str, object]:
    """Net at the decision less net at the decision before, for the same energy."""
    bills = [
        explain(bill_case({**row, "decision": code}, law, allowed), law)
        for code in (row["decision"], row["decision_before"])
    ]
    nets = []
    for bill in bills:
        if isinstance(bill, Refused):
            return answer_of(bill)
        nets.append(bill.net_vnd)
    return {"increase_vnd": nets[0] - nets[1]}


def _k_factor(row: Row, law: Law, _allowed: tuple[str, ...]) -> dict[str, object]:
    cos_phi = Fraction(row["cos_phi"]) * 100
    k = k_of(law.reactive, int(cos_phi))
    return {"k_percent": format(Decimal(k) / 100, ".2f")}


def _fee(row: Row, _law: Law, _allowed: tuple[str, ...]) -> dict[str, object]:
    fee = row["fee"]
    factors = [int(Fraction(fee[key]) * 100) for key in ("k_distance", "n_area")]
    return {
        "fees_vnd": [
            disconnect_fee_vnd(base_vnd=base, k_hundredths=factors[0], n_hundredths=factors[1])
            for base in fee["base_vnd_by_voltage"].values()
        ]
    }


def _prices(row: Row, _law: Law, _allowed: tuple[str, ...]) -> dict[str, object]:
    rule = row["price_rule"]
    average = Fraction(rule["average_vnd_per_kwh"])
    return {
        "prices_vnd_per_kwh": [half_up(average * Fraction(p)) for p in rule["percent_of_average"]]
    }


def _households(row: Row, law: Law, _allowed: tuple[str, ...]) -> dict[str, object]:
    """Households of people who stayed some of the days (four people are one household)."""
    people_days = sum(entry["people"] * entry["days"] for entry in row["people_days"])
    count = Fraction(people_days, row["days"] * law.renters.people_per_household)
    return {"households": show(count) if count.denominator == 1 else str(count)}

"""What one bill is made of, and its canonical JSON.

The case holds everything the calculation needs and nothing else: with the case and the law of the
same digest a bill can be explained again to the đồng, years later.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Self

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating.switches import DEFAULTS, Switches

Energy = int | Decimal

#: Why norms are prorated (tariffs §4.2, §4.6); "" = the norms are not prorated for such a reason.
PRORATE_REASONS = ("", "new_customer", "reading_moved", "final_bill")


@dataclass(frozen=True, slots=True)
class Purpose:
    """A price item and its share of the register's energy, in whole percent."""

    item_code: str
    share_percent: int = 100


@dataclass(frozen=True, slots=True)
class RegisterEnergy:
    """Energy of one register in the whole period, with the purposes it serves.

    ``measured_kwh`` holds, when the meter was read at each price change, the energy of every part
    of the period in order; empty = the energy is split by days.
    """

    kind: RegisterKind
    kwh: Energy
    purposes: tuple[Purpose, ...]
    measured_kwh: tuple[Energy, ...] = ()

    def __post_init__(self) -> None:
        for value in (self.kwh, *self.measured_kwh):
            if isinstance(value, bool) or not isinstance(value, int | Decimal):
                raise TypeError(f"energy is int or Decimal, not {type(value).__name__}")
            if isinstance(value, Decimal) and not value.is_finite():
                raise ValueError("energy must be a finite number")


@dataclass(frozen=True, slots=True)
class PriceSegment:
    """Days that a named decision prices, for cases without dates and for rehearsals."""

    decision_code: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class BillCase:
    """One meter, one period.

    Attributes:
        period: days of use, half-open; None only with ``segments``.
        registers: priced registers (KT, BT, CD, TD) with purposes; the law prices reactive energy
            by ``reactive_kvarh``.
        households: number of households behind the meter, fractions allowed (renters).
        time_of_use: the customer pays by time of use (tariffs §6); else the BT price for all.
        prorate: norms follow the billed days (new customer, moved reading); a price change inside
            the period prorates by itself.
        billed_days: N, where it is not the days of the period.
        norm_reference_days: T, where the switch shall not derive it from the period.
        renters_undeclared: all household energy at one tier's price (tariffs §5).
        reactive_kvarh: reactive energy of the cycle when the contract makes it chargeable, else
            None.
        segments: named price decisions with their days instead of those in force by date.
        vat_rate_bp: VAT rate instead of the one in force, in basis points; 0 = no VAT.

    Raises:
        ValueError: neither period nor segments, or an unknown reason.
    """

    case_id: str
    period: Period | None
    registers: tuple[RegisterEnergy, ...]
    households: Fraction = Fraction(1)
    time_of_use: bool = False
    prorate: bool = False
    prorate_reason: str = ""
    billed_days: int | None = None
    norm_reference_days: int | None = None
    renters_undeclared: bool = False
    reactive_kvarh: int | None = None
    segments: tuple[PriceSegment, ...] = ()
    vat_rate_bp: int | None = None
    reading_date: date | None = None
    invoice_date: date | None = None
    switches: Switches = DEFAULTS

    def __post_init__(self) -> None:
        if self.period is None and not self.segments:
            raise ValueError("a case needs a period or named price decisions")
        if self.prorate_reason not in PRORATE_REASONS:
            raise ValueError(f"prorate_reason must be one of {PRORATE_REASONS}")

    @property
    def prorates(self) -> bool:
        """Whether the norms follow the days, after the switch on last bills."""
        last_bill_kept = (
            self.prorate_reason == "final_bill" and not self.switches.final_bill_prorate
        )
        return self.prorate and not last_bill_kept

    @property
    def vat_day(self) -> date | None:
        """The day that selects the VAT rate, by ``vat_date_rule``."""
        rule = self.switches.vat_date_rule
        if rule == "reading_date":
            return self.reading_date
        if rule == "invoice_date":
            return self.invoice_date
        return None if self.period is None else self.period.last_day

    def to_json(self) -> str:
        """Canonical JSON: compact, keys sorted, only integers, texts, true and lists; what equals
        its default is left out, so that the same case is always the same text.
        """
        return json.dumps(
            case_values(self), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read :meth:`to_json` back.

        Raises:
            ValueError: not such a text, unknown keys, or wrong types.
        """
        values = json.loads(text, parse_float=_refuse_float)
        if not isinstance(values, dict):
            raise ValueError("a case is a JSON object")
        return cls(**_arguments(values))


def shares_and_households(text: str) -> tuple[tuple[tuple[str, int], ...], Fraction]:
    """Shares of the first register as ``(item code, percent)`` and the households of a canonical
    JSON case: what documents name, without the cost of the whole case."""
    values = json.loads(text, parse_float=_refuse_float)
    registers = values["registers"]
    shares = registers[0]["purposes"] if registers else ()
    return (
        tuple((str(item), int(percent)) for item, percent in shares),
        Fraction(values.get("households", 1)),
    )


def case_values(case: BillCase) -> dict[str, object]:
    """The case as plain values, defaults left out."""
    values: dict[str, object] = {
        "case_id": case.case_id,
        "registers": [_register_values(register) for register in case.registers],
    }
    if case.period is not None:
        values["period"] = [case.period.start.isoformat(), case.period.end.isoformat()]
    if case.households != 1:
        values["households"] = str(case.households)
    for flag in ("time_of_use", "prorate", "renters_undeclared"):
        if getattr(case, flag):
            values[flag] = True
    if case.prorate_reason:
        values["prorate_reason"] = case.prorate_reason
    for number in ("billed_days", "norm_reference_days", "reactive_kvarh", "vat_rate_bp"):
        if getattr(case, number) is not None:
            values[number] = getattr(case, number)
    if case.reading_date is not None:
        values["reading_date"] = case.reading_date.isoformat()
    if case.invoice_date is not None:
        values["invoice_date"] = case.invoice_date.isoformat()
    if case.segments:
        values["segments"] = [[part.decision_code, part.days] for part in case.segments]
    changed = case.switches.changed() if case.switches is not DEFAULTS else {}
    if changed:
        values["switches"] = changed
    return values


def _register_values(register: RegisterEnergy) -> dict[str, object]:
    values: dict[str, object] = {
        "kind": register.kind.value,
        "kwh": _energy_value(register.kwh),
        "purposes": [[purpose.item_code, purpose.share_percent] for purpose in register.purposes],
    }
    if register.measured_kwh:
        values["measured_kwh"] = [_energy_value(kwh) for kwh in register.measured_kwh]
    return values


def _energy_value(kwh: Energy) -> int | str:
    """Whole energy as a number, decimals as text without trailing zeros."""
    if isinstance(kwh, int):
        return kwh
    if kwh == kwh.to_integral_value():
        return int(kwh)
    return format(kwh.normalize(), "f")


def energy(value: object) -> Energy:
    """Energy from JSON: an integer, or a decimal in text.

    Raises:
        ValueError: anything else.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ValueError(f"energy is a whole number or a decimal in quotes, not {value!r}")
    return int(number) if number == number.to_integral_value() else number


def _refuse_float(text: str) -> object:
    raise ValueError(f"{text} is a floating point number; write decimals in quotes")


def _register(values: Mapping[str, Any]) -> RegisterEnergy:
    unknown = set(values) - {"kind", "kwh", "purposes", "measured_kwh"}
    if unknown:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))} in a register")
    return RegisterEnergy(
        kind=RegisterKind(values["kind"]),
        kwh=energy(values["kwh"]),
        purposes=tuple(Purpose(str(code), _whole(share)) for code, share in values["purposes"]),
        measured_kwh=tuple(energy(kwh) for kwh in values.get("measured_kwh", ())),
    )


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"a whole number is expected, not {value!r}")
    return value


def _arguments(values: dict[str, Any]) -> dict[str, Any]:
    """Constructor arguments from the plain values of :func:`case_values`."""
    known = set(BillCase.__dataclass_fields__)
    unknown = sorted(set(values) - known)
    if unknown:
        raise ValueError(f"unknown key {', '.join(unknown)} in a case")
    try:
        arguments: dict[str, Any] = {
            "case_id": str(values["case_id"]),
            "period": None,
            "registers": tuple(_register(register) for register in values["registers"]),
        }
    except (KeyError, TypeError) as error:
        raise ValueError(f"the case is not complete: {error}") from None
    if "period" in values:
        start, end = (date.fromisoformat(day) for day in values["period"])
        arguments["period"] = Period(start, end)
    if "households" in values:
        arguments["households"] = Fraction(str(values["households"]))
    for flag in ("time_of_use", "prorate", "renters_undeclared"):
        arguments[flag] = values.get(flag, False) is True
    arguments["prorate_reason"] = str(values.get("prorate_reason", ""))
    for number in ("billed_days", "norm_reference_days", "reactive_kvarh", "vat_rate_bp"):
        if number in values:
            arguments[number] = _whole(values[number])
    for day in ("reading_date", "invoice_date"):
        if day in values:
            arguments[day] = date.fromisoformat(values[day])
    if "segments" in values:
        arguments["segments"] = tuple(
            PriceSegment(str(code), _whole(days)) for code, days in values["segments"]
        )
    if "switches" in values:
        arguments["switches"] = Switches.of(values["switches"])
    return arguments

"""The receipt of a bill: one canonical JSON from which anybody can compute the bill again.

It holds the inputs, every switch, every intermediate whole number and the sums; ``seal`` is the
SHA-256 of the canonical text without the seal. ``verifier/verify_receipt.py`` checks it without any
code of this project; the fields are described there and in the receipt's own names.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction

from cmis.rules.rating.case import case_values
from cmis.rules.rating.explained import ExplainedBill, ExplainedLine
from cmis.rules.rating.splitting import Quantity

FORMAT = "cmis-receipt-1"

#: A reading behind the bill: identity, register, indices, times, as texts and whole numbers.
Reading = Mapping[str, str | int]


def receipt_of(bill: ExplainedBill, readings: Sequence[Reading] = ()) -> str:
    """Canonical receipt: compact JSON, keys sorted, only objects, lists, texts, integers, true,
    false and null.

    Args:
        readings: what the meter reading knows of the energies; stored as given.

    Raises:
        TypeError: a reading holds something else than texts and whole numbers.
    """
    for reading in readings:
        if any(not isinstance(value, str | int) for value in reading.values()):
            raise TypeError("a reading holds texts and whole numbers only")
    values = _inputs(bill) | _results(bill)
    values["readings"] = [dict(reading) for reading in readings]
    values["seal"] = seal_of(values)
    return canonical(values)


def canonical(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def seal_of(values: Mapping[str, object]) -> str:
    """SHA-256 over the canonical text of everything but the seal."""
    unsealed = {key: value for key, value in values.items() if key != "seal"}
    return hashlib.sha256(canonical(unsealed).encode()).hexdigest()


def _inputs(bill: ExplainedBill) -> dict[str, object]:
    case, plan = bill.case, bill.plan
    registers = case_values(case)["registers"]
    return {
        "format": FORMAT,
        "case_id": case.case_id,
        "law_digest": bill.law_digest,
        "period": None
        if case.period is None
        else [case.period.start.isoformat(), case.period.end.isoformat()],
        "decisions_named": bool(case.segments),
        "registers": registers,
        "households": str(case.households),
        "time_of_use": case.time_of_use,
        "prorate": case.prorates,
        "prorate_reason": case.prorate_reason,
        "renters_undeclared": case.renters_undeclared,
        "reactive_kvarh": case.reactive_kvarh,
        "billed_days": plan.billed_days,
        "norm_reference_days": plan.norm_reference_days,
        "norm_reference_days_given": case.norm_reference_days is not None,
        "vat_rate_given": case.vat_rate_bp is not None,
        "vat_day": None if plan.vat_day is None else plan.vat_day.isoformat(),
        "switches": case.switches.as_dict(),
    }


def _results(bill: ExplainedBill) -> dict[str, object]:
    charge = bill.reactive
    return {
        "parts": [{"decision": part.decision.code, "days": part.days} for part in bill.plan.parts],
        "energies": [
            {
                "part": energy.part,
                "register": energy.register.value,
                "kwh": _number(energy.kwh),
                "shares_kwh": [_number(share) for share in energy.shares_kwh],
            }
            for energy in bill.energies
        ],
        "norms": [
            {
                "part": used.part,
                "item": used.item_code,
                "norms_kwh": [_number(norm) for norm in used.norms_kwh],
            }
            for used in bill.norms
        ],
        "lines": [_line(line) for line in bill.lines],
        "active_vnd": bill.active_vnd,
        "reactive": None
        if charge is None
        else {
            "cos_phi_hundredths": charge.cos_phi_hundredths,
            "k_hundredths": charge.k_hundredths,
            "amount_vnd": charge.amount_vnd,
        },
        "net_vnd": bill.net_vnd,
        "vat_rate_bp": bill.vat_rate_bp,
        "vat_vnd": bill.vat_vnd,
        "total_vnd": bill.total_vnd,
    }


def _line(line: ExplainedLine) -> dict[str, object]:
    return {
        "no": line.line_no,
        "part": line.part,
        "item": None if line.item is None else line.item.code,
        "tier": line.tier,
        "register": None if line.register is None else line.register.value,
        "kwh": _number(line.kwh if isinstance(line.kwh, int) else Fraction(line.kwh)),
        "price_vnd_per_kwh": line.price_vnd_per_kwh,
        "amount_vnd": line.amount_vnd,
    }


def _number(value: Quantity) -> int | str:
    """Whole numbers as they are, others as fractions (``75/2``)."""
    return value if isinstance(value, int) else str(value)

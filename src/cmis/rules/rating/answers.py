"""An explained bill as plain JSON values, one object a bill."""

from decimal import Decimal

from cmis.rules.rating.explained import ExplainedBill, ExplainedLine
from cmis.rules.rating.refusals import Refused
from cmis.rules.tariffs.schema import LadderPrice

Number = int | str


def answer_of(bill: ExplainedBill | Refused) -> dict[str, object]:
    """Lines, blocks and sums, or ``refused`` with the stable code and the reason in two languages.

    Whole numbers are integers, decimals are texts ("37.5").
    """
    if isinstance(bill, Refused):
        return {
            "refused": {
                "code": bill.code.code,
                "reason": bill.message("en"),
                "reason_vi": bill.message("vi"),
            }
        }
    result: dict[str, object] = {
        "kwh_total": number(_sum([register.kwh for register in bill.plan.registers])),
        "lines": [_line(line) for line in bill.lines],
    }
    result |= _tiers(bill)
    purposes = _by_purpose(bill)
    if len(purposes) > 1:
        result["kwh_by_purpose"] = purposes
    if bill.reactive is not None:
        result["k_percent"] = format(Decimal(bill.reactive.k_hundredths) / 100, ".2f")
        result["reactive_vnd"] = bill.reactive.amount_vnd
    return result | {
        "net_vnd": bill.net_vnd,
        "vat_vnd": bill.vat_vnd,
        "total_vnd": bill.total_vnd,
    }


def number(value: int | Decimal) -> Number:
    if isinstance(value, int) or value == value.to_integral_value():
        return int(value)
    return format(value.normalize(), "f")


def _sum(values: list[int | Decimal]) -> int | Decimal:
    return sum(values, start=Decimal(0))


def _line(line: ExplainedLine) -> dict[str, object]:
    values: dict[str, object] = {}
    if line.tier is not None:
        values["tier"] = line.tier
    if line.register is not None:
        values["register"] = line.register.value
    return values | {
        "kwh": number(line.kwh),
        "price_vnd_per_kwh": line.price_vnd_per_kwh,
        "amount_vnd": line.amount_vnd,
        "reference": line.reference,
        "because": line.reason.text("en"),
        "because_vi": line.reason.text("vi"),
    }


def _tiers(bill: ExplainedBill) -> dict[str, object]:
    """kWh of every tier, over the whole period and, at a price change, of each part."""
    parts: list[list[int | Decimal]] = []
    for part_number, part in enumerate(bill.plan.parts):
        forms = [item.form for item in part.decision.items.values()]
        width = max(
            (len(form.prices_vnd_per_kwh) for form in forms if isinstance(form, LadderPrice)),
            default=0,
        )
        tiers: list[int | Decimal] = [0] * width
        for line in bill.lines:
            if line.part == part_number and line.tier is not None:
                tiers[line.tier - 1] += line.kwh
        parts.append(tiers)
    if not any(line.tier for line in bill.lines):
        return {}
    total = [_sum(list(tier)) for tier in zip(*parts, strict=True)]
    result: dict[str, object] = {"tier_kwh": [number(kwh) for kwh in total]}
    if len(parts) == 2:
        result["tier_kwh_before"] = [number(kwh) for kwh in parts[0]]
        result["tier_kwh_after"] = [number(kwh) for kwh in parts[1]]
    return result


def _by_purpose(bill: ExplainedBill) -> dict[str, Number]:
    sums: dict[str, int | Decimal] = {}
    for line in bill.lines:
        if line.item is not None:
            sums[line.item.code] = sums.get(line.item.code, 0) + line.kwh
    return {code: number(kwh) for code, kwh in sums.items()}

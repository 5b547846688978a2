"""Receipts of every kind, and lies about them: one field changed, sealed again or not."""

import json
import random
from collections.abc import Iterator
from typing import Any

from cmis.rules.rating import ExplainedBill, Switches, explain
from cmis.rules.rating.receipt import receipt_of
from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.open_data import open_data
from tests.rules.rating.case_factory import CaseFactory

LAW = load_law()
PRICES = json.loads(json.dumps(open_data(LAW)))
EVERY = tuple(f"{d.code} {item}" for d in LAW.decisions for item in d.items)
SETS = [
    Switches(allow_unverified_prices=EVERY[:3]),
    Switches(allow_unverified_prices=EVERY, norm_rounding="ceiling", energy_rounding="none"),
    Switches(
        norm_remainder="each_part",
        reactive_invoice_mode="two_invoices",
        cos_phi_rounding="truncate",
        fractional_norm_rounding="half_up",
    ),
    Switches(energy_rounding="none", line_rounding="none", total_rounding="half_up_once"),
]
READINGS = [{"id": "R-1", "register": "KT", "previous": 100, "current": 375, "at": "2026-07-13"}]
#: Inputs: another value may be an honest receipt of another bill, so only the seal can tell.
INPUTS = {
    "case_id",
    "readings",
    "registers",
    "households",
    "prorate_reason",
    "switches",
    "time_of_use",
    "prorate",
    "renters_undeclared",
    "reactive_kvarh",
    "vat_day",
    "period",
    "seal",
    "billed_days",
    "norm_reference_days",
    "norm_reference_days_given",
    "vat_rate_given",
    "vat_rate_bp",
    "decisions_named",
    "parts",
}


def receipts(count: int) -> list[str]:
    found = []
    for number, switches in enumerate(SETS):
        for case in CaseFactory(90 + number, switches).cases(count):
            bill = explain(case, LAW)
            if isinstance(bill, ExplainedBill):
                found.append(receipt_of(bill, READINGS))
    return found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from leaves(inner, (*path, key))
    else:
        yield path


def changed(value: Any, rng: random.Random) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + rng.choice((-1, 1, 10, 1000))
    if value is None:
        return rng.choice((0, "x", False))
    position = rng.randrange(len(value) + 1)
    return value[:position] + rng.choice("0159x/") + value[position:]


def mutated(text: str, rng: random.Random) -> tuple[dict[str, Any], str]:
    values = json.loads(text)
    path = rng.choice(list(leaves(values)))
    place = values
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = changed(place[path[-1]], rng)
    return values, str(path[0])

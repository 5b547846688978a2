"""A receipt is enough to compute the bill again, with code that is not ours; a lie is found."""

import ast
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cmis.rules.rating import ExplainedBill, Switches, explain
from cmis.rules.rating.receipt import canonical, receipt_of, seal_of
from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.open_data import open_data
from tests.rules.rating.case_factory import CaseFactory
from verifier import verify_receipt

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


def test_the_independent_verifier_confirms_every_receipt() -> None:
    texts = receipts(700)
    assert len(texts) > 1200
    for text in texts:
        assert verify_receipt.verify(text, PRICES) == [], text


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


def test_any_changed_field_is_found_in_ten_thousand_mutations() -> None:
    rng = random.Random(20260713)
    texts = receipts(60)
    resealed = 0
    for _ in range(10_000):
        values, field = mutated(rng.choice(texts), rng)
        assert verify_receipt.verify(canonical(values), PRICES), field
        if field not in INPUTS and resealed < 2000:
            resealed += 1
            values["seal"] = seal_of(values)
            assert verify_receipt.verify(canonical(values), PRICES), f"{field}, sealed again"
    assert resealed == 2000


def test_a_removed_field_and_another_form_are_found() -> None:
    text = receipts(5)[0]
    for key in json.loads(text):
        values = json.loads(text)
        del values[key]
        assert verify_receipt.verify(canonical(values), PRICES), key
    assert verify_receipt.verify(json.dumps(json.loads(text)), PRICES) == [
        "the receipt is not in canonical form"
    ]
    assert verify_receipt.verify("{", PRICES)[0].startswith("the receipt cannot be read")


def test_another_law_is_found() -> None:
    other = {**PRICES, "law_digest": "0" * 64}
    assert verify_receipt.verify(receipts(5)[0], other)[0].startswith("law_digest")


def test_the_verifier_stands_alone() -> None:
    source = Path(verify_receipt.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    modules = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
    }
    assert modules <= set(sys.stdlib_module_names)


def test_the_verifier_is_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = receipts(5)[0]
    (tmp_path / "receipt.json").write_text(text, encoding="utf-8")
    (tmp_path / "prices.json").write_text(json.dumps(PRICES), encoding="utf-8")
    files = [str(tmp_path / name) for name in ("receipt.json", "prices.json")]
    assert verify_receipt.main(files) == 0
    assert capsys.readouterr().out == "RIGHT\n"
    wrong = json.loads(text)
    wrong["total_vnd"] += 1
    (tmp_path / "receipt.json").write_text(canonical(wrong), encoding="utf-8")
    assert verify_receipt.main(files) == 1
    out = capsys.readouterr().out
    assert "total_vnd: the receipt says" in out
    assert out.endswith("WRONG\n")
    assert verify_receipt.main([]) == 2

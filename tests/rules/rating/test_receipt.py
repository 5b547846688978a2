"""A receipt is enough to compute the bill again, with code that is not ours; a lie is found."""

import ast
import json
import random
import sys
from pathlib import Path

import pytest

from cmis.rules.rating.receipt import canonical, seal_of
from tests.rules.rating.receipt_mutations import INPUTS, PRICES, mutated, receipts
from verifier import verify_receipt


def test_the_independent_verifier_confirms_every_receipt() -> None:
    texts = receipts(700)
    assert len(texts) > 1200
    for text in texts:
        assert verify_receipt.verify(text, PRICES) == [], text


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

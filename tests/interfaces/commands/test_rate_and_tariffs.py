"""``cmis rate`` and ``cmis tariffs`` through their functions: text in, text out, exit code."""

import argparse
import io
import json
from pathlib import Path

import pytest

from cmis.interfaces.commands import rate, tariffs
from cmis.rules.tariffs import load_law

CASES = Path(__file__).parents[2] / "golden" / "cases" / "billing_cases.jsonl"


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--language", default="vi")
    subparsers = parser.add_subparsers()
    rate.register(subparsers)
    tariffs.register(subparsers)
    parsed = parser.parse_args(arguments)
    assert parsed.needs_database is False
    return int(parsed.func(parsed))


def test_rate_answers_every_line_of_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rate", str(CASES)]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == 57
    bill = next(answer for answer in answers if answer["id"] == "angiang-410")
    assert (bill["net_vnd"], bill["vat_vnd"], bill["total_vnd"]) == (829_820, 82_982, 912_802)
    assert bill["lines"][0] == {
        "tier": 1,
        "kwh": 50,
        "price_vnd_per_kwh": 1484,
        "amount_vnd": 74_200,
        "reference": "2256/QĐ-BCT (12/03/2015): SH",
        "because": "Tier 1: block of 50 kWh.",
        "because_vi": "Bậc 1: định mức 50 kWh.",
    }


def test_rate_refuses_with_code_and_reason_and_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        '{"id":"a","kwh":5,"group":"SX_LT6","decision":"2699/QĐ-BCT"}',
        "not a case",
        "",
        '{"id":"b","kwh":1,"group":"SH","decision":"1279/QĐ-BCT","vat_rate":"0.08"}',
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert run(["rate"]) == 1
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["refused"]["code"] == "RATE-012"
    assert second["refused"]["code"] == "RATE-000"
    assert second["refused"]["reason"].startswith("Line 2 is not a case")
    assert (third["id"], third["total_vnd"]) == ("b", 2143)


def test_rate_uses_an_unverified_price_only_when_named(capsys: pytest.CaptureFixture[str]) -> None:
    lines = io.StringIO('{"id":"a","kwh":5,"group":"SX_LT6","decision":"2699/QĐ-BCT"}')
    out = io.StringIO()
    assert rate.write_answers(lines, out, load_law(), ("2699/QĐ-BCT SX_LT6",)) == 0
    assert json.loads(out.getvalue())["net_vnd"] == 5 * 1896


def test_tariffs_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tariffs", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8
    assert lines[-1].split() == [
        "1279/QĐ-BCT",
        "10/05/2025",
        "–",
        "2204.0655",
        *["29", "29", "0", "0"],
    ]
    assert run(["tariffs", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[6]["effective_to"] is None


def test_tariffs_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--language", "en", "tariffs", "show", "1279"]) == 0
    out = capsys.readouterr().out
    assert "SH              1     1.984  verified  Household, rising blocks" in out
    assert run(["tariffs", "show", "1279/QĐ-BCT", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["prices"][0]["price_vnd_per_kwh"] == 1811


def test_tariffs_check_and_diff(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tariffs", "check"]) == 0
    out = capsys.readouterr().out
    assert f"digest: {load_law().digest}" in out
    assert "LAW-PRICE-NOT-VERIFIED: 108" in out
    assert run(["tariffs", "check", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["findings"]) == 117
    assert run(["tariffs", "diff", "2699", "1279"]) == 0
    assert "SH              1   1.893        1.984        91" in capsys.readouterr().out
    assert run(["tariffs", "diff", "2699", "1279", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["before_vnd_per_kwh"] == 1728


def test_tariffs_export_is_the_open_price_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["tariffs", "export"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["format"], values["law_digest"]) == ("cmis-prices-1", load_law().digest)
    assert values["decisions"][6]["items"]["SH"]["tiers"][5] == [None, 3460]

"""Published and constructed cases: all that agree must agree, the known-wrong ones must not."""

import json
from pathlib import Path

import pytest

from cmis.rules.rating.worked_cases import UnreadableCase, answer
from cmis.rules.tariffs import load_law

CASES = Path(__file__).parent / "cases"
LAW = load_law()


def rows(name: str) -> list[dict[str, object]]:
    with (CASES / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


AGREEING = rows("billing_cases.jsonl")
WRONG = rows("known_wrong_publications.jsonl")


def test_all_cases_are_there() -> None:
    assert (len(AGREEING), len(WRONG)) == (57, 6)


@pytest.mark.parametrize("row", AGREEING, ids=lambda row: row["id"])
def test_agreeing_case(row: dict[str, dict[str, object]]) -> None:
    result = answer(row, LAW)
    assert {key: result.get(key) for key in row["expected"]} == row["expected"]


@pytest.mark.parametrize("row", WRONG, ids=lambda row: row["id"])
def test_known_wrong_publication_is_not_reproduced(row: dict[str, dict[str, object]]) -> None:
    result = answer(row, LAW)
    lines = result.get("lines")
    if isinstance(lines, list):
        result["lines"] = [line["amount_vnd"] for line in lines]
    for key, printed in row["printed"].items():
        assert result[key] != printed, key
    for key in {"net_vnd"} & set(row["recomputed"]):
        if not row["prorate_norms"]:  # the prorated page needs ceiling norms, which no text names
            assert result[key] == row["recomputed"][key]


def test_the_prorated_page_is_recomputed_with_ceiling_norms() -> None:
    row = next(row for row in WRONG if row["id"] == "evn-laocai-374-total")
    result = answer({**row, "switches": {"norm_rounding": "ceiling"}}, LAW)
    recomputed = row["recomputed"]
    assert isinstance(recomputed, dict)
    for key in ("tier_kwh", "net_vnd", "vat_vnd", "total_vnd"):
        assert result[key] == recomputed[key]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (  # BILL-03, BILL-07: process scenario 5 with decisions by name
            {
                "decision": "1279/QĐ-BCT",
                "decision_before": "2699/QĐ-BCT",
                "group": "SH",
                "kwh": 300,
                "days": 30,
                "days_before": 26,
                "reference_days": 30,
            },
            {
                "tier_kwh_before": [43, 43, 87, 87, 0, 0],
                "tier_kwh_after": [7, 7, 13, 13, 0, 0],
            },
        ),
        (  # the same by dates, read on the day of the change
            {
                "decision": "1279/QĐ-BCT",
                "decision_before": "2699/QĐ-BCT",
                "price_change_date": "2025-05-10",
                "period_start": "2025-04-15",
                "period_end": "2025-05-14",
                "group": "SH",
                "kwh": 300,
                "kwh_before": 250,
            },
            {"tier_kwh_before": [42, 42, 83, 83, 0, 0], "tier_kwh_after": [8, 8, 17, 17, 0, 0]},
        ),
        (  # meter change: 100 + 90 kWh on one register
            {
                "decision": "1279/QĐ-BCT",
                "group": "SX_LT6",
                "registers": [
                    {"register": "KT", "previous": "100.0", "current": "102.5", "multiplier": 40},
                    {"register": "KT", "previous": "0.0", "current": "1.5", "multiplier": 60},
                ],
            },
            {"kwh_total": 190, "net_vnd": 190 * 1987},
        ),
        (  # contract shares
            {
                "decision": "1279/QĐ-BCT",
                "group": "SH",
                "kwh": 101,
                "mixed_ratio": {"KD_LT6": "0.60", "SH": "0.40"},
            },
            {"kwh_by_purpose": {"KD_LT6": 61, "SH": 40}, "net_vnd": 61 * 3152 + 40 * 1984},
        ),
        (  # rural wholesale: the ladder of 100 households and other use beside it
            {
                "decision": "1279/QĐ-BCT",
                "group": "BB_NT_SH",
                "kwh": 6000,
                "households": "100",
                "other_kwh": 500,
                "other_group": "BB_NT_KHAC",
            },
            {
                "tier_kwh": [5000, 1000, 0, 0, 0, 0],
                "net_vnd": 5000 * 1658 + 1000 * 1724 + 500 * 1735,
            },
        ),
        (  # reactive charge of a customer with 40 kW or more
            {
                "decision": "1279/QĐ-BCT",
                "group": "SX_LT6",
                "kwh": 8000,
                "kvarh": 6000,
                "pmax_kw": 40,
                "vat_rate": "0.08",
            },
            {"k_percent": "12.50", "reactive_vnd": 1_987_000, "net_vnd": 17_883_000},
        ),
        (  # below 40 kW nothing is due
            {
                "decision": "1279/QĐ-BCT",
                "group": "SX_LT6",
                "kwh": 8000,
                "kvarh": 6000,
                "pmax_kw": 39,
            },
            {"net_vnd": 15_896_000},
        ),
    ],
)
def test_constructed_cases(row: dict[str, object], expected: dict[str, object]) -> None:
    result = answer({"id": "constructed", **row}, LAW, ("2699/QĐ-BCT SH",))
    assert {key: result.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"case_type": "poem"}, "unknown case_type 'poem'"),
        ({"case_type": "bill", "kwh": 1}, "neither a period nor a decision"),
        ({"decision": "1279", "kwh": 1.5, "group": "SH"}, "decimal in quotes"),
        ({"decision": "1279", "kwh": 1, "group": "SH", "switches": {"a": 1}}, "unknown switch a"),
    ],
)
def test_rows_that_are_no_cases_say_why(row: dict[str, object], reason: str) -> None:
    with pytest.raises(UnreadableCase, match=reason):
        answer(row, LAW)

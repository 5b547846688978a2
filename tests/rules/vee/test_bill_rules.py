"""Gate 2 with exact đồng."""

from datetime import date

import pytest

from cmis.kernel.findings import Finding
from cmis.rules.vee.bill_rules import BillToCheck, check_bill
from cmis.rules.vee.limits import PriceClass, bill_limits_for
from cmis.rules.vee.registry import explanation
from tests.rules.vee.rows import said

HOUSEHOLD = bill_limits_for(PriceClass.HOUSEHOLD, on=date(2026, 7, 1))
PRODUCTION = bill_limits_for(PriceClass.PRODUCTION, on=date(2026, 7, 1))


def bill(amount_vnd: int, *previous_vnd: int, energy_kwh: int = 200, days: int = 30) -> BillToCheck:
    return BillToCheck(amount_vnd, energy_kwh, days, previous_vnd)


@pytest.mark.parametrize(
    ("amount_vnd", "findings"),
    [
        (717_714, []),
        (933_028, []),
        (933_029, [("AMOUNT_ABOVE_USUAL", "note")]),
        (2_153_141, [("AMOUNT_ABOVE_USUAL", "note")]),
        (2_153_142, [("AMOUNT_ABOVE_USUAL", "sign")]),
        (9_999, [("AMOUNT_TINY", "note")]),
        (10_000, []),
        (10_000_000, [("AMOUNT_HUGE", "sign"), ("AMOUNT_ABOVE_USUAL", "sign")]),
        (0, [("AMOUNT_ZERO", "block")]),
        (-1, [("AMOUNT_NEGATIVE", "block")]),
    ],
)
def test_against_717714(amount_vnd: int, findings: list[tuple[str, str]]) -> None:
    assert said(check_bill(bill(amount_vnd, 717_714), HOUSEHOLD)) == findings


def test_a_small_rise_of_a_small_bill_is_not_flagged() -> None:
    """50 000 → 249 999 đ is five times as much, but less than 200 000 đ more."""
    assert said(check_bill(bill(249_999, 50_000), HOUSEHOLD)) == []
    assert said(check_bill(bill(250_000, 50_000), HOUSEHOLD)) == [("AMOUNT_ABOVE_USUAL", "sign")]


def test_step_of_the_escalation() -> None:
    (finding,) = check_bill(bill(4_000_000, 1_000_000), HOUSEHOLD)
    assert finding.values == {
        "amount_vnd": 4_000_000,
        "usual_vnd": 1_000_000,
        "rise_vnd": 3_000_000,
        "percent": 400,
        "step_percent": 400,
        "limit_vnd": 1_300_000,
    }
    assert explanation(finding).startswith(
        "Số tiền 4.000.000 đ bằng 400 % mức thường (1.000.000 đ), tăng 3.000.000 đ."
    )


def test_zero_energy_for_zero_money_is_only_noted() -> None:
    assert said(check_bill(bill(0, 717_714, energy_kwh=0), HOUSEHOLD)) == [("AMOUNT_ZERO", "note")]


def test_a_correction_may_be_negative() -> None:
    correction = BillToCheck(-250_000, -100, 30, (717_714,), is_correction=True)
    assert check_bill(correction, HOUSEHOLD) == ()


@pytest.mark.parametrize(
    ("amount_vnd", "findings"),
    [
        (1_499_999, []),
        (1_500_000, [("AMOUNT_WITHOUT_HISTORY", "note")]),
        (4_500_000, [("AMOUNT_WITHOUT_HISTORY", "sign")]),
    ],
)
def test_first_bill(amount_vnd: int, findings: list[tuple[str, str]]) -> None:
    assert said(check_bill(bill(amount_vnd), HOUSEHOLD)) == findings


def test_a_huge_bill_is_usual_for_a_huge_customer() -> None:
    assert said(check_bill(bill(1_050_000_000, 1_000_000_000), PRODUCTION)) == [
        ("AMOUNT_HUGE", "note")
    ]
    assert said(check_bill(bill(1_050_000_000, 900_000_000, 850_000_000), PRODUCTION)) == [
        ("AMOUNT_HUGE", "note")
    ]


@pytest.mark.parametrize(("days", "unusual"), [(24, True), (25, False), (35, False), (36, True)])
def test_days(days: int, unusual: bool) -> None:
    found = said(check_bill(bill(700_000, 717_714, days=days), HOUSEHOLD))
    assert found == ([("BILL_DAYS_UNUSUAL", "note")] if unusual else [])


def test_every_bill_finding_speaks_both_languages() -> None:
    spoken: list[Finding] = []
    for checked in (
        bill(0, 717_714),
        bill(-1, 717_714),
        bill(9_999, 717_714, days=3),
        bill(10_000_000, 717_714),
        bill(4_500_000),
    ):
        spoken.extend(check_bill(checked, HOUSEHOLD))
    assert len({finding.rule for finding in spoken}) == 7
    for finding in spoken:
        assert "{" not in explanation(finding, "vi") + explanation(finding, "en")

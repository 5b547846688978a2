"""Each reading rule with the exact findings it gives, and with the row next to it that is usual."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.kernel.findings import Severity
from cmis.kernel.registers import RegisterKind
from cmis.rules.vee.registry import ROW_RULES, check_row, explanation
from tests.rules.vee.rows import LIMITS, ORDINARY, read, said, typed


def test_an_ordinary_row_says_nothing() -> None:
    assert check_row(ORDINARY, LIMITS) == ()


def test_unread_row_is_held() -> None:
    row = replace(ORDINARY, captured=False, current_index=None, consumption_kwh=None)
    assert said(check_row(row, LIMITS)) == [("UNREAD_ROW", "confirm")]


def test_a_true_index_of_zero_is_a_reading() -> None:
    row = typed(previous=0, current=0, previous_kwh=Decimal(0), history_kwh=(Decimal(0),))
    assert check_row(row, LIMITS) == ()


def test_negative_without_rollover_is_blocked_and_says_what_rollover_would_give() -> None:
    (finding,) = check_row(typed(previous=99920, current=67), LIMITS)
    assert (finding.rule, finding.severity) == ("NEGATIVE_CONSUMPTION", Severity.BLOCK)
    assert finding.values == {
        "current_index": "67",
        "previous_index": "99920",
        "rollover_kwh": "147",
    }


def test_rollover_at_the_end_of_a_five_digit_dial_is_usual() -> None:
    row = typed(previous=99920, current=67, state="Q", previous_kwh=Decimal(155), history_kwh=())
    assert row.consumption_kwh == 147
    assert check_row(row, LIMITS) == ()


def test_rollover_from_the_middle_of_the_dial_waits_for_the_unit_head() -> None:
    row = typed(previous=998, current=3, state="Q")
    assert row.consumption_kwh == 99005
    assert said(check_row(row, LIMITS)) == [
        ("ROLLOVER_IMPLAUSIBLE", "sign"),
        ("ABOVE_USUAL", "sign"),
    ]


def test_rollover_without_known_dial_is_held() -> None:
    row = typed(previous=998, current=3, state="Q", dial_digits=None)
    assert said(check_row(row, LIMITS)) == [("ROLLOVER_WITHOUT_DIAL", "confirm")]


def test_six_digit_meter_passes_99999_without_rollover() -> None:
    row = typed(previous=99900, current=100100, dial_digits=6)
    assert row.consumption_kwh == 200
    assert said(check_row(row, LIMITS)) == [("EQUAL_CONSUMPTION", "note")]


def test_index_beyond_the_dial_is_an_error_not_a_rollover() -> None:
    assert ("INDEX_EXCEEDS_DIGITS", "block") in said(
        check_row(typed(previous=99900, current=100100, dial_digits=5), LIMITS)
    )
    assert said(check_row(typed(previous=99790, current=99999), LIMITS)) == []


@pytest.mark.parametrize("state", list("UVMLXD"))
def test_zero_states_need_the_old_index(state: str) -> None:
    assert said(check_row(typed(previous=1000, current=1001, state=state), LIMITS))[0] == (
        "STATE_INDEX_CONFLICT",
        "block",
    )
    codes = {
        rule for rule, _ in said(check_row(typed(previous=1000, current=1000, state=state), LIMITS))
    }
    assert "STATE_INDEX_CONFLICT" not in codes


def test_rollover_state_with_a_higher_index_is_a_conflict() -> None:
    assert said(check_row(typed(previous=1000, current=1100, state="Q"), LIMITS)) == [
        ("STATE_INDEX_CONFLICT", "block")
    ]


def test_unknown_state_is_a_conflict() -> None:
    assert said(check_row(replace(ORDINARY, state="Y"), LIMITS)) == [
        ("STATE_INDEX_CONFLICT", "block")
    ]


@pytest.mark.parametrize(
    ("state", "severity"),
    [(state, "confirm") for state in "VMLX"] + [(state, "note") for state in "TG"],
)
def test_states_that_need_care(state: str, severity: str) -> None:
    current = 1000 if state in "VMLX" else 1210
    assert said(check_row(typed(previous=1000, current=current, state=state), LIMITS)) == [
        ("STATE_NEEDS_CARE", severity)
    ]


@pytest.mark.parametrize("state", list("CKH"))
def test_defect_states_are_held_once(state: str) -> None:
    assert said(check_row(typed(previous=1000, current=1000, state=state), LIMITS)) == [
        ("STATE_NEEDS_CARE", "confirm")
    ]


@pytest.mark.parametrize(
    ("state", "confirmed", "severity"),
    [("", False, "confirm"), ("", True, "note"), ("U", False, "note"), ("D", False, "note")],
)
def test_zero_where_use_is_usual(state: str, confirmed: bool, severity: str) -> None:
    row = typed(previous=1000, current=1000, state=state, confirmed_on_device=confirmed)
    assert said(check_row(row, LIMITS)) == [("ZERO_CONSUMPTION", severity)]


def test_zero_of_a_very_small_user_is_usual() -> None:
    small = (Decimal(14), Decimal(10), Decimal(12))
    row = typed(previous=1000, current=1000, previous_kwh=Decimal(14), history_kwh=small)
    assert check_row(row, LIMITS) == ()


@pytest.mark.parametrize(
    ("used_kwh", "findings"),
    [
        (259, []),
        (260, [("ABOVE_USUAL", "confirm")]),
        (599, [("ABOVE_USUAL", "confirm")]),
        (600, [("ABOVE_USUAL", "sign")]),
        (141, []),
        (140, [("BELOW_USUAL", "confirm")]),
        (200, [("EQUAL_CONSUMPTION", "confirm")]),
        (0, [("ZERO_CONSUMPTION", "confirm")]),
    ],
)
def test_thresholds_against_two_hundred(used_kwh: int, findings: list[tuple[str, str]]) -> None:
    assert said(check_row(read(used_kwh=used_kwh, previous_kwh=200), LIMITS)) == findings


@pytest.mark.parametrize(
    ("used_kwh", "findings"),
    [
        (260, [("ABOVE_USUAL", "note")]),
        (600, [("ABOVE_USUAL", "sign")]),
        (140, [("BELOW_USUAL", "note")]),
        (200, [("EQUAL_CONSUMPTION", "note")]),
    ],
)
def test_a_reader_may_confirm_the_soft_stage_never_the_hard_one(
    used_kwh: int, findings: list[tuple[str, str]]
) -> None:
    row = read(used_kwh=used_kwh, previous_kwh=200, confirmed_on_device=True)
    assert said(check_row(row, LIMITS)) == findings


@pytest.mark.parametrize(("used_kwh", "expected"), [(69, []), (70, [("ABOVE_USUAL", "sign")])])
def test_relative_and_absolute_limit_hold_together(
    used_kwh: int, expected: list[tuple[str, str]]
) -> None:
    """20 → 69 kWh is 345 %, but only 49 kWh more."""
    assert said(check_row(read(used_kwh=used_kwh, previous_kwh=20), LIMITS)) == expected


def test_the_same_month_of_last_year_lowers_a_stage() -> None:
    seasonal = {"same_month_last_year_kwh": Decimal(620)}
    assert said(check_row(read(used_kwh=280, previous_kwh=200, **seasonal), LIMITS)) == [
        ("ABOVE_USUAL", "note")
    ]
    assert said(check_row(read(used_kwh=700, previous_kwh=200, **seasonal), LIMITS)) == [
        ("ABOVE_USUAL", "confirm")
    ]


def test_a_month_away_does_not_make_the_next_one_unusual() -> None:
    """Previous 30 kWh of a holiday; the mean of three is 210."""
    row = read(
        used_kwh=260,
        previous_kwh=30,
        history_kwh=(Decimal(30), Decimal(300), Decimal(300)),
    )
    (finding,) = check_row(row, LIMITS)
    assert (finding.rule, finding.severity) == ("ABOVE_USUAL", Severity.CONFIRM)
    assert (finding.values["percent"], finding.values["step_percent"]) == (866, 400)


def test_removed_meter_and_direct_energy_count() -> None:
    row = read(used_kwh=100, previous_kwh=200, removed_kwh=Decimal(118), direct_kwh=Decimal(5))
    assert row.used_kwh == 223
    assert check_row(row, LIMITS) == ()


def test_energies_are_compared_per_day_when_both_periods_are_known() -> None:
    row = read(used_kwh=300, previous_kwh=200, period_days=30, previous_days=20)
    assert row.expected_kwh == 300
    assert said(check_row(row, LIMITS)) == []


@pytest.mark.parametrize(
    ("used_kwh", "findings"),
    [
        (399, []),
        (400, [("NO_HISTORY_LIMIT", "confirm")]),
        (1199, [("NO_HISTORY_LIMIT", "confirm")]),
        (1200, [("NO_HISTORY_LIMIT", "sign")]),
    ],
)
def test_no_history_has_its_own_absolute_limit(
    used_kwh: int, findings: list[tuple[str, str]]
) -> None:
    assert said(check_row(read(used_kwh=used_kwh, previous_kwh=0), LIMITS)) == findings


def test_three_equal_periods_in_a_row_are_asked_about_two_are_noted() -> None:
    two = read(used_kwh=200, previous_kwh=200, history_kwh=(Decimal(200), Decimal(180)))
    three = read(used_kwh=200, previous_kwh=200, history_kwh=(Decimal(200), Decimal(200)))
    assert said(check_row(two, LIMITS)) == [("EQUAL_CONSUMPTION", "note")]
    assert said(check_row(three, LIMITS)) == [("EQUAL_CONSUMPTION", "confirm")]


def test_the_control_total_is_not_judged_by_its_energy() -> None:
    row = read(used_kwh=5000, previous_kwh=200, register=RegisterKind.TOTAL)
    assert check_row(row, LIMITS) == ()


@pytest.mark.parametrize(
    ("read_date", "findings"),
    [
        (date(2026, 7, 12), []),
        (date(2026, 7, 14), []),
        (date(2026, 7, 15), [("DATE_OUT_OF_PERIOD", "note")]),
        (date(2026, 7, 23), [("DATE_OUT_OF_PERIOD", "note")]),
        (date(2026, 7, 24), [("DATE_OUT_OF_PERIOD", "confirm")]),
        (date(2026, 6, 13), [("DATE_OUT_OF_PERIOD", "confirm")]),
        (None, []),
    ],
)
def test_reading_day(read_date: date | None, findings: list[tuple[str, str]]) -> None:
    assert said(check_row(replace(ORDINARY, read_date=read_date), LIMITS)) == findings


@pytest.mark.parametrize(("before", "findings"), [(1, []), (2, [("PROLONGED_ESTIMATE", "block")])])
def test_third_estimate_in_a_row(before: int, findings: list[tuple[str, str]]) -> None:
    row = replace(ORDINARY, is_estimated=True, estimates_before=before)
    assert said(check_row(row, LIMITS)) == findings


_INDICES = st.integers(0, 99_999)
_ENERGIES = st.integers(0, 3_000).map(Decimal)


@given(
    previous=_INDICES,
    current=_INDICES,
    state=st.sampled_from(["", *"QUVMLXDCKTHG"]),
    dial=st.sampled_from([None, 5, 6]),
    history=st.tuples(_ENERGIES, _ENERGIES, _ENERGIES),
    confirmed=st.booleans(),
)
def test_every_row_gets_an_answer_and_every_finding_speaks_both_languages(
    previous: int,
    current: int,
    state: str,
    dial: int | None,
    history: tuple[Decimal, ...],
    confirmed: bool,
) -> None:
    row = typed(
        previous=previous,
        current=current,
        state=state,
        dial_digits=dial,
        previous_kwh=history[0],
        history_kwh=history,
        confirmed_on_device=confirmed,
    )
    findings = check_row(row, LIMITS)
    rules = [finding.rule for finding in findings]
    assert len(set(rules)) == len(rules)
    assert rules == [rule.CODE for rule in ROW_RULES if rule.CODE in rules]
    if row.consumption_kwh is None:
        assert any(finding.severity is not Severity.NOTE for finding in findings)
    for finding in findings:
        for language in ("vi", "en"):
            assert "{" not in explanation(finding, language)

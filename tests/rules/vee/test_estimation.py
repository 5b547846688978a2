"""Estimates with exact energy, index and band; the third in a row is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cmis.rules.vee.estimation import (
    EstimateBasis,
    EstimationMethod,
    PastPeriod,
    RemoteIndex,
    UnableToEstimate,
    UnableToEstimateAgain,
    estimate,
    possible_estimates,
)
from tests.rules.vee.rows import LIMITS

PAST = (
    PastPeriod(Decimal(200), 30),
    PastPeriod(Decimal(186), 31),
    PastPeriod(Decimal(168), 28),
)
BASIS = EstimateBasis(
    previous_index=Decimal(1000),
    multiplier=Decimal(1),
    period_days=31,
    past=PAST,
    dial_digits=5,
)


def test_mean_day_of_the_last_three_periods() -> None:
    made = estimate(BASIS, LIMITS)
    assert made.method is EstimationMethod.MEAN_DAY_OF_THREE
    assert made.energy_kwh == 193  # 554 ÷ 89 × 31 = 192.97
    assert (made.index, made.state) == (Decimal(1193), "")
    assert (made.low_kwh, made.high_kwh) == (Decimal(186), Decimal(207))
    assert made.inputs == {"period_days": 31, "total_kwh": "554", "total_days": 89}


def test_previous_period_when_there_are_not_three() -> None:
    made = estimate(replace(BASIS, past=PAST[:2]), LIMITS)
    assert (made.method, made.energy_kwh) == (EstimationMethod.PREVIOUS_PERIOD, Decimal(200))
    assert (made.low_kwh, made.high_kwh) == (Decimal(140), Decimal(260))


def test_same_month_of_last_year_with_the_trend_of_the_neighbours() -> None:
    basis = replace(BASIS, same_month_last_year=PastPeriod(Decimal(310), 31), trend_percent=110)
    made = estimate(basis, LIMITS)
    assert (made.method, made.energy_kwh) == (
        EstimationMethod.SAME_MONTH_LAST_YEAR,
        Decimal(341),
    )


def test_the_customers_own_reading_goes_before_history() -> None:
    made = estimate(replace(BASIS, customer_index=Decimal(1150)), LIMITS)
    assert (made.method, made.index) == (EstimationMethod.CUSTOMER_READING, Decimal(1150))
    assert (made.low_kwh, made.high_kwh) == (Decimal(150), Decimal(150))


def test_a_customer_reading_below_the_old_index_is_not_used() -> None:
    made = estimate(replace(BASIS, customer_index=Decimal(900)), LIMITS)
    assert made.method is EstimationMethod.MEAN_DAY_OF_THREE


def test_the_latest_remote_index_is_carried_to_the_last_day() -> None:
    """170 kWh in 25 days leave 6 days at 6.8 kWh: 210.8, so 211."""
    made = estimate(replace(BASIS, remote=RemoteIndex(Decimal(1170), 25)), LIMITS)
    assert (made.method, made.index, made.energy_kwh) == (
        EstimationMethod.REMOTE_INDEX_CARRIED,
        Decimal(1211),
        Decimal(211),
    )
    assert (made.low_kwh, made.high_kwh) == (Decimal(199), Decimal(223))


def test_an_estimate_may_pass_the_end_of_the_dial() -> None:
    made = estimate(replace(BASIS, previous_index=Decimal(99900)), LIMITS)
    assert (made.index, made.state, made.energy_kwh) == (Decimal(93), "Q", Decimal(193))


def test_the_index_stays_whole_under_a_multiplier() -> None:
    basis = replace(BASIS, multiplier=Decimal(40), past=(PastPeriod(Decimal(7210), 30),))
    made = estimate(basis, LIMITS)
    assert (made.index, made.energy_kwh) == (Decimal(1180), Decimal(7200))


@pytest.mark.parametrize("method", [None, *EstimationMethod])
def test_the_third_estimate_in_a_row_is_refused(method: EstimationMethod | None) -> None:
    assert estimate(replace(BASIS, estimates_before=1), LIMITS).energy_kwh == 193
    with pytest.raises(UnableToEstimateAgain) as refusal:
        estimate(replace(BASIS, estimates_before=2), LIMITS, method)
    assert refusal.value.code == "VEE-002"
    assert "kỳ thứ 3 liên tiếp (tối đa 2 kỳ)" in refusal.value.message("vi")


def test_nothing_known_is_refused() -> None:
    with pytest.raises(UnableToEstimate):
        estimate(replace(BASIS, past=()), LIMITS)
    with pytest.raises(UnableToEstimate):
        estimate(BASIS, LIMITS, EstimationMethod.CUSTOMER_READING)


def test_all_possible_estimates_in_order() -> None:
    basis = replace(BASIS, customer_index=Decimal(1150))
    assert [(made.method.value, made.energy_kwh) for made in possible_estimates(basis, LIMITS)] == [
        ("customer_reading", Decimal(150)),
        ("mean_day_of_three", Decimal(193)),
        ("previous_period", Decimal(200)),
    ]

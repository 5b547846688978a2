"""Estimated readings (READ-18, vee §3): with method, inputs and band, refused the third time.

An estimate is an index, so that the next real reading trues it up by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.row import ZERO, figure


class EstimationMethod(StrEnum):
    """In the order they are preferred: what was measured, what was seen, what was usual."""

    REMOTE_INDEX_CARRIED = "remote_index_carried"
    CUSTOMER_READING = "customer_reading"
    SAME_MONTH_LAST_YEAR = "same_month_last_year"
    MEAN_DAY_OF_THREE = "mean_day_of_three"
    PREVIOUS_PERIOD = "previous_period"


METHOD_NAMES: Mapping[EstimationMethod, Bilingual] = {
    EstimationMethod.REMOTE_INDEX_CARRIED: Bilingual(
        "Chỉ số thu thập từ xa gần nhất, tính đến ngày cuối kỳ",
        "Latest remote index, carried to the last day",
    ),
    EstimationMethod.CUSTOMER_READING: Bilingual(
        "Chỉ số do khách hàng báo", "The customer's own reading"
    ),
    EstimationMethod.SAME_MONTH_LAST_YEAR: Bilingual(
        "Cùng tháng năm trước × xu hướng", "Same month of last year × trend"
    ),
    EstimationMethod.MEAN_DAY_OF_THREE: Bilingual(
        "Bình quân ngày của ba kỳ gần nhất × số ngày", "Mean day of the last three periods × days"
    ),
    EstimationMethod.PREVIOUS_PERIOD: Bilingual(
        "Sản lượng kỳ trước", "Energy of the period before"
    ),
}


class UnableToEstimateAgain(UnableTo):
    """The point was estimated in as many periods in a row as the process allows."""

    code = "VEE-002"
    what = Bilingual(
        "Không được tạm tính kỳ thứ {estimates} liên tiếp (tối đa {estimates_allowed} kỳ).",
        "Estimate number {estimates} in a row is refused (at most {estimates_allowed}).",
    )
    next_step = Bilingual(
        "Ghi chỉ số thật, hoặc lập yêu cầu di chuyển công tơ ra ngoài nhà.",
        "Take a real reading, or open a request to move the meter outside.",
    )


class UnableToEstimate(UnableTo):
    """Nothing is known that an estimate could rest on."""

    code = "VEE-003"
    what = Bilingual(
        "Không có dữ liệu để tạm tính bộ chỉ số này ({method}).",
        "There is nothing this register could be estimated from ({method}).",
    )
    next_step = Bilingual(
        "Ghi lại chỉ số hoặc nhập chỉ số do khách hàng báo.",
        "Read it again or enter the customer's own reading.",
    )


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """Energy of one earlier period and its days."""

    energy_kwh: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class RemoteIndex:
    """An index the head-end collected inside the period, ``days`` after its first day."""

    index: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class EstimateBasis:
    """What is known of one register for one period of ``period_days`` days.

    Args:
        past: earlier periods, newest first.
        trend_percent: this month of the neighbours against the same month of last year, 100 when
            not known.
        estimates_before: estimated periods in a row before this one.
    """

    previous_index: Decimal
    multiplier: Decimal
    period_days: int
    past: tuple[PastPeriod, ...] = ()
    dial_digits: int | None = None
    same_month_last_year: PastPeriod | None = None
    trend_percent: int = 100
    customer_index: Decimal | None = None
    remote: RemoteIndex | None = None
    estimates_before: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated index with the energy it means and the band the true energy should lie in.

    ``state`` is ``Q`` when the estimate passes the end of the dial; ``inputs`` are stored with the
    reading and shown to the customer.
    """

    method: EstimationMethod
    index: Decimal
    state: str
    energy_kwh: Decimal
    low_kwh: Decimal
    high_kwh: Decimal
    inputs: Mapping[str, str | int] = field(default_factory=dict)


def estimate(
    basis: EstimateBasis, limits: Limits, method: EstimationMethod | None = None
) -> Estimate:
    """The estimate by ``method``, or by the first method that has its inputs.

    Raises:
        UnableToEstimateAgain: a third estimate in a row (the number is data).
        UnableToEstimate: the method, or every method, lacks its inputs.
    """
    refuse_prolonged(basis, limits)
    for candidate in EstimationMethod if method is None else (method,):
        made = _METHODS[candidate](basis, limits)
        if made is not None:
            return made
    raise UnableToEstimate(method=method.value if method else "–")


def possible_estimates(basis: EstimateBasis, limits: Limits) -> tuple[Estimate, ...]:
    """Every method that has its inputs, in order, for a person to choose from.

    Raises:
        UnableToEstimateAgain: a third estimate in a row.
    """
    refuse_prolonged(basis, limits)
    made = (_METHODS[method](basis, limits) for method in EstimationMethod)
    return tuple(estimate for estimate in made if estimate is not None)


def refuse_prolonged(basis: EstimateBasis, limits: Limits) -> None:
    """Raises UnableToEstimateAgain when the allowed estimates in a row are used up."""
    if basis.estimates_before >= limits.estimates_in_row:
        raise UnableToEstimateAgain(
            estimates=basis.estimates_before + 1, estimates_allowed=limits.estimates_in_row
        )


def _remote_index_carried(basis: EstimateBasis, limits: Limits) -> Estimate | None:
    """The collected part as measured, the days left at its own mean day."""
    remote = basis.remote
    if remote is None or not 0 < remote.days <= basis.period_days:
        return None
    measured = _difference(basis, remote.index)
    if measured is None:
        return None
    measured_kwh = measured * basis.multiplier
    left_days = basis.period_days - remote.days
    left_kwh = measured_kwh * left_days / remote.days
    return _made(
        basis,
        EstimationMethod.REMOTE_INDEX_CARRIED,
        measured_kwh + left_kwh,
        low_kwh=measured_kwh + left_kwh * limits.under_percent / 100,
        high_kwh=measured_kwh + left_kwh * limits.over_percent / 100,
        inputs={"remote_index": figure(remote.index), "remote_days": remote.days},
    )


def _customer_reading(basis: EstimateBasis, limits: Limits) -> Estimate | None:  # noqa: ARG001
    if basis.customer_index is None:
        return None
    difference = _difference(basis, basis.customer_index)
    if difference is None:
        return None
    energy_kwh = difference * basis.multiplier
    return _made(
        basis,
        EstimationMethod.CUSTOMER_READING,
        energy_kwh,
        low_kwh=energy_kwh,
        high_kwh=energy_kwh,
        inputs={"customer_index": figure(basis.customer_index)},
    )


def _same_month_last_year(basis: EstimateBasis, limits: Limits) -> Estimate | None:
    last_year = basis.same_month_last_year
    if last_year is None or last_year.days <= 0:
        return None
    energy_kwh = (
        last_year.energy_kwh * basis.trend_percent * basis.period_days / (100 * last_year.days)
    )
    return _made(
        basis,
        EstimationMethod.SAME_MONTH_LAST_YEAR,
        energy_kwh,
        low_kwh=energy_kwh * limits.under_percent / 100,
        high_kwh=energy_kwh * limits.over_percent / 100,
        inputs={
            "last_year_kwh": figure(last_year.energy_kwh),
            "last_year_days": last_year.days,
            "trend_percent": basis.trend_percent,
        },
    )


#: So many periods make the mean day.
_MEAN_PERIODS = 3


def _mean_day_of_three(basis: EstimateBasis, limits: Limits) -> Estimate | None:  # noqa: ARG001
    """The band runs from the smallest to the largest of the three daily means."""
    past = [period for period in basis.past[:_MEAN_PERIODS] if period.days > 0]
    if len(past) < _MEAN_PERIODS:
        return None
    total_kwh = sum((period.energy_kwh for period in past), ZERO)
    total_days = sum(period.days for period in past)
    carried = [period.energy_kwh * basis.period_days / period.days for period in past]
    return _made(
        basis,
        EstimationMethod.MEAN_DAY_OF_THREE,
        total_kwh * basis.period_days / total_days,
        low_kwh=min(carried),
        high_kwh=max(carried),
        inputs={"total_kwh": figure(total_kwh), "total_days": total_days},
    )


def _previous_period(basis: EstimateBasis, limits: Limits) -> Estimate | None:
    if not basis.past:
        return None
    energy_kwh = basis.past[0].energy_kwh
    return _made(
        basis,
        EstimationMethod.PREVIOUS_PERIOD,
        energy_kwh,
        low_kwh=energy_kwh * limits.under_percent / 100,
        high_kwh=energy_kwh * limits.over_percent / 100,
        inputs={"previous_kwh": figure(energy_kwh)},
    )


_METHODS: Mapping[EstimationMethod, Callable[[EstimateBasis, Limits], Estimate | None]] = {
    EstimationMethod.REMOTE_INDEX_CARRIED: _remote_index_carried,
    EstimationMethod.CUSTOMER_READING: _customer_reading,
    EstimationMethod.SAME_MONTH_LAST_YEAR: _same_month_last_year,
    EstimationMethod.MEAN_DAY_OF_THREE: _mean_day_of_three,
    EstimationMethod.PREVIOUS_PERIOD: _previous_period,
}


def _difference(basis: EstimateBasis, index: Decimal) -> Decimal | None:
    """Register units up to ``index``; None when it is below and the dial cannot have rolled."""
    if index >= basis.previous_index:
        return index - basis.previous_index
    if basis.dial_digits is None:
        return None
    # A reading taken for an estimate carries no state: only the short way round is believable.
    difference = Decimal(10) ** basis.dial_digits - basis.previous_index + index
    return difference if difference * 10 <= Decimal(10) ** basis.dial_digits else None


def _made(
    basis: EstimateBasis,
    method: EstimationMethod,
    energy_kwh: Decimal,
    *,
    low_kwh: Decimal,
    high_kwh: Decimal,
    inputs: Mapping[str, str | int],
) -> Estimate:
    """Round to whole register units, so that index and energy say the same."""
    difference = (energy_kwh / basis.multiplier).quantize(Decimal(1), ROUND_HALF_UP)
    index = basis.previous_index + difference
    state = ""
    if basis.dial_digits is not None and index >= Decimal(10) ** basis.dial_digits:
        index -= Decimal(10) ** basis.dial_digits
        state = "Q"
    return Estimate(
        method=method,
        index=index,
        state=state,
        energy_kwh=difference * basis.multiplier,
        low_kwh=low_kwh.quantize(Decimal(1), ROUND_HALF_UP),
        high_kwh=high_kwh.quantize(Decimal(1), ROUND_HALF_UP),
        inputs={"period_days": basis.period_days, **inputs},
    )

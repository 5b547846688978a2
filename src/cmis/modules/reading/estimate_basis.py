"""What an estimate of a register may rest on (READ-18)."""

from datetime import timedelta
from decimal import Decimal

from cmis.modules.reading.limits_of_units import limits_of, price_class_of
from cmis.modules.reading.models import BookPeriod, BookRow
from cmis.modules.reading.past import one_month_earlier, past_of
from cmis.rules.vee.estimation import EstimateBasis, PastPeriod
from cmis.rules.vee.limits import Limits


def basis_of(
    row: BookRow, period: BookPeriod, customer_index: Decimal | None = None
) -> tuple[EstimateBasis, Limits]:
    """What is known of a register, and the limits that judge it."""
    past = past_of(period)
    key = (row.point_id, row.register_kind)
    last_year_kwh = past.last_year_kwh.get(key)
    limits = limits_of(period.unit_id, period.planned_last_day)[
        price_class_of(row.price_text, row.planned_last_day)
    ]
    basis = EstimateBasis(
        previous_index=row.previous_index,
        multiplier=row.multiplier,
        period_days=(row.planned_last_day - row.first_day).days + 1,
        past=_past_periods(row, past.previous_days.get(key)),
        dial_digits=row.dial_digits,
        same_month_last_year=None
        if last_year_kwh is None
        else PastPeriod(last_year_kwh, past.last_year_days[key]),
        customer_index=customer_index,
        estimates_before=past.estimates_before.get(key, 0),
    )
    return basis, limits


def _past_periods(row: BookRow, previous_days: int | None) -> tuple[PastPeriod, ...]:
    """Energies of the periods before with their days: known ones, else those of the calendar."""
    periods: list[PastPeriod] = []
    end = row.first_day
    for value in row.history_kwh:
        start = one_month_earlier(end)
        days = (end - start).days
        if not periods and previous_days:
            days = previous_days
            start = end - timedelta(days=days)
        periods.append(PastPeriod(Decimal(value), days))
        end = start
    return tuple(periods)

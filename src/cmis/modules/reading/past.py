"""A book's own past, for rules and estimates: days, last year, estimates in a row."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from cmis.modules.reading.models import BookPeriod, BookRow

#: Point id and register kind.
Key = tuple[int, str]
#: So many periods back are looked at for estimates in a row; the process allows two.
LOOK_BACK = 6
SETTLED = (BookRow.State.CONFIRMED, BookRow.State.BILLED)


@dataclass(slots=True)
class PastOfRows:
    """By point and register: days of the period before, last year's month, estimates in a row."""

    previous_days: dict[Key, int] = field(default_factory=dict)
    last_year_kwh: dict[Key, Decimal] = field(default_factory=dict)
    last_year_days: dict[Key, int] = field(default_factory=dict)
    estimates_before: dict[Key, int] = field(default_factory=dict)


def past_of(period: BookPeriod) -> PastOfRows:
    """The past of a book period, from the periods of the same book that this system knows."""
    past = PastOfRows()
    earlier = list(
        BookPeriod.objects.filter(book_id=period.book_id, first_day__lt=period.first_day)
        .order_by("-first_day", "-id")
        .values_list("id", "first_day", "year", "month", "cycle")[:LOOK_BACK]
    )
    if not earlier:
        return past
    for key, days, _ in _energies(earlier[0][0], earlier[0][1]):
        past.previous_days[key] = days
    _count_estimates(past, [id_ for id_, *_ in earlier])
    last_year = (
        BookPeriod.objects.filter(
            book_id=period.book_id, year=period.year - 1, month=period.month, cycle=period.cycle
        )
        .values_list("id", "first_day")
        .first()
    )
    if last_year:
        for key, days, energy_kwh in _energies(*last_year):
            past.last_year_kwh[key] = energy_kwh
            past.last_year_days[key] = days
    return past


def _energies(period_id: int, first_day: date) -> list[tuple[Key, int, Decimal]]:
    """Days and whole energy of every settled row. A replaced meter's row tells of both meters."""
    rows = BookRow.objects.filter(
        period_id=period_id, state__in=SETTLED, last_day__isnull=False
    ).values_list(
        "point_id", "register_kind", "first_day", "last_day", "consumption_kwh", "removed_kwh",
        "direct_kwh",
    )  # fmt: skip
    found: list[tuple[Key, int, Decimal]] = []
    for point_id, kind, start, end, used_kwh, removed_kwh, direct_kwh in rows:
        begin = min(start, first_day) if removed_kwh else start
        found.append(
            ((point_id, kind), (end - begin).days + 1, used_kwh + removed_kwh + direct_kwh)
        )
    return found


def _count_estimates(past: PastOfRows, period_ids: list[int]) -> None:
    """Estimates directly one after another, counted back from the newest period."""
    estimated: dict[int, set[Key]] = {id_: set() for id_ in period_ids}
    rows = BookRow.objects.filter(period_id__in=period_ids, is_estimated=True)
    for period_id, point_id, kind in rows.values_list("period_id", "point_id", "register_kind"):
        estimated[period_id].add((point_id, kind))
    running = estimated[period_ids[0]]
    for id_ in period_ids:
        running = running & estimated[id_]
        for key in running:
            past.estimates_before[key] = past.estimates_before.get(key, 0) + 1


def one_month_later(day: date) -> date:
    """The same day of the next month, or its last day; the last of a month stays the last."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    last = monthrange(year, month)[1]
    is_month_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, last if is_month_end else min(day.day, last))


def one_month_earlier(day: date) -> date:
    """The same day of the month before, or its last day."""
    before = day.replace(day=1) - timedelta(days=1)
    return before.replace(day=min(day.day, before.day))

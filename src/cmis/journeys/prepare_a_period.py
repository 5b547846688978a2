"""Prepare the next period of a known book from what the one before left behind.

What goes on: the last confirmed index, last periods' energies moved one place, the first day after
the last one read, the planned day one month later (the last of a month stays the last), the price
agreement and households of today, a meter that was replaced since. A register that was never
settled is carried: its old index, first day and energies stay, so that the next reading covers both
periods, and its old row can no longer be read or billed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from cmis.formats.hhu.book_file import ExchangeRow
from cmis.formats.hhu.columns import OUTBOUND_COLUMNS
from cmis.formats.hhu.exchange_fields import exchange_fields
from cmis.formats.hhu.register_row import RegisterRow, read_outbound_row
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.period import BillingMonth
from cmis.kernel.tally import Tally
from cmis.modules.customers import queries as customers
from cmis.modules.metering import queries as metering
from cmis.modules.metering.types import InstallationFacts
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading.types import PeriodFacts, PeriodToAdd, RowToAdd, RowToFollow

#: Keys of our own rows begin here, above those of the systems we adopt from; ten digits.
FIRST_OWN_KEY = 7_000_000_000
HISTORY_PERIODS = 3
KNOWN_COLUMNS = frozenset(OUTBOUND_COLUMNS)


class UnableToPreparePeriod(UnableTo):
    code = "READ-031"
    what = Bilingual(
        "Không lập được kỳ {period}: {problem_vi}.",
        "The period {period} cannot be prepared: {problem_en}.",
    )
    next_step = Bilingual(
        "Kiểm tra sổ và kỳ trước bằng cmis books list.",
        "Look at the book and its last period with cmis books list.",
    )


@dataclass(frozen=True, slots=True)
class PreparedPeriod:
    """Registers of the new period: followed on from a settled one, or carried over."""

    period_code: str
    tally: Tally


@transaction.atomic
def prepare_period(
    scope: UnitScope,
    book_code: str,
    month: BillingMonth,
    *,
    actor: str,
    at: datetime,
    planned_last_day: date | None = None,
) -> PreparedPeriod:
    """Add a prepared period to a book.

    Args:
        planned_last_day: for the first period of another cycle, whose day nothing tells.

    Raises:
        UnableToFindPeriod: the book has no period in the scope.
        UnableToPreparePeriod: the period is there, lies before a known one, or has no day.
    """
    before, template = reading.lock_last_periods(scope, book_code, month)
    code = f"{book_code}-{month}"
    last_day = _planned(code, template, planned_last_day)
    if before.state in ("prepared", "exported"):
        raise _refused(code, f"sổ kỳ {before.code} chưa nhận về", f"{before.code} is still out")
    rows = reading.rows_to_follow(before.id)
    if any(row.is_unchecked for row in rows):
        raise _refused(
            code,
            f"chỉ số kỳ {before.code} chưa kiểm tra, hãy chạy phiên đêm",
            f"readings of {before.code} are not checked yet, run the night first",
        )
    period = PeriodToAdd(
        book_code=book_code,
        unit_id=before.unit_id,
        month=month,
        first_day=_first_day(rows, before),
        planned_last_day=last_day,
    )
    if last_day < period.first_day:
        raise _refused(code, "ngày cuối kỳ trước ngày đầu kỳ", "it would end before it starts")
    to_add, ids = _rows(rows, period)
    reading.open_period(period, to_add, state="prepared", exported_at=None, row_ids=ids)
    carried = reading.carry_unsettled(before.id)
    tally = Tally(len(rows), len(rows) - carried, carried)
    reading.record_prepared(code, tally, actor=actor, at=at)
    return PreparedPeriod(code, tally)


def _planned(code: str, template: PeriodFacts | None, given: date | None) -> date:
    """The same day one month after the last period of this cycle, or the day that was given."""
    if given is not None:
        return given
    if template is None:
        raise _refused(
            code,
            "chưa biết ngày ghi của kỳ này, hãy cho --last-day",
            "the reading day of this cycle is not known, give --last-day",
        )
    return reading.one_month_later(template.planned_last_day)


def _first_day(rows: Sequence[RowToFollow], before: PeriodFacts) -> date:
    """The day after the last one read, as most registers have it."""
    ends: dict[date, int] = {}
    for row in rows:
        if row.last_day is not None:
            ends[row.last_day] = ends.get(row.last_day, 0) + 1
    last = min(ends, key=lambda day: (-ends[day], day)) if ends else before.planned_last_day
    return last + timedelta(days=1)


def _rows(rows: Sequence[RowToFollow], period: PeriodToAdd) -> tuple[list[RowToAdd], Sequence[int]]:
    point_ids = sorted({row.point_id for row in rows})
    installed = metering.installations_in_force(point_ids, period.planned_last_day)
    codes = sorted({row.point_code for row in rows})
    prices = customers.price_applications(codes, period.first_day)
    ids = reading.reserve_row_ids(len(rows))
    to_add = [
        _row(
            row,
            period,
            key=FIRST_OWN_KEY + id_,
            installation=installed.get(row.point_id),
            price=prices.get(row.point_code),
        )
        for id_, row in zip(ids, rows, strict=True)
    ]
    return to_add, ids


def _row(
    row: RowToFollow,
    period: PeriodToAdd,
    *,
    key: int,
    installation: InstallationFacts | None,
    price: Any,
) -> RowToAdd:
    sent = read_outbound_row(
        ExchangeRow(0, {tag: text for tag, text in row.exchange.items() if text is not None})
    )
    start = _followed(row, period) if row.is_settled else _carried(row)
    if installation is not None and installation.id != row.installation_id:
        start = _swapped(start, row, installation)
    out = replace(
        sent,
        register_period_key=key,
        year=period.month.year,
        month=period.month.month,
        cycle=period.month.cycle,
        period_start_date=start.first_day,
        planned_end_date=period.planned_last_day,
        previous_index=plain(start.previous_index),
        previous_kwh=plain(start.previous_kwh),
        history_kwh=_three(start.history_kwh),
        removed_kwh=plain(start.removed_kwh),
        direct_kwh=plain(start.direct_kwh),
        multiplier=plain(start.multiplier),
        meter_code=installation.meter_code if installation else sent.meter_code,
        meter_serial=installation.serial if installation else sent.meter_serial,
        household_count=plain(price.household_count if price else sent.household_count),
        price_text=price.text if price else sent.price_text,
        current_index=None,
        consumption_kwh=None,
        state_code="",
    )
    return _to_add(row, out, start, installation)


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a register begins the new period."""

    first_day: date
    previous_index: Decimal
    previous_kwh: Decimal
    history_kwh: tuple[Decimal, ...]
    removed_kwh: Decimal
    direct_kwh: Decimal
    multiplier: Decimal


def _followed(row: RowToFollow, period: PeriodToAdd) -> _Start:
    assert row.current_index is not None  # a settled row has a reading
    assert row.consumption_kwh is not None
    used_kwh = row.consumption_kwh + row.removed_kwh + row.direct_kwh
    first_day = row.last_day + timedelta(days=1) if row.last_day else period.first_day
    return _Start(
        first_day=first_day,
        previous_index=row.current_index,
        previous_kwh=used_kwh,
        history_kwh=(used_kwh, *row.history_kwh)[:HISTORY_PERIODS],
        removed_kwh=Decimal(0),
        direct_kwh=Decimal(0),
        multiplier=row.multiplier,
    )


def _carried(row: RowToFollow) -> _Start:
    return _Start(
        first_day=row.first_day,
        previous_index=row.previous_index,
        previous_kwh=row.previous_kwh,
        history_kwh=row.history_kwh,
        removed_kwh=row.removed_kwh,
        direct_kwh=row.direct_kwh,
        multiplier=row.multiplier,
    )


def _swapped(start: _Start, row: RowToFollow, new: InstallationFacts) -> _Start:
    """The new meter from its installation on; what the removed one measured stands beside it."""
    old = next(
        (one for one in metering.installations_of([row.point_id]) if one.id == row.installation_id),
        None,
    )
    removal = dict(old.removal_indices).get(row.register_kind) if old else None
    removed_kwh = start.removed_kwh
    if removal is not None:
        removed_kwh += (removal - start.previous_index) * start.multiplier
    installed = dict(new.install_indices).get(row.register_kind, Decimal(0))
    return replace(
        start,
        first_day=new.installed_on,
        previous_index=installed,
        removed_kwh=removed_kwh,
        multiplier=new.multiplier,
    )


def _to_add(
    row: RowToFollow, out: RegisterRow, start: _Start, installation: InstallationFacts | None
) -> RowToAdd:
    assert out.planned_end_date is not None
    fields = {tag: text for tag, text in exchange_fields(out).items() if text is not None}
    return RowToAdd(
        key=out.register_period_key,
        point_id=row.point_id,
        installation_id=installation.id if installation else row.installation_id,
        register_kind=row.register_kind,
        walk_code=row.walk_code,
        multiplier=start.multiplier,
        dial_digits=installation.dial_digits if installation else row.dial_digits,
        previous_index=start.previous_index,
        previous_kwh=start.previous_kwh,
        history_kwh=tuple(format(plain(value), "f") for value in start.history_kwh),
        removed_kwh=start.removed_kwh,
        direct_kwh=start.direct_kwh,
        first_day=start.first_day,
        planned_last_day=out.planned_end_date,
        household_count=out.household_count,
        price_text=out.price_text,
        exchange=reading.exchange_text(_with_unknown(row.exchange, fields)),
    )


def _with_unknown(
    before: Mapping[str, str | None], fields: dict[str, str]
) -> dict[str, str | None]:
    """Columns of the period before that we do not know go on untouched, behind the known ones."""
    known = dict(fields)
    return known | {
        tag: text for tag, text in before.items() if text is not None and tag not in KNOWN_COLUMNS
    }


def plain(number: Decimal) -> Decimal:
    """Without empty decimals, as exchange files write it: ``88.000`` → ``88``."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()


def _three(
    history: Sequence[Decimal],
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    shown = (plain(energy_kwh) for energy_kwh in history)
    first, second, third = (*shown, None, None, None)[:HISTORY_PERIODS]
    return first, second, third


def _refused(code: str, problem_vi: str, problem_en: str) -> UnableToPreparePeriod:
    return UnableToPreparePeriod(period=code, problem_vi=problem_vi, problem_en=problem_en)

"""Month after month of a synthetic district: outbound books, returned books, truth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from cmis.engine.simulation.faults import USUAL_RATES
from cmis.engine.simulation.population import District, book_dates, books_of, first_key
from cmis.engine.simulation.random_source import seeded
from cmis.engine.simulation.reader import walk_book
from cmis.engine.simulation.truth import Fault, Situation, TruthRow
from cmis.formats.hhu.exchange_fields import exchange_fields
from cmis.formats.hhu.register_row import RegisterRow
from cmis.formats.hhu.writer import book_file_name, write_outbound
from cmis.kernel.period import BillingMonth

#: Share of single-register points whose meter is replaced in a month.
_SWAP_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class SimulatedBook:
    """One book in one month. ``customer_codes`` in the order of the walk."""

    month: BillingMonth
    book_code: str
    file_name: str
    outbound: bytes
    returned: bytes
    truth: tuple[TruthRow, ...]
    customer_codes: tuple[str, ...]


def simulate(
    district: District, *, months: int = 1, rates: Mapping[Fault, int] = USUAL_RATES
) -> Iterator[SimulatedBook]:
    """Every book of every month, books outside, months inside, so that memory stays that of a book.

    The second month goes out as an office would have mended the first: old indices are the true
    ones, except where nobody was at home.

    Raises:
        UnableToFindPriceDecision: no price decision is in force in the first month.
    """
    for opening in books_of(district):
        yield from _book_through_months(opening, district, months, rates)


def _book_through_months(
    opening: list[RegisterRow], district: District, months: int, rates: Mapping[Fault, int]
) -> Iterator[SimulatedBook]:
    rows, month = opening, district.first_month
    earlier: dict[tuple[str, str, str], int] = {}
    truth: tuple[TruthRow, ...] = ()
    for ago in range(months):
        if ago:
            month = month.next
            rows = _next_month(rows, truth, month)
        rows = _swap_meters(rows, month, district.seed)
        columns = [exchange_fields(row) for row in rows]
        walked = walk_book(
            rows,
            columns,
            file_name=book_file_name(rows[0].book_code, month),
            seed=district.seed,
            earlier=earlier,
            rates=rates,
        )
        truth = walked.truth
        earlier |= {
            (row.point_code, row.register, row.meter_serial): int(row.true_index) for row in truth
        }
        yield SimulatedBook(
            month=month,
            book_code=rows[0].book_code,
            file_name=walked.file_name,
            outbound=write_outbound(columns),
            returned=walked.returned,
            truth=truth,
            customer_codes=tuple(dict.fromkeys(row.customer_code for row in rows)),
        )


def _next_month(
    rows: Sequence[RegisterRow], truth: Sequence[TruthRow], month: BillingMonth
) -> list[RegisterRow]:
    """The rows of the month after, with the truth of this one as the office has mended it."""
    first_date, last_date = book_dates(month)
    key_step = first_key(rows[0].unit_code, month) - first_key(
        rows[0].unit_code, BillingMonth(rows[0].year, rows[0].month, rows[0].cycle)
    )
    following: list[RegisterRow] = []
    for row, known in zip(rows, truth, strict=True):
        absent = known.situation == Situation.ABSENT
        index = row.previous_index if absent else Decimal(known.true_index)
        used_kwh = row.removed_kwh if absent else Decimal(known.used_kwh)
        following.append(
            replace(
                row,
                register_period_key=row.register_period_key + key_step,
                previous_index=index,
                previous_kwh=used_kwh,
                history_kwh=(used_kwh, row.history_kwh[0], row.history_kwh[1]),
                removed_kwh=Decimal(0),
                period_start_date=first_date,
                planned_end_date=last_date,
                month=month.month,
                year=month.year,
            )
        )
    return following


def _swap_meters(rows: Sequence[RegisterRow], month: BillingMonth, seed: int) -> list[RegisterRow]:
    """Some meters are replaced inside the period: the row becomes the new meter's."""
    rng = seeded(seed, "swap", month, rows[0].book_code)
    first_date, last_date = book_dates(month)
    days = (last_date - first_date).days
    swapped: list[RegisterRow] = []
    for row in rows:
        draw = rng.random()
        single = row.multiplier == 1 and row.previous_kwh > 0
        if not single or draw >= _SWAP_SHARE:
            swapped.append(row)
            continue
        day = rng.randint(3, days - 3)
        serial = f"{int(row.meter_serial) + 30_000_000}"
        swapped.append(
            replace(
                row,
                meter_serial=serial,
                meter_code=f"{row.meter_code[:3]}{month.year - 1}{serial}",
                previous_index=Decimal(rng.randint(0, 9)),
                period_start_date=first_date + timedelta(days=day),
                removed_kwh=Decimal(round(row.previous_kwh * day / (days + 1))),
            )
        )
    return swapped

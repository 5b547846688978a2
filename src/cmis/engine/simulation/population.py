"""Invented customers with their points, meters and prices, as rows of their first reading book."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from zlib import crc32

from cmis.engine.simulation import invented_names
from cmis.engine.simulation.habits import HABITS, CustomerKind, first_level_kwh, month_factor
from cmis.engine.simulation.random_source import seeded
from cmis.formats.hhu.register_row import RegisterRow
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.period import BillingMonth
from cmis.kernel.registers import TIME_OF_USE, RegisterKind
from cmis.rules.tariffs.loader import load_law
from cmis.rules.tariffs.price_groups import item_for_group
from cmis.rules.tariffs.schema import TimeOfUsePrice

#: Customers read in one walk, at least and at most.
BOOK_SIZES = (100, 300)
#: Day of the month on which all books are read.
READING_DAY = 13

_KINDS = (
    CustomerKind.HOUSEHOLD,
    CustomerKind.BUSINESS,
    CustomerKind.PRODUCTION,
    CustomerKind.OFFICE,
)
_KIND_WEIGHTS = (900, 50, 30, 20)
_GROUPS = {
    CustomerKind.HOUSEHOLD: ("SHBT", "A"),
    CustomerKind.BUSINESS: ("KDDV", ""),
    CustomerKind.PRODUCTION: ("SXBT", "A"),
    CustomerKind.OFFICE: ("CQHC", "A"),
}
#: Shares of kinds of points.
_TIME_OF_USE_SHARE = {CustomerKind.PRODUCTION: 0.4, CustomerKind.BUSINESS: 0.1}
_MIXED_SHARE = 0.3  # of businesses: home and shop on one meter
_SHARED_METER_SHARE = 0.02
_VACANT_SHARE = 0.015
_NEW_SHARE = 0.005
_LEGACY_CODE_SHARE = 0.03
_NEAR_ROLLOVER_SHARE = 0.004
_WITHOUT_BOX_SHARE = 0.05
_MULTIPLIERS = (20, 40, 40, 60, 80, 120)
#: Energy of a time-of-use point against a plain one of its kind.
_LARGE = 9.0
#: Normal, peak, off-peak and reactive part of the active energy.
_PARTS = {
    RegisterKind.NORMAL: 0.56,
    RegisterKind.PEAK: 0.18,
    RegisterKind.OFF_PEAK: 0.26,
}
_REACTIVE_PART = 0.33
#: Keys of a month hold every register of the largest unit; they repeat after four years.
_REGISTERS_A_CUSTOMER = 8
MOST_CUSTOMERS = 250_000
_KEYS_A_MONTH = MOST_CUSTOMERS * _REGISTERS_A_CUSTOMER
_MONTHS_APART = 48
_UNITS_APART = 90


class UnableToSimulate(UnableTo):
    """A district of that size is not made."""

    code = "SIM-002"
    what = Bilingual(
        "Không mô phỏng được đơn vị có {customers} khách hàng (từ 1 đến {most}).",
        "A unit of {customers} customers is not simulated (from 1 to {most}).",
    )
    next_step = Bilingual(
        "Chọn số khách hàng khác, hoặc mô phỏng nhiều đơn vị với --unit.",
        "Choose another number, or simulate several units with --unit.",
    )


@dataclass(frozen=True, slots=True)
class District:
    """What decides a synthetic unit. The same values give the same bytes.

    Raises:
        UnableToSimulate: fewer than one customer, or more than one unit has.
    """

    customers: int
    seed: int
    first_month: BillingMonth
    unit_code: str = "PX0200"

    def __post_init__(self) -> None:
        if not 1 <= self.customers <= MOST_CUSTOMERS:
            raise UnableToSimulate(customers=self.customers, most=MOST_CUSTOMERS)


@dataclass(frozen=True, slots=True)
class _Point:
    """What all registers of one point share."""

    kind: CustomerKind
    price_text: str
    household_count: int
    customer_code: str
    point_code: str
    serial: str
    meter_code: str
    dial_digits: int
    multiplier: int
    level_kwh: float
    is_new: bool


def books_of(district: District) -> Iterator[list[RegisterRow]]:
    """The first month's rows, book by book. Each book depends on seed and its own number only."""
    left, book_number, first_customer = district.customers, 1, 1
    while left > 0:
        rng = seeded(district.seed, "book", district.unit_code, book_number)
        size = min(left, rng.randint(*BOOK_SIZES))
        yield _book(district, book_number, first_customer, size, rng)
        left, book_number, first_customer = left - size, book_number + 1, first_customer + size


def book_dates(month: BillingMonth) -> tuple[date, date]:
    """First and last day of the period of a billing month, both included."""
    last_date = date(month.year, month.month, READING_DAY)
    before = month.previous
    return date(before.year, before.month, READING_DAY) + timedelta(days=1), last_date


def first_key(unit_code: str, month: BillingMonth) -> int:
    """Where the keys of a unit's rows begin in a month: ten digits, apart for units and months."""
    unit = crc32(unit_code.encode()) % _UNITS_APART
    block = unit * _MONTHS_APART + (month.year * 12 + month.month) % _MONTHS_APART
    return 1_000_000_000 + block * _KEYS_A_MONTH


def _book(
    district: District, book_number: int, first_customer: int, size: int, rng: Random
) -> list[RegisterRow]:
    rows: list[RegisterRow] = []
    for step in range(size):
        point = _point(district, first_customer + step, rng)
        rows.extend(_rows(district, book_number, first_customer + step, step + 1, point, rng))
    return rows


def _point(district: District, number: int, rng: Random) -> _Point:
    kind = rng.choices(_KINDS, _KIND_WEIGHTS)[0]
    time_of_use = rng.random() < _TIME_OF_USE_SHARE.get(kind, 0.0)
    shared = kind is CustomerKind.HOUSEHOLD and rng.random() < _SHARED_METER_SHARE
    households = rng.randint(2, 9) if shared else int(kind is CustomerKind.HOUSEHOLD)
    lives_there = rng.random() < _MIXED_SHARE
    mixed = kind is CustomerKind.BUSINESS and not time_of_use and lives_there
    level = first_level_kwh(kind, rng) * max(1, households) * (_LARGE if time_of_use else 1.0)
    fate = rng.random()
    legacy = number < 100_000 and rng.random() < _LEGACY_CODE_SHARE
    unit = district.unit_code
    customer_code = f"{unit}A{number:05d}" if legacy else f"{unit}{number:07d}"
    dial_digits = 6 if time_of_use or rng.random() < 0.1 else 5
    serial = f"{20_000_000 + number}"
    return _Point(
        kind=kind,
        price_text=_price_text(kind, district.first_month, time_of_use=time_of_use, mixed=mixed),
        household_count=1 if mixed else households,
        customer_code=customer_code,
        point_code=customer_code + ("1" if legacy else "001"),
        serial=serial,
        meter_code=f"{'998' if dial_digits == 6 else '999'}{rng.randint(2012, 2025)}{serial}",
        dial_digits=dial_digits,
        multiplier=rng.choice(_MULTIPLIERS) if time_of_use else 1,
        level_kwh=0.0 if fate < _VACANT_SHARE else level,
        is_new=_VACANT_SHARE <= fate < _VACANT_SHARE + _NEW_SHARE,
    )


def _price_text(kind: CustomerKind, month: BillingMonth, *, time_of_use: bool, mixed: bool) -> str:
    """The price string with today's prices as a snapshot, as the central system writes it."""
    on = book_dates(month)[1]
    if mixed:
        return (
            f" KT: 60%*{_priced(kind, on, 'KT')} + 40%*{_priced(CustomerKind.HOUSEHOLD, on, 'KT')}"
        )
    registers = ("BT", "CD", "TD") if time_of_use else ("KT",)
    return " " + "; ".join(f"{name}: 100%*{_priced(kind, on, name)}" for name in registers)


def _priced(kind: CustomerKind, on: date, register: str) -> str:
    group, sub_code = _GROUPS[kind]
    label = f"{group}-{sub_code}" if sub_code else group
    law = load_law()
    form = (
        law.price_decision_on(on)
        .items[item_for_group(law, group=group, sub_code=sub_code, on=on)]
        .form
    )
    price: int | None = getattr(form, "price_vnd_per_kwh", None)
    if isinstance(form, TimeOfUsePrice):
        price = {
            "CD": form.peak_vnd_per_kwh,
            "TD": form.off_peak_vnd_per_kwh,
        }.get(register, form.normal_vnd_per_kwh)
    return label if price is None else f"{price}-{label}"


def _rows(
    district: District,
    book_number: int,
    number: int,
    step: int,
    point: _Point,
    rng: Random,
) -> Iterator[RegisterRow]:
    unit, month = district.unit_code, district.first_month
    first_date, last_date = book_dates(month)
    keys = first_key(unit, month) + (number - 1) * _REGISTERS_A_CUSTOMER
    name = _name(point.kind, rng)
    where = invented_names.address(rng, step)
    box = None if rng.random() < _WITHOUT_BOX_SHARE else f"H{step // 4 + 1}"
    time_of_use = point.multiplier > 1
    energies = _histories(point, month, rng)
    indices = _indices(point, energies, rng)
    for place, register in enumerate(energies):
        history = energies[register]
        yield RegisterRow(
            row_number=0,
            register_period_key=keys + place,
            customer_code=point.customer_code,
            point_code=point.point_code,
            unit_code=unit,
            walk_code=f"{step:04d}",
            book_code=f"{unit}{book_number:03d}",
            station_code=f"{unit}{book_number % 1000:03d}",
            register_kind=register.value,
            index_kind="DDK",
            customer_name=name,
            address=where,
            trade_code="",
            household_count=Decimal(point.household_count),
            meter_code=point.meter_code,
            meter_serial=point.serial,
            multiplier=Decimal(point.multiplier),
            previous_index=Decimal(indices[register]),
            previous_state="",
            previous_kwh=history[0],
            direct_kwh=Decimal(0),
            period_start_date=first_date,
            current_index=None,
            state_code="",
            consumption_kwh=None,
            price_text=point.price_text,
            cycle=month.cycle,
            month=month.month,
            year=month.year,
            planned_end_date=last_date,
            reader_code="",
            reader_name="",
            removed_kwh=Decimal(0),
            buys_reactive=time_of_use,
            pole_code=None,
            history_kwh=history,
            box_code=box,
            max_demand_kw=None,
            max_demand_at_local=None,
        )


def _name(kind: CustomerKind, rng: Random) -> str:
    if kind is CustomerKind.HOUSEHOLD:
        return invented_names.person(rng)
    kinds = {
        CustomerKind.BUSINESS: invented_names.TRADE,
        CustomerKind.PRODUCTION: invented_names.WORKS,
        CustomerKind.OFFICE: invented_names.OFFICE,
    }[kind]
    return invented_names.organisation(rng, kinds)


History = tuple[Decimal, Decimal, Decimal]


def _histories(point: _Point, month: BillingMonth, rng: Random) -> dict[RegisterKind, History]:
    """Energy of the three periods before, newest first, by register."""
    months = [month.previous, month.previous.previous, month.previous.previous.previous]
    factors = [0.0 if point.is_new else month_factor(point.kind, m.month, rng) for m in months]
    if point.multiplier == 1:
        return {RegisterKind.SINGLE: _history(point.level_kwh, factors, 1)}
    energies = {
        register: _history(point.level_kwh * _PARTS[register], factors, point.multiplier)
        for register in TIME_OF_USE
    }
    first, second, third = (
        sum((energies[register][ago] for register in TIME_OF_USE), Decimal(0)) for ago in range(3)
    )
    energies[RegisterKind.TOTAL] = (first, second, third)
    energies[RegisterKind.REACTIVE] = _history(
        point.level_kwh * _REACTIVE_PART, factors, point.multiplier
    )
    return energies


def _history(level_kwh: float, factors: list[float], multiplier: int) -> History:
    first, second, third = (
        Decimal(round(level_kwh * factor / multiplier) * multiplier) for factor in factors
    )
    return first, second, third


def _indices(
    point: _Point, energies: Mapping[RegisterKind, History], rng: Random
) -> dict[RegisterKind, int]:
    """Where the dials stand: anywhere, for some just before their end, for new meters at zero."""
    capacity = 10**point.dial_digits
    age_months = rng.randint(6, 90)
    indices: dict[RegisterKind, int] = {}
    for register, history in energies.items():
        usual_units = int(sum(history) / 3) // point.multiplier
        indices[register] = (usual_units * age_months + rng.randrange(0, 400)) % capacity
    if point.is_new:
        return dict.fromkeys(energies, 0)
    usual_units = int(point.level_kwh * HABITS[point.kind].season[0]) // point.multiplier
    if usual_units > 1 and point.multiplier == 1 and rng.random() < _NEAR_ROLLOVER_SHARE:
        indices[RegisterKind.SINGLE] = capacity - rng.randint(1, usual_units)
    return indices

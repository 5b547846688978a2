"""Take over outbound books of an existing CMIS: the way a real utility starts (READ, CUS, MTR).

One file is one transaction. Everything is added once: units, customers, contracts, prices, points,
meters, installations, books, and the book period with its rows, which is out already. Adopting the
same file again changes nothing and says so; a file of a later month adds only its period, and what
changed since: a new meter, another place in the walk, another price agreement.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.db import connection, transaction

from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.price_string import read_price_text
from cmis.formats.hhu.register_row import RegisterRow, read_outbound_row
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.findings import Finding, Severity
from cmis.kernel.period import BillingMonth
from cmis.kernel.registers import RegisterKind
from cmis.modules.customers.adoption import CustomerToAdopt, adopt_customers, contract_ids
from cmis.modules.metering.adoption import adopt_points
from cmis.modules.metering.types import AdoptedPoint, AdoptionCounts, PointToAdopt
from cmis.modules.organisation import operations as organisation
from cmis.modules.reading import operations as reading
from cmis.modules.reading.limits_of_units import price_classes_of
from cmis.modules.reading.types import PeriodToAdd, RowToAdd
from cmis.modules.translog import operations as translog
from cmis.rules.vee.limits import PriceClass

#: First three characters of a meter code: the key of the meter type catalogue.
TYPE_CODE_LENGTH = 3
#: Decimal digits an index, multiplier or energy is kept with (MTR-09).
DECIMALS = 3
KINDS = frozenset(kind.value for kind in RegisterKind)
#: Widths of the tables a book may not exceed: what, most characters.
WIDTHS = (
    ("customer_code", 20), ("point_code", 20), ("walk_code", 12), ("book_code", 20),
    ("station_code", 20), ("meter_code", 24), ("meter_serial", 20), ("customer_name", 400),
    ("address", 400), ("price_text", 400), ("unit_code", 12), ("pole_code", 20), ("box_code", 20),
)  # fmt: skip


class UnableToAdoptBook(UnableTo):
    code = "READ-030"
    what = Bilingual(
        "Không tiếp nhận được sổ {book}: dòng {row}, {problem_vi}.",
        "The book {book} cannot be adopted: row {row}, {problem_en}.",
    )
    next_step = Bilingual(
        "Xuất lại sổ từ CMIS hiện có; không có gì của tệp này đã được ghi.",
        "Export the book from its system again; nothing of this file was written.",
    )


@dataclass(frozen=True, slots=True)
class BookFileToAdopt:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class AdoptedBook:
    """What one book of a file added. A period that was there stays as it is."""

    period_code: str
    is_new: bool
    row_count: int
    differing_row_count: int = 0


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """What one file added, and the doubts about its text."""

    name: str
    row_count: int
    books: tuple[AdoptedBook, ...]
    customer_count: int = 0
    counts: AdoptionCounts = field(default_factory=AdoptionCounts)
    findings: tuple[Finding, ...] = ()

    @property
    def is_new(self) -> bool:
        return any(book.is_new for book in self.books)


def adopt_books(
    files: Iterable[BookFileToAdopt],
    *,
    at: datetime,
    actor: str,
    first_import_state: str = "exported",
) -> list[AdoptionReport]:
    """Adopt files one after another, each in its own transaction.

    Args:
        first_import_state: state of a new book period; its file is out unless said otherwise.

    Raises:
        UnableToReadBookFile, UnableToReadBookRow, UnableToReadPriceText, UnableToAdoptBook: that
            file changed nothing; the files before it stay adopted.
    """
    return [
        adopt_file(file.data, name=file.name, at=at, actor=actor, state=first_import_state)
        for file in files
    ]


@transaction.atomic
def adopt_file(
    data: bytes, *, name: str, at: datetime, actor: str, state: str = "exported"
) -> AdoptionReport:
    """Adopt one file, which may hold several books with rows in any order."""
    file = parse_book_file(data)
    books: dict[tuple[str, BillingMonth], list[tuple[RegisterRow, str]]] = defaultdict(list)
    for raw in file.rows:
        row = read_outbound_row(raw)
        month = BillingMonth(row.year, row.month, row.cycle)
        exchange = json.dumps(dict(raw.fields), ensure_ascii=False, separators=(",", ":"))
        books[row.book_code, month].append((row, exchange))
    adopted: list[AdoptedBook] = []
    counts = AdoptionCounts()
    customer_count = 0
    findings = list(file.findings)
    for (_, month), rows in sorted(books.items()):
        book, added, customers = _adopt_book(rows, month, at=at, actor=actor, state=state)
        adopted.append(book)
        counts += added
        customer_count += customers
        if book.differing_row_count:
            findings.append(
                Finding(
                    "PERIOD_DIFFERS_FROM_ADOPTED",
                    Severity.CONFIRM,
                    {"period": book.period_code, "row_count": book.differing_row_count},
                )
            )
    return AdoptionReport(
        name, len(file.rows), tuple(adopted), customer_count, counts, tuple(findings)
    )


def _adopt_book(
    rows: Sequence[tuple[RegisterRow, str]],
    month: BillingMonth,
    *,
    at: datetime,
    actor: str,
    state: str,
) -> tuple[AdoptedBook, AdoptionCounts, int]:
    for row, _ in rows:
        _refuse_wrong(row)
    _refuse_repeated([row for row, _ in rows])
    first = rows[0][0]
    first_day = _most_common(row.period_start_date for row, _ in rows)
    last_day = _most_common(row.planned_end_date for row, _ in rows)
    unit_id = organisation.ensure_units_for(
        first.unit_code, valid_from=first_day, at=at, actor=actor
    )
    period = PeriodToAdd(first.book_code, unit_id, month, first_day, last_day)
    known = reading.known_period(period.code)
    if known is None:
        customers, points, counts = _adopt_points(
            [row for row, _ in rows], unit_id, on=first_day, at=at, actor=actor
        )
        to_add = [_row_to_add(row, exchange, points[row.point_code]) for row, exchange in rows]
        opened = reading.open_period(
            period, to_add, state=state, exported_at=at if state == "exported" else None
        )
        translog.record(
            actor=actor,
            unit_code=first.unit_code,
            action="adopt_book",
            object_kind=reading.SUBJECT,
            object_code=period.code,
            at=at,
            detail={"rows": len(rows), "state": state},
        )
        return AdoptedBook(opened.code, True, opened.row_count), counts, customers
    differing = reading.differing_rows(
        known.id, {row.register_period_key: exchange for row, exchange in rows}
    )
    return AdoptedBook(known.code, False, known.row_count, differing), AdoptionCounts(), 0


def _adopt_points(
    rows: Sequence[RegisterRow], unit_id: int, *, on: date, at: datetime, actor: str
) -> tuple[int, dict[str, AdoptedPoint], AdoptionCounts]:
    """Customers, contracts, prices, points and meters; returns how many customers were named."""
    by_point: dict[str, list[RegisterRow]] = defaultdict(list)
    for row in rows:
        by_point[row.point_code].append(row)
    firsts = [registers[0] for registers in by_point.values()]
    customer_ids = adopt_customers(
        connection, [_customer(row, unit_id) for row in firsts], on=on, actor=actor, at=at
    )
    # A book names no contract: each customer has the one that carries his own code.
    contracts = contract_ids(row.customer_code for row in firsts)
    points, counts = adopt_points(
        [
            _point(
                registers,
                unit_id=unit_id,
                customer_id=customer_ids[registers[0].customer_code],
                contract_id=contracts[registers[0].customer_code],
            )
            for registers in by_point.values()
        ],
        on=on,
    )
    return len(customer_ids), points, counts


def _customer(row: RegisterRow, unit_id: int) -> CustomerToAdopt:
    assert row.planned_end_date is not None  # _refuse_wrong
    classes = price_classes_of(row.price_text, row.planned_end_date)
    return CustomerToAdopt(
        code=row.customer_code,
        unit_id=unit_id,
        kind="household" if PriceClass.HOUSEHOLD in classes else "non_household",
        name=row.customer_name,
        address=row.address,
        phone=row.phone,
        email=row.email,
        contract_code=row.customer_code,
        point_code=row.point_code,
        household_count=row.household_count,
        price_text=row.price_text,
        price_terms=price_terms(row.price_text),
        search_codes=(row.meter_serial,),
    )


@lru_cache(maxsize=4096)
def price_terms(text: str) -> tuple[dict[str, str | int], ...]:
    """The agreement a price text tells, without its prices, which are a stale snapshot.

    Raises:
        UnableToReadPriceText: outside the grammar.
    """
    return tuple(
        {
            "segment": group.segment,
            "share_percent": term.share_percent,
            "group_code": term.group_code,
            "sub_code": term.sub_code or "",
        }
        for group in read_price_text(text).groups
        for term in group.terms
    )


def _point(
    registers: Sequence[RegisterRow], *, unit_id: int, customer_id: int, contract_id: int
) -> PointToAdopt:
    row = registers[0]
    assert row.period_start_date is not None  # _refuse_wrong
    return PointToAdopt(
        code=row.point_code,
        unit_id=unit_id,
        customer_id=customer_id,
        contract_id=contract_id,
        station_code=row.station_code,
        book_code=row.book_code,
        walk_code=row.walk_code,
        pole_code=row.pole_code or "",
        box_code=row.box_code or "",
        meter_code=row.meter_code,
        serial=row.meter_serial,
        type_code=row.meter_code[:TYPE_CODE_LENGTH],
        multiplier=row.multiplier,
        buys_reactive=any(one.buys_reactive for one in registers),
        installed_on=row.period_start_date,
        install_indices=tuple((one.register_kind, one.previous_index) for one in registers),
    )


def _row_to_add(row: RegisterRow, exchange: str, point: AdoptedPoint) -> RowToAdd:
    assert row.period_start_date is not None  # _refuse_wrong
    assert row.planned_end_date is not None
    return RowToAdd(
        key=row.register_period_key,
        point_id=point.point_id,
        installation_id=point.installation_id,
        register_kind=row.register_kind,
        walk_code=row.walk_code,
        multiplier=row.multiplier,
        dial_digits=point.dial_digits,
        previous_index=row.previous_index,
        previous_kwh=row.previous_kwh,
        history_kwh=tuple(_plain(value) for value in row.history_kwh if value is not None),
        removed_kwh=row.removed_kwh,
        direct_kwh=row.direct_kwh,
        first_day=row.period_start_date,
        planned_last_day=row.planned_end_date,
        household_count=row.household_count,
        price_text=row.price_text,
        exchange=exchange,
    )


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _most_common(days: Iterable[date | None]) -> date:
    """The day most rows name; a replaced meter's row starts later than its book."""
    counts: dict[date, int] = defaultdict(int)
    for day in days:
        if day is not None:
            counts[day] += 1
    return min(counts, key=lambda day: (-counts[day], day))


def _refuse_wrong(row: RegisterRow) -> None:
    """Raises UnableToAdoptBook when a value could never be kept or billed."""
    if row.period_start_date is None or row.planned_end_date is None:
        raise _refused(row, "thiếu ngày đầu hoặc ngày cuối kỳ", "a day of the period is missing")
    if row.planned_end_date < row.period_start_date:
        raise _refused(row, "kỳ kết thúc trước khi bắt đầu", "the period ends before it starts")
    if row.register_kind not in KINDS:
        raise _refused(row, "bộ chỉ số không có trong danh mục", "the register kind is unknown")
    if row.multiplier <= 0 or row.previous_index < 0:
        raise _refused(row, "hệ số nhân hoặc chỉ số cũ sai", "multiplier or old index is wrong")
    if any(_decimals(number) > DECIMALS for number in _numbers(row)):
        raise _refused(row, "quá nhiều chữ số thập phân", "too many decimal digits")
    if not 0 <= row.household_count < 1_000_000 or _decimals(row.household_count) > 2:
        raise _refused(row, "số hộ sai", "the number of households is wrong")
    for name, width in WIDTHS:
        if len(getattr(row, name) or "") > width:
            raise _refused(row, f"cột quá dài ({name})", f"a column is too long ({name})")


def _numbers(row: RegisterRow) -> tuple[Decimal, ...]:
    return (
        row.multiplier,
        row.previous_index,
        row.previous_kwh,
        row.removed_kwh,
        row.direct_kwh,
    )


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else DECIMALS + 1


def _refuse_repeated(rows: Sequence[RegisterRow]) -> None:
    """Raises UnableToAdoptBook for a key twice, a register of a point twice, or two units."""
    keys: set[int] = set()
    registers: set[tuple[str, str]] = set()
    meters: dict[str, str] = {}
    for row in rows:
        if row.register_period_key in keys or (row.point_code, row.register_kind) in registers:
            raise _refused(row, "bộ chỉ số lặp lại", "a register stands in it twice")
        if row.unit_code != rows[0].unit_code:
            raise _refused(row, "sổ có hai đơn vị", "the book names two units")
        if meters.setdefault(row.point_code, row.meter_code) != row.meter_code:
            raise _refused(row, "một điểm đo có hai công tơ", "one point has two meters")
        keys.add(row.register_period_key)
        registers.add((row.point_code, row.register_kind))


def _refused(row: RegisterRow, problem_vi: str, problem_en: str) -> UnableToAdoptBook:
    return UnableToAdoptBook(
        book=row.book_code, row=row.row_number, problem_vi=problem_vi, problem_en=problem_en
    )

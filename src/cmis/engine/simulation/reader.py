"""Act as the reader of any outbound book: bring back a plausible returned file and the truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zlib import crc32

from cmis.engine.simulation.faults import USUAL_RATES
from cmis.engine.simulation.register_visit import RegisterVisit
from cmis.engine.simulation.truth import DialIndices, Fault, TruthRow
from cmis.engine.simulation.walk import NOTHING_EARLIER, recorded_energy_kwh, visit_point
from cmis.formats.hhu.book_file import books_named_in
from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.exchange_fields import DeviceReading, exchange_fields, returned_fields
from cmis.formats.hhu.register_row import RegisterRow, read_outbound_row
from cmis.formats.hhu.writer import RowFields, book_file_name, write_returned
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.period import BillingMonth
from cmis.rules.vee.device_alarm import device_alarm
from cmis.rules.vee.limits import PriceClass, limits_for

#: The walk begins here and takes so long from meter to meter.
_FIRST_VISIT = time(7, 30)
_SECONDS_A_VISIT = 41
#: A spot in no particular street; points lie within about two kilometers of it.
_LATITUDE, _LONGITUDE = Decimal("21.000000"), Decimal("105.800000")


class UnableToActAsReader(UnableTo):
    """The file is no book a reader could walk: no row in it names a book and a month."""

    code = "SIM-001"
    what = Bilingual(
        "Tệp không có dòng nào thuộc một sổ và kỳ ghi chỉ số.",
        "No row of the file belongs to a book and a period.",
    )
    next_step = Bilingual(
        "Dùng tệp sổ xuất bằng `cmis books export`.", "Use a file of `cmis books export`."
    )


@dataclass(frozen=True, slots=True)
class WalkedBook:
    """What came back from one book. ``truth`` has a row for every register of the outbound file."""

    file_name: str
    returned: bytes
    truth: tuple[TruthRow, ...]


def act_as_reader(
    outbound: bytes,
    *,
    seed: int,
    earlier: DialIndices = NOTHING_EARLIER,
    rates: Mapping[Fault, int] = USUAL_RATES,
) -> WalkedBook:
    """Walk any outbound book, whoever exported it; the same file and seed give the same bytes.

    Args:
        earlier: where the dials really stood after the month before, from its truth file. Without
            it the old index of the file is taken as true.
        rates: planted mistakes in ten thousand points; an empty mapping plants none.

    Raises:
        UnableToReadBookFile, UnableToReadBookRow: damaged file or row.
        UnableToActAsReader: no row names a book.
    """
    book_file = parse_book_file(outbound)
    books = books_named_in(book_file)
    if not books:
        raise UnableToActAsReader
    book = next(iter(books))
    rows = [read_outbound_row(row) for row in book_file.rows]
    return walk_book(
        rows,
        [row.fields for row in book_file.rows],
        file_name=book_file_name(book.book_code, book.billing_month),
        seed=seed,
        earlier=earlier,
        rates=rates,
    )


def walk_book(
    rows: Sequence[RegisterRow],
    columns: Sequence[RowFields],
    *,
    file_name: str,
    seed: int,
    earlier: DialIndices = NOTHING_EARLIER,
    rates: Mapping[Fault, int] = USUAL_RATES,
) -> WalkedBook:
    """The same for rows that are typed already; ``columns`` are theirs, untouched."""
    points: dict[str, list[RegisterRow]] = {}
    for row in rows:
        points.setdefault(row.point_code, []).append(row)
    visits: dict[int, RegisterVisit] = {}
    steps: dict[str, int] = {}
    for step, (point_code, registers) in enumerate(points.items()):
        steps[point_code] = step
        for visit in visit_point(registers, seed=seed, earlier=earlier, rates=rates):
            visits[id(visit.row)] = visit
    returned: list[RowFields] = []
    copies: list[RowFields] = []
    truth: list[TruthRow] = []
    for place, (row, own) in enumerate(zip(rows, columns, strict=True), start=1):
        visit = visits[id(row)]
        reading = _device_reading(visit, steps[row.point_code])
        truth.append(_truth(visit))
        if visit.copies:
            fields = returned_fields(
                _altered(visit, own), reading, file_name=file_name, device_row_id=1000 + place
            )
            returned.append(fields)
            copies.extend([fields] * (visit.copies - 1))
    return WalkedBook(file_name, write_returned(returned + copies), tuple(truth))


def _device_reading(visit: RegisterVisit, step: int) -> DeviceReading | None:
    if visit.recorded_index is None:
        return None
    row = visit.row
    planned = row.planned_end_date or date(row.year, row.month, 1)
    read_date = planned + timedelta(days=visit.days_late)
    energy_kwh = recorded_energy_kwh(visit, visit.recorded_index)
    latitude, longitude = _place(row.point_code)
    asked = _device_asks(visit, visit.recorded_index, energy_kwh, planned)
    answered = asked and visit.asks_for_answer
    return DeviceReading(
        index=visit.recorded_index,
        consumption_kwh=energy_kwh,
        state_code=visit.state,
        end_date=read_date if visit.days_late else None,
        captured_at_local=datetime.combine(read_date, _FIRST_VISIT)
        + timedelta(seconds=step * _SECONDS_A_VISIT),
        note="Đã kiểm tra lại tại công tơ" if answered else "",
        abnormal_confirmed=answered,
        latitude=latitude,
        longitude=longitude,
    )


def _device_asks(
    visit: RegisterVisit, recorded_index: Decimal, energy_kwh: Decimal, planned: date
) -> bool:
    alarm = device_alarm(
        previous_index=visit.row.previous_index,
        current_index=recorded_index,
        used_kwh=energy_kwh + visit.row.removed_kwh,
        previous_kwh=visit.row.previous_kwh,
        limits=limits_for(PriceClass.HOUSEHOLD, on=planned),
        state=visit.state,
    )
    return alarm is not None


def _place(point_code: str) -> tuple[Decimal, Decimal]:
    mark = crc32(point_code.encode())
    north, east = Decimal(mark % 20_000), Decimal(mark // 20_000 % 20_000)
    return _LATITUDE + north / 1_000_000, _LONGITUDE + east / 1_000_000


def _altered(visit: RegisterVisit, own: RowFields) -> RowFields:
    """The columns with those a fault changed; all others as they came."""
    if not visit.altered:
        return own
    changes: dict[str, object] = dict(visit.altered)
    before, after = exchange_fields(visit.row), exchange_fields(_replaced(visit.row, changes))
    return {**own, **{tag: text for tag, text in after.items() if text != before[tag]}}


def _replaced(row: RegisterRow, changes: dict[str, object]) -> RegisterRow:
    return replace(row, **changes)  # type: ignore[arg-type]  # names come from the fault


def _truth(visit: RegisterVisit) -> TruthRow:
    row = visit.row
    recorded = visit.recorded_index if visit.copies else None
    return TruthRow(
        book_code=row.book_code,
        month=str(BillingMonth(row.year, row.month, row.cycle)),
        key=row.register_period_key,
        point_code=row.point_code,
        customer_code=row.customer_code,
        register=row.register_kind,
        meter_serial=row.meter_serial,
        multiplier=str(row.multiplier),
        start_index=str(visit.start_index),
        true_index=str(visit.true_index),
        used_kwh=str(visit.energy_kwh),
        removed_kwh=str(row.removed_kwh),
        direct_kwh=str(row.direct_kwh),
        recorded_index=None if recorded is None else str(recorded),
        recorded_state=visit.state,
        situation=visit.situation.value,
        fault=visit.fault.value,
        expected_verdict="" if visit.expected_verdict is None else visit.expected_verdict.value,
        price_text=row.price_text,
        household_count=str(row.household_count),
        first_date=row.period_start_date.isoformat() if row.period_start_date else "",
        last_date=row.planned_end_date.isoformat() if row.planned_end_date else "",
    )

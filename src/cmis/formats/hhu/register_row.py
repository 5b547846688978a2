"""A row of a reading book with English names, units and types.

The raw columns stay beside it (``ExchangeRow.fields``): they are what is stored and given back
untouched; this view is what the product computes with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cmis.formats.hhu.book_file import ExchangeRow
from cmis.formats.hhu.columns import CAPTURED
from cmis.formats.hhu.failures import UnableToReadBookRow
from cmis.formats.hhu.field_values import (
    Unreadable,
    capture_time_in,
    coordinate_in,
    day_in,
    moment_in,
    number_in,
    whole_number_in,
)
from cmis.kernel.period import BillingMonth
from cmis.kernel.text import nfc

#: Degrees that lie in Vietnam. The two never overlap, so a value tells which axis it is:
#: here X is the latitude, in other services it is the longitude (readings: sync behaviors).
LATITUDES = (Decimal(8), Decimal(24))
LONGITUDES = (Decimal(102), Decimal(118))

_ZERO = Decimal(0)

# English name -> column. The tables are read one way here and the other way when a book of our own
# is written (``exchange_fields``), so that the two cannot drift apart.
TEXT_COLUMNS = {
    "customer_code": "MA_KHANG",
    "point_code": "MA_DDO",
    "unit_code": "MA_DVIQLY",
    "walk_code": "MA_GC",
    "book_code": "MA_QUYEN",
    "station_code": "MA_TRAM",
    "register_kind": "LOAI_BCS",
    "index_kind": "LOAI_CS",
    "trade_code": "MA_NN",
    "meter_code": "MA_CTO",
    "meter_serial": "SERY_CTO",
    "previous_state": "TTR_CU",
    "price_text": "CHUOI_GIA",
    "reader_code": "MA_NVGCS",
    "phone": "DTHOAI_SMS",
    "email": "EMAIL",
    "notice_channel_code": "HTHUC_TBAO_DK",
    "desk_check": "STR_CHECK_DSOAT",
    "source_file_name": "TEN_FILE",
}
#: Written by people, so composed (NFC) at this border.
PEOPLE_COLUMNS = {
    "customer_name": "TEN_KHANG",
    "address": "DIA_CHI",
    "reader_name": "NGUOI_GCS",
    "note": "GHICHU",
}
NEEDED_TEXTS = (
    "point_code",
    "unit_code",
    "book_code",
    "register_kind",
    "meter_code",
    "meter_serial",
)
NEEDED_WHOLE_COLUMNS = {
    "register_period_key": "BOCSO_ID",
    "cycle": "KY",
    "month": "THANG",
    "year": "NAM",
}
NEEDED_NUMBER_COLUMNS = {"multiplier": "HSN", "previous_index": "CS_CU"}
#: Absent means none.
QUANTITY_COLUMNS = {
    "household_count": "SO_HO",
    "previous_kwh": "SL_CU",
    "direct_kwh": "SL_TTIEP",
    "removed_kwh": "SL_THAO",
}
OPTIONAL_NUMBER_COLUMNS = {
    "current_index": "CS_MOI",
    "consumption_kwh": "SL_MOI",
    "max_demand_kw": "PMAX",
}
HISTORY_COLUMNS = ("SLUONG_1", "SLUONG_2", "SLUONG_3")
_ABSENT_COLUMNS = QUANTITY_COLUMNS | OPTIONAL_NUMBER_COLUMNS | {tag: tag for tag in HISTORY_COLUMNS}
TIME_COLUMNS: dict[str, tuple[str, Callable[[str], date | Unreadable | None]]] = {
    "period_start_date": ("NGAY_CU", day_in),
    "planned_end_date": ("NGAY_MOI", day_in),
    "max_demand_at_local": ("NGAY_PMAX", moment_in),
    "captured_at_local": ("THOI_GIAN", capture_time_in),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One register (bộ chỉ số) of one metering point in one period.

    Indices are units of the register before the multiplier; energy is kWh (kVArh for reactive
    registers); demand is kW. Dates and times are local (GMT+7). A quantity that may be absent is
    ``None``; for removed, direct and previous energy and for households absent means none, 0.
    ``pole_code`` and ``box_code`` are ``None`` where the column is missing, which is not empty.
    """

    row_number: int
    register_period_key: int
    customer_code: str
    point_code: str
    unit_code: str
    walk_code: str
    book_code: str
    station_code: str
    register_kind: str
    index_kind: str
    customer_name: str
    address: str
    trade_code: str
    household_count: Decimal
    meter_code: str
    meter_serial: str
    multiplier: Decimal
    previous_index: Decimal
    previous_state: str
    previous_kwh: Decimal
    direct_kwh: Decimal
    period_start_date: date | None
    current_index: Decimal | None
    state_code: str  # "" is normal; one blank in old files means the same
    consumption_kwh: Decimal | None  # without removed_kwh
    price_text: str  # a snapshot for display, never to bill from
    cycle: int
    month: int
    year: int
    planned_end_date: date | None  # in a returned row: the day the register was read
    reader_code: str
    reader_name: str
    removed_kwh: Decimal
    buys_reactive: bool
    pole_code: str | None
    history_kwh: tuple[Decimal | None, Decimal | None, Decimal | None]  # newest first
    box_code: str | None
    max_demand_kw: Decimal | None
    max_demand_at_local: datetime | None
    note: str = ""
    abnormal_confirmed: bool = False
    captured_flag: str | None = None
    is_captured: bool = False
    captured_at_local: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    phone: str = ""
    email: str = ""
    notice_channel_code: str = ""
    desk_check: str = ""
    source_file_name: str = ""


def read_outbound_row(row: ExchangeRow) -> RegisterRow:
    """The typed view of a row the central system wrote.

    Raises:
        UnableToReadBookRow: a needed value is missing or a value cannot be read; all columns at
            fault are named.
    """
    typed, faults = read_returned_row(row)
    if typed is not None and not typed.customer_code.strip():
        faults = (TEXT_COLUMNS["customer_code"], *faults)
    if typed is not None and not _is_billing_month(typed):
        faults = (*faults, "KY", "THANG", "NAM")
    if typed is None or faults:
        raise UnableToReadBookRow(row=row.row_number, columns=", ".join(faults))
    return typed


def read_returned_row(row: ExchangeRow) -> tuple[RegisterRow | None, tuple[str, ...]]:
    """The typed view of a row a device wrote, and the columns that could not be read.

    Never raises on content. The view is ``None`` where a needed value (key, codes, period,
    multiplier, old index) is missing or unreadable: no value is ever invented.
    """
    fields = row.fields
    get = fields.get
    faults: list[str] = []
    values: dict[str, Any] = {name: get(tag, "") for name, tag in TEXT_COLUMNS.items()}
    for name, tag in PEOPLE_COLUMNS.items():
        values[name] = nfc(get(tag, ""))
    missing = [TEXT_COLUMNS[name] for name in NEEDED_TEXTS if not values[name].strip()]
    for name, tag in NEEDED_WHOLE_COLUMNS.items():
        values[name] = whole = whole_number_in(get(tag, ""))
        if whole is None:
            missing.append(tag)
    for name, tag in NEEDED_NUMBER_COLUMNS.items():
        values[name] = number = number_in(get(tag, ""))
        if number is None:
            missing.append(tag)
    for name, tag in _ABSENT_COLUMNS.items():
        text = get(tag)
        values[name] = number = number_in(text) if text else None
        if number is None and text and not text.isspace():
            faults.append(tag)
    for name in QUANTITY_COLUMNS:
        values[name] = values[name] or _ZERO
    history = tuple(values.pop(tag) for tag in HISTORY_COLUMNS)
    for name, (tag, read) in TIME_COLUMNS.items():
        moment = read(get(tag, ""))
        if isinstance(moment, Unreadable):
            faults.append(tag)
            moment = None
        values[name] = moment
    if missing:
        return None, tuple(missing + faults)
    latitude, longitude = coordinates_of(fields)
    return RegisterRow(
        row_number=row.row_number,
        state_code=state_of(fields),
        buys_reactive=get("KIMUA_CSPK", "").strip() == "1",
        pole_code=_kept_missing(fields, "MA_COT"),
        box_code=_kept_missing(fields, "SO_HOM"),
        history_kwh=history,
        abnormal_confirmed=is_abnormal_confirmed(fields),
        captured_flag=get(CAPTURED),
        is_captured=is_captured(fields),
        latitude=latitude,
        longitude=longitude,
        **values,
    ), tuple(faults)


def is_captured(fields: Mapping[str, str]) -> bool:
    """Whether somebody, or the radio, really read this register; a true index of 0 is a reading.

    The handheld's flag decides. A file without that column counts a row as read when its index is
    not 0, a state is set or a capture time is there (readings: reading states).
    """
    flag = fields.get(CAPTURED)
    if flag is not None:
        return flag.strip() == "1"
    if state_of(fields) or fields.get("THOI_GIAN", "").strip():
        return True
    index_text = fields.get("CS_MOI", "").strip()
    return bool(index_text) and number_in(index_text) != 0


def state_of(fields: Mapping[str, str]) -> str:
    """The reading state as it stands; missing, empty and one blank are all normal, ``""``."""
    return fields.get("TTR_MOI", "").strip()


def is_abnormal_confirmed(fields: Mapping[str, str]) -> bool:
    """The reader answered yes to “is this unusual consumption right?”."""
    return fields.get("TT_KHAC", "").strip() == "1"


def coordinates_of(fields: Mapping[str, str]) -> tuple[Decimal | None, Decimal | None]:
    """``(latitude, longitude)`` by value, whichever way round the device wrote them.

    Both are ``None`` unless both lie in Vietnam: ``0`` is written when there is no fix.
    """
    first, second = coordinate_in(fields.get("X", "")), coordinate_in(fields.get("Y", ""))
    if first is None or second is None:
        return None, None
    for latitude, longitude in ((first, second), (second, first)):
        if LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]:
            return latitude, longitude
    return None, None


def _is_billing_month(row: RegisterRow) -> bool:
    try:
        BillingMonth(row.year, row.month, row.cycle)
    except ValueError:
        return False
    return True


def _kept_missing(fields: Mapping[str, str], tag: str) -> str | None:
    text = fields.get(tag)
    return None if text is None else nfc(text)

"""From typed values back to columns: books our own system prepares, rows our own handheld read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cmis.formats.hhu.columns import CAPTURED, DEVICE_COLUMNS, OUTBOUND_COLUMNS
from cmis.formats.hhu.field_values import NO_DATE_TEXT, number_text
from cmis.formats.hhu.register_row import (
    HISTORY_COLUMNS,
    NEEDED_NUMBER_COLUMNS,
    NEEDED_WHOLE_COLUMNS,
    OPTIONAL_NUMBER_COLUMNS,
    PEOPLE_COLUMNS,
    QUANTITY_COLUMNS,
    TEXT_COLUMNS,
    RegisterRow,
)
from cmis.kernel.text import nfc

_NUMBER_COLUMNS = NEEDED_NUMBER_COLUMNS | QUANTITY_COLUMNS | OPTIONAL_NUMBER_COLUMNS
_CAPTURE_TIME = "%d/%m/%Y %H:%M:%S"


def exchange_fields(register_row: RegisterRow) -> dict[str, str | None]:
    """The 40 outbound columns of a row, in file order; ``None`` is a column left out.

    What the reader fills goes out as the central system writes it: index, consumption and demand
    0, the state left out. A missing pole or box is left out, a missing date is the sentinel.
    """
    names = TEXT_COLUMNS | PEOPLE_COLUMNS
    fields: dict[str, str | None] = {
        tag: nfc(getattr(register_row, name)) for name, tag in names.items()
    }
    for name, tag in NEEDED_WHOLE_COLUMNS.items():
        fields[tag] = str(getattr(register_row, name))
    for name, tag in _NUMBER_COLUMNS.items():
        fields[tag] = number_text(getattr(register_row, name) or Decimal(0))
    for tag, quantity in zip(HISTORY_COLUMNS, register_row.history_kwh, strict=True):
        fields[tag] = None if quantity is None else number_text(quantity)
    fields["NGAY_CU"] = _moment_text(register_row.period_start_date)
    fields["NGAY_MOI"] = _moment_text(register_row.planned_end_date)
    fields["NGAY_PMAX"] = _moment_text(register_row.max_demand_at_local)
    fields["TTR_MOI"] = register_row.state_code or None
    fields["KIMUA_CSPK"] = "1" if register_row.buys_reactive else "0"
    fields["MA_COT"] = _composed(register_row.pole_code)
    fields["SO_HOM"] = _composed(register_row.box_code)
    return {tag: fields[tag] for tag in OUTBOUND_COLUMNS}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReading:
    """What a handheld adds to a row it read. Index in register units, energy kWh, demand kW."""

    index: Decimal
    consumption_kwh: Decimal  # (new − old) × multiplier, without the removed meter's energy
    state_code: str = ""
    end_date: date | None = None  # None keeps the planned day
    captured_at_local: datetime
    note: str = ""
    abnormal_confirmed: bool = False
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    max_demand_kw: Decimal | None = None
    max_demand_at_local: datetime | None = None
    desk_check: str = "CHECK"


def returned_fields(
    outbound: Mapping[str, str | None],
    reading: DeviceReading | None,
    *,
    file_name: str,
    device_row_id: int,
) -> dict[str, str | None]:
    """An outbound row as a handheld gives it back: core columns kept, device columns behind them.

    ``reading`` is ``None`` for a row nobody read. The handheld turns the two columns it may fill,
    state and pole, from missing into empty, as the devices in the field do.
    """
    fields: dict[str, str | None] = {tag: outbound.get(tag) for tag in OUTBOUND_COLUMNS}
    fields["TTR_MOI"] = fields["TTR_MOI"] or ""
    fields["MA_COT"] = fields["MA_COT"] or ""
    fields |= dict.fromkeys(DEVICE_COLUMNS, "")
    fields |= {
        "ID": "0",
        "SO_TIEN": "0",
        "X": "0",
        "Y": "0",
        "TEN_FILE": file_name,
        "ID_SQLITE": str(device_row_id),
        CAPTURED: "0",
        "STR_CHECK_DSOAT": "CHUA_DOI_SOAT",
    }
    if reading is not None:
        fields |= _read_columns(reading)
    return fields | {tag: text for tag, text in outbound.items() if tag not in fields}


def _read_columns(reading: DeviceReading) -> dict[str, str]:
    columns = {
        "CS_MOI": number_text(reading.index),
        "SL_MOI": number_text(reading.consumption_kwh),
        "TTR_MOI": reading.state_code,
        "THOI_GIAN": reading.captured_at_local.strftime(_CAPTURE_TIME),
        "GHICHU": nfc(reading.note),
        "TT_KHAC": "1" if reading.abnormal_confirmed else "0",
        CAPTURED: "1",
        "STR_CHECK_DSOAT": reading.desk_check,
    }
    if reading.end_date is not None:
        columns["NGAY_MOI"] = _moment_text(reading.end_date)
    if reading.latitude is not None and reading.longitude is not None:
        columns["X"] = number_text(reading.latitude)
        columns["Y"] = number_text(reading.longitude)
    if reading.max_demand_kw is not None:
        columns["PMAX"] = number_text(reading.max_demand_kw)
        columns["NGAY_PMAX"] = _moment_text(reading.max_demand_at_local)
    return columns


def _moment_text(moment: date | None) -> str:
    if moment is None:
        return NO_DATE_TEXT
    if isinstance(moment, datetime):
        return moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{moment.isoformat()}T00:00:00"


def _composed(text: str | None) -> str | None:
    return None if text is None else nfc(text)

"""The typed view of a row: English names, exact numbers, no invented value."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.formats.hhu.book_file import ExchangeRow
from cmis.formats.hhu.columns import DEVICE_COLUMNS, OUTBOUND_COLUMNS
from cmis.formats.hhu.exchange_fields import DeviceReading, exchange_fields, returned_fields
from cmis.formats.hhu.failures import UnableToReadBookRow
from cmis.formats.hhu.field_values import Unreadable, capture_time_in, day_in, moment_in, number_in
from cmis.formats.hhu.register_row import (
    coordinates_of,
    is_captured,
    read_outbound_row,
    read_returned_row,
)
from tests.formats.hhu.samples import OUTBOUND, RETURNED, returned_with, rows_of

BACK = RETURNED[0]


def test_an_outbound_row_with_a_meter_swap() -> None:
    row = read_outbound_row(rows_of(OUTBOUND[0])[11])
    assert row.register_period_key == 90000120
    assert (row.customer_code, row.point_code) == ("PX01000000012", "PX01000000012001")
    assert (row.unit_code, row.book_code, row.station_code) == ("PX0100", "PX0100101", "PX0100001")
    assert (row.register_kind, row.index_kind, row.walk_code) == ("KT", "DDK", "0012")
    assert (row.meter_code, row.meter_serial) == ("999202226000012", "26000012")
    assert (row.multiplier, row.previous_index, row.previous_kwh) == (1, 3, 201)
    assert (row.removed_kwh, row.direct_kwh, row.household_count) == (118, 0, 1)
    assert (row.period_start_date, row.planned_end_date) == (date(2026, 6, 22), date(2026, 7, 11))
    assert (row.cycle, row.month, row.year) == (1, 7, 2026)
    assert row.history_kwh == (201, 208, 196)
    assert (row.pole_code, row.box_code, row.buys_reactive) == (None, "H3", False)
    assert (row.max_demand_kw, row.max_demand_at_local) == (0, None)
    assert (row.state_code, row.is_captured, row.captured_flag) == ("", False, None)
    assert all(
        isinstance(number, Decimal)
        for number in (row.multiplier, row.previous_index, row.removed_kwh, *row.history_kwh)
    )


def test_a_returned_row_with_its_device_columns() -> None:
    row, unreadable = read_returned_row(rows_of(BACK)[7])
    assert row is not None
    assert unreadable == ()
    assert (row.current_index, row.consumption_kwh, row.state_code) == (6161, 951, "")
    assert (row.abnormal_confirmed, row.is_captured, row.captured_flag) == (True, True, "1")
    assert row.note == "KH xác nhận dùng thêm máy lạnh"
    assert row.captured_at_local == datetime(2026, 7, 13, 8, 26, 44)
    assert (row.latitude, row.longitude) == (Decimal("21.005848"), Decimal("105.803336"))
    assert (row.desk_check, row.source_file_name) == ("CHECK", "PX0100102-2026-7-1.xml")


def test_a_number_that_does_not_read_is_named_and_not_invented() -> None:
    fields = returned_with(BACK, 1, CS_MOI="12a4", SLUONG_2="1,5", PMAX="NaN")
    row, unreadable = read_returned_row(ExchangeRow(1, fields))
    assert row is not None
    assert unreadable == ("CS_MOI", "PMAX", "SLUONG_2")
    assert (row.current_index, row.history_kwh[1], row.max_demand_kw) == (None, None, None)


def test_without_a_needed_value_there_is_no_view_at_all() -> None:
    fields = returned_with(BACK, 1, HSN="x", SERY_CTO="", BOCSO_ID=None)
    assert read_returned_row(ExchangeRow(1, fields)) == (None, ("SERY_CTO", "BOCSO_ID", "HSN"))


def test_an_outbound_row_names_every_column_at_fault() -> None:
    fields = returned_with(OUTBOUND[0], 1, MA_KHANG="", THANG="13", NGAY_CU="12/06/2026")
    with pytest.raises(UnableToReadBookRow) as refusal:
        read_outbound_row(ExchangeRow(7, fields))
    assert refusal.value.values == {"row": 7, "columns": "MA_KHANG, NGAY_CU, KY, THANG, NAM"}
    assert "READ-111: Dòng 7" in refusal.value.message()


def test_text_of_people_is_composed_in_the_view_and_kept_in_the_columns() -> None:
    fields = returned_with(OUTBOUND[0], 1, TEN_KHANG="Le\u0302", MA_COT="Đo\u0300")
    row = read_outbound_row(ExchangeRow(1, fields))
    assert (row.customer_name, row.pole_code) == ("Lê", "Đò")


@pytest.mark.parametrize(
    ("changes", "captured"),
    [
        ({"TTHAI_DBO": "1"}, True),
        ({"TTHAI_DBO": "1", "CS_MOI": "0"}, True),  # a true index of 0 is a reading
        ({"TTHAI_DBO": "0"}, False),  # the flag decides, whatever the index says
        ({"TTHAI_DBO": ""}, False),
        ({"TTHAI_DBO": None, "THOI_GIAN": ""}, True),
        ({"TTHAI_DBO": None, "THOI_GIAN": "", "CS_MOI": "0"}, False),
        ({"TTHAI_DBO": None, "THOI_GIAN": "", "CS_MOI": "0.000"}, False),
        ({"TTHAI_DBO": None, "THOI_GIAN": "", "CS_MOI": ""}, False),
        ({"TTHAI_DBO": None, "THOI_GIAN": "", "CS_MOI": "12a4"}, True),
        ({"TTHAI_DBO": None, "THOI_GIAN": "", "CS_MOI": "0", "TTR_MOI": "U"}, True),
        ({"TTHAI_DBO": None, "THOI_GIAN": "", "CS_MOI": "0", "TTR_MOI": " "}, False),
        ({"TTHAI_DBO": None, "CS_MOI": "0"}, True),  # a capture time is there
    ],
)
def test_read_is_an_explicit_flag(changes: dict[str, str | None], captured: bool) -> None:
    assert is_captured(returned_with(BACK, 1, **changes)) is captured


@pytest.mark.parametrize(
    ("x", "y", "place"),
    [
        ("21.000731", "105.800417", ("21.000731", "105.800417")),
        ("105.800417", "21.000731", ("21.000731", "105.800417")),
        ("8", "118", ("8", "118")),
        ("0", "0", None),
        ("21.0", "0", None),
        ("21.0", "24", None),
        ("-21.0", "105", None),
        ("1e1", "105", None),
        ("", "", None),
    ],
)
def test_coordinates_are_told_apart_by_value(x: str, y: str, place: tuple[str, str] | None) -> None:
    expected = (None, None) if place is None else (Decimal(place[0]), Decimal(place[1]))
    assert coordinates_of({"X": x, "Y": y}) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", "0"), ("007", "7"), (" 12.50 ", "12.5"), ("-5", "-5"), ("99999999999", "99999999999")],
)
def test_numbers_in_the_invariant_form(text: str, number: str) -> None:
    assert number_in(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12a4",
        "1,5",
        "1.",
        ".5",
        "+5",
        "1e3",
        "NaN",
        "Infinity",
        "1_000",
        "--1",
        "1 2",
        "١٢",
        "²",
        "100000000000",
        "0.1234567",
    ],
)
def test_anything_else_is_no_number(text: str) -> None:
    assert number_in(text) is None
    assert number_in("9" * 5000) is None


@pytest.mark.parametrize("day", ["1000-01-01", "1753-01-01", "1900-01-01", "1970-01-01"])
def test_four_sentinels_mean_no_date(day: str) -> None:
    assert day_in(f"{day}T00:00:00") is None
    assert moment_in(f"{day}T00:00:00") is None


def test_dates_and_the_two_forms_of_time() -> None:
    assert day_in("2026-07-11T00:00:00") == date(2026, 7, 11)
    assert day_in("2026-07-11") == date(2026, 7, 11)
    assert moment_in("2026-07-11T14:30:05") == datetime(2026, 7, 11, 14, 30, 5)
    assert capture_time_in("05/11/2026 07:37:13") == datetime(2026, 11, 5, 7, 37, 13)
    for text in ("11/07/2026", "2026-02-30T00:00:00", "2026-7-1", "x", "2026-07-11x"):
        assert isinstance(day_in(text), Unreadable)
    for text in ("2026-07-13 07:37:13", "07/13/2026 07:37:13", "1/7/2026 07:37:13"):
        assert isinstance(capture_time_in(text), Unreadable)


@given(
    st.dictionaries(
        st.sampled_from((*OUTBOUND_COLUMNS, *DEVICE_COLUMNS)),
        st.text(max_size=20) | st.sampled_from(["0", "1", "12.5", "2026-07-11T00:00:00", " "]),
    )
)
def test_the_tolerant_reader_never_raises(changes: dict[str, str]) -> None:
    fields = returned_with(BACK, 1, **changes)
    row, unreadable = read_returned_row(ExchangeRow(1, fields))
    assert row is not None or unreadable
    assert set(unreadable) <= set(changes)


def test_a_row_of_our_own_handheld_is_the_row_of_the_sample() -> None:
    [outbound, returned] = rows_of(OUTBOUND[1])[1], rows_of(BACK)[1]
    reading = DeviceReading(
        index=Decimal(67),
        consumption_kwh=Decimal(147),
        state_code="Q",
        captured_at_local=datetime(2026, 7, 13, 7, 44, 26),
        latitude=Decimal("21.001462"),
        longitude=Decimal("105.800834"),
    )
    made = returned_fields(
        exchange_fields(read_outbound_row(outbound)),
        reading,
        file_name="PX0100102-2026-7-1.xml",
        device_row_id=1002,
    )
    assert made == dict(returned.fields)


def test_a_row_nobody_read_is_the_unread_row_of_the_sample() -> None:
    outbound, returned = rows_of(OUTBOUND[1])[9], rows_of(BACK)[9]
    made = returned_fields(
        outbound.fields, None, file_name="PX0100102-2026-7-1.xml", device_row_id=1010
    )
    assert made == dict(returned.fields)


def test_demand_actual_day_note_and_unknown_columns_travel_with_a_reading() -> None:
    reading = DeviceReading(
        index=Decimal("12.5"),
        consumption_kwh=Decimal(500),
        end_date=date(2026, 6, 29),
        captured_at_local=datetime(2026, 6, 29, 8, 0, 0),
        note="Co\u0302ng tơ",
        abnormal_confirmed=True,
        max_demand_kw=Decimal("4.2"),
        max_demand_at_local=datetime(2026, 6, 18, 10, 30, 0),
    )
    outbound = {**rows_of(OUTBOUND[2])[0].fields, "MOI_LA": "x"}
    made = returned_fields(outbound, reading, file_name="F.xml", device_row_id=1)
    row, unreadable = read_returned_row(ExchangeRow(1, {t: v for t, v in made.items() if v}))
    assert row is not None
    assert unreadable == ()
    assert (row.current_index, row.planned_end_date) == (Decimal("12.5"), date(2026, 6, 29))
    assert (row.max_demand_kw, row.note) == (Decimal("4.2"), "Công tơ")
    assert row.max_demand_at_local == datetime(2026, 6, 18, 10, 30)
    assert (row.abnormal_confirmed, made["MOI_LA"], made["X"]) == (True, "x", "0")

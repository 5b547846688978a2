"""What is read and written again is the same, byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.formats.hhu.book_file import BookVariant
from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.columns import DEVICE_COLUMNS, OUTBOUND_COLUMNS
from cmis.formats.hhu.exchange_fields import exchange_fields
from cmis.formats.hhu.failures import UnableToNameBookFile, UnableToWriteBookFile
from cmis.formats.hhu.register_row import read_outbound_row
from cmis.formats.hhu.writer import book_file_name, write_outbound, write_returned
from cmis.kernel.period import BillingMonth
from tests.formats.hhu.samples import OUTBOUND, RETURNED, rows_of, sample

XML_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r &<>\"'?")
)
COLUMN = st.sampled_from((*OUTBOUND_COLUMNS, *DEVICE_COLUMNS, "Z", "IMEI_DCU", "CHUA_BIET"))
ROWS = st.lists(st.dictionaries(COLUMN, XML_TEXT, max_size=12), min_size=1, max_size=4)


@pytest.mark.parametrize("name", OUTBOUND)
def test_an_outbound_file_comes_back_byte_for_byte(name: str) -> None:
    assert write_outbound(row.fields for row in rows_of(name)) == sample(name)


@pytest.mark.parametrize("name", RETURNED)
def test_a_returned_file_comes_back_byte_for_byte(name: str) -> None:
    assert write_returned(row.fields for row in rows_of(name)) == sample(name)


@pytest.mark.parametrize("name", OUTBOUND)
def test_columns_made_from_the_typed_view_are_the_columns_it_came_from(name: str) -> None:
    rows = rows_of(name)
    assert write_outbound(exchange_fields(read_outbound_row(row)) for row in rows) == sample(name)


@given(ROWS)
def test_any_text_survives_and_missing_stays_apart_from_empty(rows: list[dict[str, str]]) -> None:
    for write in (write_outbound, write_returned):
        read = parse_book_file(write(rows))
        assert [dict(row.fields) for row in read.rows] == rows
        assert [row.row_number for row in read.rows] == list(range(1, len(rows) + 1))


def test_known_columns_stand_in_the_order_of_the_central_system_and_unknown_ones_behind() -> None:
    shuffled = {"MOI_LA": "x", "TT_KHAC": "1", "CS_MOI": "5", "MA_KHANG": "PX01000000001"}
    [row] = parse_book_file(write_outbound([shuffled])).rows
    assert list(row.fields) == ["MA_KHANG", "CS_MOI", "TT_KHAC", "MOI_LA"]


def test_none_leaves_the_column_out_and_empty_writes_it_empty() -> None:
    written = write_outbound([{"MA_COT": None, "TTR_CU": "", "TTR_MOI": " ", "KY": "1"}])
    assert written.decode() == (
        '<?xml version="1.0" standalone="yes"?>\n<NewDataSet>\n  <Table1>\n    <TTR_CU />\n'
        "    <TTR_MOI> </TTR_MOI>\n    <KY>1</KY>\n  </Table1>\n</NewDataSet>"
    )


@pytest.mark.parametrize(
    "fields", [{"GHICHU": "a\x00b"}, {"GHICHU": "\ud800"}, {"GHI CHU": "a"}, {"a><b": None}]
)
def test_what_xml_cannot_carry_is_refused_with_its_row(fields: dict[str, str | None]) -> None:
    with pytest.raises(UnableToWriteBookFile) as refusal:
        write_outbound([{"KY": "1"}, fields])
    assert refusal.value.code == "READ-114"
    assert refusal.value.values == {"row": 2, "column": next(iter(fields))}


def test_the_file_name_is_book_year_month_cycle() -> None:
    assert book_file_name("PX0100101", BillingMonth(2026, 7, 1)) == "PX0100101-2026-7-1.xml"
    assert book_file_name("PX01004GI", BillingMonth(2026, 12, 3)) == "PX01004GI-2026-12-3.xml"


@pytest.mark.parametrize("book", ["", "../etc", "a/b", "a\\b", ".hidden", "a\n", "x" * 41, "c:"])
def test_a_book_code_that_could_leave_its_folder_names_no_file(book: str) -> None:
    with pytest.raises(UnableToNameBookFile, match="READ-113"):
        book_file_name(book, BillingMonth(2026, 7, 1))


def test_the_samples_are_what_they_are_called() -> None:
    outbound = [parse_book_file(sample(name)) for name in OUTBOUND]
    returned = [parse_book_file(sample(name)) for name in RETURNED]
    assert [len(book.rows) for book in outbound] == [20, 10, 6]
    assert {book.variant for book in outbound} == {BookVariant.OUTBOUND}
    assert [len(book.rows) for book in returned] == [10, 21]
    assert {book.variant for book in returned} == {BookVariant.RETURNED}
    assert {book.encoding for book in outbound + returned} == {"utf-8"}
    assert {book.findings for book in outbound + returned} == {()}

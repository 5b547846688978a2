"""Every variant of the file that was seen in the field, each as a small book."""

import pytest

from cmis.formats.hhu.book_file import BookFile, BookMonth, BookVariant, books_named_in
from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.writer import write_outbound
from cmis.kernel.findings import Finding, Severity
from cmis.kernel.period import BillingMonth
from tests.formats.hhu.samples import OUTBOUND, RETURNED, rows_of, sample

HEAD = '<?xml version="1.0" standalone="yes"?>\n'
DIFFGRAM = """<DataSet xmlns="http://tempuri.org/">
  <xs:schema id="NewDataSet" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema">
    <xs:element name="NewDataSet"><xs:complexType /></xs:element>
  </xs:schema>
  <diffgr:diffgram xmlns:msdata="urn:schemas-microsoft-com:xml-msdata"
      xmlns:diffgr="urn:schemas-microsoft-com:xml-diffgram-v1">
    <NewDataSet xmlns="">
      <Table1 diffgr:id="Table11" msdata:rowOrder="0" diffgr:hasChanges="modified">
        <ID>1</ID><BOCSO_ID>90000010</BOCSO_ID><CS_MOI>1249</CS_MOI><SUM_MA_DDO>1</SUM_MA_DDO>
      </Table1>
      <Table1 diffgr:id="Table12" msdata:rowOrder="1">
        <ID>2</ID><BOCSO_ID>90000020</BOCSO_ID><CS_MOI>1380</CS_MOI><SUM_MA_DDO>1</SUM_MA_DDO>
      </Table1>
    </NewDataSet>
    <diffgr:before>
      <Table1 diffgr:id="Table11" msdata:rowOrder="0"><BOCSO_ID>90000010</BOCSO_ID></Table1>
      <NewDataSet><Table1><BOCSO_ID>90000099</BOCSO_ID></Table1></NewDataSet>
    </diffgr:before>
    <diffgr:errors><Table1 diffgr:id="Table12" diffgr:Error="x" /></diffgr:errors>
  </diffgr:diffgram>
</DataSet>"""


def book(inside: str, root: str = "NewDataSet") -> BookFile:
    return parse_book_file(f"{HEAD}<{root}>{inside}</NewDataSet>".encode())


def test_extra_values_of_2018_with_a_blank_state_and_sentinel_1900() -> None:
    read = book(
        "<Table1><BOCSO_ID>1</BOCSO_ID><TTR_MOI> </TTR_MOI><NGUOI_GCS>0012 - Lê A</NGUOI_GCS>"
        "<NGAY_PMAX>1900-01-01T00:00:00</NGAY_PMAX><GIA_TRI_1 /><GIA_TRI_2 /><GIA_TRI_3 /></Table1>"
    )
    assert read.variant is BookVariant.EXTRA_VALUES
    assert read.rows[0].fields["TTR_MOI"] == " "
    assert read.rows[0].fields["GIA_TRI_3"] == ""
    assert "MA_COT" not in read.rows[0].fields


def test_a_diffgram_gives_only_the_rows_below_the_data_set() -> None:
    read = parse_book_file(DIFFGRAM.encode())
    assert read.variant is BookVariant.WEB_SERVICE
    assert [dict(row.fields) for row in read.rows] == [
        {"ID": "1", "BOCSO_ID": "90000010", "CS_MOI": "1249", "SUM_MA_DDO": "1"},
        {"ID": "2", "BOCSO_ID": "90000020", "CS_MOI": "1380", "SUM_MA_DDO": "1"},
    ]
    assert read.findings == ()


def test_three_coordinates_of_2023() -> None:
    read = book("<Table1><BOCSO_ID>1</BOCSO_ID><X>21.0</X><Y>105.8</Y><Z>12</Z></Table1>")
    assert read.variant is BookVariant.WITH_ALTITUDE


def test_a_concentrator_adds_its_identity() -> None:
    read = book("<Table1><BOCSO_ID>1</BOCSO_ID><Z /><IMEI_DCU>8600</IMEI_DCU></Table1>")
    assert read.variant is BookVariant.CONCENTRATOR


@pytest.mark.parametrize(
    ("root", "row"),
    [
        ('NewDataSet xmlns="http://mdms.example/v1"', "Table1"),
        ("NewDataSet", 'Table1 xmlns="http://mdms.example/v1"'),
    ],
)
def test_remote_reading_in_its_own_namespace(root: str, row: str) -> None:
    read = book(f"<{row}><BOCSO_ID>1</BOCSO_ID><CS_MOI>7</CS_MOI></Table1>", root)
    assert read.variant is BookVariant.REMOTE_READING
    assert dict(read.rows[0].fields) == {"BOCSO_ID": "1", "CS_MOI": "7"}


def test_a_namespace_prefix_is_not_part_of_a_column_name() -> None:
    text = (
        '<m:NewDataSet xmlns:m="http://mdms.example/v1"><m:Table1><m:BOCSO_ID>1</m:BOCSO_ID>'
        "</m:Table1></m:NewDataSet>"
    )
    read = parse_book_file(text.encode())
    assert read.variant is BookVariant.REMOTE_READING
    assert dict(read.rows[0].fields) == {"BOCSO_ID": "1"}


@pytest.mark.parametrize(
    ("codec", "bom", "encoding"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-bom"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("indent", ["", "  ", "    ", "\t"])
def test_every_encoding_line_end_and_indent_gives_the_same_rows(
    codec: str, bom: bytes, encoding: str, line_end: str, indent: str
) -> None:
    text = sample(RETURNED[0]).decode()
    text = text.replace("\n    <", f"\n{indent}<").replace("\n", line_end)
    read = parse_book_file(bom + text.encode(codec))
    assert read.encoding == encoding
    assert [row.fields for row in read.rows] == [row.fields for row in rows_of(RETURNED[0])]


def test_comments_sections_and_references_are_text_like_any_other() -> None:
    read = book(
        "<!-- Table1 --><Table1><A><![CDATA[<b> & c]]></A><B>x<!-- y -->z</B>"
        "<C>&lt;&#x1EC7;&amp;</C></Table1>"
    )
    assert dict(read.rows[0].fields) == {"A": "<b> & c", "B": "xz", "C": "<ệ&"}


def test_lost_letters_and_decomposed_text_are_notes_and_the_text_stays() -> None:
    decomposed = "Le\u0302 A"
    read = book(
        "<Table1><BOCSO_ID>1</BOCSO_ID><MA_COT>T? P99</MA_COT></Table1>"
        f"<Table1><BOCSO_ID>2</BOCSO_ID><MA_COT>T1</MA_COT><TEN_KHANG>{decomposed}</TEN_KHANG>"
        "</Table1><Table1><BOCSO_ID>3</BOCSO_ID><MA_COT>T?</MA_COT></Table1>"
    )
    assert read.findings == (
        Finding(
            "LOST_LETTERS", Severity.NOTE, {"column": "MA_COT", "row_count": 2, "first_row": 1}
        ),
        Finding(
            "NOT_COMPOSED", Severity.NOTE, {"column": "TEN_KHANG", "row_count": 1, "first_row": 2}
        ),
    )
    assert read.rows[1].fields["TEN_KHANG"] == decomposed


def test_other_tables_are_named_and_not_read_as_rows() -> None:
    read = book("<Table1><A>1</A></Table1><Table2><A>2</A></Table2><Table2 />")
    assert len(read.rows) == 1
    assert read.findings == (
        Finding("OTHER_TABLE", Severity.NOTE, {"table": "Table2", "row_count": 2}),
    )


def test_a_merged_file_names_both_its_books_whatever_the_order() -> None:
    first, second = rows_of(OUTBOUND[1]), rows_of(OUTBOUND[2])
    mixed = [row.fields for pair in zip(first, second, strict=False) for row in pair]
    mixed += [row.fields for row in first[6:]] + [{"MA_QUYEN": "PX0100999", "NAM": "x"}]
    assert books_named_in(parse_book_file(write_outbound(mixed))) == {
        BookMonth("PX0100", "PX0100102", BillingMonth(2026, 7, 1)): 10,
        BookMonth("PX0100", "PX01004GI", BillingMonth(2026, 6, 3)): 6,
    }

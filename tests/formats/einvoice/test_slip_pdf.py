"""The slip as a PDF: one page of the roll's width, the same bytes each time, rows set apart."""

from pathlib import Path

import pytest

from cmis.formats.einvoice.parse import parse_invoice
from cmis.formats.einvoice.slip_pdf import _row, slip_pdf
from cmis.formats.notices.notice import notice_of

SAMPLE = Path(__file__).parents[2] / "data" / "einvoice" / "samples" / "hdon_goc.xml"


@pytest.mark.parametrize("paper_mm", [58, 80])
def test_a_slip_is_one_page_and_always_the_same_bytes(paper_mm: int) -> None:
    notice = notice_of(parse_invoice(SAMPLE.read_bytes()).content, lookup_code="ABCDEFGHIJKL")
    first = slip_pdf(notice, paper_mm=paper_mm)
    assert first.startswith(b"%PDF-")
    assert b"/Type/Pages/Count 1/" in first
    assert slip_pdf(notice, paper_mm=paper_mm) == first


def test_another_width_is_refused() -> None:
    notice = notice_of(parse_invoice(SAMPLE.read_bytes()).content)
    with pytest.raises(KeyError):
        slip_pdf(notice, paper_mm=70)


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("--------", ("rule", "", "")),
        ("   THÔNG BÁO", ("center", "THÔNG BÁO", "")),
        ("Số hộ: 1", ("line", "Số hộ: 1", "")),
        ("Thuế GTGT 8%     53.164", ("line", "Thuế GTGT 8%", "53.164")),
    ],
)
def test_how_a_line_is_set(line: str, row: tuple[str, str, str]) -> None:
    assert tuple(_row(line).values()) == row

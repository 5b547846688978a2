"""Books out and back, previews, undo, and the tables that leave the house."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from cmis.interfaces.console import tables
from cmis.journeys.import_a_book import import_book_file
from cmis.modules.organisation import queries as units
from cmis.modules.reading import operations as reading
from cmis.modules.reading.models import BookPeriod, BookRow
from tests.interfaces.console.conftest import (
    NOON,
    seat,
    shown,
    to,
)
from tests.stories.reading_books import (
    HOUSEHOLDS,
    WALK,
    adopt,
    counts,
    returned,
    sample,
    usual_return,
)

pytestmark = pytest.mark.usefixtures("office")


def household_book() -> None:
    adopt(HOUSEHOLDS)


def upload(client: Client, data: bytes) -> Any:
    file = SimpleUploadedFile("../tra ve.xml", data, "text/xml")
    return client.post(to("upload"), {"file": file}, follow=True)


def test_a_preview_says_everything_and_keeps_nothing() -> None:
    household_book()
    before = counts()
    client = seat("reading_section")
    page = upload(client, sample(f"{HOUSEHOLDS}.BAD"))
    assert counts() == before
    outcome = page.context["outcome"]
    assert page.context["doubt_count"] == sum(one.code != "OK" for one in outcome.verdicts) > 10
    taken = client.post(to("take", sha256=page.context["sha256"]), follow=True)
    assert taken.status_code == 200
    again = import_book_file(
        sample(f"{HOUSEHOLDS}.BAD"), name="x", actor="x", at=NOON(), scope=units.everything()
    )
    assert again.already_imported
    assert (again.accepted_count, again.held_count, again.refused_count) == (
        outcome.accepted_count,
        outcome.held_count,
        outcome.refused_count,
    )
    assert client.post(to("take", sha256=page.context["sha256"])).status_code == 404


def test_a_file_put_aside_belongs_to_its_session_only() -> None:
    household_book()
    page = upload(seat("reading_section"), returned(usual_return(sample(HOUSEHOLDS))))
    before = counts()
    other = seat("reading_section")
    assert other.get(to("preview", sha256=page.context["sha256"])).status_code == 404
    assert other.post(to("take", sha256=page.context["sha256"])).status_code == 404
    assert counts() == before


def test_a_file_that_is_no_book_is_refused_in_words() -> None:
    before = counts()
    page = upload(seat("reading_section"), b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    assert page.redirect_chain[-1][0] == to("upload")
    assert 'role="alert"' in shown(page)
    assert counts() == before


def test_a_book_goes_out_byte_for_byte_and_is_taken_back() -> None:
    household_book()
    client = seat("reading_section")
    client.post(to("take_back", code=HOUSEHOLDS), {"reason": "xuất nhầm"})
    answer = client.post(to("export", code=HOUSEHOLDS), {"holder": "Lan"})
    assert answer.content == sample(HOUSEHOLDS)
    assert f'filename="{HOUSEHOLDS}.xml"' in answer["Content-Disposition"]
    period = BookPeriod.objects.get(code=HOUSEHOLDS)
    assert (period.state, period.holder) == ("exported", "Lan")
    other = client.post(to("export", code=HOUSEHOLDS), {"holder": "Minh"}, follow=True)
    assert "READ-002" in shown(other)
    client.post(to("take_back", code=HOUSEHOLDS), {"reason": "xuất nhầm"})
    period.refresh_from_db()
    assert (period.state, period.holder) == ("prepared", "")


def test_a_receipt_and_a_check_can_be_undone() -> None:
    household_book()
    client = seat("reading_section")
    page = upload(client, returned(usual_return(sample(HOUSEHOLDS))))
    client.post(to("take", sha256=page.context["sha256"]))
    period = BookPeriod.objects.get(code=HOUSEHOLDS)
    reading.check_period(period.pk, at=NOON(), actor="night")
    refused = client.post(to("cancel_receipt", code=HOUSEHOLDS), {"reason": "x"}, follow=True)
    assert "READ-004" in shown(refused)
    client.post(to("undo_check", code=HOUSEHOLDS), {"reason": "ngưỡng sai"})
    period.refresh_from_db()
    assert period.state == "received"
    client.post(to("cancel_receipt", code=HOUSEHOLDS), {"reason": "nhầm tệp"})
    period.refresh_from_db()
    assert period.state == "exported"
    assert set(BookRow.objects.filter(period=period).values_list("state", flat=True)) == {"open"}


def test_the_board_counts_every_register() -> None:
    page = seat("auditor").get(to("board"), {"month": "2026-7"})
    ((line, cells),) = page.context["rows"]
    assert (line.period_code, line.row_count) == (WALK, 10)
    assert (line.held, line.billed) == (3, 7)
    by_label = {cell.label: (cell.state, cell.count) for cell in cells}
    assert by_label["Kiểm tra"] == ("held", 3)
    assert by_label["Tính tiền"] == ("running", 7)


@pytest.mark.parametrize("part", ["rows", "files", "steps", "bills"])
def test_every_part_of_a_period_is_shown(part: str) -> None:
    assert seat("billing").get(to("period", code=WALK), {"part": part}).status_code == 200


def test_excel_cells_are_typed_and_the_head_is_frozen() -> None:
    answer = seat("billing").get(to("period", code=WALK), {"part": "bills", "format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.freeze_panes == "A2"
    head = [cell.value for cell in sheet[1]]
    first = dict(zip(head, sheet[2], strict=True))
    assert (first["Điểm đo"].value, first["Điểm đo"].data_type) == ("PX01000000301001", "s")
    assert (first["Tổng cộng"].data_type, first["Tổng cộng"].number_format) == ("n", "#,##0")
    assert first["Từ ngày"].number_format == "dd/mm/yyyy"
    assert first["Từ ngày"].value.date() == date(2026, 6, 14)
    assert sheet.max_row == 8


def test_csv_opens_right_and_holds_no_formula(rf: Any) -> None:
    columns = [
        tables.Column("Tên", "text", lambda row: row[0]),
        tables.Column("Tiền", "vnd", lambda row: row[1]),
        tables.Column("Ngày", "date", lambda row: row[2]),
    ]
    rows = [("=cmd|' /C calc'!A0", 1_250_000, date(2026, 11, 5)), ("Đào", -5, None)]
    answer = tables.as_file(rf.get("/", {"format": "csv"}), "x", columns, rows)
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeffTên,Tiền,Ngày\r\n")
    assert text.splitlines()[1:] == ["'=cmd|' /C calc'!A0,1250000,05/11/2026", "Đào,-5,"]

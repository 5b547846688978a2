"""A table as a typed workbook or as CSV that Excel opens with Vietnamese letters."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse

Cell = str | int | Decimal | date | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A text that begins like this could be run as a formula when a CSV is opened.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def exported(
    kind: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """The download of a table.

    Args:
        kind: ``xlsx``, else CSV.
        name: file name without its ending.
    """
    if kind == "xlsx":
        return download(_workbook(heads, rows), XLSX, f"{name}.xlsx")
    return download(_csv(heads, rows), "text/csv; charset=utf-8", f"{name}.csv")


def download(data: bytes, content_type: str, name: str) -> HttpResponse:
    """A file that the browser saves."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        return f"'{cell}"
    return str(cell)


def _workbook(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        number = book.add_format({"num_format": "#,##0.###"})
        whole = book.add_format({"num_format": "#,##0"})
        for column, text in enumerate(heads):
            sheet.write_string(0, column, text, head)
            sheet.set_column(column, column, max(12, len(text) + 2))
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                elif isinstance(cell, int | Decimal):
                    sheet.write_number(
                        line, column, cell, whole if isinstance(cell, int) else number
                    )
                elif cell is not None:
                    sheet.write_string(line, column, cell)
        sheet.freeze_panes(1, 0)
    return data.getvalue()

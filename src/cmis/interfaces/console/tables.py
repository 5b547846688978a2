"""Tables that leave the house: Excel with typed cells, and CSV that Excel opens right."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Texts that a spreadsheet would take for a formula when they come from a CSV.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NUMBER_FORMATS = {"number": "#,##0.###", "kwh": "#,##0.###", "vnd": "#,##0"}
WIDTHS = {"text": 18, "number": 12, "kwh": 14, "vnd": 16, "date": 12, "datetime": 18}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, the kind of its cells as in the page's tables, and the value."""

    label: str
    kind: str
    value: Callable[[Any], Any]


def wants_file(request: HttpRequest) -> bool:
    return request.GET.get("format") in ("xlsx", "csv")


def as_file(
    request: HttpRequest, name: str, columns: Sequence[Column], rows: Iterable[Any]
) -> HttpResponse:
    """The table as the file the query asks for (``?format=xlsx`` or ``csv``)."""
    kind = request.GET["format"]
    data = _xlsx(columns, rows) if kind == "xlsx" else _csv(columns, rows)
    answer = HttpResponse(data, content_type=XLSX if kind == "xlsx" else "text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def links(request: HttpRequest) -> dict[str, str]:
    """Addresses of both files of the page that is shown, its filters kept."""
    query = request.GET.copy()
    found = {}
    for kind in ("xlsx", "csv"):
        query["format"] = kind
        found[kind] = f"?{query.urlencode()}"
    return found


def _xlsx(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    formats = {kind: book.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
    formats["date"] = book.add_format({"num_format": "dd/mm/yyyy"})
    formats["datetime"] = book.add_format({"num_format": "hh:mm dd/mm/yyyy"})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.label, head)
        sheet.set_column(place, place, WIDTHS[column.kind])
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, 1):
        for place, column in enumerate(columns):
            _write(sheet, last, place, column, row, formats)
    sheet.autofilter(0, 0, last, max(len(columns) - 1, 0))
    book.close()
    return buffer.getvalue()


def _write(
    sheet: Any, line: int, place: int, column: Column, row: Any, formats: dict[str, Any]
) -> None:
    value = column.value(row)
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(line, place, _local(value), formats["datetime"])
    elif isinstance(value, date):
        day = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day without zone
        sheet.write_datetime(line, place, day, formats["date"])
    elif column.kind in NUMBER_FORMATS:
        sheet.write_number(line, place, value, formats[column.kind])
    else:
        sheet.write_string(line, place, str(value))


def _csv(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.label for column in columns])
    writer.writerows([_text(column.value(row)) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _local(value).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)

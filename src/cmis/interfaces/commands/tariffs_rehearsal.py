"""How ``cmis tariffs rehearse`` shows its result: text, a page, an Excel file."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from cmis.kernel.period import BillingMonth
from cmis.kernel.text import group_thousands
from cmis.rules.rating.rehearsal import Rehearsal, distribution_labels

Cell = str | int

_TITLE = {"vi": "Tính thử giá điện", "en": "Tariff rehearsal"}
_HEADS = {
    "vi": {
        "sums": ("Tổng hợp", ("", "Số")),
        "revenue": ("Doanh thu trước thuế theo nhóm", ("Nhóm", "Trước", "Sau", "Thay đổi")),
        "distribution": ("Phân bố thay đổi của hóa đơn", ("Thay đổi", "Số hóa đơn")),
        "differences": (
            "Khác biệt theo nguyên nhân (dòng đầu tiên khác)",
            ("Giá điện", "Bậc/bộ", "Khác về", "Số hóa đơn", "Thay đổi (đ)", "Ví dụ"),
        ),
        "above": ("Khách hàng vượt ngưỡng", ("Hóa đơn", "Khách hàng", "Trước", "Sau", "Thay đổi")),
    },
    "en": {
        "sums": ("Summary", ("", "Number")),
        "revenue": ("Revenue before VAT by group", ("Group", "Before", "After", "Change")),
        "distribution": ("Distribution of the change of bills", ("Change", "Bills")),
        "differences": (
            "Differences by cause (the first line that differs)",
            ("Price", "Tier/register", "Differs in", "Bills", "Change (đ)", "Examples"),
        ),
        "above": (
            "Customers above the threshold",
            ("Bill", "Customer", "Before", "After", "Change"),
        ),
    },
}  # fmt: skip
_SUMS = {
    "vi": ("Hóa đơn", "Không đổi", "Thay đổi", "Không tính được", "Khác tổng đã lưu",
           "Tổng trước (đ)", "Tổng sau (đ)", "Thay đổi (đ)"),
    "en": ("Bills", "Same", "Changed", "Refused", "Differ from the stored total",
           "Total before (đ)", "Total after (đ)", "Change (đ)"),
}  # fmt: skip
_WHAT = {
    "vi": {"price": "giá", "energy": "sản lượng", "line": "dòng", "vat": "thuế GTGT",
           "rounding": "làm tròn", "refused": "không tính được"},
    "en": {"price": "price", "energy": "energy", "line": "line", "vat": "VAT",
           "rounding": "rounding", "refused": "refused"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    title: str
    head: Sequence[str]
    rows: list[tuple[Cell, ...]]


def add_action(actions: Any) -> None:
    rehearsal = actions.add_parser(
        "rehearse", help="tính thử một kỳ theo giá khác / rate a month again under other prices"
    )
    rehearsal.add_argument(
        "law", type=Path, help="tệp quyết định hoặc thư mục / decision file or law directory"
    )
    rehearsal.add_argument(
        "--period", type=BillingMonth.parse, required=True, help="kỳ, như / month, as 2026-6"
    )
    rehearsal.add_argument(
        "--threshold", type=int, default=10, metavar="PERCENT", help="ngưỡng % / threshold (10)"
    )
    rehearsal.add_argument("--html", type=Path, help="ghi trang HTML / write a page")
    rehearsal.add_argument("--xlsx", type=Path, help="ghi tệp Excel / write an Excel file")
    rehearsal.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    from cmis.journeys.rehearse_a_tariff import rehearse_a_tariff

    language = getattr(arguments, "language", "vi")
    result = rehearse_a_tariff(
        arguments.law,
        year=arguments.period.year,
        month=arguments.period.month,
        threshold_percent=arguments.threshold,
    )
    tables = tables_of(result, language)
    title = f"{_TITLE[language]}: {arguments.law.name}, {arguments.period}"
    for table in tables:
        print_table(table, language)
    if arguments.html:
        arguments.html.write_text(page_of(title, tables, language), encoding="utf-8")
    if arguments.xlsx:
        write_workbook(arguments.xlsx, tables)
    return 0


def tables_of(result: Rehearsal, language: str) -> list[Table]:
    """The result as five tables, money as whole numbers."""
    change = result.after_vnd - result.before_vnd
    sums = (result.bills, result.same, result.changed, result.refused, result.stored_differs,
            result.before_vnd, result.after_vnd, change)  # fmt: skip
    rows: dict[str, list[tuple[Cell, ...]]] = {
        "sums": list(zip(_SUMS[language], sums, strict=True)),
        "revenue": [
            (name, group.before_vnd, group.after_vnd, group.after_vnd - group.before_vnd)
            for name, group in sorted(result.revenue.items())
        ],
        "distribution": [
            (label, result.distribution[number])
            for number, label in enumerate(distribution_labels())
        ],
        "differences": [
            (group.cause.item_code, group.cause.label, _WHAT[language][group.cause.what],
             group.bill_count, group.change_vnd, ", ".join(group.examples))
            for group in result.ordered_differences()
        ],
        "above": [(*row, row.after_vnd - row.before_vnd) for row in result.above_threshold],
    }  # fmt: skip
    heads = _HEADS[language]
    return [Table(name, *heads[name], rows=rows[name]) for name in heads]


def _shown(cell: Cell, language: str) -> str:
    return (
        cell if isinstance(cell, str) else group_thousands(cell, "," if language == "en" else ".")
    )


#: Rows of one table that the text shows; the page and the Excel file hold all of them.
_PRINTED_ROWS = 20


def print_table(table: Table, language: str) -> None:
    print(f"\n{table.title} ({len(table.rows)})")
    rows = [tuple(_shown(cell, language) for cell in row) for row in table.rows[:_PRINTED_ROWS]]
    widths = [max(map(len, column)) for column in zip(table.head, *rows, strict=True)]
    for row in (table.head, *rows):
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


_STYLE = (
    "body{font:1rem/1.5 'Noto Sans',sans-serif;max-width:70rem;margin:auto;padding:1rem}"
    "table{border-collapse:collapse;margin-bottom:2rem}"
    "th,td{border-bottom:1px solid #767b80;padding:.3rem .7rem;text-align:left}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}"
)


def page_of(title: str, tables: Sequence[Table], language: str) -> str:
    """One HTML file without addresses, to keep and to print."""
    parts = [
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>"
    ]
    for table in tables:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
        parts.append(f"<h2>{escape(table.title)}</h2><table><thead><tr>{head}</tr></thead><tbody>")
        for row in table.rows:
            cells = (
                f'<td class="{"t" if isinstance(cell, str) else "n"}">'
                f"{escape(_shown(cell, language))}</td>"
                for cell in row
            )
            parts.append(f"<tr>{''.join(cells)}</tr>")
        parts.append("</tbody></table>")
    return "\n".join([*parts, "</body></html>\n"])


def write_workbook(path: Path, tables: Sequence[Table]) -> None:
    """One sheet a table; texts stay texts, so that nothing becomes a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for table in tables:
            sheet = book.add_worksheet(table.name)
            for number, row in enumerate((table.head, *table.rows)):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell)

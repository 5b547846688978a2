"""The one-page summary of a night: counts, sums, what is held and where to go next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmis.kernel.text import group_thousands
from cmis.modules.billing import queries as bills
from cmis.modules.invoicing import queries as invoices
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import queries as books

if TYPE_CHECKING:
    from cmis.journeys.run_the_night import NightOrder, NightResult

#: Lines of the held list that the page shows; the console shows all.
HELD_SHOWN = 40


def night_summary(result: NightResult, *, order: NightOrder, scope: UnitScope) -> dict[str, Any]:
    """The summary as plain values, from the database, so that a restarted night tells the whole.

    ``invoices`` counts what carries the night's date; ``balanced`` says that invoices and their
    bills have the same sums and that no number range has a gap.
    """
    issued = invoices.sums_of_day(scope, order.date)
    billed = bills.sums_of_issued(scope, order.date)
    gaps = [state.symbol for state in invoices.number_ranges(scope) if state.has_gap]
    held = books.held_rows(scope, limit=HELD_SHOWN)
    waiting = bills.held_bills(scope, limit=HELD_SHOWN)
    return {
        "date": order.date.isoformat(),
        "unit": order.unit_code,
        "files": [
            {
                "name": one.name,
                "rows": one.row_count,
                "accepted": one.accepted_count,
                "held": one.held_count,
                "refused": one.refused_count,
                "again": one.already_imported,
                "error": one.error,
            }
            for one in result.files
        ],
        "points": result.billed.as_dict(),
        "issued_now": result.issued.done,
        "delivered": result.delivered.as_dict(),
        "invoices": {
            "count": issued.count,
            "net_vnd": issued.net_vnd,
            "vat_vnd": issued.vat_vnd,
            "total_vnd": issued.total_vnd,
        },
        "balanced": (issued.count, issued.total_vnd) == billed and not gaps,
        "gaps": gaps,
        "held_rows": {
            "count": books.held_row_count(scope),
            "by_rule": books.held_by_rule(scope),
            "first": [
                {
                    "book": row.book_code,
                    "point": row.point_code,
                    "register": row.register_kind,
                    "rule": row.rule,
                }
                for row in held
            ],
        },
        "held_bills": {
            "count": len(waiting),
            "first": [{"bill": bill.code, "total_vnd": bill.total_vnd} for bill in waiting],
        },
        "failures": list(result.failures),
    }


def summary_text(summary: dict[str, Any], language: str = "vi") -> str:
    """The summary as plain text for a terminal, a mail or a printer (one page)."""
    english = language == "en"

    def word(vi: str, en: str) -> str:
        return en if english else vi

    mark = "," if english else "."
    invoices_of = summary["invoices"]
    points = summary["points"]
    lines = [
        word("ĐÊM TÍNH HÓA ĐƠN", "BILLING NIGHT") + f" {summary['date']}  ({summary['unit']})",
        "",
        word("Tệp nhận", "Files taken") + f": {len(summary['files'])}",
    ]
    lines += [f"  ✗ {one['name']}: {one['error']}" for one in summary["files"] if one["error"]]
    accepted = sum(one["accepted"] for one in summary["files"])
    held = sum(one["held"] for one in summary["files"])
    refused = sum(one["refused"] for one in summary["files"])
    rows = sum(one["rows"] for one in summary["files"])
    lines += [
        word("Dòng chỉ số", "Reading rows")
        + f": {rows} = {accepted} "
        + word("nhận", "accepted")
        + f" + {held} "
        + word("chờ", "held")
        + f" + {refused} "
        + word("từ chối", "refused"),
        word("Điểm đo tính hóa đơn", "Points rated")
        + f": {points['input']} = {points['done']} "
        + word("đạt", "cleared")
        + f" + {points['held']} "
        + word("chờ ký", "held")
        + f" + {points['failed']} "
        + word("không tính được", "failed"),
        word("Hóa đơn ngày này", "Invoices of this day")
        + f": {group_thousands(invoices_of['count'], mark)}",
        word("  Tiền trước thuế", "  Net") + f": {group_thousands(invoices_of['net_vnd'], mark)} đ",
        word("  Thuế GTGT", "  VAT") + f": {group_thousands(invoices_of['vat_vnd'], mark)} đ",
        word("  Tổng cộng", "  Total") + f": {group_thousands(invoices_of['total_vnd'], mark)} đ",
        word("Số liệu khớp, không hụt số", "Sums agree, no gap in numbers")
        + ": "
        + (
            word("ĐÚNG", "YES")
            if summary["balanced"]
            else word("SAI — kiểm tra ngay", "NO — check")
        ),
        "",
        word("Còn chờ người xử lý", "Waiting for people")
        + f": {summary['held_rows']['count']} "
        + word("dòng chỉ số", "rows")
        + f", {summary['held_bills']['count']} "
        + word("hóa đơn chờ ký", "bills to sign"),
    ]
    for rule, count in summary["held_rows"]["by_rule"].items():
        lines.append(f"  {rule}: {count}")
    for row in summary["held_rows"]["first"]:
        lines.append(f"    {row['book']}  {row['point']}  {row['register']}  {row['rule']}")
    for bill in summary["held_bills"]["first"]:
        lines.append(f"    {bill['bill']}  {group_thousands(bill['total_vnd'], mark)} đ")
    for failure in summary["failures"]:
        lines.append(f"  ✗ {failure}")
    return "\n".join(lines) + "\n"

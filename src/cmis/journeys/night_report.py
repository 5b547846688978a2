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
    words = _ENGLISH if language == "en" else _VIETNAMESE
    mark = "," if language == "en" else "."
    parts = (_head(summary, words), _sums(summary, words, mark), _waiting(summary, words, mark))
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(summary: dict[str, Any], words: dict[str, str]) -> list[str]:
    files = summary["files"]
    rows = {
        name: sum(one[name] for one in files) for name in ("rows", "accepted", "held", "refused")
    }
    return [
        f"{words['title']} {summary['date']}  ({summary['unit']})",
        "",
        words["files"].format(count=len(files)),
        *(f"  ✗ {one['name']}: {one['error']}" for one in files if one["error"]),
        words["rows"].format(**rows),
        words["points"].format(**summary["points"]),
    ]


def _sums(summary: dict[str, Any], words: dict[str, str], mark: str) -> list[str]:
    shown = {name: group_thousands(number, mark) for name, number in summary["invoices"].items()}
    return [
        words["invoices"].format(**shown),
        words["net"].format(**shown),
        words["vat"].format(**shown),
        words["total"].format(**shown),
        words["balanced"] if summary["balanced"] else words["unbalanced"],
        "",
    ]


def _waiting(summary: dict[str, Any], words: dict[str, str], mark: str) -> list[str]:
    rows, held = summary["held_rows"], summary["held_bills"]
    return [
        words["waiting"].format(rows=rows["count"], bills=held["count"]),
        *(f"  {rule}: {count}" for rule, count in rows["by_rule"].items()),
        *(
            f"    {row['book']}  {row['point']}  {row['register']}  {row['rule']}"
            for row in rows["first"]
        ),
        *(
            f"    {bill['bill']}  {group_thousands(bill['total_vnd'], mark)} đ"
            for bill in held["first"]
        ),
        *(f"  ✗ {failure}" for failure in summary["failures"]),
    ]


_VIETNAMESE = {
    "title": "ĐÊM TÍNH HÓA ĐƠN",
    "files": "Tệp nhận: {count}",
    "rows": "Dòng chỉ số: {rows} = {accepted} nhận + {held} chờ + {refused} từ chối",
    "points": "Điểm đo tính tiền: {input} = {done} đạt + {held} chờ ký + {failed} không tính được",
    "invoices": "Hóa đơn ngày này: {count}",
    "net": "  Tiền trước thuế: {net_vnd} đ",
    "vat": "  Thuế GTGT: {vat_vnd} đ",
    "total": "  Tổng cộng: {total_vnd} đ",
    "balanced": "Số liệu khớp, không hụt số: ĐÚNG",
    "unbalanced": "Số liệu khớp, không hụt số: SAI — kiểm tra ngay (cmis invoices ranges)",
    "waiting": "Còn chờ người xử lý: {rows} dòng chỉ số, {bills} hóa đơn chờ ký",
}
_ENGLISH = {
    "title": "BILLING NIGHT",
    "files": "Files taken: {count}",
    "rows": "Reading rows: {rows} = {accepted} accepted + {held} held + {refused} refused",
    "points": "Points rated: {input} = {done} cleared + {held} held + {failed} failed",
    "invoices": "Invoices of this day: {count}",
    "net": "  Net: {net_vnd} đ",
    "vat": "  VAT: {vat_vnd} đ",
    "total": "  Total: {total_vnd} đ",
    "balanced": "Sums agree, no gap in numbers: YES",
    "unbalanced": "Sums agree, no gap in numbers: NO — check now (cmis invoices ranges)",
    "waiting": "Waiting for people: {rows} rows, {bills} bills to sign",
}

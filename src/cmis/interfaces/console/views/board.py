"""The reading board: every book of a month, and how far each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cmis.interfaces.console import tables, words
from cmis.interfaces.console.desk import Desk, room, show
from cmis.kernel.period import BillingMonth
from cmis.modules.reading import queries as books
from cmis.modules.reading.types import BoardLine

STEPS = tuple(words.PERIOD_STEPS)


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of one book: how it stands, and how many registers have passed it."""

    label: str
    state: str
    count: int | None
    url: str = ""


@room("see_board")
def board(request: HttpRequest, desk: Desk) -> HttpResponse:
    scope = desk.scope("see_board")
    months = books.board_months(scope)
    chosen = _chosen(request.GET.get("month", ""), months)
    lines = books.reading_board(scope, chosen.year, chosen.month) if chosen else []
    if tables.wants_file(request) and chosen:
        name = f"ghi-chi-so-{chosen.year}-{chosen.month:02d}"
        return tables.as_file(request, name, _columns(), lines)
    context = {
        "months": [(f"{one.year}-{one.month}", f"{one.month}/{one.year}") for one in months],
        "month": f"{chosen.year}-{chosen.month}" if chosen else "",
        "month_shown": f"{chosen.month}/{chosen.year}" if chosen else "",
        "rows": [(line, cells_of(line)) for line in lines],
        "heads": [str(label) for label in words.PERIOD_STEPS.values()],
        "totals": _totals(lines),
        "may_import": desk.may("import_book"),
        **tables.links(request),
    }
    return show(request, desk, "board.html", context)


def cells_of(line: BoardLine) -> list[Cell]:
    """A cell for each step, in order."""
    passed = {
        "prepared": line.row_count,
        "received": line.received + line.held + line.confirmed + line.billed,
        "checked": line.held + line.confirmed + line.billed,
        "confirmed": line.confirmed + line.billed,
        "rated": line.billed,
    }
    return [_cell(line, step, passed.get(step)) for step in STEPS]


def _cell(line: BoardLine, step: str, count: int | None) -> Cell:
    label = str(words.PERIOD_STEPS[step])
    has_run = STEPS.index(line.state) >= STEPS.index(step)
    if step == "checked" and line.finding_count:
        url = f"{reverse('console:findings')}?period={line.period_code}"
        return Cell(label, "held", line.finding_count, url)
    if not has_run and not count:
        return Cell(label, "todo", None)
    expected = line.row_count - line.carried
    if count is not None and count < expected:
        return Cell(label, "running", count)
    return Cell(label, "done" if has_run or count else "todo", count)


def _totals(lines: Sequence[BoardLine]) -> dict[str, int]:
    names = ("row_count", "open", "received", "held", "confirmed", "billed", "carried")
    sums = {name: sum(getattr(line, name) for line in lines) for name in names}
    return {**sums, "finding_count": sum(line.finding_count for line in lines)}


def _chosen(text: str, months: Sequence[BillingMonth]) -> BillingMonth | None:
    """The month asked for if there are books in it, else the newest with books."""
    try:
        asked = BillingMonth.parse(text)
    except ValueError:
        asked = None
    known = [one for one in months if asked and (one.year, one.month) == (asked.year, asked.month)]
    return next(iter([*known, *months]), None)


def _columns() -> list[tables.Column]:
    def number(label: str, name: str) -> tables.Column:
        return tables.Column(label, "number", lambda line: getattr(line, name))

    def text(label: str, value: Any) -> tables.Column:
        return tables.Column(label, "text", value)

    return [
        text(_("Sổ"), lambda line: line.book_code),
        text(_("Đơn vị"), lambda line: line.unit_code),
        text(_("Kỳ"), lambda line: str(line.month)),
        text(_("Bước"), lambda line: words.word(words.PERIOD_STEPS, line.state)),
        text(_("Người giữ"), lambda line: line.holder),
        tables.Column(_("Ngày đầu"), "date", lambda line: line.first_day),
        tables.Column(_("Ngày ghi"), "date", lambda line: line.planned_last_day),
        number(_("Bộ chỉ số"), "row_count"),
        number(_("Chưa đọc"), "open"),
        number(_("Đã nhận"), "received"),
        number(_("Đang giữ"), "held"),
        number(_("Đã xác nhận"), "confirmed"),
        number(_("Đã tính tiền"), "billed"),
        number(_("Chuyển kỳ sau"), "carried"),
        number(_("Bất thường"), "finding_count"),
    ]

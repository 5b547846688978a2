"""One book in one month: its rows, files, steps and bills, and what may be done with it now."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmis.interfaces.console import tables, words
from cmis.interfaces.console.desk import Desk, room, show
from cmis.interfaces.console.period_tables import bill_columns, row_columns
from cmis.journeys.export_a_book import export_a_book
from cmis.journeys.prepare_a_period import prepare_period
from cmis.journeys.undo_a_rating import undo_rating as withdraw_ratings
from cmis.modules.billing import queries as bills
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books
from cmis.modules.reading.types import PeriodFacts
from cmis.modules.translog import queries as ledger

PARTS = ("rows", "files", "steps", "bills")
HOLDER_LENGTH = 80


@room("see_board")
def period(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    scope = desk.scope("see_board")
    found = books.period(scope, code)
    part = request.GET.get("part", "rows")
    part = part if part in PARTS else "rows"
    if tables.wants_file(request):
        return _file(request, scope, found, part)
    sums = bills.sums_of_period(found.id)
    context = {
        "period": found,
        "part": part,
        "state": words.word(words.PERIOD_STEPS, found.state),
        "steps": _steps(found),
        "tabs": _tabs(code, part),
        "sums": [(*words.tag(words.BILL_STATES, one.state), one) for one in sums],
        "acts": _acts(desk, found),
        "finding_count": books.findings_count(scope, period_code=code),
        **_content(scope, found, part),
        **tables.links(request),
    }
    return show(request, desk, "period.html", context)


@room("export_book", methods=("POST",), back="console:period")
def export(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Hand the book to its holder: the answer is the file."""
    _at(desk, code, "export_book")
    holder = request.POST.get("holder", "").strip()[:HOLDER_LENGTH] or desk.actor.username
    book = export_a_book(
        desk.scope("export_book"), code, holder=holder, actor=desk.actor.username, at=desk.at
    )
    answer = HttpResponse(book.data, content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{book.file_name}"'
    return answer


@room("export_book", methods=("POST",), back="console:period")
def prepare(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """Add the period that follows this one."""
    found = _at(desk, code, "export_book")
    made = prepare_period(
        desk.scope("export_book"),
        found.book_code,
        found.month.next,
        actor=desk.actor.username,
        at=desk.at,
    )
    messages.success(request, _("Đã lập kỳ %(period)s.") % {"period": made.period_code})
    return redirect("console:period", code=made.period_code)


@room("export_book", methods=("POST",), back="console:period")
def take_back(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    _at(desk, code, "export_book")
    reading.take_back(
        desk.scope("export_book"), code, actor=desk.actor.username, at=desk.at,
        reason=_reason(request),
    )  # fmt: skip
    messages.success(request, _("Đã thu hồi sổ; tệp trả về của lần xuất này sẽ bị từ chối."))
    return redirect("console:period", code=code)


@room("undo_step", methods=("POST",), back="console:period")
def cancel_receipt(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    _at(desk, code, "undo_step")
    reading.cancel_receipt(
        desk.scope("undo_step"), code, actor=desk.actor.username, at=desk.at,
        reason=_reason(request),
    )  # fmt: skip
    messages.success(request, _("Đã hủy nhận; mọi dòng mở lại, tệp có thể nhận lần nữa."))
    return redirect("console:period", code=code)


@room("undo_step", methods=("POST",), back="console:period")
def undo_check(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    _at(desk, code, "undo_step")
    reading.undo_check(
        desk.scope("undo_step"), code, actor=desk.actor.username, at=desk.at,
        reason=_reason(request),
    )  # fmt: skip
    messages.success(request, _("Đã lùi bước kiểm tra; chỉ số chờ kiểm tra lại."))
    return redirect("console:period", code=code)


@room("undo_step", methods=("POST",), back="console:period")
def undo_rating(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    _at(desk, code, "undo_step")
    count = withdraw_ratings(
        desk.scope("undo_step"), code, actor=desk.actor.username, at=desk.at,
        reason=_reason(request),
    )  # fmt: skip
    messages.success(request, _("Đã lùi bước tính tiền; rút %(count)s hóa đơn.") % {"count": count})
    return redirect("console:period", code=code)


def _at(desk: Desk, code: str, action: str) -> PeriodFacts:
    """The period, if it is in a unit of the person; then his right to act there."""
    found = books.period(desk.scope(), code)
    desk.require(action, found.unit_id)
    return found


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:400]


def _steps(found: PeriodFacts) -> list[dict[str, str]]:
    order = list(words.PERIOD_STEPS)
    reached = order.index(found.state)
    return [
        {"label": str(words.PERIOD_STEPS[step]), "state": "done" if place <= reached else "todo"}
        for place, step in enumerate(order)
    ]


def _tabs(code: str, part: str) -> list[dict[str, Any]]:
    labels = (_("Chỉ số"), _("Tệp trả về"), _("Nhật ký các bước"), _("Hóa đơn"))
    url = reverse("console:period", kwargs={"code": code})
    return [
        {"label": label, "url": f"{url}?part={name}", "current": name == part}
        for name, label in zip(PARTS, labels, strict=True)
    ]


def _acts(desk: Desk, found: PeriodFacts) -> dict[str, bool]:
    """What the person may do with the book as it stands."""
    may_export = desk.may_in("export_book", found.unit_id)
    may_undo = desk.may_in("undo_step", found.unit_id)
    is_out = found.state == "exported"
    return {
        "export": may_export and (found.state == "prepared" or is_out),
        "upload": desk.may_in("import_book", found.unit_id)
        and found.state not in ("prepared", "locked"),
        "take_back": may_export and is_out,
        "cancel_receipt": may_undo and found.state == "received",
        "undo_check": may_undo and found.state in ("checked", "confirmed"),
        "undo_rating": may_undo and found.state in ("rated", "cleared"),
        "prepare": may_export and found.state in ("cleared", "issued", "sent", "locked"),
    }


def _content(scope: UnitScope, found: PeriodFacts, part: str) -> dict[str, Any]:
    if part == "files":
        return {"files": books.files_of_period(scope, found.code)}
    if part == "steps":
        steps = ledger.steps_of(scope, found.code)
        return {"ledger": [(words.word(words.LEDGER_STEPS, one.step), one) for one in steps]}
    if part == "bills":
        listed = bills.bills_of_period(scope, found.id)
        return {"bills": [(*words.tag(words.BILL_STATES, one.state), one) for one in listed]}
    rows = books.rows_of_period(scope, found.code)
    return {"rows": [(*words.tag(words.ROW_STATES, row.state), row) for row in rows]}


def _file(request: HttpRequest, scope: UnitScope, found: PeriodFacts, part: str) -> HttpResponse:
    if part == "bills":
        listed = bills.bills_of_period(scope, found.id)
        return tables.as_file(request, f"{found.code}-hoa-don", bill_columns(), listed)
    rows = books.rows_of_period(scope, found.code)
    return tables.as_file(request, f"{found.code}-chi-so", row_columns(), rows)

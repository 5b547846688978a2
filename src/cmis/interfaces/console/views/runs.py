"""The nights: list, one night live or as a page to print, and starting one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cmis.interfaces.console import tables, words
from cmis.interfaces.console.background import launch_night
from cmis.interfaces.console.desk import Desk, room, show
from cmis.interfaces.console.forms import NightForm
from cmis.interfaces.console.night_page import night_view, progress_of
from cmis.journeys.start_a_night import nights_to_choose, start_a_night
from cmis.modules.translog import queries as ledger
from cmis.modules.translog.types import ALL_UNITS, NightFacts

LISTED = 60


@room("see_runs")
def runs(request: HttpRequest, desk: Desk) -> HttpResponse:
    found = ledger.nights(desk.scope("see_runs"), LISTED)
    if tables.wants_file(request):
        return tables.as_file(request, "phien-dem", _columns(), found)
    context = {
        "nights": [(one, *words.tag(words.NIGHT_STATES, one.state)) for one in found],
        "form": _form(desk) if desk.may("run_night") else None,
        "all_units": ALL_UNITS,
        **tables.links(request),
    }
    return show(request, desk, "runs.html", context)


@room("run_night", methods=("POST",), back="console:runs")
def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = _form(desk, request.POST)
    if not form.is_valid():
        context = {"nights": [], "form": form, **tables.links(request)}
        return show(request, desk, "runs.html", context, status=422)
    day, unit_code = form.cleaned_data["day"], form.cleaned_data["unit_code"]
    start_a_night(day, unit_code, actor=desk.actor, at=desk.at, launch=launch_night)
    messages.success(
        request,
        _("Phiên đêm đã bắt đầu trong tiến trình riêng; rời trang này không làm nó dừng."),
    )
    return redirect("console:runs")


@room("see_runs")
def run(request: HttpRequest, desk: Desk, night_id: int) -> HttpResponse:
    found = _night(desk, night_id)
    steps = ledger.steps_of_night(desk.scope("see_runs"), night_id)
    return show(request, desk, "run.html", {"night": found, **night_view(found, steps)})


@room("see_runs")
def progress(request: HttpRequest, desk: Desk, night_id: int) -> HttpResponse:
    """The progress bar, asked for again and again; when the night ended the page is loaded anew."""
    found = _night(desk, night_id)
    answer = render(request, "console/run_progress.html", {"progress": progress_of(found)})
    if found.state != "running":
        answer["HX-Refresh"] = "true"
    return answer


def _night(desk: Desk, night_id: int) -> NightFacts:
    found = ledger.night(desk.scope("see_runs"), night_id)
    if found is None:
        raise Http404
    return found


def _form(desk: Desk, data: Any = None) -> NightForm:
    choices = nights_to_choose(desk.actor, at=desk.at)
    units = [(unit.code, f"{unit.code} – {unit.name}") for unit in choices.units]
    if choices.all_units:
        units = [(ALL_UNITS, _("Mọi đơn vị")), *units]
    return NightForm(data, units=units, initial={"day": desk.on})


def _columns() -> list[tables.Column]:
    return [
        tables.Column(_("Ngày hóa đơn"), "date", lambda one: one.date),
        tables.Column(_("Đơn vị"), "text", lambda one: one.unit_code),
        tables.Column(
            _("Tình trạng"), "text", lambda one: words.tag(words.NIGHT_STATES, one.state)[0]
        ),
        tables.Column(_("Bắt đầu"), "datetime", lambda one: one.started_at),
        tables.Column(_("Kết thúc"), "datetime", lambda one: one.finished_at),
        tables.Column(_("Hóa đơn"), "number", lambda one: _invoice(one, "count")),
        tables.Column(_("Tổng cộng"), "vnd", lambda one: _invoice(one, "total_vnd")),
        tables.Column(_("Số lần khởi động"), "number", lambda one: one.start_count),
    ]


def _invoice(night: NightFacts, name: str) -> int | None:
    value: int | None = night.summary.get("invoices", {}).get(name)
    return value

"""The way in and out, the desk with what waits, and the own profile."""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cmis.interfaces.console.desk import Desk, language, now, room, show
from cmis.interfaces.console.forms import LogInForm
from cmis.interfaces.console.navigation import waiting_signatures
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation.operations import UnableToAuthenticate
from cmis.modules.organisation.roles import ROLE_NAMES, Role
from cmis.modules.reading import queries as books
from cmis.modules.translog import queries as ledger


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """User name and password; every refusal reads the same (SEC-01)."""
    target = _safe_target(request)
    form = LogInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                organisation.sign_in(request, **form.cleaned_data, at=now())
            except UnableToAuthenticate as error:
                form.add_error(None, error.message(language()))
            else:
                return redirect(target)
    return render(request, "console/log_in.html", {"form": form, "next": target}, status=status)


@room(None, methods=("POST",))
def log_out(request: HttpRequest, _desk: Desk) -> HttpResponse:
    logout(request)
    return redirect("console:log_in")


@room(None)
def profile(request: HttpRequest, desk: Desk) -> HttpResponse:
    roles = [
        (ROLE_NAMES[Role(grant.role)].render(language()), grant.unit_code)
        for grant in desk.actor.grants
    ]
    return show(request, desk, "profile.html", {"roles": roles})


@room(None)
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for this person, nothing else."""
    return show(request, desk, "home.html", {"tasks": _tasks(desk), "stats": _stats(desk)})


def _tasks(desk: Desk) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = []
    if desk.may("see_board"):
        tasks.append(_task(_("Bảng ghi chỉ số"), "console:board", _("Sổ nào đang ở bước nào.")))
    if desk.may("import_book"):
        hint = _("Xem trước kết luận từng dòng rồi mới nhận.")
        tasks.append(_task(_("Nhận tệp trả về"), "console:upload", hint))
    if desk.may("see_findings"):
        count = books.findings_count(desk.scope("see_findings"))
        tasks.append(
            _task(
                _("Chỉ số bất thường"),
                "console:findings",
                _("Chấp nhận, tạm tính hoặc trả đọc lại."),
                count,
            )
        )
    if desk.may("see_approvals"):
        hint = _("Sản lượng và tiền điện khác thường chờ lãnh đạo ký.")
        tasks.append(_task(_("Chờ ký"), "console:approvals", hint, waiting_signatures(desk)))
    if desk.may("see_runs"):
        hint = _("Tiến độ, tổng số và danh sách giữ lại của từng đêm.")
        tasks.append(_task(_("Phiên đêm"), "console:runs", hint))
    return tasks


def _task(title: str, name: str, hint: str, count: int | None = None) -> dict[str, Any]:
    status = ""
    if count is not None:
        status = _("%(count)s việc chờ") % {"count": count} if count else _("Không còn việc")
    return {
        "title": title,
        "url": reverse(name),
        "hint": hint,
        "status": status,
        "tone": "warning" if count else "success",
    }


def _stats(desk: Desk) -> dict[str, Any]:
    """The latest night, for those who watch the runs."""
    nights = ledger.nights(desk.scope("see_runs"), 1) if desk.may("see_runs") else ()
    return {"night": nights[0] if nights else None}


def _safe_target(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if own else reverse("console:home")

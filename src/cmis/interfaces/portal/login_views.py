"""The log-in in two steps, and the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from cmis.interfaces.portal.delivery import deliver_beside
from cmis.interfaces.portal.forms import CustomerCodeForm, LoginCodeForm
from cmis.interfaces.portal.sessions import (
    ASKED_FOR,
    is_logged_in,
    log_in,
    log_out,
    now,
    private,
)
from cmis.interfaces.portal.throttle import ASK_FOR_CODE, TRY_CODE, may_go_on
from cmis.journeys.log_a_customer_in import redeem_code, request_code
from cmis.modules.customers.operations import UnableToRedeemCode

#: Where a visitor wanted to go before he was asked to log in.
NEXT = "portal_next"


@require_http_methods(["GET", "HEAD", "POST"])
@private
def ask_for_code(request: HttpRequest) -> HttpResponse:
    """Step one: name the customer. The answer is the same for every code, known or not."""
    if request.method != "POST":
        request.session[NEXT] = request.GET.get("next", "")
        return render(request, "portal/login.html", {"form": CustomerCodeForm()})
    form = CustomerCodeForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/login.html", {"form": form}, status=422)
    at = now()
    if not may_go_on(request, ASK_FOR_CODE, at=at):
        return render(request, "portal/too_often.html", status=429)
    request_code(form.cleaned_data["customer_code"], at=at)
    deliver_beside(now)
    request.session[ASKED_FOR] = form.cleaned_data["customer_code"]
    return redirect("portal:enter_code")


@require_http_methods(["GET", "HEAD", "POST"])
@private
def enter_code(request: HttpRequest) -> HttpResponse:
    """Step two: type the code that was sent."""
    customer_code = request.session.get(ASKED_FOR)
    if customer_code is None:
        return redirect("portal:home" if is_logged_in(request) else "portal:login")
    form = LoginCodeForm(request.POST or None)
    page = {"form": form, "customer_code": customer_code}
    if request.method != "POST":
        return render(request, "portal/enter_code.html", page)
    if not form.is_valid():
        return render(request, "portal/enter_code.html", page, status=422)
    at = now()
    if not may_go_on(request, TRY_CODE, at=at):
        return render(request, "portal/too_often.html", status=429)
    try:
        who = redeem_code(customer_code, form.cleaned_data["code"], at=at)
    except UnableToRedeemCode as error:
        form.add_error("code", error.message(request.LANGUAGE_CODE))  # type: ignore[attr-defined]
        return render(request, "portal/enter_code.html", page, status=422)
    wanted = request.session.get(NEXT, "")
    log_in(request, who)
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return redirect(wanted)
    return redirect("portal:home")


@require_POST
@private
def leave(request: HttpRequest) -> HttpResponse:
    log_out(request)
    return redirect("portal:start")

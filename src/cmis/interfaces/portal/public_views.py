"""Pages for everybody: the start page, and the check whether an invoice is genuine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cmis.engine.clock import local_date
from cmis.interfaces.portal.forms import CustomerCodeForm, VerifyForm
from cmis.interfaces.portal.sessions import is_logged_in, now, private
from cmis.interfaces.portal.throttle import VERIFY, may_go_on
from cmis.journeys.verify_an_invoice import verify_invoice
from cmis.modules.invoicing.queries import UnableToReadInvoice


@require_safe
@private
def start(request: HttpRequest) -> HttpResponse:
    """What the portal is for, with the log-in."""
    if is_logged_in(request):
        return redirect("portal:home")
    return render(request, "portal/start.html", {"form": CustomerCodeForm()})


@require_http_methods(["GET", "HEAD", "POST"])
@private
def verify(request: HttpRequest) -> HttpResponse:
    """Whether an invoice on paper is genuine."""
    if request.method != "POST":
        return render(request, "portal/verify.html", {"form": VerifyForm()})
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/verify.html", {"form": form}, status=422)
    at = now()
    if not may_go_on(request, VERIFY, at=at):
        return render(request, "portal/too_often.html", status=429)
    try:
        found = verify_invoice(**form.cleaned_data, on=local_date(at))
    except UnableToReadInvoice:
        found, is_damaged = None, True
    else:
        is_damaged = found is not None and not found.is_intact
    answer = {"form": form, "is_answered": True, "found": found, "is_damaged": is_damaged}
    return render(request, "portal/verify.html", answer | {"at": at})

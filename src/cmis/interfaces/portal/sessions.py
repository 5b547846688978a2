"""Who is logged in: the session holds a customer id and nothing else about him."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from cmis.engine.clock import clock_of, local_date
from cmis.journeys.log_a_customer_in import customer_of_session
from cmis.modules.customers.types import CustomerCard, CustomerScope

CUSTOMER = "portal_customer_id"
#: The code typed at the first step of the log-in, before anybody is logged in.
ASKED_FOR = "portal_asked_for"
#: A log-in lasts this long.
LOGIN_SECONDS = 3600

View = Callable[..., HttpResponseBase]
now = clock_of(settings.CMIS_CLOCK)


class CustomerRequest(HttpRequest):
    """A request of a logged-in customer, as the views behind :func:`customer_required` get it."""

    customer: CustomerCard
    who: CustomerScope


def log_in(request: HttpRequest, who: CustomerScope) -> None:
    """Begin a fresh session: a session id known before the log-in is worth nothing after it."""
    request.session.flush()
    request.session[CUSTOMER] = who.customer_id
    request.session.set_expiry(LOGIN_SECONDS)
    rotate_token(request)


def log_out(request: HttpRequest) -> None:
    request.session.flush()
    rotate_token(request)


def is_logged_in(request: HttpRequest) -> bool:
    return CUSTOMER in request.session


def private(view: View) -> View:
    """Neither browser nor proxy keeps a copy of the page."""

    @wraps(view)
    def kept_nowhere(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        response = view(request, *args, **values)
        response["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["Cookie"])  # type: ignore[arg-type]
        return response

    return kept_nowhere


def customer_required(view: View) -> View:
    """Give the view ``request.customer`` and ``request.who``; others are led to the log-in."""

    @wraps(view)
    def checked(request: Any, *args: Any, **values: Any) -> HttpResponseBase:
        customer_id = request.session.get(CUSTOMER)
        card = (
            None if customer_id is None else customer_of_session(customer_id, on=local_date(now()))
        )
        if card is None:
            return _to_login(request)
        request.customer = card
        request.who = CustomerScope(card.id, card.code)
        return view(request, *args, **values)

    return private(checked)


def _to_login(request: HttpRequest) -> HttpResponse:
    query = urlencode({"next": request.path}) if request.method == "GET" else ""
    return HttpResponseRedirect(f"{reverse('portal:login')}{'?' if query else ''}{query}")

"""The prices as open data: readable from any page, kept by any cache, never by cookie."""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from cmis.interfaces.api.errors import (
    UnableToChange,
    UnableToFindAddress,
    UnableToReadQuestion,
    error_response,
)
from cmis.interfaces.api.law_values import on_a_day, one_decision, whole_law
from cmis.kernel.errors import UnableTo
from cmis.rules.tariffs import load_law

#: How long a copy may be used without asking; a new decision is known weeks before its first day.
KEPT_SECONDS = 3600
READS = ("GET", "HEAD")

View = Callable[..., dict[str, object]]


def open_data_view(view: View) -> Callable[..., HttpResponse]:
    """Turn plain values, or an anticipated failure, into a public answer."""

    @csrf_exempt  # nothing is changed here; a POST is told so in the shape of all errors
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        try:
            if request.method not in READS:
                raise UnableToChange
            response = _kept(request, view(request, *args, **values))
        except UnableTo as failure:
            response = error_response(failure)
            response["Cache-Control"] = "no-store"
            if isinstance(failure, UnableToChange):
                response["Allow"] = ", ".join(READS)
        if request.method in READS:
            response["Access-Control-Allow-Origin"] = "*"
        return response

    return answered


def _kept(request: HttpRequest, values: dict[str, object]) -> HttpResponse:
    """The answer with its fingerprint, or 304 when the asker has it already."""
    response: HttpResponse = JsonResponse(values, json_dumps_params={"ensure_ascii": False})
    etag = f'"{hashlib.sha256(response.content).hexdigest()}"'
    conditional = get_conditional_response(request, etag=etag, response=response)
    if isinstance(conditional, HttpResponseNotModified):
        response = conditional
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


@open_data_view
def tariffs(request: HttpRequest) -> dict[str, object]:
    """All decisions with everything beside them, or the decision of a day (``?on=2026-07-31``)."""
    day = _day(request)
    return whole_law(load_law()) if day is None else on_a_day(load_law(), day)


@open_data_view
def decision(request: HttpRequest, number: str) -> dict[str, object]:
    """One decision by its number, ``1279`` or ``1279/QĐ-BCT``."""
    _refuse_unknown(request, ())
    law = load_law()
    return one_decision(law, law.decision(number))


@open_data_view
def nothing_here(_request: HttpRequest, **_address: str) -> dict[str, object]:
    raise UnableToFindAddress


def _day(request: HttpRequest) -> date | None:
    _refuse_unknown(request, ("on",))
    text = request.GET.get("on")
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnableToReadQuestion(name="on") from None


def _refuse_unknown(request: HttpRequest, known: tuple[str, ...]) -> None:
    """A mistyped parameter must not answer another question than the one that was asked."""
    for name in request.GET:
        if name not in known:
            raise UnableToReadQuestion(name=name[:20])

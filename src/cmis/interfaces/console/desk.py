"""Who sits at the desk, and the door of every room: log-in, right, unit, no copy in any cache."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from cmis.engine.clock import clock_of, local_date
from cmis.interfaces.console.navigation import frame_of
from cmis.journeys.decide_a_bill import UnableToFindBill
from cmis.kernel.errors import UnableTo
from cmis.modules.customers.queries import UnableToFindCustomer
from cmis.modules.organisation import queries as organisation
from cmis.modules.organisation.authorisation import (
    UnableToAct,
    UnableToDecideOwnWork,
    is_allowed,
    is_allowed_somewhere,
    require,
    require_somewhere,
)
from cmis.modules.organisation.queries import UnableToFindStaff
from cmis.modules.organisation.types import Actor, UnitScope
from cmis.modules.reading.queries import UnableToFindFile, UnableToFindFinding, UnableToFindPeriod

NOT_THERE = (
    UnableToFindPeriod,
    UnableToFindFinding,
    UnableToFindFile,
    UnableToFindCustomer,
    UnableToFindBill,
)
REFUSED = (UnableToAct, UnableToDecideOwnWork)


@dataclass(frozen=True, slots=True)
class Desk:
    """The person who asks, and the moment of the request (UTC)."""

    actor: Actor
    at: datetime

    @property
    def on(self) -> date:
        return local_date(self.at)

    def scope(self, action: str | None = None) -> UnitScope:
        """The units where the person may do this; without an action, where he holds any role."""
        return organisation.scope_of(self.actor, self.on, action=action)

    def may(self, action: str) -> bool:
        """Whether he may do it in any unit: what decides if a room is shown."""
        return is_allowed_somewhere(self.actor, action)

    def may_in(self, action: str, unit_id: int) -> bool:
        return is_allowed(self.actor, action, unit_id, at=self.at)

    def require(self, action: str, unit_id: int) -> None:
        """Refuse, and write the refusal down, unless he may do it there."""
        require(self.actor, action, unit_id, at=self.at)


def now() -> datetime:
    return clock_of(settings.CMIS_CLOCK)()


def language() -> str:
    """``vi`` or ``en``: the language of the page, for texts of the floors below."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


View = Callable[..., HttpResponse]


def room(
    action: str | None, *, methods: tuple[str, ...] = ("GET",), back: str = ""
) -> Callable[[View], View]:
    """The door of a view ``(request, desk, **kwargs)``.

    Args:
        action: named action that somebody must be allowed somewhere to come in at all; the view
            asks again for the unit of its object.
        back: name of the page that shows why an act was not possible; it takes the same kwargs.
    """

    def door(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            response = _enter(request, view, action, methods, back, kwargs)
            response["Cache-Control"] = "no-store"
            return response

        inside.needs = action  # type: ignore[attr-defined]
        inside.methods = methods  # type: ignore[attr-defined]
        return inside

    return door


def _enter(
    request: HttpRequest,
    view: View,
    action: str | None,
    methods: tuple[str, ...],
    back: str,
    kwargs: dict[str, Any],
) -> HttpResponse:
    if not request.user.is_authenticated:
        return _to_log_in(request)
    if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
        return HttpResponseNotAllowed(methods)
    at = now()
    try:
        desk = Desk(organisation.actor_of(request.user.get_username(), local_date(at)), at)
        if action is not None:
            require_somewhere(desk.actor, action, at=at)
        return view(request, desk, **kwargs)
    except UnableToFindStaff:
        logout(request)
        return _to_log_in(request)
    except REFUSED as error:
        return problem(request, desk, error, status=403)
    except (*NOT_THERE, Http404):
        return render(request, "404.html", status=404)
    except UnableTo as error:
        if request.method != "POST" or not back:
            return problem(request, desk, error, status=409)
        messages.error(request, error.message(language()))
        return redirect(_address(back, kwargs))


def show(
    request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A whole page inside the frame of the console."""
    frame = frame_of(request, desk)
    return render(request, f"console/{template}", {**frame, "desk": desk, **context}, status=status)


def problem(request: HttpRequest, desk: Desk, error: UnableTo, *, status: int) -> HttpResponse:
    """Why an act was not done, with its code and what to do next."""
    texts = {
        "what": error.what.render(language(), **error.values),
        "next_step": error.next_step.render(language(), **error.values),
        "error_code": error.code,
    }
    return show(request, desk, "problem.html", texts, status=status)


def _address(name: str, kwargs: dict[str, Any]) -> str:
    """The page of a whole object when the act was about a part of it."""
    if name == "console:customer":
        kwargs = {"code": kwargs["code"]}
    return reverse(name, kwargs=kwargs)


def _to_log_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = reverse("console:log_in")
        return answer
    if request.method == "GET":
        return redirect_to_login(request.get_full_path(), reverse("console:log_in"))
    return redirect("console:log_in")

"""The queue of doubts: accept, estimate, send back, or enter the right reading."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cmis.interfaces.console import words
from cmis.interfaces.console.desk import REFUSED, Desk, language, room, show
from cmis.interfaces.console.finding_cards import Card, card_of, estimates_of, filters_of
from cmis.interfaces.console.forms import CorrectionForm
from cmis.journeys.decide_a_finding import Decision, Verdict, decide_a_finding
from cmis.kernel.errors import UnableTo
from cmis.modules.organisation.roles import Role
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import queries as books
from cmis.modules.reading.types import Correction, FindingCard
from cmis.rules.vee.estimation import EstimationMethod

PAGE_SIZE = 25
FILTERS = ("severity", "rule", "period")
#: What the buttons of a card may decide; signatures have a room of their own.
BUTTONS = frozenset({Decision.ACCEPT, Decision.ESTIMATE, Decision.SEND_BACK})


class _Queue:
    """The filtered queue as a list that is read one page at a time."""

    def __init__(self, scope: UnitScope, chosen: dict[str, str]) -> None:
        self._scope = scope
        self._filters = {
            "severity": chosen.get("severity") or None,
            "rule": chosen.get("rule") or None,
            "period_code": chosen.get("period") or None,
        }

    def __len__(self) -> int:
        return books.findings_count(self._scope, **self._filters)

    def __getitem__(self, part: slice) -> list[FindingCard]:
        return books.findings_queue(
            self._scope,
            **self._filters,
            by_energy=True,
            offset=part.start,
            limit=part.stop - part.start,
        )


@room("see_findings")
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    scope = desk.scope("see_findings")
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    page = Paginator(_Queue(scope, chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "cards": [card_of(desk, found) for found in page],
        "filters": filters_of(scope, chosen),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "query": request.GET.urlencode(),
    }
    return show(request, desk, "findings.html", context)


@room("see_findings")
def card(request: HttpRequest, desk: Desk, finding_id: int) -> HttpResponse:
    found = books.finding(desk.scope("see_findings"), finding_id)
    return _card_page(request, desk, found, CorrectionForm())


@room("decide_finding", methods=("POST",))
def decide(request: HttpRequest, desk: Desk, finding_id: int) -> HttpResponse:
    """One press of a button. With htmx the card goes away; without, the queue comes back."""
    found = books.finding(desk.scope(), finding_id)
    asked = request.POST.get("decision", "")
    if asked not in BUTTONS:
        return HttpResponse(status=400)
    method = request.POST.get("method", "")
    verdict = Verdict(
        Decision(asked),
        reason=request.POST.get("reason", "").strip()[:400],
        method=EstimationMethod(method) if method in set(EstimationMethod) else None,
    )
    try:
        decide_a_finding(finding_id, verdict, actor=desk.actor, at=desk.at)
    except REFUSED:
        raise
    except UnableTo as error:
        return _not_decided(request, desk, finding_id, error)
    done = _done_text(Decision(asked), found)
    if request.headers.get("HX-Request"):
        return _removed(desk, found, done)
    messages.success(request, done)
    return redirect(_queue_address(request))


@room("decide_finding", methods=("POST",))
def correct(request: HttpRequest, desk: Desk, finding_id: int) -> HttpResponse:
    """Enter the reading that should stand there."""
    found = books.finding(desk.scope(), finding_id)
    desk.require("decide_finding", found.unit_id)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        is_recheck = Role.RE_CHECK in desk.actor.roles
        correction = Correction(**form.cleaned_data, source="recheck" if is_recheck else "typed")
        try:
            decide_a_finding(
                finding_id,
                Verdict(Decision.CORRECT, correction=correction),
                actor=desk.actor,
                at=desk.at,
            )
        except REFUSED:
            raise
        except UnableTo as error:
            form.add_error(None, error.message(language()))
        else:
            messages.success(request, _done_text(Decision.CORRECT, found))
            return redirect("console:findings")
    return _card_page(request, desk, found, form, status=422)


def _card_page(
    request: HttpRequest, desk: Desk, found: FindingCard, form: CorrectionForm, status: int = 200
) -> HttpResponse:
    shown = card_of(desk, found)
    context = {
        "card": shown,
        "form": form,
        "estimates": estimates_of(desk, found) if shown.may_estimate else [],
        "state": words.tag(words.FINDING_STATES, found.state),
        "query": "",
    }
    return show(request, desk, "finding.html", context, status=status)


def _not_decided(
    request: HttpRequest, desk: Desk, finding_id: int, error: UnableTo
) -> HttpResponse:
    """The card as it stands now, with the reason why nothing was done."""
    text = error.message(language())
    if not request.headers.get("HX-Request"):
        messages.error(request, text)
        return redirect("console:finding", finding_id=finding_id)
    shown: Card = card_of(desk, books.finding(desk.scope(), finding_id))
    context = {"card": shown, "error": text, "query": request.POST.get("query", "")}
    return render(request, "console/finding_card.html", context, status=422)


def _removed(desk: Desk, found: FindingCard, text: str) -> HttpResponse:
    """Nothing in place of the card, and which doubts of the same visit are still open."""
    left = books.findings_queue(desk.scope(), period_code=found.period_code, limit=10_000)
    told: dict[str, Any] = {
        "point": found.point_code,
        "open": [other.id for other in left if other.point_code == found.point_code],
        "text": text,
        "count": books.findings_count(desk.scope("see_findings")),
    }
    answer = HttpResponse("")
    answer["HX-Trigger-After-Settle"] = json.dumps({"finding-decided": told})
    return answer


def _done_text(decision: Decision, found: FindingCard) -> str:
    texts = {
        Decision.ACCEPT: _("Đã chấp nhận chỉ số của điểm đo %(point)s."),
        Decision.ESTIMATE: _("Đã tạm tính cho điểm đo %(point)s."),
        Decision.SEND_BACK: _("Đã trả điểm đo %(point)s để đọc lại."),
        Decision.CORRECT: _("Đã nhập chỉ số đúng cho điểm đo %(point)s."),
    }
    return texts[decision] % {"point": found.point_code}


def _queue_address(request: HttpRequest) -> str:
    """The queue with the filters it had; nothing else of what was sent is followed."""
    allowed = (*FILTERS, "page")
    sent = parse_qsl(request.POST.get("query", ""))
    query = urlencode([(name, value) for name, value in sent if name in allowed])
    return f"{reverse('console:findings')}?{query}" if query else reverse("console:findings")

"""What waits for the unit head: readings at gate 1, amounts at gate 2."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmis.interfaces.console import tables, words
from cmis.interfaces.console.desk import Desk, room, show
from cmis.interfaces.console.finding_cards import card_of
from cmis.journeys.decide_a_bill import sign_a_bill, withdraw_a_bill
from cmis.journeys.decide_a_finding import Decision, Verdict, decide_a_finding
from cmis.journeys.show_a_customer import show_a_bill
from cmis.kernel.findings import Severity
from cmis.modules.billing.types import BillFacts
from cmis.modules.billing.waiting import HeldBill, held_with_before
from cmis.modules.reading import queries as books

#: Rows of one gate on a page; the counts tell how many there are.
SHOWN = 100
READING_NUMBERS = ("previous", "current", "multiplier", "kwh")


@room("see_approvals")
def approvals(request: HttpRequest, desk: Desk) -> HttpResponse:
    scope = desk.scope("see_approvals")
    gate = "2" if request.GET.get("gate") == "2" else "1"
    held = held_with_before(scope)
    if tables.wants_file(request):
        return tables.as_file(request, "cho-ky", _columns(), held)
    sign = Severity.SIGN.value
    reading_count = books.findings_count(scope, severity=sign)
    context: dict[str, Any] = {
        "gate": gate,
        "tabs": _tabs(gate, reading_count, len(held)),
        **tables.links(request),
    }
    if gate == "1":
        found = books.findings_queue(scope, severity=sign, by_energy=True, limit=SHOWN)
        context["cards"] = [
            (card_of(desk, one), desk.may_in("sign_gate_one", one.unit_id)) for one in found
        ]
    else:
        context["bills"] = [
            (one, doubts_of(one.bill), desk.may_in("sign_gate_two", one.bill.unit_id))
            for one in held[:SHOWN]
        ]
    return show(request, desk, "approvals.html", context)


@room("see_bill")
def bill(request: HttpRequest, desk: Desk, bill_id: int) -> HttpResponse:
    """One bill: readings, lines, doubts."""
    found = show_a_bill(bill_id, actor=desk.actor, at=desk.at)
    context = {
        "bill": found,
        "state": words.tag(words.BILL_STATES, found.state),
        "doubts": doubts_of(found),
        "readings": [_with_numbers(one) for one in found.readings],
        "may_sign": found.state == "held" and desk.may_in("sign_gate_two", found.unit_id),
    }
    return show(request, desk, "bill.html", context)


@room("sign_gate_one", methods=("POST",), back="console:finding")
def sign_reading(request: HttpRequest, desk: Desk, finding_id: int) -> HttpResponse:
    verdict = Verdict(Decision.SIGN, reason=_reason(request))
    settled = decide_a_finding(finding_id, verdict, actor=desk.actor, at=desk.at)
    text = _("Đã ký sản lượng của điểm đo %(point)s.")
    messages.success(request, text % {"point": settled.point_code})
    return redirect("console:approvals")


@room("sign_gate_two", methods=("POST",), back="console:bill")
def sign_bill(request: HttpRequest, desk: Desk, bill_id: int) -> HttpResponse:
    done = sign_a_bill(bill_id, actor=desk.actor, at=desk.at, reason=_reason(request))
    text = _("Đã ký hóa đơn %(bill)s; phiên đêm tới sẽ phát hành.")
    messages.success(request, text % {"bill": done.bill_code})
    return redirect(f"{reverse('console:approvals')}?gate=2")


@room("sign_gate_two", methods=("POST",), back="console:bill")
def withdraw_bill(request: HttpRequest, desk: Desk, bill_id: int) -> HttpResponse:
    done = withdraw_a_bill(bill_id, actor=desk.actor, at=desk.at, reason=_reason(request))
    text = _("Đã rút hóa đơn %(bill)s; chỉ số trở lại danh sách bất thường.")
    messages.success(request, text % {"bill": done.bill_code})
    return redirect(f"{reverse('console:approvals')}?gate=2")


def _with_numbers(reading: dict[str, str]) -> dict[str, str | Decimal]:
    """A reading behind a bill, its stored texts as numbers."""
    numbers = {name: Decimal(reading[name]) for name in READING_NUMBERS}
    return {**reading, **numbers}


def doubts_of(found: BillFacts) -> list[tuple[str, str, str]]:
    """Why the bill waits: sentence, word and tone of the severity."""
    shown = []
    for one in found.findings:
        severity = str(one["severity"])
        text = words.sentence(str(one["rule"]), severity, dict(one["values"]))  # type: ignore[call-overload]
        shown.append((text, *words.tag(words.SEVERITIES, severity)))
    return shown


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:400]


def _tabs(gate: str, readings: int, held: int) -> list[dict[str, Any]]:
    url = reverse("console:approvals")
    return [
        {
            "label": _("Sản lượng (cửa 1)"),
            "url": f"{url}?gate=1",
            "current": gate == "1",
            "count": readings,
        },
        {
            "label": _("Tiền điện (cửa 2)"),
            "url": f"{url}?gate=2",
            "current": gate == "2",
            "count": held,
        },
    ]


def _columns() -> list[tables.Column]:
    def why(held: HeldBill) -> str:
        return " ".join(text for text, _word, _tone in doubts_of(held.bill))

    return [
        tables.Column(_("Mã hóa đơn"), "text", lambda one: one.bill.code),
        tables.Column(_("Mã khách hàng"), "text", lambda one: one.bill.customer_code),
        tables.Column(_("Điểm đo"), "text", lambda one: one.bill.point_code),
        tables.Column(_("Kỳ trước"), "vnd", lambda one: one.before_vnd),
        tables.Column(_("Kỳ này"), "vnd", lambda one: one.bill.total_vnd),
        tables.Column(_("Chênh lệch"), "vnd", lambda one: one.difference_vnd),
        tables.Column(_("Sản lượng kỳ trước"), "kwh", lambda one: one.before_kwh),
        tables.Column(_("Sản lượng"), "kwh", lambda one: one.bill.energy_kwh),
        tables.Column(_("Vì sao chờ ký"), "text", why),
    ]

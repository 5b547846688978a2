"""A customer: identity, everything in one line of time, and his papers. Every look is recorded."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from cmis.formats.einvoice.pdf import invoice_pdf
from cmis.interfaces.console import tables, words
from cmis.interfaces.console.customer_page import (
    KINDS,
    bill_columns,
    events_of,
    identity_facts,
    reading_columns,
)
from cmis.interfaces.console.desk import Desk, room, show
from cmis.journeys.resend_a_message import resend_a_message
from cmis.journeys.show_a_customer import (
    CustomerDocument,
    CustomerPage,
    fetch_an_invoice,
    show_a_customer,
)

PARTS = ("timeline", "bills", "readings", "messages")


@room("see_customer")
def customer(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    part = request.GET.get("part", "timeline")
    part = part if part in PARTS else "timeline"
    page = show_a_customer(code, actor=desk.actor, at=desk.at, part=part)
    if tables.wants_file(request):
        if part == "readings":
            return tables.as_file(request, f"{code}-chi-so", reading_columns(), page.readings)
        return tables.as_file(request, f"{code}-hoa-don", bill_columns(), page.bills)
    kind = request.GET.get("kind", "")
    context = {
        "page": page,
        "card": page.card,
        "facts": identity_facts(page),
        "part": part,
        "tabs": _tabs(page, part),
        **_content(desk, page, part, kind),
        **tables.links(request),
    }
    return show(request, desk, "customer.html", context)


@room("see_invoice")
def xml(_request: HttpRequest, desk: Desk, code: str, invoice_id: int) -> HttpResponse:
    """The legal original, byte for byte."""
    found = _document(desk, code, invoice_id)
    return _download(found, found.data, "application/xml", "xml")


@room("see_invoice")
def pdf(_request: HttpRequest, desk: Desk, code: str, invoice_id: int) -> HttpResponse:
    """The view of the signed invoice."""
    found = _document(desk, code, invoice_id)
    data = invoice_pdf(found.data, lookup_code=found.invoice.lookup_code)
    return _download(found, data, "application/pdf", "pdf")


@room("resend_message", methods=("POST",), back="console:customer")
def send_again(request: HttpRequest, desk: Desk, code: str, message_id: int) -> HttpResponse:
    if not resend_a_message(code, message_id, actor=desk.actor, at=desk.at):
        raise Http404
    messages.success(request, _("Tin đã vào hàng chờ gửi lại."))
    return redirect(f"{reverse('console:customer', kwargs={'code': code})}?part=messages")


def _document(desk: Desk, code: str, invoice_id: int) -> CustomerDocument:
    found = fetch_an_invoice(code, invoice_id, actor=desk.actor, at=desk.at)
    if found is None:
        raise Http404
    return found


def _download(found: CustomerDocument, data: bytes, kind: str, suffix: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    name = f"{found.invoice.form}{found.invoice.symbol}-{found.invoice.number}.{suffix}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _tabs(page: CustomerPage, part: str) -> list[dict[str, Any]]:
    url = reverse("console:customer", kwargs={"code": page.card.code})
    labels = (
        (_("Dòng thời gian"), None),
        (_("Hóa đơn"), len(page.bills)),
        (_("Chỉ số"), len(page.readings)),
        (_("Tin nhắn"), len(page.messages)),
    )
    return [
        {"label": label, "url": f"{url}?part={name}", "current": name == part, "count": count}
        for name, (label, count) in zip(PARTS, labels, strict=True)
    ]


def _content(desk: Desk, page: CustomerPage, part: str, kind: str) -> dict[str, Any]:
    if part == "bills":
        issued = {one.bill_id: one for one in page.invoices}
        may_see = desk.may_in("see_invoice", page.card.unit_id)
        return {
            "bills": [
                (
                    one,
                    issued.get(one.id) if may_see else None,
                    *words.tag(words.BILL_STATES, one.state),
                )
                for one in page.bills
            ]
        }
    if part == "readings":
        return {
            "readings": [
                (
                    one,
                    words.word(words.SOURCES, one.source),
                    *words.tag(words.ROW_STATES, one.row_state),
                )
                for one in page.readings
            ],
            "bars": _bars(page),
        }
    if part == "messages":
        may_resend = desk.may_in("resend_message", page.card.unit_id)
        return {
            "sent": [
                (
                    one,
                    words.word(words.PURPOSES, one.purpose),
                    words.word(words.CHANNELS, one.channel),
                    *words.tag(words.MESSAGE_STATES, one.state),
                    may_resend and one.state in ("failed", "sent", "cancelled"),
                )
                for one in page.messages
            ]
        }
    return {
        "events": events_of(page, kind if kind in KINDS else ""),
        "kinds": [("", _("Tất cả"), not kind), *((k, str(v), k == kind) for k, v in KINDS.items())],
    }


def _bars(page: CustomerPage) -> list[tuple[str, Any, bool]]:
    """Energy of the last periods in the order of time, bills summed over the points."""
    months: dict[tuple[int, int], int] = {}
    for bill in page.bills:
        key = (bill.year, bill.month)
        months[key] = months.get(key, 0) + bill.energy_kwh
    last = sorted(months.items())[-13:]
    return [
        (f"{month}/{year}", kwh, place == len(last) - 1)
        for place, ((year, month), kwh) in enumerate(last)
    ]

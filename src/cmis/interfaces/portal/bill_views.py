"""The list of bills, and one bill with how its amount came about."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cmis.interfaces.portal import words
from cmis.interfaces.portal.exports import Cell, exported
from cmis.interfaces.portal.sessions import CustomerRequest, customer_required
from cmis.journeys.show_a_bill import IssuedBill, ShownBill, issued_bills, show_bill
from cmis.kernel.period import BillingMonth
from cmis.modules.invoicing.queries import UnableToReadInvoice


@require_safe
@customer_required
def bills(request: CustomerRequest) -> HttpResponse:
    """Every issued bill, newest first."""
    issued = issued_bills(request.who)
    wanted = request.GET.get("format")
    if wanted in ("csv", "xlsx"):
        return exported(wanted, f"hoa-don-{request.who.customer_code}", *_bills_table(issued))
    return render(request, "portal/bills.html", {"issued": issued})


def _bills_table(issued: Sequence[IssuedBill]) -> tuple[list[str], list[list[Cell]]]:
    heads = [
        _("Mã hóa đơn"), _("Kỳ"), _("Điểm đo"), _("Từ ngày"), _("Đến ngày"), _("Điện năng (kWh)"),
        _("Trước thuế (đồng)"), _("Thuế GTGT (đồng)"), _("Tổng cộng (đồng)"), _("Số hóa đơn"),
        _("Ngày hóa đơn"), _("Hạn thanh toán"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            one.bill.code, f"{one.bill.month}/{one.bill.year}", one.bill.point_code,
            one.bill.first_day, one.bill.last_day, one.bill.energy_kwh, one.bill.net_vnd,
            one.bill.vat_vnd, one.bill.total_vnd, one.invoice.full_number,
            one.invoice.invoice_date, one.invoice.due_date,
        ]
        for one in issued
    ]  # fmt: skip
    return heads, rows


@require_safe
@customer_required
def bill(request: CustomerRequest, code: str) -> HttpResponse:
    """One bill; another customer's does not exist here."""
    try:
        shown = show_bill(request.who, code)
    except UnableToReadInvoice as error:
        return unreadable(request, error)
    if shown is None:
        raise Http404
    language = request.LANGUAGE_CODE  # type: ignore[attr-defined]
    return render(request, "portal/bill.html", _bill_context(shown, language))


def unreadable(request: CustomerRequest, error: UnableToReadInvoice) -> HttpResponse:
    """The stored invoice is damaged: say so rather than show something else."""
    text = error.message(request.LANGUAGE_CODE)  # type: ignore[attr-defined]
    return render(request, "portal/unreadable.html", {"text": text}, status=503)


def _bill_context(shown: ShownBill, language: str) -> dict[str, object]:
    bill = shown.bill
    return {
        "shown": shown,
        "bill": bill,
        "invoice": shown.invoice,
        "month": BillingMonth(bill.year, bill.month, bill.cycle),
        "days": words.days_between(bill.first_day, bill.last_day),
        "problem": None if shown.problem is None else shown.problem.render(language),
        "comparison": words.compared(bill, shown.previous),
        "lines": [
            {
                "title": words.line_title(one.line.item_code, one.line.label, language),
                "line": one.line,
                "days": one.days,
                "because": "" if one.because is None else one.because.text(language),
                "reference": one.reference,
            }
            for one in shown.lines
        ],
        "steps": [step.text(language) for step in shown.steps],
        "readings": [
            {
                "values": one.values,
                "row": one.row,
                "register": words.register_title(one.values["register"]),
                "marks": words.marks_of_shown(one),
                "source": "" if one.row is None else words.source_title(one.row.source),
            }
            for one in shown.readings
        ],
    }

"""Home, readings and contact of the logged-in customer."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cmis.engine.clock import local_date
from cmis.interfaces.portal import words
from cmis.interfaces.portal.exports import Cell, exported
from cmis.interfaces.portal.forms import ChannelForm
from cmis.interfaces.portal.sessions import CustomerRequest, customer_required, now
from cmis.interfaces.ui.charts import Bar
from cmis.journeys.show_a_bill import READINGS, IssuedBill, overview
from cmis.modules.customers import operations as customers
from cmis.modules.customers import queries as customer_queries
from cmis.modules.customers.operations import UnableToSetPreference
from cmis.modules.reading.queries import reading_history_of_customer

#: Months of the chart at home.
MONTHS = 12
PAYMENT = "payment"


@require_safe
@customer_required
def home(request: CustomerRequest) -> HttpResponse:
    """The last bill, what to pay and until when, and the use of twelve months."""
    seen = overview(request.who)
    context = {
        "latest": seen.latest,
        "months": months(seen.issued),
        "customer": request.customer,
        "today": local_date(now()),
    }
    return render(request, "portal/home.html", context)


def months(issued: Sequence[IssuedBill]) -> list[Bar]:
    """Energy by billing month, oldest first, the newest marked; points of one month together."""
    totals: dict[tuple[int, int], int] = {}
    for one in issued:
        month = (one.bill.year, one.bill.month)
        totals[month] = totals.get(month, 0) + one.bill.energy_kwh
    newest = sorted(totals)[-MONTHS:]
    return [
        Bar(f"{month}/{year}", totals[year, month], now=(year, month) == newest[-1])
        for year, month in newest
    ]


@require_safe
@customer_required
def readings(request: CustomerRequest) -> HttpResponse:
    """Every reading of the customer's points with its source."""
    rows = [
        {
            "line": line,
            "register": words.register_title(line.register_kind),
            "marks": words.marks_of(line),
            "source": words.source_title(line.source),
        }
        for line in reading_history_of_customer(request.who.customer_id, limit=READINGS)
        if line.current_index is not None
    ]
    wanted = request.GET.get("format")
    if wanted in ("csv", "xlsx"):
        return exported(wanted, f"chi-so-{request.who.customer_code}", *_readings_table(rows))
    return render(request, "portal/readings.html", {"rows": rows})


def _readings_table(rows: Sequence[dict[str, object]]) -> tuple[list[str], list[list[Cell]]]:
    heads = [
        _("Điểm đo"), _("Bộ chỉ số"), _("Từ ngày"), _("Đến ngày"), _("Chỉ số cũ"),
        _("Chỉ số mới"), _("Hệ số nhân"), _("Điện năng (kWh)"), _("Ghi chú"), _("Nguồn"),
    ]  # fmt: skip
    cells: list[list[Cell]] = []
    for row in rows:
        line = row["line"]
        cells.append([
            line.point_code, line.register_kind, line.first_day, line.last_day,  # type: ignore[attr-defined]
            line.previous_index, line.current_index, line.multiplier,  # type: ignore[attr-defined]
            line.consumption_kwh, str(row["marks"]), str(row["source"]),  # type: ignore[attr-defined]
        ])  # fmt: skip
    return heads, cells


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def contact(request: CustomerRequest) -> HttpResponse:
    """Where payment notices go."""
    at = now()
    today = local_date(at)
    card = request.customer
    if request.method != "POST":
        chosen = customer_queries.preferences_of(request.who, card.code, today)[PAYMENT]
        form = ChannelForm(email=card.email, phone=card.phone, now=chosen)
        return render(request, "portal/contact.html", {"form": form, "customer": card})
    form = ChannelForm(request.POST, email=card.email, phone=card.phone)
    if not form.is_valid():
        return render(request, "portal/contact.html", {"form": form, "customer": card}, status=422)
    try:
        customers.set_preference(
            request.who,
            card.code,
            purpose=PAYMENT,
            channel=form.cleaned_data["channel"],
            on=today,
            actor="portal",
            at=at,
        )
    except UnableToSetPreference as error:
        form.add_error("channel", error.message(request.LANGUAGE_CODE))  # type: ignore[attr-defined]
        return render(request, "portal/contact.html", {"form": form, "customer": card}, status=422)
    messages.success(request, _("Đã ghi nhận cách nhận thông báo."))
    return redirect("portal:contact")

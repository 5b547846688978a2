"""A bill with the law beside it, for anybody and any numbers. Nothing is stored."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cmis.engine.clock import local_date
from cmis.interfaces.portal import words
from cmis.interfaces.portal.exports import download
from cmis.interfaces.portal.law.calculator_form import (
    LONGEST_MONTH_DAYS,
    CalculatorForm,
    month_before,
)
from cmis.interfaces.portal.sessions import now, private
from cmis.interfaces.ui import formatting
from cmis.interfaces.ui.charts import Bar
from cmis.kernel.amount_words import amount_in_words
from cmis.rules.rating import ExplainedBill, ExplainedLine, Refused, Switches, explain
from cmis.rules.rating.numbers_shown import percent_shown
from cmis.rules.rating.receipt import receipt_of
from cmis.rules.tariffs import load_law


@require_safe
@private
def calculator(request: HttpRequest) -> HttpResponse:
    """The form alone, the bill of what it holds, or what to mend; the address keeps all input."""
    law = load_law()
    language: str = request.LANGUAGE_CODE  # type: ignore[attr-defined]
    today = local_date(now())
    usual = _usual(today)
    form = CalculatorForm(
        usual | _asked(request) if request.GET else None,
        law=law,
        language=language,
        today=today,
        initial=usual,
    )
    page: dict[str, object] = {"form": form}
    if not form.is_bound:
        return render(request, "portal/law/calculator.html", page)
    if not form.is_valid():
        return render(request, "portal/law/calculator.html", page, status=422)
    switches = Switches(allow_unverified_prices=settings.CMIS_ALLOW_UNVERIFIED_PRICES)
    answer = explain(form.case(switches), law)
    if isinstance(answer, Refused):
        page["refused"] = answer.message(language)
        return render(request, "portal/law/calculator.html", page, status=422)
    if request.GET.get("format") == "json":
        return download(receipt_of(answer).encode(), "application/json", "bien-nhan-tinh-thu.json")
    page |= _bill(answer, language)
    page["receipt_query"] = _query_with(request, "json")
    return render(request, "portal/law/calculator.html", page)


def _usual(today: date) -> dict[str, str]:
    """What is calculated when nothing else is said: one household, the month before, in full."""
    first, last = month_before(today)
    return {
        "households": "1",
        "first": formatting.vn_date(first),
        "last": formatting.vn_date(last),
        "norms": "full",
    }


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the address says; of two days, neither is filled in when one was given."""
    asked = {name: value for name, value in request.GET.items() if value.strip()}
    days = {"first", "last"} & set(asked)
    return asked | {name: "" for name in {"first", "last"} - days if days}


def _query_with(request: HttpRequest, kind: str) -> str:
    query = request.GET.copy()
    query["format"] = kind
    return query.urlencode()


def _bill(bill: ExplainedBill, language: str) -> dict[str, object]:
    period = bill.case.period
    assert period is not None  # the form always gives days
    rows = [_line(bill, line, language) for line in bill.lines]
    return {
        "bill": bill,
        "days": period.days,
        "period": period,
        "rows": rows,
        "bars": [Bar(str(row["label"]), row["line"].kwh) for row in rows],  # type: ignore[attr-defined]
        "steps": [step.text(language) for step in bill.steps],
        "vat_percent": percent_shown(bill.vat_rate_bp),
        "in_words": amount_in_words(bill.total_vnd) if language == "vi" else "",
        "is_long": period.days > LONGEST_MONTH_DAYS and not bill.case.prorate,
        "decisions": [part.decision for part in bill.plan.parts],
    }


def _line(bill: ExplainedBill, line: ExplainedLine, language: str) -> dict[str, object]:
    """One line of the table and the name of its bar; days only where prices changed inside."""
    title = words.line_title(
        line.item.code if line.item else "", str(line.tier or line.register), language
    )
    parts = bill.plan.parts
    label = _("Bậc %(tier)s") % {"tier": line.tier} if line.tier else title
    if len(parts) > 1 and line.decision is not None:
        label = f"{label} ({line.decision.code})"
    return {
        "title": title,
        "label": label,
        "line": line,
        "days": parts[line.part].days if len(parts) > 1 else None,
        "because": line.reason.text(language),
        "reference": line.reference,
    }

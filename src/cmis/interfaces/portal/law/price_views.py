"""Every price decision for everybody: by number or by day, beside another one, as a file."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cmis.engine.clock import local_date
from cmis.interfaces.portal.exports import exported
from cmis.interfaces.portal.law import price_page
from cmis.interfaces.portal.sessions import now
from cmis.interfaces.ui.fields import DayField
from cmis.rules.tariffs import Law, PriceDecision, load_law
from cmis.rules.tariffs.errors import UnableToFindPriceDecision


class ChoiceForm(forms.Form):
    """Which decision, and which one beside it. A day goes before a number."""

    on = DayField(label=gettext_lazy("Ngày dùng điện"), required=False)
    decision = forms.ChoiceField(label=gettext_lazy("Quyết định"), required=False)
    against = forms.ChoiceField(label=gettext_lazy("So sánh với"), required=False)

    def __init__(self, data: object, *, law: Law) -> None:
        super().__init__(data, auto_id="%s")  # type: ignore[arg-type]
        self.law = law
        numbers = [
            (decision.code.partition("/")[0], decision.reference)
            for decision in reversed(law.decisions)
        ]
        self.fields["decision"].choices = [("", _("theo ngày")), *numbers]  # type: ignore[attr-defined]
        self.fields["against"].choices = [("", _("không so sánh")), *numbers]  # type: ignore[attr-defined]

    def chosen(self, today: object) -> PriceDecision | None:
        """The decision asked for, that of today when nothing was asked; None with an error."""
        if not self.is_valid():
            return None
        day, number = self.cleaned_data["on"], self.cleaned_data["decision"]
        if day is None and number:
            return self.law.decision(number)
        try:
            return self.law.price_decision_on(day or today)
        except UnableToFindPriceDecision:
            first = self.law.decisions[0].effective_from
            self.add_error(
                "on",
                _("Chưa có quyết định giá nào cho ngày này; sớm nhất là %(day)s.")
                % {"day": f"{first:%d/%m/%Y}"},
            )
            return None


@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """Prices, VAT, hours and fees with their sources."""
    law = load_law()
    language: str = request.LANGUAGE_CODE  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "") for name in ("on", "decision", "against")}
    form = ChoiceForm(asked, law=law)
    decision = form.chosen(local_date(now()))
    if decision is not None and request.GET.get("format") in ("csv", "xlsx"):
        return _file(request.GET["format"], decision, language)
    context: dict[str, object] = {"form": form, "decisions": price_page.decisions(law)}
    if decision is not None:
        against = form.cleaned_data["against"]
        context |= {
            "decision": decision,
            "number": decision.code.partition("/")[0],
            "groups": price_page.groups(decision, language),
            "other": law.decision(against) if against else None,
            "rows": price_page.differences(law.decision(against), decision, language)
            if against
            else [],
        } | price_page.law_beside(law, decision)
    return render(
        request, "portal/law/prices.html", context, status=200 if decision is not None else 422
    )


def _file(kind: str, decision: PriceDecision, language: str) -> HttpResponse:
    heads = [
        _("Quyết định"), _("Từ ngày"), _("Đến ngày"), _("Mã giá"), _("Đối tượng"), _("Nhóm"),
        _("Bậc hoặc giờ"), _("Định mức (kWh)"), _("Giá (đ/kWh)"), _("Độ tin cậy"),
    ]  # fmt: skip
    number = decision.code.partition("/")[0]
    return exported(kind, f"gia-dien-{number}", heads, price_page.price_table(decision, language))

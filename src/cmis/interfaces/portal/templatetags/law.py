"""``{% bill_change bill previous %}``: why a bill differs from the one before it."""

from django import template
from django.utils.translation import get_language

from cmis.interfaces.ui import formatting
from cmis.interfaces.ui.charts import per_mille
from cmis.journeys.compare_bills import change_between
from cmis.modules.billing.types import BillFacts
from cmis.rules.rating.compare import BillChange

register = template.Library()
#: Half of the drawing, in thousandths: bars grow from the middle to either side.
MIDDLE = 500


@register.inclusion_tag("portal/law/compare.html")
def bill_change(bill: BillFacts, previous: BillFacts | None) -> dict[str, object]:
    """One sentence and a bar for each cause; nothing when there is nothing to compare."""
    change = change_between(previous, bill)
    if change is None:
        return {"change": None}
    language = get_language() or "vi"
    return {
        "change": change,
        "sentence": change.sentence(language),
        "parts": drawn_parts(change, language),
        "total": signed(change.change_vnd),
    }


def drawn_parts(change: BillChange, language: str) -> list[dict[str, object]]:
    """Causes that moved the bill, with the place and width of their bars in percent."""
    parts = [part for part in change.parts if part.amount_vnd]
    longest = max((abs(part.amount_vnd) for part in parts), default=0)
    rows = []
    for part in parts:
        share = per_mille(abs(part.amount_vnd), longest) // 2
        rises = part.amount_vnd > 0
        rows.append(
            {
                "label": part.label(language),
                "rises": rises,
                "x": _percent(MIDDLE if rises else MIDDLE - share),
                "width": _percent(share),
                "shown": signed(part.amount_vnd),
            }
        )
    return rows


def _percent(thousandths: int) -> str:
    return f"{thousandths // 10}.{thousandths % 10}%"


def signed(amount_vnd: int) -> str:
    """``+12.345 đ`` or ``−12.345 đ``; nothing has no sign."""
    sign = "+" if amount_vnd > 0 else "−" if amount_vnd < 0 else ""
    return f"{sign}{formatting.vnd(abs(amount_vnd))}"

"""The law as one open JSON: prices, ladders, VAT and the k table with their references.

It is what the independent verifier of receipts computes with, and what a public endpoint gives out.
"""

from datetime import date

from cmis.rules.tariffs.price_listing import decision_values
from cmis.rules.tariffs.schema import (
    FIRST_DAY,
    LAST_DAY,
    FlatPrice,
    LadderPrice,
    Law,
    PriceItem,
)

FORMAT = "cmis-prices-1"


def open_data(law: Law) -> dict[str, object]:
    """Plain values, ready for JSON; days ISO and inclusive, null = no known border."""
    return {
        "format": FORMAT,
        "law_digest": law.digest,
        "decisions": [
            {
                **decision_values(decision),
                "items": {code: _item(item) for code, item in decision.items.items()},
            }
            for decision in law.decisions
        ],
        "vat": [
            {
                "from": _day(rate.first_day, FIRST_DAY),
                "to": _day(rate.last_day, LAST_DAY),
                "rate_bp": rate.rate_bp,
                "legal_reference": rate.legal_reference,
            }
            for rate in law.vat_rates
        ],
        "reactive": {
            "legal_reference": law.reactive.legal_reference,
            "free_from_cos_phi": law.reactive.free_from_cos_phi,
            "k_below": law.reactive.k_below,
            "k_by_cos_phi": {str(cos): k for cos, k in law.reactive.k_by_cos_phi.items()},
        },
        "undeclared_renter_tier": law.renters.undeclared_tier,
    }


def _day(day: date, border: date) -> str | None:
    return None if day == border else day.isoformat()


def _item(item: PriceItem) -> dict[str, object]:
    values: dict[str, object] = {
        "name_vi": item.name.vi,
        "name_en": item.name.en,
        "group": item.group,
        "confidence": item.confidence.value,
    }
    form = item.form
    if isinstance(form, LadderPrice):
        pairs = zip(form.norms_kwh, form.prices_vnd_per_kwh, strict=True)
        return values | {"tiers": [list(pair) for pair in pairs]}
    if isinstance(form, FlatPrice):
        return values | {"price": form.price_vnd_per_kwh}
    return values | {
        "prices": {
            "BT": form.normal_vnd_per_kwh,
            "TD": form.off_peak_vnd_per_kwh,
            "CD": form.peak_vnd_per_kwh,
        }
    }

"""A price decision as rows of single prices, for pages, the open data and comparisons."""

from collections.abc import Iterator
from dataclasses import dataclass

from cmis.rules.tariffs.schema import (
    FlatPrice,
    LadderPrice,
    PriceDecision,
    PriceItem,
)


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price. ``label`` is the tier (``1``…), the register (BT, TD, CD) or empty; ``norm_kwh``
    is the width of a tier, None = the rest or no tier."""

    item: PriceItem
    label: str
    price_vnd_per_kwh: int
    norm_kwh: int | None = None


def price_rows(decision: PriceDecision) -> Iterator[PriceRow]:
    """Every price of the decision in its order."""
    for item in decision.items.values():
        form = item.form
        if isinstance(form, FlatPrice):
            yield PriceRow(item, "", form.price_vnd_per_kwh)
        elif isinstance(form, LadderPrice):
            pairs = zip(form.norms_kwh, form.prices_vnd_per_kwh, strict=True)
            for tier, (norm, price) in enumerate(pairs, start=1):
                yield PriceRow(item, str(tier), price, norm)
        else:
            yield PriceRow(item, "BT", form.normal_vnd_per_kwh)
            yield PriceRow(item, "TD", form.off_peak_vnd_per_kwh)
            yield PriceRow(item, "CD", form.peak_vnd_per_kwh)


def price_differences(
    before: PriceDecision, after: PriceDecision
) -> list[tuple[str, str, int | None, int | None]]:
    """(item, label, price before, price after) wherever they differ; None = no such price."""
    old = {(row.item.code, row.label): row.price_vnd_per_kwh for row in price_rows(before)}
    new = {(row.item.code, row.label): row.price_vnd_per_kwh for row in price_rows(after)}
    keys = list(new) + [key for key in old if key not in new]
    return [(*key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def decision_values(decision: PriceDecision) -> dict[str, object]:
    """Dates, average and sources of a decision as plain values."""
    return {
        "decision": decision.code,
        "issuer": decision.issuer,
        "issued": decision.issued.isoformat(),
        "effective_from": decision.effective_from.isoformat(),
        "effective_to": decision.effective_to.isoformat() if decision.effective_to else None,
        "average_retail_price_vnd_per_kwh": str(decision.average_retail_price_vnd_per_kwh),
        "legal_basis": decision.legal_basis,
        "items": len(decision.items),
        "sources": {name: list(sources) for name, sources in decision.sources.items()},
    }

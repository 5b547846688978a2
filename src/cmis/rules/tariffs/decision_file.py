"""One price decision file, ``qd_*.yaml``, into a :class:`PriceDecision`."""

from collections.abc import Mapping
from types import MappingProxyType

from cmis.kernel.errors import Bilingual
from cmis.rules.tariffs.schema import (
    LAST_DAY,
    Confidence,
    FlatPrice,
    LadderPrice,
    PriceDecision,
    PriceForm,
    PriceItem,
    TimeOfUsePrice,
)
from cmis.rules.tariffs.strict_yaml import Node

#: Prices above this are a slip of the keyboard, not a price; also keeps products inside int64.
PRICE_LIMIT_VND_PER_KWH = 100_000
#: The kinds of price rows; a row has exactly one of them.
_FORMS = ("tiers", "prices", "prices_by_voltage", "price")


class ItemNames:
    """English names and the suffixes of voltage-split rows (``items.yaml``)."""

    def __init__(self, node: Node) -> None:
        names = node.child("names_en")
        self.english = {code: names.text(code) for code in names.unread()}
        self.voltages: dict[str, tuple[str, str]] = {}
        voltages = node.child("voltages")
        for key in voltages.unread():
            voltage = voltages.child(key)
            self.voltages[key] = (voltage.text("suffix"), voltage.text("name_vi"))
            voltage.done()
        node.done()

    def bilingual(self, node: Node, code: str, name_vi: str) -> Bilingual:
        if code not in self.english:
            raise node.refuse(code, "items.yaml has no English name for this item")
        return Bilingual(name_vi, self.english[code])


def read_decision(node: Node, names: ItemNames, file_name: str) -> PriceDecision:
    """Read a decision strictly.

    Raises:
        UnableToLoadLaw: with the place and what is wrong.
    """
    code = node.text("decision")
    effective_from = node.day("effective_from")
    effective_to = node.optional_day("effective_to", LAST_DAY)
    if effective_to < effective_from:
        raise node.refuse("effective_to", "the decision ends before it starts")
    for key, expected in (("currency", "VND"), ("unit", "VND/kWh")):
        if node.text(key) != expected:
            raise node.refuse(key, f"{expected} is expected")
    if node.boolean("vat_included"):
        raise node.refuse("vat_included", "prices must be before VAT")
    basis = node.child("legal_basis")
    legal_basis = basis.text("tariff_structure")
    basis.done()
    node.child("tou_periods").rest()
    decision = PriceDecision(
        code=code,
        issuer=node.text("issuer"),
        issued=node.day("issued"),
        effective_from=effective_from,
        effective_to=None if effective_to == LAST_DAY else effective_to,
        average_retail_price_vnd_per_kwh=node.decimal("average_retail_price"),
        legal_basis=legal_basis,
        items=MappingProxyType(_items(node, names)),
        notes=node.texts("notes") if "notes" in node else (),
        sources=_sources(node.child("sources")),
        file_name=file_name,
    )
    node.done()
    return decision


def _sources(node: Node) -> Mapping[str, tuple[str, ...]]:
    sources = {key: node.texts(key) for key in node.unread()}
    if not sources:
        raise node.refuse("sources", "a decision must name its sources")
    return MappingProxyType(sources)


def _items(node: Node, names: ItemNames) -> dict[str, PriceItem]:
    items: dict[str, PriceItem] = {}
    for row in node.children("items"):
        for item in _read_item(row, names):
            if item.code in items:
                raise row.refuse("code", f"the item {item.code} stands twice")
            items[item.code] = item
    return items


def _read_item(row: Node, names: ItemNames) -> list[PriceItem]:
    code = row.text("code")
    row.place = f"{row.place} ({code})"
    group = row.text("group")
    name_vi = row.text("name_vi")
    confidence_text = row.text("confidence")
    if confidence_text not in set(Confidence):
        raise row.refuse("confidence", f"one of {', '.join(Confidence)} is expected")
    check = row.optional_text("plausibility_check")
    warning = row.optional_text("warning")
    forms = _forms(row, code, names)
    row.done()
    return [
        PriceItem(
            code=item_code,
            base_code=code,
            group=group,
            name=names.bilingual(row, item_code, name_vi + suffix_vi),
            confidence=Confidence(confidence_text),
            form=form,
            plausibility_check=check,
            warning=warning,
        )
        for item_code, suffix_vi, form in forms
    ]


def _forms(row: Node, code: str, names: ItemNames) -> list[tuple[str, str, PriceForm]]:
    """(item code, addition to the Vietnamese name, prices) of a row; two of them by voltage."""
    present = [key for key in _FORMS if key in row]
    if len(present) != 1:
        raise row.refuse(code, f"exactly one of {', '.join(_FORMS)} is expected")
    if present[0] == "tiers":
        return [(code, "", _ladder(row))]
    if present[0] == "price":
        return [(code, "", FlatPrice(_price(row, "price")))]
    prices = row.child(present[0])
    if present[0] == "prices":
        form = TimeOfUsePrice(_price(prices, "BT"), _price(prices, "TD"), _price(prices, "CD"))
        prices.done()
        return [(code, "", form)]
    split: list[tuple[str, str, PriceForm]] = [
        (f"{code}_{suffix}", f", {name_vi}", FlatPrice(_price(prices, voltage)))
        for voltage, (suffix, name_vi) in names.voltages.items()
    ]
    prices.done()
    return split


def _price(node: Node, key: str) -> int:
    return node.integer(key, least=1, most=PRICE_LIMIT_VND_PER_KWH)


def _ladder(row: Node) -> LadderPrice:
    norms: list[int | None] = []
    prices: list[int] = []
    for tier in row.children("tiers"):
        if tier.integer("tier") != len(prices) + 1:
            raise tier.refuse("tier", f"tier {len(prices) + 1} is expected")
        key = "norm_kwh_per_household_month"
        rest = tier.optional(key) if tier.is_null(key) else tier.integer(key, least=1)
        norms.append(rest if isinstance(rest, int) else None)
        prices.append(_price(tier, "price"))
        tier.done()
    if norms.count(None) != 1 or norms[-1] is not None:
        raise row.refuse("tiers", "the last tier, and only it, must be the rest (null)")
    return LadderPrice(tuple(norms), tuple(prices))

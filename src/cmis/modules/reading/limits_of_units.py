"""Which limits judge a row: the law's defaults by price class, with what the unit ordered."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache

from cmis.formats.hhu.price_string import read_price_text
from cmis.modules.organisation import queries as organisation
from cmis.rules.tariffs.errors import UnableToMapPriceGroup
from cmis.rules.tariffs.loader import load_law
from cmis.rules.tariffs.price_groups import item_for_group
from cmis.rules.vee.limits import Limits, PriceClass, limits_for

#: Unit parameter: ``{"over_percent": 150, "production": {"soft_kwh": 800}}`` (READ-20).
PARAMETER = "reading_limits"
#: Beginning of a price item → class; anything else is judged as a household, the strictest.
CLASS_OF_ITEM = {
    "SX": PriceClass.PRODUCTION,
    "KD": PriceClass.BUSINESS,
    "HC": PriceClass.ADMINISTRATIVE,
}
_NUMBERS = frozenset(field.name for field in fields(Limits))


def limits_of(unit_id: int, on: date) -> dict[PriceClass, Limits]:
    """Limits of every price class for one unit and day."""
    ordered = organisation.parameter(unit_id, PARAMETER, on, {})
    ordered = ordered if isinstance(ordered, Mapping) else {}
    found: dict[PriceClass, Limits] = {}
    for price_class in PriceClass:
        own = ordered.get(price_class.value)
        changes = _numbers(ordered) | (_numbers(own) if isinstance(own, Mapping) else {})
        found[price_class] = replace(limits_for(price_class, on=on), **changes)
    return found


def _numbers(ordered: Mapping[str, object]) -> dict[str, int]:
    """Whole numbers among the ordered values; a list or a text orders nothing."""
    return {
        name: value
        for name, value in ordered.items()
        if name in _NUMBERS and isinstance(value, int) and not isinstance(value, bool)
    }


@lru_cache(maxsize=4096)
def price_class_of(price_text: str, on: date) -> PriceClass:
    """The class of the purposes in a price text; with several the one with the widest limits."""
    classes = price_classes_of(price_text, on)
    for price_class in CLASS_OF_ITEM.values():
        if price_class in classes:
            return price_class
    return PriceClass.HOUSEHOLD


@lru_cache(maxsize=4096)
def price_classes_of(price_text: str, on: date) -> frozenset[PriceClass]:
    """Every class among the purposes of a price text."""
    return frozenset(_class_of(group, sub_code, on) for group, sub_code in _groups(price_text))


def _class_of(group: str, sub_code: str, on: date) -> PriceClass:
    try:
        item = item_for_group(load_law(), group=group, sub_code=sub_code, on=on)
    except UnableToMapPriceGroup:
        return PriceClass.HOUSEHOLD
    return CLASS_OF_ITEM.get(item[:2], PriceClass.HOUSEHOLD)


def _groups(price_text: str) -> set[tuple[str, str]]:
    return {
        (term.group_code, term.sub_code or "")
        for group in read_price_text(price_text).groups
        for term in group.terms
    }

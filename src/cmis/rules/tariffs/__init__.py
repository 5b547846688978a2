"""Floor 1: the law as dated data. ``load_law()`` reads it strictly, once."""

from cmis.rules.tariffs.loader import load_law
from cmis.rules.tariffs.price_groups import item_for_group
from cmis.rules.tariffs.schema import Law, PriceDecision, PriceItem

__all__ = ["Law", "PriceDecision", "PriceItem", "item_for_group", "load_law"]

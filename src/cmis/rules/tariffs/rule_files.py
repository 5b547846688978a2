"""The rule files beside the decisions: ladders, VAT, reactive power, price groups."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from cmis.kernel.errors import Bilingual
from cmis.rules.tariffs.schema import (
    FIRST_DAY,
    LAST_DAY,
    Certainty,
    GroupRow,
    LadderStructure,
    MixedUseRule,
    PriceGroups,
    ReactiveTable,
    RenterRule,
    VatRate,
    next_day,
)
from cmis.rules.tariffs.strict_yaml import Node


def certainty(node: Node) -> Certainty:
    text = node.text("certainty")
    if text not in set(Certainty):
        raise node.refuse("certainty", f"one of {', '.join(Certainty)} is expected")
    return Certainty(text)


def hundredths(node: Node, key: str, scale: int) -> int:
    """A decimal in quotes as a whole number of ``1/scale``; refuses what is not whole."""
    scaled = node.decimal(key) * scale
    if scaled != scaled.to_integral_value() or scaled < 0:
        raise node.refuse(key, f"a decimal with at most 1/{scale} steps is expected")
    return int(scaled)


def read_ladders(
    node: Node,
) -> tuple[Mapping[str, LadderStructure], RenterRule, MixedUseRule]:
    """``tiers.yaml``: the ladder structures, the rules of renters and of mixed use; the rest of the
    file is prose beside its parameters and is checked for its known headings only.
    """
    ladders: dict[str, LadderStructure] = {}
    for row in node.children("ladders"):
        ladder = _ladder_structure(row)
        if ladder.code in ladders:
            raise row.refuse("id", f"the ladder {ladder.code} stands twice")
        ladders[ladder.code] = ladder
    for heading in (
        "wholesale_ladders",
        "proration",
        "households",
        "wrong_price_group",
    ):
        node.child(heading).rest()
    renters = node.child("renters")
    undeclared = renters.child("undeclared")
    ladder_code = undeclared.text("ladder")
    if ladder_code not in ladders:
        raise undeclared.refuse("ladder", f"there is no ladder {ladder_code}")
    rule = RenterRule(
        people_per_household=renters.integer("people_per_household", least=1, most=20),
        undeclared_tier=undeclared.integer("tier", least=1, most=20),
        legal_reference=renters.text("legal_reference"),
    )
    renters.rest()
    mixed_use = _mixed_use(node.child("mixed_purpose"))
    node.done()
    return MappingProxyType(ladders), rule, mixed_use


def _mixed_use(node: Node) -> MixedUseRule:
    household = node.child("new_rule")
    rule = MixedUseRule(
        household_item=household.text("household_item"),
        effective_from=household.day("effective_from"),
        legal_reference=household.text("legal_reference"),
    )
    household.rest()
    node.rest()
    return rule


def _ladder_structure(row: Node) -> LadderStructure:
    norms = row.items("norms")
    if not all(isinstance(norm, int) for norm in norms[:-1]) or norms[-1] is not None:
        raise row.refuse("norms", "whole kWh and null for the last tier are expected")
    ladder = LadderStructure(
        code=row.text("id"),
        norms_kwh=tuple(norm if isinstance(norm, int) else None for norm in norms),
        in_force=row.boolean("in_force"),
        legal_reference=row.text("legal_reference"),
        certainty=certainty(row),
        percents_of_average=_percents(row.child("price_as_percent_of_average")),
    )
    if len(ladder.percents_of_average) != len(ladder.norms_kwh):
        raise row.refuse("price_as_percent_of_average", "one value for each tier is expected")
    for key in (
        "effective_from",
        "effective_to",
        "effective_from_note",
        "activation",
        "voltage_levels",
    ):
        row.optional(key)
    row.done()
    return ladder


def _percents(node: Node) -> tuple[int, ...]:
    values = [Decimal(text) * 100 for text in node.texts("values")]
    node.rest()
    return tuple(int(value) for value in values)


def read_vat(node: Node) -> tuple[VatRate, ...]:
    """``vat.yaml``; rates must follow each other without gap or overlap."""
    rates: list[VatRate] = []
    for row in node.children("periods"):
        rate = VatRate(
            first_day=row.optional_day("from", FIRST_DAY),
            last_day=row.optional_day("to", LAST_DAY),
            rate_bp=hundredths(row, "rate", 10_000),
            legal_reference=row.text("legal_reference"),
            certainty=certainty(row),
        )
        if rate.last_day < rate.first_day:
            raise row.refuse("to", "the rate ends before it starts")
        refuse_gap(row, [(known.first_day, known.last_day) for known in rates], rate.first_day)
        row.done()
        rates.append(rate)
    for key in ("tax", "applies_to", "general_rate", "observed", "date_rule", "rounding"):
        node.raw(key)
    node.done()
    return tuple(rates)


def refuse_gap(node: Node, earlier: list[tuple[date, date]], first_day: date) -> None:
    """Refuse a row that does not start on the day after the one before it.

    Raises:
        UnableToLoadLaw: overlap or gap.
    """
    if not earlier:
        return
    last_day = earlier[-1][1]
    if first_day <= last_day:
        raise node.refuse("from", f"overlaps the row before, which holds until {last_day}")
    if first_day != next_day(last_day):
        raise node.refuse("from", f"leaves a gap after {last_day}")


def read_reactive(node: Node) -> ReactiveTable:
    """``reactive.yaml``; every row must equal half-up((0.9 / cos φ − 1) × 100)."""
    k_by_cos_phi: dict[int, int] = {}
    free_from, k_below, floor = 0, 0, 0
    for row in node.children("k_percent"):
        text = row.text("cos_phi")
        k = hundredths(row, "k", 100)
        row.done()
        value = Decimal(text.lstrip("<>=")) * 100
        if text.startswith(">="):
            free_from = int(value)
        elif text.startswith("<"):
            floor, k_below = int(value), k
        else:
            k_by_cos_phi[int(value)] = k
    if sorted(k_by_cos_phi, reverse=True) != list(range(free_from - 1, floor - 1, -1)):
        raise node.refuse("k_percent", "cos φ must fall by 0.01 without gap or double row")
    who = node.child("who")
    table = ReactiveTable(
        effective_from=node.day("effective_from"),
        legal_reference=node.text("legal_reference"),
        registered_pmax_kw_min=who.integer("registered_pmax_kw_min", least=1),
        free_from_cos_phi=free_from,
        k_by_cos_phi=MappingProxyType(k_by_cos_phi),
        k_below=k_below,
    )
    who.rest()
    certainty(node)
    for key in (
        "also_seen",
        "effective_to",
        "cos_phi",
        "formula",
        "amount_rounding",
        "vat",
        "paid_with",
        "table_check",
    ):
        node.raw(key)
    node.done()
    return table


def read_price_groups(node: Node) -> PriceGroups:
    """``price_groups.yaml``; rows of one group and sub-code must not overlap."""
    classes = node.texts("voltage_classes")
    certainty(node)
    node.text("note")
    voltage = node.child("default_voltage")
    default_voltage = voltage.text("value")
    voltage.rest()
    administrative = node.child("administrative_item")
    default_item = administrative.text("default")
    administrative.rest()
    rows: list[GroupRow] = []
    for child in node.children("groups"):
        row = _group_row(child, classes)
        for known in rows:
            same = known.group == row.group and set(known.sub_codes) & set(row.sub_codes)
            if same and known.first_day <= row.last_day and row.first_day <= known.last_day:
                raise child.refuse("effective_from", f"overlaps another row of {row.group}")
        rows.append(row)
    node.done()
    return PriceGroups(default_voltage, default_item, tuple(rows))


def _group_row(child: Node, classes: tuple[str, ...]) -> GroupRow:
    items = child.child("items")
    row = GroupRow(
        group=child.text("group"),
        sub_codes=child.texts("sub_codes"),
        first_day=child.optional_day("effective_from", FIRST_DAY),
        last_day=child.optional_day("effective_to", LAST_DAY),
        legal_reference=child.text("legal_reference"),
        name=Bilingual(child.text("name_vi"), child.text("name_en")),
        item_by_voltage=MappingProxyType({key: items.text(key) for key in classes}),
    )
    items.done()
    child.done()
    return row

"""Load the law from its data files, strictly, once."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cmis.rules.tariffs.decision_file import ItemNames, read_decision
from cmis.rules.tariffs.fee_files import read_fees, read_time_of_use
from cmis.rules.tariffs.rule_files import (
    read_ladders,
    read_price_groups,
    read_reactive,
    read_vat,
    refuse_gap,
)
from cmis.rules.tariffs.schema import LadderPrice, LadderStructure, Law, PriceDecision
from cmis.rules.tariffs.strict_yaml import Node, parse

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=8)
def load_law(directory: Path = DATA) -> Law:
    """The law of a directory of YAML files, read once a process.

    Raises:
        UnableToLoadLaw: unknown or missing keys, missing reference, overlaps, gaps, duplicates,
            floats, a ladder that is not in force; the message names file and key.
    """
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.yaml"))
    }
    nodes = {name: parse(text, name) for name, text in texts.items()}

    def node(name: str) -> Node:
        return nodes.pop(name) if name in nodes else parse("{}", name)

    names = ItemNames(node("items.yaml"))
    ladders, renters, mixed_use = read_ladders(node("tiers.yaml"))
    vat_rates = read_vat(node("vat.yaml"))
    reactive = read_reactive(node("reactive.yaml"))
    price_groups = read_price_groups(node("price_groups.yaml"))
    time_of_use = read_time_of_use(node("tou_hours.yaml"))
    fees = read_fees(node("fees.yaml"))
    decisions = _decisions(
        [(nodes.pop(name), name) for name in list(nodes) if name.startswith("qd_")], names
    )
    for name, left in nodes.items():
        raise left.refuse(name, "the schema does not know this file")
    for decision in decisions:
        _check_ladders(decision, ladders)
    return Law(
        digest=_digest(texts),
        decisions=decisions,
        ladders=ladders,
        renters=renters,
        mixed_use=mixed_use,
        vat_rates=vat_rates,
        reactive=reactive,
        price_groups=price_groups,
        time_of_use=time_of_use,
        fees=fees,
    )


def _digest(texts: dict[str, str]) -> str:
    """SHA-256 over names and contents, in the order of the names."""
    digest = hashlib.sha256()
    for name, text in sorted(texts.items()):
        digest.update(f"{name}\0{len(text)}\0{text}".encode())
    return digest.hexdigest()


def _decisions(files: list[tuple[Node, str]], names: ItemNames) -> tuple[PriceDecision, ...]:
    read = [(read_decision(node, names, name), node) for node, name in files]
    read.sort(key=lambda pair: pair[0].effective_from)
    spans: list[tuple[object, object]] = []
    codes: set[str] = set()
    for decision, node in read:
        if decision.code in codes:
            raise node.refuse("decision", f"the decision {decision.code} stands twice")
        codes.add(decision.code)
        refuse_gap(
            node,
            [(other.effective_from, other.last_day) for other, _ in read[: len(spans)]],
            decision.effective_from,
        )
        spans.append((decision.effective_from, decision.last_day))
    return tuple(decision for decision, _ in read)


def _check_ladders(decision: PriceDecision, ladders: Mapping[str, LadderStructure]) -> None:
    """Norms in a decision must be those of a ladder that is in force."""
    allowed = {ladder.norms_kwh for ladder in ladders.values() if ladder.in_force}
    for item in decision.items.values():
        if isinstance(item.form, LadderPrice) and item.form.norms_kwh not in allowed:
            raise Node({}, decision.file_name).refuse(
                item.code, f"its norms {item.form.norms_kwh} are no ladder in force"
            )

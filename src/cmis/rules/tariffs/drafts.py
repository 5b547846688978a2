"""A price decision that is not in force, as a law to rehearse with; the data files stay as they
are."""

import hashlib
from dataclasses import replace
from pathlib import Path

from cmis.rules.tariffs.decision_file import ItemNames, read_decision
from cmis.rules.tariffs.loader import DATA, load_law
from cmis.rules.tariffs.schema import FIRST_DAY, LadderPrice, Law, PriceDecision
from cmis.rules.tariffs.strict_yaml import parse


def read_draft(path: Path) -> PriceDecision:
    """A decision file checked like those in force, but for its dates.

    Raises:
        UnableToLoadLaw: the schema refuses it, or its blocks are no ladder that the law knows.
        OSError: the file cannot be read.
    """
    names = ItemNames(parse((DATA / "items.yaml").read_text(encoding="utf-8"), "items.yaml"))
    node = parse(path.read_text(encoding="utf-8"), path.name)
    decision = read_decision(node, names, path.name)
    known = {ladder.norms_kwh for ladder in load_law().ladders.values()}
    for item in decision.items.values():
        if isinstance(item.form, LadderPrice) and item.form.norms_kwh not in known:
            raise node.refuse(item.code, f"its norms {item.form.norms_kwh} are no known ladder")
    return decision


def law_with_only(decision: PriceDecision) -> Law:
    """The law in force with this decision pricing every day: what if it had always held?"""
    law = load_law()
    always = replace(decision, effective_from=FIRST_DAY, effective_to=None)
    digest = hashlib.sha256(f"{law.digest}\0{decision!r}".encode()).hexdigest()
    return replace(law, decisions=(always,), digest=digest)


def rehearsal_law(path: Path) -> Law:
    """The law of a decision file, or of a whole directory of data files.

    Raises:
        UnableToLoadLaw: see :func:`read_draft` and :func:`cmis.rules.tariffs.loader.load_law`.
    """
    return load_law(path) if path.is_dir() else law_with_only(read_draft(path))

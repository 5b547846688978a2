"""The words of the trade: one concept, one English word, one Vietnamese word."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Term:
    """One concept.

    ``exchange_fields`` are the names of the concept in exchanged files, if it has any; ``law`` is
    the article or process clause it comes from, empty where it is our own word.
    """

    term_en: str
    term_vi: str
    exchange_fields: tuple[str, ...]
    definition: str
    law: str


@cache
def glossary() -> Mapping[str, Term]:
    """Every term by its English word, in the order of ``glossary.csv``."""
    text = files("cmis.kernel").joinpath("glossary.csv").read_text(encoding="utf-8")
    terms = [_term(row) for row in csv.DictReader(text.splitlines())]
    return MappingProxyType({term.term_en: term for term in terms})


def _term(row: dict[str, str]) -> Term:
    fields = row["exchange_field"].split(",")
    return Term(
        term_en=row["term_en"],
        term_vi=row["term_vi"],
        exchange_fields=tuple(field.strip() for field in fields if field.strip()),
        definition=row["definition"],
        law=row["law"],
    )

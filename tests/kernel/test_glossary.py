"""One concept, one word, in both languages."""

import csv
import unicodedata
from importlib.resources import files

import pytest

from cmis.kernel.glossary import Term, glossary
from cmis.kernel.registers import RegisterKind

TERMS = list(glossary().values())


def test_a_term_has_both_words_its_fields_and_its_law() -> None:
    assert glossary()["dial digits"] == Term(
        term_en="dial digits",
        term_vi="số chữ số mặt đồng hồ",
        exchange_fields=(),
        definition="How many whole digits a register shows before it starts again from zero.",
        law="Process IV phụ lục I.II.6",
    )
    assert glossary()["multiplier"].exchange_fields == ("HSN",)
    assert glossary()["billing month"].exchange_fields == ("KY", "THANG", "NAM")
    assert glossary()["night"].exchange_fields == ()


def test_no_row_is_lost_between_file_and_reader() -> None:
    text = files("cmis.kernel").joinpath("glossary.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0] == ["term_en", "term_vi", "exchange_field", "definition", "law"]
    assert {len(row) for row in rows} == {5}
    assert len(TERMS) == len(rows) - 1 == 67


@pytest.mark.parametrize("side", ["term_en", "term_vi", "definition"])
def test_no_word_is_used_for_two_concepts(side: str) -> None:
    words = [getattr(term, side) for term in TERMS]
    assert all(words)
    assert sorted(set(words)) == sorted(words)


def test_an_exchange_field_names_one_concept_only() -> None:
    fields = [field for term in TERMS for field in term.exchange_fields]
    assert sorted(set(fields)) == sorted(fields)


def test_text_is_composed_and_tidy() -> None:
    for term in TERMS:
        for text in (term.term_en, term.term_vi, term.definition, term.law):
            assert text == unicodedata.normalize("NFC", text).strip()
        assert term.definition.endswith(".")


def test_every_import_register_has_its_word() -> None:
    fields = {field for term in TERMS for field in term.exchange_fields}
    assert {kind.value for kind in RegisterKind if kind.value[1] != "N"} <= fields


def test_the_glossary_cannot_be_changed_while_running() -> None:
    with pytest.raises(TypeError):
        glossary()["reading"] = TERMS[0]  # type: ignore[index]

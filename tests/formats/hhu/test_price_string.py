"""The grammar of the price string, with the forms seen in the field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.formats.hhu.failures import UnableToReadPriceText
from cmis.formats.hhu.price_string import PriceGroup, PriceTerm, PriceText, read_price_text
from tests.formats.hhu.samples import OUTBOUND, RETURNED, rows_of


def test_a_household_price_names_no_price() -> None:
    assert read_price_text(" KT: 100%*SHBT-A") == PriceText(
        (PriceGroup("KT", (PriceTerm(100, None, "SHBT", "A"),)),)
    )


def test_a_mixed_price_has_shares() -> None:
    [group] = read_price_text(" KT: 60%*2320-KDDV + 40%*SHBT-A").groups
    assert group.terms == (PriceTerm(60, 2320, "KDDV", None), PriceTerm(40, None, "SHBT", "A"))


def test_a_time_of_use_price_has_three_registers_and_newer_services_no_leading_blank() -> None:
    text = "BT: 100%*1518-SXBT-A; CD: 100%*2735-SXBT-A; TD: 100%*983-SXBT-A"
    read = read_price_text(text)
    assert [(group.segment, group.terms[0].price_vnd_per_kwh) for group in read.groups] == [
        ("BT", 1518),
        ("CD", 2735),
        ("TD", 983),
    ]
    assert read.leading_blank is False
    assert str(read) == text


def test_every_price_string_of_the_samples_is_written_back_exactly() -> None:
    texts = {row.fields["CHUOI_GIA"] for name in (*OUTBOUND, *RETURNED) for row in rows_of(name)}
    assert len(texts) == 7
    assert {str(read_price_text(text)) for text in texts} == texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "  KT: 100%*SHBT-A",
        " KT: 100%*SHBT-A ",
        " KT:100%*SHBT-A",
        " SG: 100%*SHBT-A",
        " KT: 90%*SHBT-A",
        " KT: 60%*SHBT-A + 60%*KDDV",
        " KT: 0100%*SHBT-A",
        " KT: 100%*01518-SXBT-A",
        " KT: 100%*1518",
        " KT: 100%*shbt",
        " KT: 100%*SHBT-A; KT: 100%*SHBT-A",
        " KT: 100%*SHBT-A;",
        " KT: 99.9%*SHBT-A + 0.1%*KDDV",
        " KT: ١٠٠%*SHBT-A",
        " KT: " + "1%*A + " * 1000,
    ],
)
def test_what_the_grammar_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(UnableToReadPriceText) as refusal:
        read_price_text(text)
    assert refusal.value.code == "READ-112"
    assert len(refusal.value.message("vi")) < 500


TERMS = st.builds(
    PriceTerm,
    st.integers(0, 100),
    st.none() | st.integers(0, 99_999),
    st.sampled_from(["SHBT", "SXBT", "CQHC", "KDDV", "A1"]),
    st.none() | st.sampled_from(["A", "N", "B2"]),
)


@given(st.lists(st.lists(TERMS, min_size=1, max_size=4), min_size=1, max_size=4), st.booleans())
def test_whatever_is_written_is_read_as_it_was(groups: list[list[PriceTerm]], blank: bool) -> None:
    segments = ("KT", "BT", "CD", "TD")
    text = PriceText(
        tuple(PriceGroup(segments[n], tuple(terms)) for n, terms in enumerate(groups)), blank
    )
    if all(sum(term.share_percent for term in terms) == 100 for terms in groups):
        assert read_price_text(str(text)) == text
    else:
        with pytest.raises(UnableToReadPriceText):
            read_price_text(str(text))


@given(st.text(max_size=60))
def test_any_text_is_read_exactly_or_refused(text: str) -> None:
    try:
        read = read_price_text(text)
    except UnableToReadPriceText:
        return
    assert str(read) == text

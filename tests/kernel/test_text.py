"""Vietnamese text: one form for one name, keys that meet, masks, grouped thousands."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.kernel.text import (
    code_key,
    group_thousands,
    masked,
    nfc,
    search_key,
    tidy,
    without_diacritics,
)

LETTERS = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
)
NAMES = st.text(alphabet=LETTERS + LETTERS.upper() + " ", max_size=60)


def test_the_same_name_typed_two_ways_is_one_name() -> None:
    decomposed = unicodedata.normalize("NFD", "Nguyễn Thị Đào")
    assert decomposed != "Nguyễn Thị Đào"
    assert nfc(decomposed) == "Nguyễn Thị Đào"
    assert tidy(f"  {decomposed}\t \n") == "Nguyễn Thị Đào"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Nguyễn Thị Đào", "Nguyen Thi Dao"),
        ("ĐẶNG đình đức", "DANG dinh duc"),
        ("Trưởng Ước", "Truong Uoc"),
        ("plain ASCII 09", "plain ASCII 09"),
    ],
)
def test_diacritics_are_folded(name: str, plain: str) -> None:
    assert without_diacritics(name) == plain


def test_every_vietnamese_letter_folds_to_one_plain_letter() -> None:
    for letter in LETTERS + LETTERS.upper():
        folded = without_diacritics(letter)
        assert len(folded) == 1
        assert folded.isascii()
        assert folded.isupper() == letter.isupper()


@given(name=NAMES)
def test_search_meets_however_the_name_is_typed(name: str) -> None:
    decomposed = unicodedata.normalize("NFD", name)
    keys = {search_key(text) for text in (name, decomposed, name.upper(), f" {name} ")}
    keys.add(search_key(without_diacritics(name)))
    assert len(keys) == 1
    (key,) = keys
    assert key == " ".join(key.split())
    assert key.isascii()


def test_search_keeps_words_apart_and_codes_together() -> None:
    assert search_key("Cty TNHH “Đại-Phát” (CN 2)") == "cty tnhh dai phat cn 2"
    assert code_key("PX01 0000-00.001") == "px01000000001"
    assert code_key("0900 000 123") == "0900000123"


@given(code=st.text(alphabet="PX0123456789 .-", max_size=30))
def test_a_code_is_found_whatever_marks_stand_in_it(code: str) -> None:
    bare = code.replace(" ", "").replace(".", "").replace("-", "")
    assert code_key(code) == bare.lower()


@pytest.mark.parametrize(
    ("code", "shown"), [("PX01000000001", "…001"), ("1234", "…234"), ("123", "…"), ("", "…")]
)
def test_a_masked_code_shows_three_characters_at_most(code: str, shown: str) -> None:
    assert masked(code) == shown


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1_000, "1.000"), (717_714, "717.714"), (-80_946, "-80.946")],
)
def test_thousands_are_grouped_the_vietnamese_way(number: int, text: str) -> None:
    assert group_thousands(number) == text


@given(number=st.integers(-(10**18), 10**18))
def test_grouping_changes_no_digit(number: int) -> None:
    assert int(group_thousands(number).replace(".", "")) == number
    assert group_thousands(number, mark=",") == f"{number:,}"

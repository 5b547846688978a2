"""Amounts in words: the worked table, and every amount reads back to itself."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cmis.kernel.amount_words import DIGITS, LIMIT, amount_in_words, number_in_words

UNITS = {word: digit for digit, word in enumerate(DIGITS)} | {"mốt": 1, "tư": 4, "lăm": 5}
SCALES = {"nghìn": 10**3, "triệu": 10**6}


@pytest.mark.parametrize(
    ("amount_vnd", "words"),
    [
        (0, "Không đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (105, "Một trăm linh năm đồng"),
        (115, "Một trăm mười lăm đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (32_075, "Ba mươi hai nghìn không trăm bảy mươi lăm đồng"),
        (717_714, "Bảy trăm mười bảy nghìn bảy trăm mười bốn đồng"),
        (1_000_005, "Một triệu không trăm linh năm đồng"),
        (1_001_000, "Một triệu không trăm linh một nghìn đồng"),
        (2_000_000_000, "Hai tỷ đồng"),
        (10_000_000_001, "Mười tỷ không trăm linh một đồng"),
        (
            45_321_015_000,
            "Bốn mươi lăm tỷ ba trăm hai mươi mốt triệu không trăm mười lăm nghìn đồng",
        ),
        (1_000_000_000_000, "Một nghìn tỷ đồng"),
        (-80_946, "Âm tám mươi nghìn chín trăm bốn mươi sáu đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (14, "Mười bốn đồng"),
        (20, "Hai mươi đồng"),
        (100, "Một trăm đồng"),
        (999, "Chín trăm chín mươi chín đồng"),
        (10**15, "Một triệu tỷ đồng"),
    ],
)
def test_amounts_are_written_as_invoices_write_them(amount_vnd: int, words: str) -> None:
    assert amount_in_words(amount_vnd) == words


def below_thousand(words: list[str]) -> int:
    """Read a group of up to three digits."""
    if "trăm" in words:
        at = words.index("trăm")
        return UNITS[words[0]] * 100 + below_thousand(words[at + 1 :])
    if not words:
        return 0
    if words[0] == "linh":
        return UNITS[words[1]]
    if "mươi" in words:
        return UNITS[words[0]] * 10 + (UNITS[words[2]] if len(words) > 2 else 0)
    if words[0] == "mười":
        return 10 + (UNITS[words[1]] if len(words) > 1 else 0)
    (unit,) = words
    return UNITS[unit]


def below_billion(words: list[str]) -> int:
    total, group = 0, list[str]()
    for word in words:
        if word in SCALES:
            total, group = total + below_thousand(group) * SCALES[word], []
        else:
            group.append(word)
    return total + below_thousand(group)


def read_back(words: str) -> int:
    """The number that a Vietnamese reader hears: written apart from the code it checks."""
    parts = words.split()
    if parts[0] == "âm":
        return -read_back(" ".join(parts[1:]))
    total, group = 0, list[str]()
    for word in parts:
        if word == "tỷ":
            total, group = (total + below_billion(group)) * 10**9, []
        else:
            group.append(word)
    return total + below_billion(group)


def spread(limit: int) -> st.SearchStrategy[int]:
    """Whole numbers with many empty groups as well as dense ones, up to the limit."""
    dense = st.integers(-limit, limit)
    group = st.sampled_from([0, 0, 1, 5, 10, 15, 21, 100, 105, 999])
    sparse = st.lists(group, min_size=1, max_size=5).map(
        lambda groups: sum(value * 1000**power for power, value in enumerate(groups))
    )
    return dense | sparse.filter(lambda value: value <= limit)


@given(number=spread(10**15))
@example(1_000_000_000_001)
@example(10**15)
@example(-(10**15))
def test_every_amount_reads_back_to_itself(number: int) -> None:
    assert read_back(number_in_words(number)) == number


@given(number=st.integers(0, 10**15))
def test_words_are_single_spaced_and_only_known_words(number: int) -> None:
    words = number_in_words(number)
    known = set(UNITS) | set(SCALES) | {"trăm", "mươi", "mười", "linh", "tỷ"}
    assert words == " ".join(words.split())
    assert set(words.split()) <= known


def test_two_amounts_never_share_their_words() -> None:
    assert len({number_in_words(number) for number in range(20_000)}) == 20_000


@pytest.mark.parametrize("number", [LIMIT, -LIMIT, 10**20])
def test_what_is_too_large_for_an_invoice_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="too large to be written in words"):
        amount_in_words(number)
    assert read_back(number_in_words(LIMIT - 1)) == LIMIT - 1

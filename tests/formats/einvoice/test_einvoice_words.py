"""Amounts in words can be read back, by a small reader of its own."""

from hypothesis import given
from hypothesis import strategies as st

from cmis.kernel.amount_words import amount_in_words

UNITS = {
    "không": 0,
    "một": 1,
    "mốt": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "tư": 4,
    "năm": 5,
    "lăm": 5,
    "sáu": 6,
    "bảy": 7,
    "tám": 8,
    "chín": 9,
}


def amount_of(words: str) -> int:
    """Read words as a listener does: digits gather into groups, scale words close them."""
    spoken = words.removesuffix(" đồng").lower().split()
    sign = 1
    if spoken[0] == "âm":
        sign, spoken = -1, spoken[1:]
    total = below_billion = group = digit = 0
    for word in spoken:
        if word in UNITS:
            digit = UNITS[word]
        elif word == "mười":
            group, digit = group + 10, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "trăm":
            group, digit = group + digit * 100, 0
        elif word == "linh":
            digit = 0
        elif word in ("nghìn", "triệu"):
            scale = 1_000 if word == "nghìn" else 1_000_000
            below_billion, group, digit = below_billion + (group + digit) * scale, 0, 0
        elif word == "tỷ":
            total = (total + below_billion + group + digit) * 10**9
            below_billion = group = digit = 0
        else:
            raise AssertionError(word)
    return sign * (total + below_billion + group + digit)


amounts = st.one_of(
    st.integers(-(10**15), 10**15),
    st.integers(0, 10**6),
    st.builds(lambda digits, power: digits * 10**power, st.integers(0, 2_000), st.integers(0, 12)),
)


@given(amounts)
def test_words_say_exactly_the_amount(amount):
    assert amount_of(amount_in_words(amount)) == amount


def test_every_amount_below_ten_thousand():
    assert [amount_of(amount_in_words(one)) for one in range(10_000)] == list(range(10_000))

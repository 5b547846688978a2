"""An amount of đồng in Vietnamese words, as invoices write it (domain: einvoice §11).

The reading follows invoice practice: empty hundreds inside a number are spoken (*không trăm*),
zero tens before a unit are *linh*, empty groups are skipped, and above a billion the groups repeat
before *tỷ*.
"""

from functools import lru_cache

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ("", " nghìn", " triệu")
#: Largest magnitude that is put into words.
LIMIT = 10**18


@lru_cache(maxsize=2048)
def _group(number: int, *, full: bool) -> str:
    """Words of 1…999; ``full`` speaks the hundreds even when they are zero."""
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words: list[str] = []
    if hundreds or full:
        words.append(f"{DIGITS[hundreds]} trăm")
    if tens == 0:
        if units:
            words.append(f"linh {DIGITS[units]}" if words else DIGITS[units])
    elif tens == 1:
        words.append("mười")
        if units:
            words.append("lăm" if units == 5 else DIGITS[units])
    else:
        words.append(f"{DIGITS[tens]} mươi")
        if units:
            words.append({1: "mốt", 4: "tư", 5: "lăm"}.get(units, DIGITS[units]))
    return " ".join(words)


def _below_billion(number: int, *, full: bool) -> str:
    parts: list[str] = []
    for power in (2, 1, 0):
        group = number // 1000**power % 1000
        if group:
            parts.append(_group(group, full=full or bool(parts)) + SCALES[power])
    return " ".join(parts)


def _positive(number: int) -> str:
    billions, rest = divmod(number, 10**9)
    parts: list[str] = []
    if billions:
        head = _positive(billions) if billions >= 10**9 else _below_billion(billions, full=False)
        parts.append(f"{head} tỷ")
    if rest:
        parts.append(_below_billion(rest, full=bool(billions)))
    return " ".join(parts)


def number_in_words(number: int) -> str:
    """A whole number in lower-case Vietnamese words.

    Raises:
        ValueError: when the magnitude is 10¹⁸ or more.
    """
    if abs(number) >= LIMIT:
        raise ValueError(f"{number} is too large to be written in words")
    if number == 0:
        return DIGITS[0]
    words = _positive(abs(number))
    return f"âm {words}" if number < 0 else words


def amount_in_words(amount_vnd: int) -> str:
    """``717714`` → ``Bảy trăm mười bảy nghìn bảy trăm mười bốn đồng``.

    Raises:
        ValueError: when the magnitude is 10¹⁸ or more.
    """
    words = number_in_words(amount_vnd) + " đồng"
    return words[0].upper() + words[1:]

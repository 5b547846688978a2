"""How customers are made findable: what is stored and what is typed are folded the same way.

A search row holds two texts, each with a blank at both ends so that the start of a word can be
asked for: *words* (name and address without accents) and *codes* (customer, points, phones, meter
serials without blanks or dashes).
"""

from collections.abc import Iterable

from cmis.kernel.text import code_key, search_key

#: Country code people put before a phone number instead of the 0.
COUNTRY_CODE = "84"
#: Digits of a Vietnamese number without the 0: 9 (mobile) or 10 (fixed line).
NATIONAL_DIGITS = (9, 10)


def stored_words(name: str, address: str) -> str:
    """`` nguyen thi dao 12 pho mau ``: name first, so that a name can be told from an address."""
    return f" {search_key(f'{name} {address}')} "


def stored_codes(codes: Iterable[str], *, known: str = "") -> str:
    """Codes folded, each once, after those of ``known`` (a stored text)."""
    keys = dict.fromkeys(known.split())
    for code in codes:
        keys.update(dict.fromkeys(code_keys(code)))
    return f" {' '.join(keys)} "


def code_keys(text: str) -> tuple[str, ...]:
    """The folded forms of a code, phone or serial; none for an empty text.

    What may be a phone number with country code is also known by its national form:
    ``+84 900 001 234`` is ``84900001234`` and ``0900001234``.
    """
    key = code_key(text)
    if not key:
        return ()
    national = key.removeprefix(COUNTRY_CODE)
    if national != key and national.isdigit() and len(national) in NATIONAL_DIGITS:
        return key, f"0{national}"
    return (key,)

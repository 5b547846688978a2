"""Vietnamese text at the borders of the system."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_NOT_KEY = re.compile(r"[^0-9a-z]+")


def nfc(text: str) -> str:
    """The composed form in which all text is stored: the same name typed two ways is one name."""
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """NFC with runs of white space made one blank and the ends trimmed."""
    return _SPACES.sub(" ", nfc(text)).strip()


def without_diacritics(text: str) -> str:
    """Fold to plain letters: ``Nguyễn Thị Đào`` → ``Nguyen Thi Dao``.

    ``đ`` does not decompose in Unicode, so it is folded by hand.
    """
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def search_key(text: str) -> str:
    """What is stored and what is typed meet here: folded, lower case, words joined by one blank.

    ``PX01 0000 00001`` keeps its blanks; use :func:`code_key` for codes, phones and serials.
    """
    return _NOT_KEY.sub(" ", without_diacritics(text).lower()).strip()


def code_key(text: str) -> str:
    """A code, phone or serial without blanks, dots or dashes: ``px01 0000-1`` → ``px0100001``."""
    return _NOT_KEY.sub("", without_diacritics(text).lower())


def masked(code: str) -> str:
    """A customer code or phone as it may stand in a log: the last three characters only."""
    return "…" + code[-3:] if len(code) > 3 else "…"


def group_thousands(number: int, mark: str = ".") -> str:
    """``1234567`` → ``1.234.567`` (Vietnamese grouping)."""
    return f"{number:,}".replace(",", mark)

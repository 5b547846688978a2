"""A cheap look into a book file before it is parsed."""

import re

_BOOK = re.compile(rb"<MA_QUYEN>([^<]{1,40})</MA_QUYEN>")


def book_codes_in(data: bytes) -> frozenset[str]:
    """Books that a file names, as far as they can be seen without parsing it.

    For putting files that touch the same book in one queue; nothing is trusted on it. A file in
    UTF-16 or without books gives none.
    """
    return frozenset(code.decode("utf-8", "replace") for code in set(_BOOK.findall(data)))

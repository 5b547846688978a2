"""Text in a fixed number of columns, as small printers need it.

A column is one base letter: combining marks stand over it and take no room, so widths are counted
on decomposed text. Labels wrap; an amount or code is never cut.
"""

import re
from unicodedata import combining, normalize

#: A blank that lines are not broken at: inside an amount grouped by blanks.
HARD_BLANK = "\u00a0"
_BREAKS = re.compile(r"[ \t\r\n]+")


def width(text: str) -> int:
    """Columns that the text takes."""
    return sum(1 for letter in normalize("NFD", text) if not combining(letter))


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most ``columns``, broken at blanks; only a word longer than a line is broken."""
    lines: list[str] = []
    current = ""
    for word in filter(None, _BREAKS.split(text)):
        candidate = f"{current} {word}" if current else word
        if width(candidate) <= columns:
            current = candidate
            continue
        if current:
            lines.append(current)
        while width(word) > columns:
            lines.append(word[:columns])
            word = word[columns:]
        current = word
    if current:
        lines.append(current)
    return lines


def centered(text: str, columns: int) -> list[str]:
    return [" " * ((columns - width(line)) // 2) + line for line in wrapped(text, columns)]


def pair(label: str, value: str, columns: int) -> list[str]:
    """Label left, value right on the last line of the label, or on its own line below."""
    room = columns - width(value) - 1
    lines = wrapped(label, columns)
    if not lines:
        return [right(value, columns)]
    last = lines[-1]
    if width(last) <= room:
        lines[-1] = last + " " * (columns - width(last) - width(value)) + value
    else:
        lines.append(right(value, columns))
    return lines


def right(value: str, columns: int) -> str:
    """The value at the right edge, whole even when it is wider than the paper."""
    return " " * max(0, columns - width(value)) + value


def rule(columns: int, mark: str = "-") -> str:
    return mark * columns

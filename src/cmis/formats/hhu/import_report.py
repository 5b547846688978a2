"""The report of an import as a tab-separated table: row, key, verdict."""

from collections.abc import Iterable
from typing import Protocol


class Reported(Protocol):
    @property
    def row_number(self) -> int | None: ...
    @property
    def key(self) -> str: ...
    @property
    def code(self) -> str: ...


def report_text(verdicts: Iterable[Reported]) -> str:
    """``row``, ``BOCSO_ID``, ``code``; a row that never came has ``-`` for its number."""
    lines = ["row\tBOCSO_ID\tcode"]
    for verdict in verdicts:
        number = "-" if verdict.row_number is None else str(verdict.row_number)
        lines.append(f"{number}\t{verdict.key}\t{verdict.code}")
    return "\n".join(lines) + "\n"

"""Doubtful data is a finding: stored, shown, worked off by people; never an exception."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How far a finding stops the row it is about."""

    NOTE = "note"  # shown, stops nothing
    CONFIRM = "confirm"  # a clerk accepts, estimates or sends back
    SIGN = "sign"  # only the unit head's signature lets it pass (gate 1, gate 2)
    BLOCK = "block"  # cannot pass: data must be corrected first


#: Severities that keep a row from being billed until somebody decides.
HOLDING = frozenset({Severity.CONFIRM, Severity.SIGN, Severity.BLOCK})


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about one thing.

    ``rule`` is the stable code of the rule; ``values`` are its numbers as strings or ints, so that
    a sentence can be made in any language.
    """

    rule: str
    severity: Severity
    values: Mapping[str, str | int] = field(default_factory=dict)

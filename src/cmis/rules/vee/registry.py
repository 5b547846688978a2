"""Every reading rule in order, the two ways to run them, and the sentence a finding speaks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding
from cmis.kernel.text import group_thousands
from cmis.rules.vee import bill_rules
from cmis.rules.vee.limits import Limits
from cmis.rules.vee.point_rules import missing_register, tou_sum
from cmis.rules.vee.row import RowToCheck
from cmis.rules.vee.row_rules import (
    above_usual,
    below_usual,
    date_out_of_period,
    digits_exceeded,
    equal_consumption,
    negative,
    no_history_limit,
    prolonged_estimate,
    rollover_implausible,
    rollover_without_dial,
    state_conflict,
    state_needs_care,
    unread,
    zero_consumption,
)

RowCheck = Callable[[RowToCheck, Limits], Finding | None]
PointCheck = Callable[[Sequence[RowToCheck], Limits], Finding | None]


class _Spoken(Protocol):
    CODE: str
    EXPLANATION: Bilingual
    USUAL: Bilingual


@dataclass(frozen=True, slots=True)
class Sentence:
    """Why a thing was flagged, and what would make it usual."""

    why: Bilingual
    usual: Bilingual


#: In the order people should read them: what cannot be first, then what is unusual.
ROW_RULES = (
    unread,
    digits_exceeded,
    state_conflict,
    negative,
    rollover_without_dial,
    rollover_implausible,
    state_needs_care,
    zero_consumption,
    above_usual,
    below_usual,
    no_history_limit,
    equal_consumption,
    date_out_of_period,
    prolonged_estimate,
)
POINT_RULES = (missing_register, tou_sum)

_ROW_CHECKS: tuple[RowCheck, ...] = tuple(rule.check for rule in ROW_RULES)
_POINT_CHECKS: tuple[PointCheck, ...] = tuple(rule.check for rule in POINT_RULES)


def _sentences(modules: Sequence[_Spoken]) -> dict[str, Sentence]:
    return {module.CODE: Sentence(module.EXPLANATION, module.USUAL) for module in modules}


SENTENCES: Mapping[str, Sentence] = {
    **_sentences(ROW_RULES),
    **_sentences(POINT_RULES),
    **{code: Sentence(*texts) for code, texts in bill_rules.SENTENCES.items()},
}


def check_row(row: RowToCheck, limits: Limits) -> tuple[Finding, ...]:
    """All doubts about one register, in the order of :data:`ROW_RULES`."""
    return tuple([found for check in _ROW_CHECKS if (found := check(row, limits)) is not None])


def check_point(rows: Sequence[RowToCheck], limits: Limits) -> tuple[Finding, ...]:
    """Doubts about the registers of one point together. They hold every row of the point."""
    return tuple([found for check in _POINT_CHECKS if (found := check(rows, limits)) is not None])


def explanation(finding: Finding, language: str = "vi") -> str:
    """Why it was flagged and what would make it usual, in two sentences.

    Raises:
        KeyError: for a rule this house does not have.
    """
    sentence = SENTENCES[finding.rule]
    values = {name: _shown(name, value, language) for name, value in finding.values.items()}
    return f"{sentence.why.render(language, **values)} {sentence.usual.render(language, **values)}"


def _shown(name: str, value: str | int, language: str) -> str | int:
    """Energies and amounts are grouped, and days written, as the reader of the language does."""
    if name.endswith(("_kwh", "_vnd")):
        whole, point, decimals = str(value).partition(".")
        if not whole.removeprefix("-").isdigit():
            return value
        grouped = group_thousands(int(whole), "," if language == "en" else ".")
        return grouped + ((point if language == "en" else ",") + decimals if decimals else "")
    if name.endswith("_date") and isinstance(value, str):
        return "/".join(reversed(value.split("-")))
    return value

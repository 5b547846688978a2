"""Judge a returned book against what was exported: one verdict for every row, none left out.

Rows are matched by key, never by position. The verdicts about the file or the book are the
caller's, who alone knows what was imported before and in which state the book is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cmis.formats.hhu.book_file import BookFile
from cmis.formats.hhu.register_row import RegisterRow
from cmis.formats.hhu.row_checks import ExportedRow, ImportLimits, JudgedRow, judge_row
from cmis.formats.hhu.verdict_codes import Verdict, VerdictKind
from cmis.kernel.registers import TIME_OF_USE, RegisterKind

USUAL_LIMITS = ImportLimits()
REPORT_HEADER = ("row", "BOCSO_ID", "code")

_GOOD = (Verdict.GOOD,)
_TOU_KINDS = frozenset((*TIME_OF_USE, RegisterKind.TOTAL))


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """What is said about one row, or about one exported register that never came back.

    ``row_number`` is ``None`` for a register that is not in the file; ``key`` is ``None`` where the
    row holds no readable key. ``row`` is there whenever all its needed values could be read, and
    always when the verdict is good. ``unreadable`` names columns whose text is no value.
    ``visit_is_good`` says whether every register of the same point is good: a time-of-use point is
    one visit, taken or sent back as a whole.
    """

    row_number: int | None
    key: int | None
    primary: Verdict
    further: tuple[Verdict, ...] = ()
    row: RegisterRow | None = None
    unreadable: tuple[str, ...] = ()
    visit_is_good: bool = True

    @property
    def is_good(self) -> bool:
        return self.primary is Verdict.GOOD

    @property
    def severity(self) -> VerdictKind:
        """The worst of all codes: an error refuses the row, a warning asks a person."""
        kinds = {verdict.kind for verdict in (self.primary, *self.further)}
        return VerdictKind.ERROR if VerdictKind.ERROR in kinds else self.primary.kind


def judge_returned_rows(
    exported: Mapping[int, ExportedRow],
    returned: BookFile,
    limits: ImportLimits = USUAL_LIMITS,
) -> tuple[RowVerdict, ...]:
    """A verdict for every row of the file, in file order, then for every register not in it.

    ``exported`` holds every register of the books this file returns, by key; a register that is
    there and not in the file is ``MISSING_ROW``. Never raises on content.
    """
    judged = [judge_row(row, exported, limits) for row in returned.rows]
    came_back = _mark_duplicates(judged)
    _compare_with_totals(judged, limits)
    missing = [source for key, source in exported.items() if key not in came_back]
    spoiled = {source.point_code for source in missing}
    spoiled |= {row.source.point_code for row in judged if row.source and row.codes}
    return (
        *(_verdict(row, spoiled) for row in judged),
        *(
            RowVerdict(None, source.key, Verdict.MISSING_ROW, visit_is_good=False)
            for source in missing
        ),
    )


def verdict_report(verdicts: Iterable[RowVerdict], *, held_only: bool = False) -> str:
    """Tab-separated ``row, BOCSO_ID, code``: the primary verdict; ``-`` where there is none."""
    lines = ["\t".join(REPORT_HEADER)]
    lines += [
        "\t".join(
            (
                "-" if verdict.row_number is None else str(verdict.row_number),
                "-" if verdict.key is None else str(verdict.key),
                verdict.primary.value,
            )
        )
        for verdict in verdicts
        if not (held_only and verdict.is_good)
    ]
    return "\n".join(lines) + "\n"


def _mark_duplicates(judged: Sequence[JudgedRow]) -> set[int]:
    """Second and later rows of a key are refused; the first too, once a reading differs."""
    first_of: dict[int, JudgedRow] = {}
    for row in judged:
        if row.source is None:
            continue
        first = first_of.setdefault(row.source.key, row)
        if first is row:
            continue
        row.codes.append(Verdict.DUPLICATE_REGISTER)
        if row.reading != first.reading and Verdict.DUPLICATE_REGISTER not in first.codes:
            first.codes.append(Verdict.DUPLICATE_REGISTER)
    return set(first_of)


def _compare_with_totals(judged: Sequence[JudgedRow], limits: ImportLimits) -> None:
    """Total against normal + peak + off-peak, in units of the register before the multiplier.

    All four rows get the code: the wrong index may be in any of them, and the total itself is
    never billed, so that holding it alone would stop nothing.
    """
    visits: dict[tuple[object, ...], dict[str, JudgedRow]] = {}
    for row in judged:
        source = row.source
        if (
            source is not None
            and source.register_kind in _TOU_KINDS
            and row.difference is not None
            and Verdict.DUPLICATE_REGISTER not in row.codes
        ):
            visit = (source.point_code, source.meter_code, source.billing_month)
            visits.setdefault(visit, {})[source.register_kind] = row
    for registers in visits.values():
        if registers.keys() != _TOU_KINDS:
            continue
        differences = {kind: row.difference or Decimal(0) for kind, row in registers.items()}
        total = differences.pop(RegisterKind.TOTAL)
        if abs(total - sum(differences.values())) > limits.tou_tolerance_units:
            for row in registers.values():
                row.codes.append(Verdict.TOU_SUM_MISMATCH)


def _verdict(row: JudgedRow, spoiled: set[str]) -> RowVerdict:
    visit_is_good = row.source is not None and row.source.point_code not in spoiled
    primary, *further = sorted(row.codes, key=_rank) if row.codes else _GOOD
    return RowVerdict(
        row.row_number, row.key, primary, tuple(further), row.typed, row.unreadable, visit_is_good
    )


def _rank(verdict: Verdict) -> int:
    return verdict.rank

"""Import a returned reading-book file: a verdict for every row, what is good is kept (READ-12).

One file is one transaction: a process killed in the middle leaves nothing behind. A file is known
by its content, so the same file again only shows what it did the first time. Rows are matched by
key; refused rows leave a doubt for the office and wait for another reading; nothing accepted before
is destroyed, and a confirmed or billed row refuses any other reading.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db import transaction

from cmis.formats.hhu.book_file import BookFile, books_named_in
from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.register_row import RegisterRow
from cmis.formats.hhu.row_checks import ExportedRow, ImportLimits
from cmis.formats.hhu.verdict_codes import Verdict, VerdictKind
from cmis.formats.hhu.verdicts import RowVerdict as Judgement
from cmis.formats.hhu.verdicts import judge_returned_rows
from cmis.journeys.returned_readings import reading_of
from cmis.kernel.findings import Severity
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books
from cmis.modules.reading.file_types import DoubtAboutRow, ExpectedRow, ReturnedFile
from cmis.modules.reading.limits_of_units import limits_of
from cmis.modules.reading.types import (
    ImportOutcome,
    PeriodFacts,
    ReadingToTake,
    RowVerdict,
)
from cmis.rules.vee.limits import PriceClass

GOOD_ROWS = "good"
ALL_OR_NOTHING = "all-or-nothing"
#: So many books of one file are looked for, those with most rows first.
MOST_BOOKS = 2_000
#: Verdicts whose doubt carries the name of the reading rule that asks the same.
RULE_OF_VERDICT = {Verdict.ROLLOVER_WITHOUT_DIAL_DIGITS: "ROLLOVER_WITHOUT_DIAL"}


@dataclass(slots=True)
class _Work:
    """What is put together while the rows of one file are gone through."""

    file: BookFile
    identity: str
    rows: Mapping[int, ExpectedRow]
    periods: Mapping[int, PeriodFacts]
    verdicts: list[RowVerdict] = field(default_factory=list)
    readings: list[ReadingToTake] = field(default_factory=list)
    unread_row_ids: list[int] = field(default_factory=list)
    doubts: list[DoubtAboutRow] = field(default_factory=list)
    refusals: list[tuple[ExpectedRow, Verdict]] = field(default_factory=list)
    refused_count: int = 0
    held_count: int = 0


def import_book_file(
    data: bytes,
    *,
    name: str,
    actor: str,
    at: datetime,
    scope: UnitScope,
    accept: str = GOOD_ROWS,
) -> ImportOutcome:
    """Import one file.

    Args:
        accept: ``good`` keeps good rows when others are refused; ``all-or-nothing`` keeps nothing
            as soon as one row is refused.

    Raises:
        UnableToReadBookFile: damaged, hostile or no reading book; nothing was changed.
    """
    digest = sha256(data).hexdigest()
    if (known := books.first_import(digest)) is not None:
        return _again(known, data)
    file = parse_book_file(data)
    with transaction.atomic():
        named = [f"{book.book_code}-{book.billing_month}" for book in books_named_in(file)]
        periods = reading.lock_periods(scope, named[:MOST_BOOKS])
        # Another process may have taken the same file while we waited for the lock.
        if (known := books.first_import(digest)) is not None:
            return _again(known, data)
        return _import(data, file, digest, periods, name=name, actor=actor, at=at, accept=accept)


def _import(
    data: bytes,
    file: BookFile,
    digest: str,
    periods: Sequence[PeriodFacts],
    *,
    name: str,
    actor: str,
    at: datetime,
    accept: str,
) -> ImportOutcome:
    out = {period.id: period for period in periods if period.state != "prepared"}
    rows = {row.key: row for row in books.expected_rows(list(out))}
    judged = judge_returned_rows(
        {key: _exported(row, out[row.period_id]) for key, row in rows.items()},
        file,
        _limits(list(out.values())),
    )
    work = _Work(file, f"{digest}:{books.times_cancelled(digest)}", rows, out)
    touched = _touched(judged, work)
    out_codes = {period.code for period in out.values()}
    for judgement in judged:
        if judgement.row_number is None:
            _missing(work, judgement, touched)
        else:
            _returned(work, judgement, out_codes)
    _doubt_refused(work)
    returned = ReturnedFile(
        sha256=digest,
        name=name,
        byte_count=len(data),
        row_count=len(file.rows),
        verdicts=work.verdicts,
        refused_count=work.refused_count,
        held_count=work.held_count,
        readings=work.readings,
        unread_row_ids=work.unread_row_ids,
        doubts=work.doubts,
    )
    is_refused = not touched or (accept == ALL_OR_NOTHING and work.refused_count)
    if is_refused:
        return _nothing_taken(returned, file)
    outcome = reading.take_file(returned, [out[id_] for id_ in sorted(touched)], actor=actor, at=at)
    return replace(outcome, findings=file.findings)


def _touched(judged: Sequence[Judgement], work: _Work) -> set[int]:
    """Periods this file returns: named by a row whose key is theirs.

    A defective row may name any book; it must not make that book a returned one.
    """
    ids = {period.code: period.id for period in work.periods.values()}
    touched: set[int] = set()
    for judgement in judged:
        row = None if judgement.key is None else work.rows.get(judgement.key)
        if judgement.row is not None and row is not None:
            period_id = ids.get(_period_code(judgement.row))
            if period_id == row.period_id:
                touched.add(period_id)
    return touched


def _period_code(row: RegisterRow) -> str:
    return f"{row.book_code}-{row.year}-{row.month}-{row.cycle}"


def _exported(row: ExpectedRow, period: PeriodFacts) -> ExportedRow:
    """What a returned row is held against."""
    return ExportedRow(
        key=row.key,
        unit_code=row.unit_code,
        book_code=period.book_code,
        billing_month=period.month,
        point_code=row.point_code,
        register_kind=row.register_kind,
        meter_code=row.meter_code,
        meter_serial=row.meter_serial,
        previous_index=row.previous_index,
        multiplier=row.multiplier,
        previous_kwh=row.previous_kwh,
        removed_kwh=row.removed_kwh,
        start_date=row.first_day,
        planned_end_date=row.planned_last_day,
        dial_digits=row.dial_digits,
    )


def _limits(periods: Sequence[PeriodFacts]) -> ImportLimits:
    """What the unit tolerates without the reader's word; rises are judged again by the rules."""
    if not periods:
        return ImportLimits()
    limits = limits_of(periods[0].unit_id, periods[0].planned_last_day)[PriceClass.HOUSEHOLD]
    return ImportLimits(
        lower_percent=limits.under_percent,
        upper_percent=limits.over_percent,
        minimum_change_kwh=Decimal(limits.soft_kwh),
        tou_tolerance_units=Decimal(limits.tou_sum_tolerance),
        date_tolerance_days=limits.far_day_days,
    )


def _returned(work: _Work, judgement: Judgement, out_codes: Iterable[str]) -> None:
    """One row of the file: taken, held or refused."""
    row = None if judgement.key is None else work.rows.get(judgement.key)
    taken = None if row is None else reading_of(work.file, judgement, row, identity=work.identity)
    code, further = judgement.primary, judgement.further
    if code is Verdict.UNKNOWN_REGISTER and judgement.row is not None:
        if _period_code(judgement.row) not in out_codes:
            code, further = Verdict.BOOK_NOT_EXPORTED, (code, *further)
    elif row is not None and row.is_settled:
        if taken is None or not row.has(taken.index, taken.state_code, taken.last_day):
            further = tuple(one for one in (code, *further) if one is not Verdict.GOOD)
            code = Verdict.BOOK_ALREADY_CONFIRMED
    elif code is Verdict.GOOD and taken is None:
        code = Verdict.NOT_A_NUMBER  # a number the tables could not keep without rounding it
    kind = max((one.kind for one in (code, *further)), key=_GRAVITY.__getitem__)
    if kind is VerdictKind.WARNING:
        work.held_count += 1
    elif kind is not VerdictKind.GOOD:
        work.refused_count += 1
    if row is not None and not row.is_settled:
        _settle(work, row, taken, (code, *further), kind)
    work.verdicts.append(
        RowVerdict(
            judgement.row_number,
            "-" if judgement.key is None else str(judgement.key),
            code.value,
            tuple(one.value for one in further),
        )
    )


_GRAVITY = {
    VerdictKind.GOOD: 0,
    VerdictKind.WARNING: 1,
    VerdictKind.ERROR: 2,
    VerdictKind.FILE: 3,
}


def _settle(
    work: _Work,
    row: ExpectedRow,
    taken: ReadingToTake | None,
    codes: Sequence[Verdict],
    kind: VerdictKind,
) -> None:
    """What an unsettled row becomes by the file."""
    if kind in (VerdictKind.ERROR, VerdictKind.FILE):
        work.refusals.append((row, codes[0]))
    elif taken is None:
        if row.reading_id is None:  # not read now, and never before
            work.unread_row_ids.append(row.id)
            work.doubts.append(
                DoubtAboutRow(
                    row.id, codes[0].value, Severity.CONFIRM, {"register": row.register_kind}
                )
            )
    elif not row.has(taken.index, taken.state_code, taken.last_day):
        work.readings.append(taken)
        work.doubts += [
            DoubtAboutRow(row.id, _rule(code), Severity.CONFIRM, _values(row, taken))
            for code in codes
            if code is not Verdict.GOOD
        ]


def _rule(verdict: Verdict) -> str:
    return RULE_OF_VERDICT.get(verdict, verdict.value)


def _values(row: ExpectedRow, taken: ReadingToTake) -> dict[str, str | int]:
    """The numbers of a doubt about a reading that was taken."""
    return {
        "register": row.register_kind,
        "index": format(taken.index, "f"),
        "consumption_kwh": format(taken.consumption_kwh, "f"),
        "read_date": taken.last_day.isoformat(),
        "state": taken.state_code,
    }


def _missing(work: _Work, judgement: Judgement, touched: set[int]) -> None:
    """An exported register that never came back, unless it was read before or is settled."""
    assert judgement.key is not None
    row = work.rows[judgement.key]
    if row.period_id not in touched or row.is_settled or row.reading_id is not None:
        return
    work.verdicts.append(RowVerdict(None, str(judgement.key), judgement.primary.value))
    work.doubts.append(
        DoubtAboutRow(
            row.id, judgement.primary.value, Severity.CONFIRM, {"register": row.register_kind}
        )
    )


def _doubt_refused(work: _Work) -> None:
    """A refused row asks for another reading, unless it has one."""
    read = {reading.row_id for reading in work.readings}
    for row, verdict in work.refusals:
        if row.reading_id is None and row.id not in read:
            work.doubts.append(
                DoubtAboutRow(
                    row.id, verdict.value, Severity.BLOCK, {"register": row.register_kind}
                )
            )


def _again(known: ImportOutcome, data: bytes) -> ImportOutcome:
    """The first import of this content, with a verdict for every row again."""
    said = {verdict.row_number: verdict for verdict in known.verdicts if verdict.row_number}
    judged = judge_returned_rows({}, parse_book_file(data))
    rows = [
        said.get(judgement.row_number)
        or RowVerdict(judgement.row_number, str(judgement.key), Verdict.GOOD.value)
        for judgement in judged
    ]
    never_came = [verdict for verdict in known.verdicts if verdict.row_number is None]
    return replace(known, verdicts=(*rows, *never_came))


def _nothing_taken(returned: ReturnedFile, file: BookFile) -> ImportOutcome:
    """The verdicts of a file nothing was kept of; it may come again."""
    return ImportOutcome(
        sha256=returned.sha256,
        name=returned.name,
        already_imported=False,
        period_codes=(),
        row_count=returned.row_count,
        accepted_count=returned.row_count - returned.refused_count - returned.held_count,
        held_count=returned.held_count,
        refused_count=returned.refused_count,
        verdicts=tuple(returned.verdicts),
        findings=file.findings,
        is_taken=False,
    )

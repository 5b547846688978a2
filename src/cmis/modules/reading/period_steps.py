"""The recorded steps of a book period: out, back, forward, and undo while no later step ran."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.period import BillingMonth
from cmis.kernel.tally import Tally
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading.models import BookPeriod, BookRow, ImportedFile, RowFinding
from cmis.modules.reading.types import PeriodFacts
from cmis.modules.translog import operations as translog

State = BookPeriod.State
#: The way of a period; a step never goes past one that has not run.
ORDER = tuple(State.values)
SUBJECT = "book_period"


class UnableToFindPeriod(UnableTo):
    code = "READ-001"
    what = Bilingual("Không có sổ và kỳ {period}.", "There is no book period {period}.")
    next_step = Bilingual(
        "Xem danh sách sổ bằng cmis books list, hoặc nhận sổ bằng cmis books adopt.",
        "List books with cmis books list, or take the book over with cmis books adopt.",
    )


class UnableToExportBook(UnableTo):
    code = "READ-002"
    what = Bilingual("Sổ {period} đang do {holder} giữ.", "The book {period} is held by {holder}.")
    next_step = Bilingual(
        "Thu hồi trước bằng cmis books take-back, hoặc xuất cho đúng người giữ.",
        "Take it back first with cmis books take-back, or export it for its holder.",
    )


class UnableToTakeBackBook(UnableTo):
    code = "READ-003"
    what = Bilingual(
        "Không thu hồi được sổ {period}: sổ đang ở bước “{state}”.",
        "The book {period} cannot be taken back: it stands at “{state}”.",
    )
    next_step = Bilingual(
        "Chỉ thu hồi sổ đã xuất mà chưa nhận về; hủy nhận trước nếu cần.",
        "Only a book that is out and has not come back; cancel its receipt first.",
    )


class UnableToCancelReceipt(UnableTo):
    code = "READ-004"
    what = Bilingual(
        "Không hủy nhận được sổ {period}: sổ đang ở bước “{state}”.",
        "The receipt of the book {period} cannot be cancelled: it stands at “{state}”.",
    )
    next_step = Bilingual(
        "Hủy các bước sau trước; sổ đã tính tiền thì không hủy nhận được.",
        "Undo the later steps first; a book that was billed keeps its readings.",
    )


class UnableToUndoStep(UnableTo):
    code = "READ-005"
    what = Bilingual(
        "Không hủy được bước “{step}” của sổ {period}: sổ đang ở bước “{state}”.",
        "The step “{step}” of the book {period} cannot be undone: it stands at “{state}”.",
    )
    next_step = Bilingual(
        "Chỉ hủy được bước cuối cùng đã chạy.", "Only the last step that ran can be undone."
    )


def locked_period(scope: UnitScope, code: str) -> BookPeriod:
    """One period inside the scope, locked until the transaction ends.

    Raises:
        UnableToFindPeriod: unknown, or outside the scope.
    """
    found = (
        BookPeriod.objects.select_for_update(of=("self",))
        .select_related("book", "unit")
        .filter(code=code, unit_id__in=scope.unit_ids)
        .first()
    )
    if found is None:
        raise UnableToFindPeriod(period=code)
    return found


def facts_of(period: BookPeriod) -> PeriodFacts:
    return PeriodFacts(
        id=period.pk,
        code=period.code,
        book_code=period.book.code,
        unit_id=period.unit_id,
        unit_code=period.unit.code,
        month=BillingMonth(period.year, period.month, period.cycle),
        first_day=period.first_day,
        planned_last_day=period.planned_last_day,
        state=period.state,
        holder=period.holder,
        row_count=period.row_count,
    )


@transaction.atomic
def hand_out(scope: UnitScope, code: str, *, holder: str, actor: str, at: datetime) -> PeriodFacts:
    """Give a book to its one holder: prepared → exported.

    The holder may fetch it again as often as wanted, nothing is lost by that; a book adopted while
    it was out has no known holder, and the first who fetches it becomes that.

    Raises:
        UnableToFindPeriod: unknown, or outside the scope.
        UnableToExportBook: somebody else holds it.
    """
    period = locked_period(scope, code)
    if period.state != State.PREPARED and period.holder not in ("", holder):
        raise UnableToExportBook(period=code, holder=period.holder)
    is_first = period.state == State.PREPARED
    if is_first:
        period.state, period.exported_at = State.EXPORTED, at
    period.holder = holder
    period.save(update_fields=["state", "holder", "exported_at"])
    _record(period, "export_book", actor=actor, at=at, detail={"holder": holder})
    if is_first:
        record_step(period, State.EXPORTED, Tally(period.row_count, period.row_count), actor, at)
    return facts_of(period)


@transaction.atomic
def take_back(
    scope: UnitScope, code: str, *, actor: str, at: datetime, reason: str = ""
) -> PeriodFacts:
    """Cancel an export: exported → prepared, without a holder. A file that returns is refused.

    Raises:
        UnableToFindPeriod: unknown, or outside the scope.
        UnableToTakeBackBook: it is not out, or readings have come.
    """
    period = locked_period(scope, code)
    if period.state != State.EXPORTED:
        raise UnableToTakeBackBook(period=code, state=period.state)
    holder, period.holder = period.holder, ""
    period.state, period.exported_at = State.PREPARED, None
    period.save(update_fields=["state", "holder", "exported_at"])
    _record(period, "take_back_book", actor=actor, at=at, reason=reason, detail={"holder": holder})
    record_step(period, "take_back", Tally(period.row_count, period.row_count), actor, at)
    return facts_of(period)


@transaction.atomic
def cancel_receipt(
    scope: UnitScope, code: str, *, actor: str, at: datetime, reason: str = ""
) -> PeriodFacts:
    """Undo what came back: received → exported, every row open again.

    The readings stay in the record for ever; only the rows forget them. The files they came in may
    be imported again.

    Raises:
        UnableToFindPeriod: unknown, or outside the scope.
        UnableToCancelReceipt: nothing came back, or a later step ran.
    """
    period = locked_period(scope, code)
    if period.state != State.RECEIVED:
        raise UnableToCancelReceipt(period=code, state=period.state)
    rows = BookRow.objects.filter(period=period).exclude(state=BookRow.State.CARRIED)
    count = rows.update(
        state=BookRow.State.OPEN,
        reading=None,
        current_index=None,
        state_code="",
        consumption_kwh=None,
        last_day=None,
        is_estimated=False,
    )
    RowFinding.objects.filter(period=period).update(state=RowFinding.State.OVERTAKEN)
    files = ImportedFile.objects.filter(touched__period=period, cancelled_at=None)
    cancelled = sorted(files.values_list("sha256", flat=True))
    files.update(cancelled_at=at)
    period.state, period.received_at = State.EXPORTED, None
    period.save(update_fields=["state", "received_at"])
    _record(
        period, "cancel_receipt", actor=actor, at=at, reason=reason, detail={"files": cancelled}
    )
    record_step(period, "cancel_receipt", Tally(count, count), actor, at)
    return facts_of(period)


def lock_period(period_id: int) -> PeriodFacts:
    """One period, locked until the caller's transaction ends."""
    return facts_of(_locked(period_id))


def advance(
    period_id: int,
    state: str,
    *,
    at: datetime,
    actor: str,
    tally: Tally | None = None,
    night_id: int | None = None,
    result: Mapping[str, object] | None = None,
) -> None:
    """Note that a step ran. The state never goes back: late rows run earlier steps again.

    Runs inside the caller's transaction. With a ``tally`` the step is also recorded in the ledger;
    without one its caller records it.
    """
    period = _locked(period_id)
    if ORDER.index(state) > ORDER.index(period.state):
        period.state = state
        period.save(update_fields=["state"])
    if tally is not None:
        record_step(period, state, tally, actor, at, night_id=night_id, result=result)


@transaction.atomic
def mark_issued_periods(
    scope: UnitScope,
    *,
    at: datetime,
    night_id: int | None = None,
    period_ids: Collection[int] | None = None,
    actor: str = "night",
) -> int:
    """Rated periods whose bills went out → issued; returns how many.

    Reading does not know bills: name the periods, or all rated ones of the scope are meant.
    """
    rated = BookPeriod.objects.filter(
        unit_id__in=scope.unit_ids, state__in=(State.RATED, State.CLEARED)
    )
    if period_ids is not None:
        rated = rated.filter(pk__in=list(period_ids))
    ids = list(rated.order_by("pk").values_list("pk", flat=True))
    for id_ in ids:
        billed = BookRow.objects.filter(period_id=id_, state=BookRow.State.BILLED).count()
        advance(
            id_, State.ISSUED, at=at, actor=actor, tally=Tally(billed, billed), night_id=night_id
        )
    return len(ids)


def _locked(period_id: int) -> BookPeriod:
    return (
        BookPeriod.objects.select_for_update(of=("self",))
        .select_related("book", "unit")
        .get(pk=period_id)
    )


def retreat(
    period_id: int, step: str, *, back_to: str, at: datetime, actor: str, reason: str
) -> None:
    """Take the period back from its last step. Runs inside the caller's transaction.

    Raises:
        UnableToUndoStep: another step is the last one that ran.
    """
    period = _locked(period_id)
    if period.state != step or ORDER.index(back_to) >= ORDER.index(step):
        raise UnableToUndoStep(step=step, period=period.code, state=period.state)
    period.state = back_to
    period.save(update_fields=["state"])
    _record(period, "undo_step", actor=actor, at=at, reason=reason, detail={"step": step})
    record_step(period, f"undo_{step}", Tally(period.row_count, period.row_count), actor, at)


@transaction.atomic
def undo_check(
    scope: UnitScope, code: str, *, at: datetime, actor: str, reason: str
) -> PeriodFacts:
    """Take confirmation and checks back: rows wait to be checked again, their doubts are void.

    Raises:
        UnableToFindPeriod: unknown, or outside the scope.
        UnableToUndoStep: it was not checked, or a later step ran.
    """
    period = locked_period(scope, code)
    is_last = period.state in (State.CHECKED, State.CONFIRMED)
    if not is_last or BookRow.objects.filter(period=period, state=BookRow.State.BILLED).exists():
        raise UnableToUndoStep(step=State.CONFIRMED, period=code, state=period.state)
    RowFinding.objects.filter(period=period).update(state=RowFinding.State.OVERTAKEN)
    read = BookRow.objects.filter(period=period, reading__isnull=False)
    read.exclude(state=BookRow.State.CARRIED).update(state=BookRow.State.RECEIVED)
    retreat(period.pk, period.state, back_to=State.RECEIVED, at=at, actor=actor, reason=reason)
    period.refresh_from_db(fields=["state"])
    return facts_of(period)


def record_step(
    period: BookPeriod,
    step: str,
    tally: Tally,
    actor: str,
    at: datetime,
    *,
    night_id: int | None = None,
    result: Mapping[str, object] | None = None,
) -> None:
    """One line of the ledger of steps about this period."""
    translog.record_step(
        night_id=night_id,
        subject_kind=SUBJECT,
        subject_code=period.code,
        unit_code=period.unit.code,
        step=step,
        actor=actor,
        at=at,
        tally=tally,
        result=dict(result or {}),
    )


def _record(
    period: BookPeriod,
    action: str,
    *,
    actor: str,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, object],
) -> None:
    translog.record(
        actor=actor,
        unit_code=period.unit.code,
        action=action,
        object_kind=SUBJECT,
        object_code=period.code,
        at=at,
        reason=reason,
        detail=dict(detail),
    )

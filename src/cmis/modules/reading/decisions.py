"""What people decide about doubts: accept, sign, estimate, send back, correct.

Each runs in its caller's transaction and settles the whole point afterwards: the rules look again,
and when nothing holds any register of the visit, the point is confirmed. Nothing is overwritten: an
estimate or a correction is a new reading that points at the one it replaces.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.findings import HOLDING, Severity
from cmis.kernel.quantity import IndexConflict, index_difference
from cmis.kernel.registers import ReadingState
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading.checking import settle_points
from cmis.modules.reading.estimate_basis import basis_of
from cmis.modules.reading.finding_queries import UnableToFindFinding
from cmis.modules.reading.intake import take_readings
from cmis.modules.reading.models import BookPeriod, BookRow, RowFinding
from cmis.modules.reading.types import Correction, ReadingToTake
from cmis.modules.translog import operations as translog
from cmis.rules.vee.estimation import (
    Estimate,
    EstimationMethod,
    estimate,
    possible_estimates,
)

State = RowFinding.State
RowState = BookRow.State
#: Readings that people enter have names of their own.
DECISION_NAMESPACE = UUID("0d7c6a4e-3b1f-5c8e-9a52-71f0c2d94b63")
UNSETTLED = (RowState.OPEN, RowState.RECEIVED, RowState.HELD)


class UnableToDecide(UnableTo):
    code = "READ-020"
    what = Bilingual(
        "Không quyết định được bất thường {rule}: {problem_vi}.",
        "The finding {rule} cannot be decided so: {problem_en}.",
    )
    next_step = Bilingual(
        "Mở lại hàng đợi và chọn cách xử lý khác.",
        "Open the queue again and choose another way.",
    )


class UnableToTakeCorrection(UnableTo):
    code = "READ-021"
    what = Bilingual(
        "Chỉ số nhập không hợp lệ: {problem_vi}.", "The reading entered is not valid: {problem_en}."
    )
    next_step = Bilingual(
        "Kiểm tra ảnh và trạng thái rồi nhập lại.", "Check photo and state, then enter it again."
    )


_CONFLICTS: Mapping[str, tuple[str, str]] = {
    "state_needs_equal_index": (
        "trạng thái này đòi chỉ số mới bằng chỉ số cũ",
        "this state needs the new index equal to the old one",
    ),
    "rollover_without_dial_digits": (
        "chưa khai số chữ số của loại công tơ",
        "the dial digits of the meter type are not known",
    ),
    "rollover_needs_lower_index": (
        "qua vòng thì chỉ số mới phải nhỏ hơn chỉ số cũ",
        "a rollover needs a new index below the old one",
    ),
    "negative": (
        "chỉ số mới nhỏ hơn chỉ số cũ",
        "the new index is below the old one",
    ),
}


@dataclass(frozen=True, slots=True)
class Settled:
    """What a decision led to: the rows it confirmed, in ids."""

    period_code: str
    point_code: str
    confirmed_row_ids: tuple[int, ...]


def accept(
    scope: UnitScope, finding_id: int, *, actor: str, at: datetime, reason: str = ""
) -> Settled:
    """A clerk lets a doubt pass. Signatures and blocks are beyond him.

    Raises:
        UnableToFindFinding, UnableToDecide.
    """
    finding = _locked(scope, finding_id)
    if finding.severity not in (Severity.CONFIRM, Severity.NOTE):
        raise _refused(finding, "cần chữ ký hoặc số liệu khác", "it needs a signature or new data")
    _need_reading(finding)
    return _decide(finding, State.ACCEPTED, actor=actor, at=at, reason=reason)


def sign(scope: UnitScope, finding_id: int, *, actor: str, at: datetime, reason: str) -> Settled:
    """Gate 1: the unit head lets an outlier pass, with a reason.

    Raises:
        UnableToFindFinding, UnableToDecide.
    """
    finding = _locked(scope, finding_id)
    if finding.severity not in (Severity.SIGN, Severity.CONFIRM):
        raise _refused(finding, "cần số liệu khác", "it needs other data")
    _need_reason(finding, reason)
    _need_reading(finding)
    return _decide(finding, State.SIGNED, actor=actor, at=at, reason=reason)


def send_back(
    scope: UnitScope, finding_id: int, *, actor: str, at: datetime, reason: str = ""
) -> Settled:
    """The whole visit is read again: every register of the point is open once more.

    Raises:
        UnableToFindFinding, UnableToDecide.
    """
    finding = _locked(scope, finding_id)
    rows = BookRow.objects.filter(
        period_id=finding.period_id, point_id=finding.row.point_id, state__in=UNSETTLED
    )
    _close(
        RowFinding.objects.filter(row__in=rows, state=State.OPEN),
        State.SENT_BACK,
        actor=actor,
        at=at,
        reason=reason,
    )
    rows.update(
        state=RowState.OPEN,
        reading=None,
        current_index=None,
        state_code="",
        consumption_kwh=None,
        last_day=None,
        is_estimated=False,
    )
    _record(finding, "send_back", actor=actor, at=at, reason=reason)
    return Settled(finding.period.code, finding.row.point.code, ())


def take_estimate(
    scope: UnitScope,
    finding_id: int,
    *,
    actor: str,
    at: datetime,
    reason: str = "",
    method: EstimationMethod | None = None,
    customer_index: Decimal | None = None,
) -> Settled:
    """Estimate the register (READ-18), at most as often in a row as the process allows.

    Raises:
        UnableToFindFinding, UnableToDecide, UnableToEstimateAgain, UnableToEstimate.
    """
    finding = _locked(scope, finding_id)
    basis, limits = basis_of(finding.row, finding.period, customer_index)
    made = estimate(basis, limits, method)
    reading = _new_reading(
        finding,
        source="estimate",
        index=made.index,
        state_code=made.state,
        consumption_kwh=made.energy_kwh,
        last_day=finding.row.planned_last_day,
        actor=actor,
        at=at,
        reason=reason,
        detail={
            "method": made.method.value,
            "low_kwh": format(made.low_kwh, "f"),
            "high_kwh": format(made.high_kwh, "f"),
            "inputs": dict(made.inputs),
        },
    )
    return _take(finding, reading, State.ESTIMATED, "estimate", actor=actor, at=at, reason=reason)


def correct(
    scope: UnitScope, finding_id: int, correction: Correction, *, actor: str, at: datetime
) -> Settled:
    """Enter another reading with a reason; the old one stays in the record.

    Raises:
        UnableToFindFinding, UnableToDecide, UnableToTakeCorrection.
    """
    finding = _locked(scope, finding_id)
    _need_reason(finding, correction.reason)
    row = finding.row
    last_day = correction.last_day or row.last_day or row.planned_last_day
    _refuse_wrong(row, correction, last_day)
    try:
        difference = index_difference(
            previous=row.previous_index,
            current=correction.index,
            state=correction.state_code,
            dial_digits=row.dial_digits,
        )
    except IndexConflict as conflict:
        problem_vi, problem_en = _CONFLICTS[str(conflict)]
        raise UnableToTakeCorrection(problem_vi=problem_vi, problem_en=problem_en) from conflict
    reading = _new_reading(
        finding,
        source=correction.source,
        index=correction.index,
        state_code=correction.state_code,
        consumption_kwh=difference * row.multiplier,
        last_day=last_day,
        actor=actor,
        at=at,
        reason=correction.reason,
        detail={},
    )
    return _take(
        finding, reading, State.OVERTAKEN, "correct_reading", actor=actor, at=at,
        reason=correction.reason,
    )  # fmt: skip


def estimates_for(scope: UnitScope, finding_id: int) -> tuple[Estimate, ...]:
    """The estimates a person may choose from, best first.

    Raises:
        UnableToFindFinding, UnableToEstimateAgain.
    """
    finding = _found(RowFinding.objects.all(), scope, finding_id)
    return possible_estimates(*basis_of(finding.row, finding.period))


def _locked(scope: UnitScope, finding_id: int) -> RowFinding:
    """An open finding with its row, its period locked.

    Raises:
        UnableToFindFinding: unknown, or outside the scope.
        UnableToDecide: decided before, or its row is settled.
    """
    finding = _found(RowFinding.objects.all(), scope, finding_id)
    BookPeriod.objects.select_for_update().get(pk=finding.period_id)
    finding = _found(RowFinding.objects.select_for_update(of=("self",)), scope, finding_id)
    if finding.state != State.OPEN:
        raise _refused(finding, "đã được xử lý", "it was decided before")
    if finding.row.state not in UNSETTLED and finding.severity in HOLDING:
        raise _refused(finding, "dòng đã được xác nhận", "the row is settled")
    return finding


def _found(findings: object, scope: UnitScope, finding_id: int) -> RowFinding:
    found: RowFinding | None = (
        findings.select_related("row", "row__point", "row__reading", "period", "unit")  # type: ignore[attr-defined]
        .filter(pk=finding_id, unit_id__in=scope.unit_ids)
        .first()
    )
    if found is None:
        raise UnableToFindFinding(finding=finding_id)
    return found


def _need_reading(finding: RowFinding) -> None:
    if finding.row.reading_id is None:
        raise _refused(finding, "dòng chưa có chỉ số", "the row has no reading")


def _need_reason(finding: RowFinding, reason: str) -> None:
    if not reason.strip():
        raise _refused(finding, "phải nêu lý do", "a reason is needed")


def _refuse_wrong(row: BookRow, correction: Correction, last_day: date) -> None:
    if correction.state_code not in frozenset(ReadingState):
        raise UnableToTakeCorrection(problem_vi="trạng thái lạ", problem_en="unknown state")
    if correction.index < 0 or correction.index % Decimal("0.001"):
        raise UnableToTakeCorrection(
            problem_vi="chỉ số âm hoặc quá ba chữ số thập phân",
            problem_en="the index is negative or has more than three decimals",
        )
    if correction.index >= Decimal(10) ** (row.dial_digits or 11):
        raise UnableToTakeCorrection(
            problem_vi="chỉ số vượt số chữ số của công tơ",
            problem_en="the index exceeds the dial",
        )
    if last_day < row.first_day:
        raise UnableToTakeCorrection(
            problem_vi="ngày ghi trước ngày đầu kỳ",
            problem_en="the reading day lies before the period",
        )


def _new_reading(
    finding: RowFinding,
    *,
    source: str,
    index: Decimal,
    state_code: str,
    consumption_kwh: Decimal,
    last_day: date,
    actor: str,
    at: datetime,
    reason: str,
    detail: dict[str, object],
) -> ReadingToTake:
    return ReadingToTake(
        event_uuid=uuid5(DECISION_NAMESPACE, f"{finding.pk}:{source}:{at.isoformat()}"),
        row_id=finding.row_id,
        source=source,
        index=index,
        state_code=state_code,
        consumption_kwh=consumption_kwh,
        last_day=last_day,
        read_at=at,
        person=actor,
        reason=reason,
        detail=detail,
        supersedes_id=finding.row.reading_id,
    )


def _take(
    finding: RowFinding,
    reading: ReadingToTake,
    state: str,
    action: str,
    *,
    actor: str,
    at: datetime,
    reason: str,
) -> Settled:
    """Keep a new reading: every doubt about the old one is closed, the rules look again."""
    open_ones = RowFinding.objects.filter(row_id=finding.row_id, state=State.OPEN)
    _close(open_ones, state, actor=actor, at=at, reason=reason)
    take_readings([reading], held=set(), file_id=None, actor=actor, at=at)
    _record(
        finding,
        action,
        actor=actor,
        at=at,
        reason=reason,
        detail={"index": format(reading.index, "f"), "source": reading.source},
    )
    return _settle(finding, at=at)


def _decide(finding: RowFinding, state: str, *, actor: str, at: datetime, reason: str) -> Settled:
    _close(RowFinding.objects.filter(pk=finding.pk), state, actor=actor, at=at, reason=reason)
    _record(finding, DECISION_ACTIONS[state], actor=actor, at=at, reason=reason)
    return _settle(finding, at=at)


DECISION_ACTIONS = {State.ACCEPTED: "accept_finding", State.SIGNED: "sign_finding"}


def _close(findings: object, state: str, *, actor: str, at: datetime, reason: str) -> None:
    update: Callable[..., int] = findings.update  # type: ignore[attr-defined]
    update(state=state, decided_by=actor, decided_at=at, reason=reason[:400])


def _settle(finding: RowFinding, *, at: datetime) -> Settled:
    confirmed = settle_points(finding.period_id, [finding.row.point_id], at=at)
    return Settled(finding.period.code, finding.row.point.code, tuple(confirmed))


def _record(
    finding: RowFinding,
    action: str,
    *,
    actor: str,
    at: datetime,
    reason: str,
    detail: Mapping[str, object] | None = None,
) -> None:
    translog.record(
        actor=actor,
        unit_code=finding.unit.code,
        action=action,
        object_kind="finding",
        object_code=str(finding.pk),
        at=at,
        reason=reason,
        detail={
            "rule": finding.rule,
            "period": finding.period.code,
            "point": finding.row.point.code,
            "register": finding.row.register_kind,
            **(detail or {}),
        },
    )


def _refused(finding: RowFinding, problem_vi: str, problem_en: str) -> UnableToDecide:
    return UnableToDecide(rule=finding.rule, problem_vi=problem_vi, problem_en=problem_en)

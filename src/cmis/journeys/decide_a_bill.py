"""Gate 2: the unit head lets an outlying bill pass, or sends its readings back to be looked at.

Rights are asked for before the transaction begins, so that a refusal stays in the audit trail and
has changed nothing else (BILL-10, ORG-06).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cmis.engine.clock import local_date
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.billing import operations as billing
from cmis.modules.billing import queries as bills
from cmis.modules.billing.types import BillFacts
from cmis.modules.organisation import queries as organisation
from cmis.modules.organisation.authorisation import DENIED, UnableToDecideOwnWork, require
from cmis.modules.organisation.types import Actor, UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books
from cmis.modules.translog import operations as translog

ACTION = "sign_gate_two"
#: Rule of the doubt that a withdrawn bill leaves on the readings behind it.
BILL_WITHDRAWN = "BILL_WITHDRAWN"
KIND = "bill"


class UnableToFindBill(UnableTo):
    code = "BIL-012"
    what = Bilingual("Không có hóa đơn số {bill}.", "There is no bill {bill}.")
    next_step = Bilingual(
        "Mở lại danh sách chờ ký; có thể người khác đã xử lý.",
        "Open the list of bills that wait again; somebody else may have decided.",
    )


@dataclass(frozen=True, slots=True)
class DecidedBill:
    """What was decided; ``row_ids`` are the readings that wait for a person again."""

    bill_code: str
    row_ids: tuple[int, ...] = ()


def sign_a_bill(bill_id: int, *, actor: Actor, at: datetime, reason: str) -> DecidedBill:
    """Let a held bill be issued by the next night.

    Raises:
        UnableToFindBill: unknown, or in a unit the actor has nothing to do with.
        UnableToAct: the actor may not sign there; audited.
        UnableToDecideOwnWork: he read, entered or decided a reading behind it; audited.
        UnableToDecideBill, UnableToDecideWithoutReason: it does not wait, or no reason was given.
    """
    scope, bill, rows = _looked_up(bill_id, actor, at)
    _refuse_own_work(bill, rows, actor, at)
    with transaction.atomic():
        code = billing.sign_bill(scope, bill_id, actor=actor.username, at=at, reason=reason)
        _record(bill, "sign_bill", actor=actor, at=at, reason=reason)
    return DecidedBill(code)


def withdraw_a_bill(bill_id: int, *, actor: Actor, at: datetime, reason: str) -> DecidedBill:
    """Take a held bill back: its readings wait in the findings queue, to be decided once more.

    Raises:
        UnableToFindBill, UnableToAct, UnableToDecideBill, UnableToDecideWithoutReason.
    """
    scope, bill, rows = _looked_up(bill_id, actor, at)
    row_ids = [row.id for row in rows if row.state == "billed"]
    with transaction.atomic():
        billing.withdraw_bill(scope, bill_id, actor=actor.username, at=at, reason=reason)
        reading.mark_unbilled(row_ids)
        if row_ids:
            reading.hold_for_law(
                row_ids[0],
                rule=BILL_WITHDRAWN,
                values={"bill": bill.code, "amount_vnd": bill.total_vnd, "reason": reason.strip()},
                at=at,
            )
        _record(bill, "withdraw_bill", actor=actor, at=at, reason=reason)
    return DecidedBill(bill.code, tuple(row_ids))


def _looked_up(
    bill_id: int, actor: Actor, at: datetime
) -> tuple[UnitScope, BillFacts, list[books.RowLine]]:
    scope = organisation.scope_of(actor, local_date(at))
    bill = bills.bill(scope, bill_id)
    if bill is None:
        raise UnableToFindBill(bill=bill_id)
    require(actor, ACTION, bill.unit_id, at=at)
    return scope, bill, books.rows_of_point(scope, bill.period_code, bill.point_code)


def _refuse_own_work(
    bill: BillFacts, rows: list[books.RowLine], actor: Actor, at: datetime
) -> None:
    """Nobody signs an amount that comes from readings he took, entered or decided."""
    authors: set[str] = set()
    for row in rows:
        authors |= {row.read_by, row.recorded_by, *books.deciders_of(row.id)}
    if {actor.username, actor.full_name}.isdisjoint(author for author in authors if author):
        return
    translog.record(
        actor=actor.username,
        unit_code=bill.unit_code,
        action=DENIED,
        object_kind=KIND,
        object_code=bill.code,
        at=at,
        detail={"because": "own work"},
    )
    raise UnableToDecideOwnWork(username=actor.username)


def _record(bill: BillFacts, action: str, *, actor: Actor, at: datetime, reason: str) -> None:
    translog.record(
        actor=actor.username,
        unit_code=bill.unit_code,
        action=action,
        object_kind=KIND,
        object_code=bill.code,
        at=at,
        reason=reason.strip(),
        detail={"period": bill.period_code, "total_vnd": bill.total_vnd},
    )

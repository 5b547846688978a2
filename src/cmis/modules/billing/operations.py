"""Writing of bills. What they cost is computed by the rules; journeys bring the two together."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection

from cmis.engine.bulk import insert_rows, reserve_ids
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.billing.models import Bill, BillLine
from cmis.modules.billing.types import LINE_COLUMNS, BillToStore
from cmis.modules.organisation.types import UnitScope

BILL_COLUMNS = (
    "id", "code", "unit_id", "period_id", "customer_id", "contract_id", "point_id", "walk_code",
    "position", "year", "month", "cycle", "first_day", "last_day", "energy_kwh", "net_vnd",
    "vat_percent", "vat_vnd", "total_vnd", "is_estimated", "state", "case", "readings",
    "law_digest", "findings", "rated_at", "decided_by", "decided_at", "reason",
)  # fmt: skip


class UnableToDecideBill(UnableTo):
    code = "BIL-010"
    what = Bilingual(
        "Hóa đơn {bill} không còn chờ ký (trạng thái {state}).",
        "Bill {bill} no longer waits for a signature (state {state}).",
    )
    next_step = Bilingual("Tải lại danh sách chờ ký.", "Reload the list of bills that wait.")


class UnableToDecideWithoutReason(UnableTo):
    code = "BIL-011"
    what = Bilingual("Cần nêu lý do khi ký hóa đơn {bill}.", "Signing bill {bill} needs a reason.")
    next_step = Bilingual("Ghi lý do rồi làm lại.", "Write the reason and decide again.")


def store_bills(bills: Sequence[BillToStore], *, law_digest: str, at: datetime) -> None:
    """Store rated bills with their lines, inside the caller's transaction."""
    ids = reserve_ids(connection, Bill._meta.db_table, len(bills))
    insert_rows(
        connection,
        Bill._meta.db_table,
        BILL_COLUMNS,
        (
            (
                bill_id, bill.code, bill.unit_id, bill.period_id, bill.customer_id,
                bill.contract_id, bill.point_id, bill.walk_code, bill.position, bill.year,
                bill.month, bill.cycle, bill.first_day, bill.last_day, bill.energy_kwh,
                bill.net_vnd, bill.vat_percent, bill.vat_vnd, bill.total_vnd, bill.is_estimated,
                Bill.State.HELD.value if bill.is_held else Bill.State.CLEARED.value,
                bill.case, bill.readings_json, law_digest, bill.findings_json, at, "", None, "",
            )
            for bill_id, bill in zip(ids, bills, strict=True)
        ),
    )  # fmt: skip
    insert_rows(
        connection,
        BillLine._meta.db_table,
        ("bill_id", "line_no", *LINE_COLUMNS),
        (
            (bill_id, number, *line)
            for bill_id, bill in zip(ids, bills, strict=True)
            for number, line in enumerate(bill.lines, 1)
        ),
    )


def mark_issued(bill_ids: Sequence[int]) -> None:
    Bill.objects.filter(pk__in=bill_ids).update(state=Bill.State.ISSUED)


def sign_bill(scope: UnitScope, bill_id: int, *, actor: str, at: datetime, reason: str) -> str:
    """Gate 2: let a held bill pass (BILL-10). The caller has checked the right to sign.

    Returns:
        the bill's code.

    Raises:
        UnableToDecideBill: it does not wait, or lies outside the scope.
        UnableToDecideWithoutReason: no reason was given.
    """
    bill = _waiting(scope, bill_id)
    if not reason.strip():
        raise UnableToDecideWithoutReason(bill=bill.code)
    bill.state = Bill.State.CLEARED
    bill.decided_by, bill.decided_at, bill.reason = actor, at, reason.strip()
    bill.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return bill.code


def withdraw_bill(scope: UnitScope, bill_id: int, *, actor: str, at: datetime, reason: str) -> Bill:
    """Take a bill back that was not issued, so that its readings can be looked at again.

    Raises:
        UnableToDecideBill: it is issued already, or lies outside the scope.
        UnableToDecideWithoutReason: no reason was given.
    """
    bill = _waiting(scope, bill_id)
    if not reason.strip():
        raise UnableToDecideWithoutReason(bill=bill.code)
    _withdraw(bill, actor=actor, at=at, reason=reason)
    return bill


def withdraw_period(period_id: int, *, actor: str, at: datetime, reason: str) -> int:
    """Withdraw every bill of a period that was not issued, in the caller's transaction.

    Raises:
        UnableToDecideWithoutReason: no reason was given.
    """
    if not reason.strip():
        raise UnableToDecideWithoutReason(bill="*")
    waiting = Bill.objects.select_for_update().filter(
        period_id=period_id, state__in=(Bill.State.HELD, Bill.State.CLEARED)
    )
    count = 0
    for bill in waiting:
        _withdraw(bill, actor=actor, at=at, reason=reason)
        count += 1
    return count


def _withdraw(bill: Bill, *, actor: str, at: datetime, reason: str) -> None:
    bill.state = Bill.State.WITHDRAWN
    bill.code = f"{bill.code}~{bill.pk}"  # the code is free for the bill that replaces it
    bill.decided_by, bill.decided_at, bill.reason = actor, at, reason.strip()
    bill.save(update_fields=["state", "code", "decided_by", "decided_at", "reason"])


def _waiting(scope: UnitScope, bill_id: int) -> Bill:
    bill = Bill.objects.select_for_update().filter(pk=bill_id, unit_id__in=scope.unit_ids).first()
    if bill is None:
        raise UnableToDecideBill(bill="?", state="?")
    if bill.state != Bill.State.HELD:
        raise UnableToDecideBill(bill=bill.code, state=bill.state)
    return bill


def readings_text(rows: Sequence[dict[str, str | Decimal | int | bool]]) -> str:
    """The readings behind a bill as JSON text: numbers as text, so that decimals stay exact."""
    return json.dumps(
        [{name: str(value) for name, value in row.items()} for row in rows],
        ensure_ascii=False,
        separators=(",", ":"),
    )

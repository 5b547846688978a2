"""The last steps of book periods: issued, sent, locked.

A period is *issued* when none of its cleared bills waits for a number, *sent* when every notice of
it came to its end, *locked* when every register in it was billed or carried over: nothing is left
to do and nothing of it changes any more.
"""

from datetime import datetime

from django.db import transaction

from cmis.kernel.tally import Tally
from cmis.modules.billing import queries as bills
from cmis.modules.notifications import queries as messages
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books

ACTOR = "night"


def mark_issued(scope: UnitScope, *, at: datetime, night_id: int | None) -> int:
    """Rated periods whose cleared bills all have their invoice."""
    return reading.mark_issued_periods(
        scope, at=at, night_id=night_id, period_ids=bills.fully_issued_periods(scope)
    )


def mark_sent_and_locked(scope: UnitScope, *, at: datetime, night_id: int | None) -> None:
    """Issued periods whose notices ended, and sent periods with nothing left to bill."""
    for period_id in books.period_ids_in(scope, "issued"):
        keys = [notice_key(code) for code in bills.issued_codes(period_id)]
        states = messages.counts_of_keys(keys)
        if states.get("queued"):
            continue
        sent, failed = states.get("sent", 0), states.get("failed", 0)
        with transaction.atomic():
            reading.advance(
                period_id,
                "sent",
                at=at,
                actor=ACTOR,
                night_id=night_id,
                tally=Tally(input=len(keys), done=len(keys) - failed, failed=failed),
                result={"notices_sent": sent, "without_notice": len(keys) - sum(states.values())},
            )
    for period_id in books.period_ids_in(scope, "sent"):
        count = books.settled_row_count(period_id)
        if count is None or bills.waiting_count(period_id):
            continue
        with transaction.atomic():
            reading.advance(
                period_id,
                "locked",
                at=at,
                actor=ACTOR,
                night_id=night_id,
                tally=Tally(input=count, done=count),
            )


def notice_key(bill_code: str) -> str:
    """The outbox key of a bill's payment notice: queued once, whoever queues it."""
    return f"bill:{bill_code}"

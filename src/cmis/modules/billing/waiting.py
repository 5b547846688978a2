"""Bills that wait at gate 2, each beside what its point paid before."""

from dataclasses import dataclass

from cmis.modules.billing.models import Bill
from cmis.modules.billing.queries import held_bills
from cmis.modules.billing.types import BillFacts
from cmis.modules.organisation.types import UnitScope


@dataclass(frozen=True, slots=True)
class HeldBill:
    """A bill to be signed; the two figures of the bill before are missing for a first bill."""

    bill: BillFacts
    before_vnd: int | None
    before_kwh: int | None

    @property
    def difference_vnd(self) -> int | None:
        return None if self.before_vnd is None else self.bill.total_vnd - self.before_vnd


def held_with_before(scope: UnitScope, *, limit: int = 500) -> list[HeldBill]:
    """Bills that wait for a signature, the largest change of amount first: the money at risk.

    A first bill counts with its whole amount.
    """
    waiting = [_with_before(scope, bill) for bill in held_bills(scope, limit=limit)]
    return sorted(waiting, key=lambda one: (-_at_risk_vnd(one), one.bill.code))


def _at_risk_vnd(held: HeldBill) -> int:
    change = held.difference_vnd
    return abs(held.bill.total_vnd if change is None else change)


def _with_before(scope: UnitScope, bill: BillFacts) -> HeldBill:
    before = (
        Bill.objects.filter(
            point__code=bill.point_code, unit_id__in=scope.unit_ids, last_day__lt=bill.first_day
        )
        .exclude(state=Bill.State.WITHDRAWN)
        .order_by("-last_day", "-id")
        .values_list("total_vnd", "energy_kwh")
        .first()
    )
    return HeldBill(bill, *(before or (None, None)))

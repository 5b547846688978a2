"""The cases behind the bills of a month, for rating them again elsewhere; reads only."""

from collections.abc import Iterator
from dataclasses import dataclass

from cmis.modules.billing.models import Bill
from cmis.modules.organisation.types import UnitScope


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A bill as it was stored: ``case`` is the canonical JSON that the law was applied to."""

    bill_code: str
    unit_code: str
    customer_code: str
    case: str
    total_vnd: int


def cases_of_month(scope: UnitScope, year: int, month: int) -> Iterator[StoredCase]:
    """Every bill of an accounting month in the scope but withdrawn ones, in the order of units and
    codes, streamed."""
    rows = (
        Bill.objects.filter(unit_id__in=scope.unit_ids, year=year, month=month)
        .exclude(state=Bill.State.WITHDRAWN)
        .order_by("unit__code", "code")
        .values_list("code", "unit__code", "customer__code", "case", "total_vnd")
    )
    for row in rows.iterator(chunk_size=2000):
        yield StoredCase(*row)

"""Why a bill differs from the one before it, for its customer."""

from cmis.modules.billing.types import BillFacts
from cmis.rules.rating import BillCase, ExplainedBill, Refused, explain
from cmis.rules.rating.compare import BillChange, compare
from cmis.rules.tariffs.loader import load_law
from cmis.rules.tariffs.schema import Law


def change_between(previous: BillFacts | None, current: BillFacts) -> BillChange | None:
    """The difference of two stored bills in parts that sum to the đồng.

    Returns:
        None when there is no bill before, or when one of the two, computed again, is not the one
        that was stored: a split of other numbers would explain nothing.
    """
    if previous is None:
        return None
    law = load_law()
    before, after = _explained(previous, law), _explained(current, law)
    if before is None or after is None:
        return None
    return compare(before, after, law)


def _explained(bill: BillFacts, law: Law) -> ExplainedBill | None:
    answer = explain(BillCase.from_json(bill.case), law)
    if isinstance(answer, Refused):
        return None
    sums = (answer.net_vnd, answer.vat_vnd, answer.total_vnd)
    return answer if sums == (bill.net_vnd, bill.vat_vnd, bill.total_vnd) else None

"""The receipt of an issued bill, for its customer: everything needed to compute it again."""

from cmis.journeys.show_a_bill import agrees
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.billing import queries as bills
from cmis.modules.customers.types import CustomerScope
from cmis.modules.invoicing import queries as invoices
from cmis.rules.rating import BillCase, Refused, explain
from cmis.rules.rating.receipt import Reading, receipt_of
from cmis.rules.tariffs.loader import load_law


class UnableToGiveReceipt(UnableTo):
    """The law as it is loaded today does not lead to the bill that was issued."""

    code = "BIL-015"
    what = Bilingual(
        "Tính lại hóa đơn {bill} theo luật giá hiện có không ra đúng hóa đơn đã phát hành, nên"
        " không lập biên nhận.",
        "Computed again by the law at hand, bill {bill} is not the one that was issued, so no"
        " receipt is made.",
    )
    next_step = Bilingual(
        "Hóa đơn đã phát hành vẫn có giá trị; hãy gọi số chăm sóc khách hàng in trên hóa đơn.",
        "The issued bill stands; call the customer service number printed on it.",
    )


def receipt_of_bill(who: CustomerScope, bill_code: str) -> str | None:
    """Canonical JSON of one issued bill; None when there is none of that code, or it is not his.

    A receipt is only made where the explanation equals the stored bill line by line.

    Raises:
        UnableToGiveReceipt: the bill cannot be computed again to the same lines and sums.
    """
    bill = bills.bill_of_customer(who.customer_id, bill_code)
    if bill is None or invoices.invoice_of_customer(who.customer_id, bill_code) is None:
        return None
    explained = explain(BillCase.from_json(bill.case), load_law())
    if isinstance(explained, Refused) or not agrees(bill, explained):
        raise UnableToGiveReceipt(bill=bill_code)
    return receipt_of(explained, [_reading(values) for values in bill.readings])


def _reading(values: dict[str, str]) -> Reading:
    """A stored register as the receipt names it; units last, identity and time when known."""
    reading: dict[str, str | int] = {
        "serial": values["serial"],
        "register": values["register"],
        "previous_index": values["previous"],
        "current_index": values["current"],
        "multiplier": values["multiplier"],
        "energy_kwh": values["kwh"],
        "removed_meter_kwh": values["removed_kwh"],
        "direct_kwh": values["direct_kwh"],
    }
    if values.get("reading_id"):
        reading["reading_id"] = int(values["reading_id"])
    if values.get("read_at"):
        reading["read_at"] = values["read_at"]
    return reading

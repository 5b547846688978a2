"""A bill as its customer may see it: amounts, invoice, readings, and why it came to this amount.

The stored bill is what counts. It is explained again from its case and the law; where the two
differ, the page is told so and hides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from cmis.formats.einvoice.parse import parse_invoice
from cmis.journeys.rate_a_period import REACTIVE_ITEM, REACTIVE_LABEL
from cmis.kernel.errors import Bilingual
from cmis.modules.billing import queries as bills
from cmis.modules.billing.types import BillFacts, LineFacts
from cmis.modules.customers.types import CustomerScope
from cmis.modules.invoicing import queries as invoices
from cmis.modules.invoicing.types import InvoiceFacts
from cmis.modules.reading import queries as readings
from cmis.modules.reading.types import ReadingLine
from cmis.rules.rating import BillCase, ExplainedBill, ExplainedLine, Refused, explain
from cmis.rules.rating.reasons import Reason
from cmis.rules.tariffs.loader import load_law

#: Bills and invoices a page lists: ten years of months.
LISTED = 120
#: Rows of readings looked through for the periods of a page.
READINGS = 400


@dataclass(frozen=True, slots=True)
class IssuedBill:
    """A bill with the invoice that was issued for it."""

    bill: BillFacts
    invoice: InvoiceFacts


@dataclass(frozen=True, slots=True)
class BillToPay:
    """A bill of the newest period; ``qr_payload`` is empty when there is nothing to pay."""

    bill: BillFacts
    invoice: InvoiceFacts
    qr_payload: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Every issued bill, newest first, and those of the newest period (one for each point)."""

    issued: tuple[IssuedBill, ...]
    latest: tuple[BillToPay, ...]


@dataclass(frozen=True, slots=True)
class LineWithReason:
    """One stored line and, when it could be explained, why it stands there.

    ``days`` are those that the line's price was in force in the period, None if not explained.
    """

    line: LineFacts
    days: int | None
    because: Reason | None
    reference: str


@dataclass(frozen=True, slots=True)
class ShownReading:
    """A register as the bill holds it, with the row of the book it came from, if found."""

    values: dict[str, str]
    row: ReadingLine | None


@dataclass(frozen=True, slots=True)
class ShownBill:
    """Everything on the page of one bill.

    Attributes:
        steps: decisions and roundings in their order, the VAT last.
        problem: why the bill could not be explained; None when it could.
        differs: the stored bill and its explanation are not the same.
        explained_total_vnd: what the explanation comes to.
        previous: the bill of the same point before this one.
        qr_payload: payment code of the signed invoice, empty when there is nothing to pay.
    """

    bill: BillFacts
    invoice: InvoiceFacts
    lines: tuple[LineWithReason, ...]
    steps: tuple[Reason, ...]
    problem: Bilingual | None
    differs: bool
    explained_total_vnd: int | None
    readings: tuple[ShownReading, ...]
    previous: BillFacts | None
    qr_payload: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The exact signed bytes of an invoice with what a file name needs."""

    invoice: InvoiceFacts
    data: bytes


def issued_bills(who: CustomerScope) -> list[IssuedBill]:
    """The customer's bills that have an invoice, newest first, without lines."""
    by_bill = {
        one.bill_id: one for one in invoices.invoices_of_customer(who.customer_id, limit=LISTED)
    }
    return [
        IssuedBill(bill, by_bill[bill.id])
        for bill in bills.bills_of_customer(who.customer_id, limit=LISTED)
        if bill.id in by_bill
    ]


def overview(who: CustomerScope) -> Overview:
    """What the first page shows. A damaged invoice gives no payment code; its own page says why."""
    issued = issued_bills(who)
    last_day = issued[0].bill.last_day if issued else None
    latest = [one for one in issued if one.bill.last_day == last_day]
    return Overview(
        issued=tuple(issued),
        latest=tuple(BillToPay(one.bill, one.invoice, _payment_code(one)) for one in latest),
    )


def _payment_code(one: IssuedBill) -> str:
    try:
        return parse_invoice(invoices.document(one.invoice.id)).content.qr_payload
    except invoices.UnableToReadInvoice:
        return ""


def show_bill(who: CustomerScope, bill_code: str) -> ShownBill | None:
    """One issued bill of this customer; None when there is none of that code, or it is not his.

    Raises:
        UnableToReadInvoice: the stored invoice is not the one that was signed.
    """
    paper = signed_paper(who, bill_code)
    bill = bills.bill_of_customer(who.customer_id, bill_code)
    if paper is None or bill is None:
        return None
    answer = explain(BillCase.from_json(bill.case), load_law())
    explained = None if isinstance(answer, Refused) else answer
    return ShownBill(
        bill=bill,
        invoice=paper.invoice,
        lines=_lines(bill.lines, explained),
        steps=() if explained is None else explained.steps,
        problem=_problem(answer) if isinstance(answer, Refused) else None,
        differs=explained is not None and not agrees(bill, explained),
        explained_total_vnd=None if explained is None else explained.total_vnd,
        readings=_readings(bill),
        previous=_previous(bill),
        qr_payload=parse_invoice(paper.data).content.qr_payload,
    )


def signed_paper(who: CustomerScope, bill_code: str) -> Paper | None:
    """The signed invoice of one of the customer's bills; None when it is not his.

    Raises:
        UnableToReadInvoice: the stored bytes are not those that were signed.
    """
    invoice = invoices.invoice_of_customer(who.customer_id, bill_code)
    return None if invoice is None else Paper(invoice, invoices.document(invoice.id))


def agrees(bill: BillFacts, explained: ExplainedBill) -> bool:
    """Whether stored lines and sums are exactly those of the explanation."""
    stored = [
        (line.label, line.item_code, line.decision, line.energy_kwh, line.price_vnd_per_kwh,
         line.amount_vnd)
        for line in bill.lines
    ]  # fmt: skip
    sums = (bill.net_vnd, bill.vat_vnd, bill.total_vnd)
    return stored == [_stored_form(line) for line in explained.lines] and sums == (
        explained.net_vnd,
        explained.vat_vnd,
        explained.total_vnd,
    )


def _stored_form(line: ExplainedLine) -> tuple[str, str, str, Decimal, int, int]:
    label = str(line.tier) if line.tier else (line.register or REACTIVE_LABEL)
    return (
        str(label),
        line.item.code if line.item else REACTIVE_ITEM,
        line.decision.code if line.decision else "",
        Decimal(line.kwh),
        line.price_vnd_per_kwh,
        line.amount_vnd,
    )


def _lines(
    stored: Sequence[LineFacts], explained: ExplainedBill | None
) -> tuple[LineWithReason, ...]:
    """Each stored line beside its explanation; a reason is given only to a line it explains."""
    reasons = () if explained is None else explained.lines
    rows = []
    for line, reason in zip_longest(stored, reasons):
        if line is None:
            break
        facts = (line.label, line.item_code, line.decision, line.energy_kwh)
        if explained is None or reason is None or _stored_form(reason)[:4] != facts:
            rows.append(LineWithReason(line, None, None, line.decision))
            continue
        days = explained.plan.parts[reason.part].days
        rows.append(LineWithReason(line, days, reason.reason, reason.reference))
    return tuple(rows)


def _problem(refused: Refused) -> Bilingual:
    return Bilingual(_literal(refused.message("vi")), _literal(refused.message("en")))


def _literal(text: str) -> str:
    """Braces in data are braces, not places to fill."""
    return text.replace("{", "{{").replace("}", "}}")


def _readings(bill: BillFacts) -> tuple[ShownReading, ...]:
    rows = [
        row
        for row in readings.reading_history_of_customer(
            bill.customer_id, point_code=bill.point_code, limit=READINGS
        )
        if row.period_code == bill.period_code
    ]
    return tuple(ShownReading(values, _row_of(values, rows)) for values in bill.readings)


def _row_of(values: dict[str, str], rows: Sequence[ReadingLine]) -> ReadingLine | None:
    """The book row of a billed register: same register and same indices."""
    wanted = (values["register"], Decimal(values["previous"]), Decimal(values["current"]))
    return next(
        (
            row
            for row in rows
            if (row.register_kind, row.previous_index, row.current_index) == wanted
        ),
        None,
    )


def _previous(bill: BillFacts) -> BillFacts | None:
    return next(
        (
            one
            for one in bills.bills_of_customer(bill.customer_id, limit=LISTED)
            if one.point_code == bill.point_code and one.last_day < bill.last_day
        ),
        None,
    )

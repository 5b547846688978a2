"""One customer, whole: who he is, and everything that happened in one line of time.

Every look of a member of staff at a customer is written into the audit trail (SEC-01).
"""

from dataclasses import dataclass
from datetime import datetime

from cmis.engine.clock import local_date
from cmis.journeys.decide_a_bill import UnableToFindBill
from cmis.modules.billing import queries as bills
from cmis.modules.billing.types import BillFacts
from cmis.modules.customers import queries as customers
from cmis.modules.customers.types import (
    ContractFacts,
    CustomerCard,
    CustomerVersionFacts,
    PriceFacts,
)
from cmis.modules.invoicing import queries as invoices
from cmis.modules.invoicing.types import InvoiceFacts
from cmis.modules.metering import queries as metering
from cmis.modules.metering.types import InstallationFacts, PointFacts
from cmis.modules.notifications import queries as notifications
from cmis.modules.notifications.queries import MessageFacts
from cmis.modules.organisation import queries as organisation
from cmis.modules.organisation.types import Actor
from cmis.modules.reading import queries as books
from cmis.modules.reading.types import ReadingLine
from cmis.modules.translog import operations as translog
from cmis.modules.translog import queries as trail
from cmis.modules.translog.types import AuditFacts

#: Audit action of a look.
LOOKED_AT = "see_customer"
KIND = "customer"


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A customer with what the asking person may see of him; lists are newest first."""

    card: CustomerCard
    versions: tuple[CustomerVersionFacts, ...]
    contracts: tuple[ContractFacts, ...]
    prices: tuple[PriceFacts, ...]
    points: tuple[PointFacts, ...]
    installations: tuple[InstallationFacts, ...]
    readings: tuple[ReadingLine, ...]
    bills: tuple[BillFacts, ...]
    invoices: tuple[InvoiceFacts, ...]
    messages: tuple[MessageFacts, ...]
    acts: tuple[AuditFacts, ...]


def show_a_customer(code: str, *, actor: Actor, at: datetime, part: str = "") -> CustomerPage:
    """Read a customer for a member of staff, and note that he looked.

    Args:
        part: what he looked at, for the audit trail: a tab of the page or a document.

    Raises:
        UnableToFindCustomer: unknown, or outside the units where the actor may see customers.
    """
    on = local_date(at)
    scope = organisation.scope_of(actor, on, action="see_customer")
    card = customers.customer_card(scope, code, on)
    translog.record(
        actor=actor.username,
        unit_code=card.unit_code,
        action=LOOKED_AT,
        object_kind=KIND,
        object_code=card.code,
        at=at,
        detail={"part": part} if part else {},
    )
    points = metering.points_of_customer(scope, card.id, on)
    readings = [
        line for point in points for line in books.reading_history(scope, point.code, limit=60)
    ]
    found = bills.customer_bills(scope, card.id)
    watch = organisation.scope_of(actor, on, action="see_audit")
    return CustomerPage(
        card=card,
        versions=customers.history_of(scope, code),
        contracts=customers.contracts_of(scope, code),
        prices=customers.prices_of(scope, code),
        points=tuple(points),
        installations=tuple(metering.installations_of([point.id for point in points])),
        readings=tuple(readings),
        bills=tuple(found),
        invoices=tuple(
            sorted(
                invoices.invoices_of_bills(scope, [bill.id for bill in found]).values(),
                key=lambda one: (one.invoice_date, one.symbol, one.number),
                reverse=True,
            )
        ),
        messages=tuple(notifications.messages_of_customer(card.id)),
        acts=trail.audit_of(watch, KIND, card.code)[::-1],
    )


@dataclass(frozen=True, slots=True)
class CustomerDocument:
    """The exact signed bytes of one invoice of a customer."""

    invoice: InvoiceFacts
    data: bytes


def fetch_an_invoice(
    code: str, invoice_id: int, *, actor: Actor, at: datetime
) -> CustomerDocument | None:
    """An invoice of a customer for a member of staff, noted in the audit trail.

    Returns:
        None when the customer has no such invoice in the units where the actor may see invoices.

    Raises:
        UnableToFindCustomer: as :func:`show_a_customer`.
        UnableToReadInvoice: the stored bytes are not those that were signed.
    """
    on = local_date(at)
    scope = organisation.scope_of(actor, on, action="see_invoice")
    card = customers.customer_card(scope, code, on)
    found = invoices.invoice(scope, invoice_id)
    if found is None or found.customer_id != card.id:
        return None
    translog.record(
        actor=actor.username,
        unit_code=card.unit_code,
        action=LOOKED_AT,
        object_kind=KIND,
        object_code=card.code,
        at=at,
        detail={"invoice": found.full_number},
    )
    return CustomerDocument(found, invoices.document(invoice_id))


def show_a_bill(bill_id: int, *, actor: Actor, at: datetime) -> BillFacts:
    """One bill with its lines for a member of staff, noted in the customer's audit trail.

    Raises:
        UnableToFindBill: unknown, or outside the units where the actor may see bills.
    """
    scope = organisation.scope_of(actor, local_date(at), action="see_bill")
    found = bills.bill(scope, bill_id)
    if found is None:
        raise UnableToFindBill(bill=bill_id)
    translog.record(
        actor=actor.username,
        unit_code=found.unit_code,
        action=LOOKED_AT,
        object_kind=KIND,
        object_code=found.customer_code,
        at=at,
        detail={"bill": found.code},
    )
    return found

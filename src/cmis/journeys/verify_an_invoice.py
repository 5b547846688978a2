"""Tell anybody who holds an invoice whether it is genuine, and nothing he does not hold already.

He must name what stands on the paper: customer code, enquiry code and total. Wrong, unknown and
somebody else's all get the same answer.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime

from cmis.formats.einvoice.parse import parse_invoice
from cmis.formats.einvoice.verify import verify_document
from cmis.kernel.text import code_key
from cmis.modules.customers import queries as customers
from cmis.modules.customers.queries import UnableToFindCustomer
from cmis.modules.invoicing import queries as invoices
from cmis.modules.organisation import queries as organisation

#: Invoices of one customer looked through: a life of months.
LOOKED_THROUGH = 1_200


@dataclass(frozen=True, slots=True)
class GenuineInvoice:
    """What is shown of an invoice that was found: who issued it, its number, date and total.

    ``is_intact`` tells that the stored signature and arithmetic were checked again and hold.
    """

    full_number: str
    invoice_date: date
    total_vnd: int
    seller_name: str
    seller_tax_code: str
    signed_at: datetime
    is_intact: bool


def verify_invoice(
    *, customer_code: str, lookup_code: str, total_vnd: int, on: date
) -> GenuineInvoice | None:
    """The invoice these three facts agree with, its signature checked now; None for any mismatch.

    Raises:
        UnableToReadInvoice: the stored bytes are not those that were signed.
    """
    wanted = code_key(lookup_code).upper().encode()
    found = next(
        (
            one
            for one in invoices.invoices_of_customer(
                _customer_id(customer_code, on), limit=LOOKED_THROUGH
            )
            if hmac.compare_digest(one.lookup_code.encode(), wanted) and one.total_vnd == total_vnd
        ),
        None,
    )
    if found is None:
        return None
    data = invoices.document(found.id)
    seller = parse_invoice(data).content.seller
    return GenuineInvoice(
        full_number=found.full_number,
        invoice_date=found.invoice_date,
        total_vnd=found.total_vnd,
        seller_name=seller.name,
        seller_tax_code=seller.tax_code,
        signed_at=found.signed_at,
        is_intact=verify_document(data).ok,
    )


def _customer_id(code: str, on: date) -> int:
    """The customer's id, or one that nobody has."""
    try:
        return customers.customer_card(organisation.everything(), code.strip().upper(), on).id
    except UnableToFindCustomer:
        return 0

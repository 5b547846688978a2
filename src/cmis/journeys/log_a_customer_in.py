"""Log a customer in: send a one-time code, later exchange it for his scope.

Known and unknown codes take the same way through here and get the same answer, so that nobody
learns who is a customer.
"""

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import transaction

from cmis.modules.customers import operations as customers
from cmis.modules.customers import queries as customer_queries
from cmis.modules.customers.types import CustomerCard, CustomerScope, LoginCode
from cmis.modules.notifications import operations as notifications


def request_code(customer_code: str, *, at: datetime) -> None:
    """Issue a code and queue its message in one transaction.

    Nothing is sent when the customer is unknown, has no address or asked too often; the caller
    does not learn which.
    """
    with transaction.atomic():
        issued = customers.issue_login_code(customer_code, at=at)
        if issued is not None:
            notifications.queue([_message(issued, at)], at=at)


def redeem_code(customer_code: str, code: str, *, at: datetime) -> CustomerScope:
    """The scope of the customer whose living code this is.

    Raises:
        UnableToRedeemCode: unknown, wrong, used, expired or tried too often; it does not say which.
    """
    return customers.redeem_login_code(customer_code, code, at=at)


def customer_of_session(customer_id: int, *, on: date) -> CustomerCard | None:
    """Who the logged-in customer is today; None when he is no longer known."""
    return customer_queries.cards([customer_id], on).get(customer_id)


def _message(issued: LoginCode, at: datetime) -> notifications.NewMessage:
    minutes = (issued.expires_at - at) // timedelta(minutes=1)
    return notifications.NewMessage(
        key=f"login:{uuid4()}",  # every code is a message of its own, even in the same instant
        unit_id=issued.unit_id,
        customer_id=issued.customer_id,
        purpose="login",
        template="login_code",
        channel=issued.channel,
        language=issued.language,
        values={"code": issued.code, "minutes": minutes},
    )

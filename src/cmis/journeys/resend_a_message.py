"""Send a message to a customer once more, after the first try ended."""

from datetime import datetime

from django.db import transaction

from cmis.engine.clock import local_date
from cmis.modules.customers import queries as customers
from cmis.modules.notifications import operations as notifications
from cmis.modules.notifications import queries as outbox
from cmis.modules.organisation import queries as organisation
from cmis.modules.organisation.authorisation import require
from cmis.modules.organisation.types import Actor
from cmis.modules.translog import operations as translog


def resend_a_message(code: str, message_id: int, *, actor: Actor, at: datetime) -> bool:
    """Queue a customer's message again.

    Returns:
        False when the customer has no such message; nothing was changed.

    Raises:
        UnableToFindCustomer: unknown, or in a unit the actor has nothing to do with.
        UnableToAct: the actor may not send again there; audited.
        UnableToSendAgain: it has not ended yet.
    """
    scope = organisation.scope_of(actor, local_date(at))
    card = customers.customer_card(scope, code, local_date(at))
    require(actor, "resend_message", card.unit_id, at=at)
    if message_id not in {one.id for one in outbox.messages_of_customer(card.id, limit=500)}:
        return False
    with transaction.atomic():
        notifications.send_again(scope, message_id, at=at)
        translog.record(
            actor=actor.username,
            unit_code=card.unit_code,
            action="resend_message",
            object_kind="customer",
            object_code=card.code,
            at=at,
            detail={"message": message_id},
        )
    return True

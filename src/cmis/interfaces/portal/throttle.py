"""How often one client address may ask for codes, try codes and check invoices.

The counts stand in the database, so that they hold over restarts and over several web processes.
The limits are wide, because a whole street may share one address behind a mobile operator; the
narrow limits are those of one customer and stand in the customers module.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from cmis.modules.customers import operations


@dataclass(frozen=True, slots=True)
class Limit:
    """``most`` requests of an action within ``minutes``."""

    action: str
    most: int
    minutes: int


ASK_FOR_CODE = Limit("ask_for_code", most=20, minutes=60)
TRY_CODE = Limit("try_code", most=40, minutes=60)
VERIFY = Limit("verify", most=30, minutes=60)


def may_go_on(request: HttpRequest, limit: Limit, *, at: datetime) -> bool:
    """Count this request; False when its client address has used up its share."""
    return operations.count_attempt(
        _client_hash(request), limit.action, most=limit.most, minutes=limit.minutes, at=at
    )


def _client_hash(request: HttpRequest) -> str:
    """The address of the connection; a proxy in front passes the client's own through waitress."""
    address = request.META.get("REMOTE_ADDR", "")
    return salted_hmac("portal.client", address, algorithm="sha256").hexdigest()

"""How often one client address may ask for codes, try codes and check invoices.

The counts stand in the database, so that they hold over restarts and over several web processes.
The limits are wide, because a whole street may share one address behind a mobile operator; the
narrow limits are those of one customer and stand in the customers module.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from cmis.interfaces.portal.models import ClientAttempt


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
    client_hash = _client_hash(request)
    since = at - timedelta(minutes=limit.minutes)
    attempts = ClientAttempt.objects.filter(action=limit.action)
    attempts.filter(at__lte=since).delete()
    if attempts.filter(client_hash=client_hash).count() >= limit.most:
        return False
    ClientAttempt.objects.create(client_hash=client_hash, action=limit.action, at=at)
    return True


def _client_hash(request: HttpRequest) -> str:
    """The address of the connection; a proxy in front passes the client's own through waitress."""
    address = request.META.get("REMOTE_ADDR", "")
    return salted_hmac("portal.client", address, algorithm="sha256").hexdigest()

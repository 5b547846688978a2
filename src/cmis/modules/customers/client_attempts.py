"""How often one client asked for something, kept in the database: it holds over restarts and over
several web processes."""

from datetime import datetime, timedelta

from cmis.modules.customers.models import ClientAttempt


def count_attempt(client_hash: str, action: str, *, most: int, minutes: int, at: datetime) -> bool:
    """Count one attempt; False, and nothing counted, when the client has used up its share.

    Args:
        client_hash: a keyed hash of the client's address; the address itself is never stored.
    """
    attempts = ClientAttempt.objects.filter(action=action)
    attempts.filter(at__lte=at - timedelta(minutes=minutes)).delete()
    if attempts.filter(client_hash=client_hash).count() >= most:
        return False
    ClientAttempt.objects.create(client_hash=client_hash, action=action, at=at)
    return True

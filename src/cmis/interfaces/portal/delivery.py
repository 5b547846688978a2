"""Send queued codes at once: a customer who waits for one cannot wait for the night.

The sending happens beside the request, for known and unknown customers alike, so that the time of
an answer tells nothing. A message that is not sent here stays in the outbox for the next worker.
"""

import logging
import threading

from django.db import connection

from cmis.engine.clock import Clock
from cmis.journeys.deliver_messages import deliver_due

log = logging.getLogger("cmis.portal")
_AT_WORK = threading.Lock()


def deliver_beside(clock: Clock) -> threading.Thread:
    """Start delivering codes in a thread of its own."""
    thread = threading.Thread(target=deliver_now, args=(clock,), name="deliver", daemon=True)
    thread.start()
    return thread


def deliver_now(clock: Clock) -> None:
    """Deliver the codes that are due, one delivery at a time; a fault is logged, not raised.

    Who finds a delivery at work waits for it, because it may have looked before his message came.
    """
    with _AT_WORK:
        try:
            deliver_due(clock=clock, purpose="login")
        except Exception:  # the edge of a thread: nobody above could be told
            log.exception("delivery beside a request failed")
        finally:
            connection.close()

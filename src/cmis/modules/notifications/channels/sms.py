"""SMS through an HTTP gateway: one POST of JSON a message."""

import json
import urllib.error
import urllib.request

from cmis.modules.notifications.channels import Letter, Reply
from cmis.modules.notifications.operations import Outcome

TIMEOUT_SECONDS = 20
#: Statuses after which another try is of no use; 408 and 429 ask for one.
REFUSING = frozenset({400, 401, 403, 404, 405, 410, 413, 415, 422})


class HttpSmsChannel:
    """``POST url`` with ``{"to", "text", "reference"}`` and ``Idempotency-Key``.

    2xx is acceptance; 4xx (but 408 and 429) is refusal; anything else is tried again.
    """

    def __init__(self, url: str, *, token: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("CMIS_SMS_URL must begin with http:// or https://")
        self._url = url
        self._token = token

    def send(self, letter: Letter) -> Reply:
        body = json.dumps(
            {"to": letter.to, "text": letter.text, "reference": letter.key}, ensure_ascii=False
        )
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": letter.key,
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            self._url, data=body.encode(), headers=headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return Reply(Outcome.ACCEPTED, str(answer.status))
        except urllib.error.HTTPError as error:
            outcome = Outcome.REFUSED if error.code in REFUSING else Outcome.RETRY
            return Reply(outcome, str(error.code))
        except (urllib.error.URLError, OSError) as error:
            return Reply(Outcome.RETRY, type(error).__name__)

    def close(self) -> None:
        return

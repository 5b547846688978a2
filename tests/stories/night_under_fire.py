"""A process that runs nights in children and can kill them: at a boundary, or after some time.

It loads the product once and forks a child for every order, so that a killed night costs only the
night. Orders come as JSON lines, answers go out as JSON lines. A *boundary* is where a transaction
is about to commit, a file is about to move, or progress is told: everything between two of them is
lost or kept as a whole.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from cmis.engine.pool import start_django

start_django()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

from cmis.engine.clock import fixed_clock, local_date  # noqa: E402
from cmis.engine.simulation.district import simulate  # noqa: E402
from cmis.engine.simulation.invented_names import contact_of  # noqa: E402
from cmis.engine.simulation.population import District  # noqa: E402
from cmis.formats.einvoice.versions import format_version_for  # noqa: E402
from cmis.journeys import collect_the_drop, issue_invoices  # noqa: E402
from cmis.journeys.adopt_books import adopt_file  # noqa: E402
from cmis.journeys.close_periods import mark_sent_and_locked  # noqa: E402
from cmis.journeys.deliver_messages import deliver_due  # noqa: E402
from cmis.journeys.load_contacts import load_contacts  # noqa: E402
from cmis.journeys.run_the_night import NightOrder, run_the_night  # noqa: E402
from cmis.kernel.period import BillingMonth  # noqa: E402
from cmis.modules.invoicing.signing_keys import key_source  # noqa: E402
from cmis.modules.organisation import queries as units  # noqa: E402
from cmis.project.home import database  # noqa: E402
from cmis.rules.tariffs.loader import load_law  # noqa: E402
from cmis.rules.vee.limits import load_limits  # noqa: E402

NIGHT = fixed_clock("2026-07-13T23:30:00")
MORNING = fixed_clock("2026-07-14T08:00:00")
UNITS = ("PX0100", "PX0200", "PX0300")
CUSTOMERS = 20
WITH_CONTACT = 2
#: Small, so that a night of sixty invoices has several transactions.
issue_invoices.BATCH_INVOICES = 8
issue_invoices.CHUNK_INVOICES = 3


class Boundaries:
    """Counts boundaries and ends the process, as a power cut would, at the wanted one."""

    def __init__(self, kill_at: int | None) -> None:
        self.kill_at = kill_at
        self.count = 0

    def reached(self) -> None:
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def phase(self, name: str, total: int) -> None:
        self.reached()

    def step(self, count: int = 1) -> None:
        self.reached()

    def watch(self) -> None:
        """Put a boundary before every commit and every move of a file."""
        commit, move = BaseDatabaseWrapper._commit, collect_the_drop._move

        def before_commit(connection: Any) -> Any:
            self.reached()
            return commit(connection)

        def before_move(*facts: Any) -> None:
            self.reached()
            move(*facts)

        BaseDatabaseWrapper._commit = before_commit
        collect_the_drop._move = before_move


def use(home: str, url: str) -> None:
    """Point this child, and the workers it starts, at a state folder and a database."""
    os.environ.update(CMIS_HOME=home, CMIS_DATABASE_URL=url)
    settings.CMIS_HOME = Path(home)
    settings.DATABASES = {"default": database(url, Path(home))}
    connections._settings = None
    connections.__dict__.pop("settings", None)
    if hasattr(connections._connections, "default"):
        del connections["default"]


def adopt(order: dict[str, Any]) -> dict[str, Any]:
    """The district before its night: books are out, their returns lie in the drop folder."""
    call_command("migrate", verbosity=0)
    home = Path(order["home"])
    (home / "drop").mkdir()
    for place, unit_code in enumerate(UNITS):
        district = District(CUSTOMERS, 11 + place, BillingMonth(2026, 7), unit_code)
        for book in simulate(district):
            at = fixed_clock("2026-07-01T08:00:00")()
            adopt_file(book.outbound, name=book.file_name, at=at, actor="clerk")
            (home / "drop" / book.file_name).write_bytes(book.returned)
            lines = ["customer_code\tphone\temail"]
            for code in book.customer_codes[:WITH_CONTACT]:
                contact = contact_of(code)
                lines.append(f"{code}\t{contact.phone}\t{contact.email}")
            load_contacts(
                "\n".join(lines), scope=units.everything(), on=local_date(at), actor="clerk", at=at
            )
        seller = units.seller_of(units.unit(unit_code, local_date(at)).id, local_date(at))
        key_source(seller.code, tax_code="0000000000", name=seller.name)
    return {}


def night(order: dict[str, Any]) -> dict[str, Any]:
    boundaries = Boundaries(order.get("kill_at"))
    boundaries.watch()
    started = time.monotonic()
    result = run_the_night(
        NightOrder(
            date=local_date(NIGHT()),
            drop=Path(order["home"]) / "drop",
            workers=order.get("workers", 1),
        ),
        clock=NIGHT,
        progress=boundaries,
    )
    return {
        "boundaries": boundaries.count,
        "seconds": time.monotonic() - started,
        "summary": result.summary,
        "failures": result.failures,
    }


def paper(order: dict[str, Any]) -> dict[str, Any]:
    """What the night left, after the morning has sent what a kill left claimed."""
    from tests.stories.night_paper import everything_on_paper

    deliver_due(clock=MORNING)
    mark_sent_and_locked(units.everything(), at=MORNING(), night_id=None)
    return everything_on_paper(Path(order["home"]) / "drop")


ACTS = {"adopt": adopt, "night": night, "paper": paper}


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Run one order in a child; a number in ``kill_after_seconds`` ends it from outside."""
    answer = Path(order["home"]) / ".answer"
    answer.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            use(order["home"], order["url"])
            answer.write_text(json.dumps(ACTS[order["act"]](order)))
            connections.close_all()
            status = 0
        finally:
            sys.stderr.flush()
            os._exit(status) if status == 0 else None
    if (limit := order.get("kill_after_seconds")) is not None:
        deadline = time.monotonic() + limit
        while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0) and time.monotonic() < deadline:
            time.sleep(0.002)
        if ended == (0, 0):
            os.kill(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)
    else:
        ended = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(ended[1])
    return {
        "killed": killed,
        "code": os.waitstatus_to_exitcode(ended[1]),
        "answer": json.loads(answer.read_text()) if answer.exists() and not killed else None,
    }


def main() -> None:
    load_law()  # once, not in every child
    load_limits()
    format_version_for(local_date(NIGHT()))
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()

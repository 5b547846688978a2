"""Acts at the same moment, on a database with many writers: one wins, nothing slips between.

On SQLite there is one writer, so that this cannot happen; the tests run on PostgreSQL.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from cmis.kernel.errors import UnableTo
from cmis.modules.organisation import operations, queries
from cmis.modules.organisation.roles import Role
from cmis.modules.translog import operations as translog
from cmis.modules.translog import queries as trail

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "postgresql" not in django_settings.DATABASES["default"]["ENGINE"],
        reason="SQLite has one writer",
    ),
]

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
START = date(2020, 1, 1)
PASSWORD = "mot-mat-khau-dai"


def together(*acts: Callable[[], Any]) -> list[str]:
    """Run acts in threads that start at once; what each came to: ``done`` or a refusal's code."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            gate.wait(timeout=20)
            act()
            return "done"
        except UnableTo as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.fixture
def lan(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    operations.ensure_units_for("PX0100", START, AT, "boss")
    operations.create_staff(
        username="lan",
        full_name="Lan Thử",
        unit_code="PX0100",
        password=PASSWORD,
        actor="boss",
        at=AT,
    )


@pytest.mark.usefixtures("lan")
def test_two_grants_that_clash_never_both_pass() -> None:
    def grant(role: Role) -> Callable[[], None]:
        return lambda: operations.grant_role(
            username="lan", role=role, unit_code="PX0100", valid_from=START, actor="b", at=AT
        )

    outcome = together(grant(Role.CASHIER), grant(Role.SETTLEMENT))
    assert outcome == ["ORG-007", "done"]
    assert len(queries.actor_of("lan", START).roles) == 1


@pytest.mark.usefixtures("lan")
def test_parallel_guesses_are_all_counted() -> None:
    def guess() -> None:
        operations.authenticate("lan", "sai", AT)

    assert together(*[guess] * 5) == ["ORG-010"] * 5
    with pytest.raises(operations.UnableToAuthenticate):
        operations.authenticate("lan", PASSWORD, AT + timedelta(minutes=14))
    assert len(trail.latest_audit(queries.everything(), limit=9, action="account_locked")) == 1


def test_one_of_many_workers_gets_the_night() -> None:
    def start(worker: str) -> Callable[[], Any]:
        return lambda: translog.open_night(
            date=date(2026, 7, 13), unit_code="*", worker=worker, at=AT
        )

    outcome = together(*[start(f"host:{number}") for number in range(4)])
    assert outcome == ["LOG-001"] * 3 + ["done"]
    (night,) = trail.nights(queries.everything(), 9)
    assert night.start_count == 1

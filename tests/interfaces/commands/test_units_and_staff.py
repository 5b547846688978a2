"""``cmis units`` and ``cmis staff``: arguments in, tab-separated text out, refusals explained."""

from datetime import date
from typing import Any

import pytest

from cmis.interfaces.commands import main as cmis
from cmis.kernel.errors import UnableTo
from cmis.modules.organisation import queries
from cmis.modules.organisation.operations import authenticate
from cmis.modules.organisation.roles import Role

pytestmark = pytest.mark.django_db

CLOCK = "2026-07-13T08:00:00+07:00"
TODAY = date(2026, 7, 13)


@pytest.fixture(autouse=True)
def quiet(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CMIS_CLOCK = CLOCK
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("CMIS_STAFF_PASSWORD", "mot-mat-khau-dai")
    monkeypatch.setenv("LOGNAME", "operator")


def run(*words: str) -> int:
    """As the command, without bringing the test tables up to date."""
    parsed = cmis.build_parser().parse_args(words)
    return int(parsed.func(parsed))


@pytest.fixture
def units(capsys: pytest.CaptureFixture[str]) -> None:
    beginning = ("--from", "2020-01-01")
    run("units", "create", "PX01", "--level", "company", "--name", "Công ty Mẫu", *beginning)
    for code in ("PX0100", "PX0101"):
        run(
            *("units", "create", code, "--level", "district", "--parent", "PX01"),
            *("--name", f"Điện lực {code}", *beginning),
        )
    capsys.readouterr()


@pytest.mark.usefixtures("units")
def test_facts_are_set_from_a_day_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run(
            *("--language", "en", "units", "set", "PX01", "--from", "2026-07-01"),
            *("--name", "Công ty Điện lực Mẫu", "--tax-code", "0100000000"),
            *("--address", "1 Phố Mẫu", "--bank-bin", "970400", "--bank-account", "001"),
        )
        == 0
    )
    assert capsys.readouterr().out == "Unit PX01 updated.\n"
    assert run("units", "show", "PX01") == 0
    assert capsys.readouterr().out.splitlines() == [
        "[2020-01-01, 2026-07-01)",
        "    level: company",
        "    name: Công ty Mẫu",
        "[2026-07-01, …)",
        "    level: company",
        "    name: Công ty Điện lực Mẫu",
        "    address: 1 Phố Mẫu",
        "    tax_code: 0100000000",
        "    bank_bin: 970400",
        "    bank_account: 001",
    ]


@pytest.mark.usefixtures("units")
def test_nothing_to_set_is_a_wrong_call() -> None:
    assert run("units", "set", "PX01") == 2
    assert len(queries.history_of(queries.everything(), "PX01")) == 1


@pytest.mark.usefixtures("units")
def test_a_merger_shows_in_the_list_from_its_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("units", "merge", "PX0101", "--into", "PX0100", "--from", "2026-08-01") == 0
    assert capsys.readouterr().out == "Đã sáp nhập PX0101 vào PX0100.\n"
    run("units", "list", "--below", "PX0100")
    before = capsys.readouterr().out.splitlines()
    run("units", "list", "--below", "PX0100", "--on", "2026-08-01")
    after = capsys.readouterr().out.splitlines()
    head = "code\tlevel\tparent\tsuccessor\ttax_code\tname"
    first = "PX0100\tdistrict\tPX01\t\t\tĐiện lực PX0100"
    assert before == [head, first]
    assert after == [head, first, "PX0101\tdistrict\tPX0100\tPX0100\t\tĐiện lực PX0101"]


@pytest.mark.usefixtures("units")
def test_a_person_is_created_with_roles_and_can_log_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert (
        run(
            *("staff", "create", "lan", "--name", "Lan Thử", "--unit", "PX0100"),
            *("--role", "billing", "--role", "reading_section"),
        )
        == 0
    )
    assert "mot-mat-khau-dai" not in capsys.readouterr().out
    actor = authenticate("lan", "mot-mat-khau-dai", cmis_now())
    assert actor.roles == {Role.BILLING, Role.READING_SECTION}
    assert run("staff", "end", "lan", "billing", "--unit", "PX0100", "--from", "2026-08-01") == 0
    assert run("staff", "grant", "lan", "auditor", "--unit", "PX01") == 0
    capsys.readouterr()
    assert run("staff", "list", "--unit", "PX01") == 0
    assert capsys.readouterr().out.splitlines() == [
        "username\tname\thome\tstate\trole\tunit\tfrom\tto",
        "lan\tLan Thử\tPX0100\tactive\tbilling\tPX0100\t2026-07-13\t2026-08-01",
        "lan\tLan Thử\tPX0100\tactive\treading_section\tPX0100\t2026-07-13\t",
        "lan\tLan Thử\tPX0100\tactive\tauditor\tPX01\t2026-07-13\t",
    ]


def cmis_now() -> Any:
    from cmis.engine.clock import fixed_clock

    return fixed_clock(CLOCK)()


@pytest.mark.usefixtures("units")
def test_a_refused_role_creates_no_account() -> None:
    with pytest.raises(UnableTo) as refusal:
        run(
            *("staff", "create", "lan", "--name", "Lan Thử", "--unit", "PX0100"),
            *("--role", "cashier", "--role", "reader"),
        )
    assert refusal.value.code == "ORG-007"
    assert queries.staff_of(queries.everything()) == ()


@pytest.mark.usefixtures("units")
def test_a_made_up_password_is_printed_once_and_works(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("staff", "create", "lan", "--name", "Lan Thử", "--unit", "PX0100")
    monkeypatch.delenv("CMIS_STAFF_PASSWORD")
    capsys.readouterr()
    assert run("--language", "en", "staff", "password", "lan") == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Password set."
    assert authenticate("lan", second.removeprefix("Password: "), cmis_now()).username == "lan"


def test_an_unknown_unit_is_told_with_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnableTo) as refusal:
        run("units", "show", "PX0999")
    assert refusal.value.code == "ORG-001"


@pytest.mark.usefixtures("units")
def test_the_trail_names_the_account_of_the_machine() -> None:
    from cmis.modules.translog import queries as translog

    acts = translog.audit_of(queries.everything(), "unit", "PX0100")
    assert [act.actor for act in acts] == ["operator"]

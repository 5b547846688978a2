"""The ``cmis`` command itself: languages, exit codes, migrations, failures in words."""

import argparse
from typing import Any

import pytest
from django.db.utils import OperationalError

from cmis.interfaces.commands import main as command
from cmis.kernel.errors import Bilingual, UnableTo


class UnableToDance(UnableTo):
    code = "TST-001"
    what = Bilingual("Không nhảy được.", "Cannot dance.")
    next_step = Bilingual("Thử lại.", "Try again.")


@pytest.fixture
def dance(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts one command into the parser and runs it with a step of the test's choice."""

    def run(step: Any, *arguments: str, needs_database: bool = False) -> int:
        parser = argparse.ArgumentParser()
        parser.add_argument("--language", default="vi")
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("dance").set_defaults(func=step, needs_database=needs_database)
        monkeypatch.setattr(command, "build_parser", lambda: parser)
        return command.main([*arguments, "dance"])

    return run


def failing(failure: BaseException) -> Any:
    def step(arguments: argparse.Namespace) -> int:
        raise failure

    return step


def test_the_exit_code_of_a_command_is_its_own(dance: Any) -> None:
    assert dance(lambda arguments: 0) == 0
    assert dance(lambda arguments: 1) == 1
    assert dance(lambda arguments: None) == 0


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "TST-001: Không nhảy được. Thử lại.\n"),
        ("en", "TST-001: Cannot dance. Try again.\n"),
    ],
)
def test_an_anticipated_failure_is_told_in_the_language(
    dance: Any, capsys: pytest.CaptureFixture[str], language: str, text: str
) -> None:
    assert dance(failing(UnableToDance()), "--language", language) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", text)


def test_an_interrupted_command_ends_cleanly(
    dance: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dance(failing(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "Đã dừng.\n"


def test_a_bug_stays_loud(dance: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        dance(failing(ZeroDivisionError()))


def test_a_wrong_call_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["books", "import"])
    assert ended.value.code == 2
    assert "FILE" in capsys.readouterr().err


def test_every_command_module_registers_itself() -> None:
    help_text = command.build_parser().format_help()
    assert "books" in help_text
    assert "main" not in help_text.split()


@pytest.mark.django_db
def test_a_database_that_cannot_be_used_is_told(
    dance: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    step = failing(OperationalError("connection refused\nsecond line"))
    assert dance(step, "--language", "en", needs_database=True) == 1
    told = capsys.readouterr().err
    assert told.startswith("SYS-001: The database cannot be used (connection refused).")
    assert "second" not in told


@pytest.mark.django_db
def test_a_missing_file_is_told(dance: Any, capsys: pytest.CaptureFixture[str]) -> None:
    def step(arguments: argparse.Namespace) -> int:
        open("/nowhere/at/all.xml").close()  # noqa: PTH123
        return 0

    assert dance(step, "--language", "en", needs_database=True) == 1
    assert capsys.readouterr().err.startswith("SYS-002: Cannot read or write /nowhere/at/all.xml")


@pytest.mark.django_db
def test_tables_that_are_current_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(
        "django.core.management.call_command", lambda name, **_: called.append(name)
    )
    command.bring_tables_up_to_date()
    assert called == []


@pytest.mark.django_db
def test_missing_migrations_are_applied_unless_switched_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[str] = []
    monkeypatch.setattr(command, "_missing_migrations", lambda: {("reading", "9999_new")})
    monkeypatch.setattr(
        "django.core.management.call_command", lambda name, **_: called.append(name)
    )
    monkeypatch.setenv("CMIS_AUTO_MIGRATE", "0")
    command.bring_tables_up_to_date()
    assert called == []
    monkeypatch.setenv("CMIS_AUTO_MIGRATE", "1")
    command.bring_tables_up_to_date()
    assert called == ["migrate"]

"""The ``cmis`` command: finds the commands beside it, prepares Django, translates failures.

A command is a module of this package with ``register(subparsers)``; it sets ``func`` and, when it
computes without a database, ``needs_database=False`` in the defaults of its parser. It gets the
parsed arguments with ``language`` (vi or en) and gives back the exit code: 0 done, 1 not done and
said why, 2 called wrongly.
"""

import argparse
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import cmis
from cmis.kernel.errors import Bilingual, UnableTo

DESCRIPTION = (
    "CMIS: khách hàng, chỉ số, tiền điện và hóa đơn điện tử."
    " / Electricity customers, readings, bills and signed invoices."
)
#: Key of the PostgreSQL advisory lock held while tables are brought up to date.
MIGRATION_LOCK = 0x434D4953
INTERRUPTED = 130


class UnableToReachDatabase(UnableTo):
    code = "SYS-001"
    what = Bilingual(
        "Không dùng được cơ sở dữ liệu ({reason}).", "The database cannot be used ({reason})."
    )
    next_step = Bilingual(
        "Kiểm tra CMIS_DATABASE_URL và máy chủ cơ sở dữ liệu rồi chạy lại.",
        "Check CMIS_DATABASE_URL and the database server, then run the command again.",
    )


class UnableToUseFile(UnableTo):
    code = "SYS-002"
    what = Bilingual(
        "Không đọc hoặc ghi được {path}: {reason}.", "Cannot read or write {path}: {reason}."
    )
    next_step = Bilingual(
        "Kiểm tra đường dẫn và quyền của tệp.", "Check the path and the rights of the file."
    )


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command in this package, in alphabetical order."""
    parser = argparse.ArgumentParser(prog="cmis", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"cmis {cmis.__version__}")
    parser.add_argument(
        "--language",
        choices=("vi", "en"),
        default="vi",
        help="ngôn ngữ của thông báo / language of messages (vi)",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    package = import_module("cmis.interfaces.commands")
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        if found.name != "main":
            module = import_module(f"{package.__name__}.{found.name}")
            if hasattr(module, "register"):
                module.register(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give back its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cmis.project.settings")
    parsed = build_parser().parse_args(arguments)
    try:
        return _run(parsed)
    except UnableTo as failure:
        print(failure.message(parsed.language), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Đã dừng." if parsed.language == "vi" else "Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (``| head``); nothing is left to be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(parsed: argparse.Namespace) -> int:
    import django
    from django.utils import translation

    django.setup()
    with translation.override(parsed.language):
        if not getattr(parsed, "needs_database", True):
            return int(parsed.func(parsed) or 0)
        from django.db.utils import OperationalError

        try:
            bring_tables_up_to_date()
            return int(parsed.func(parsed) or 0)
        except OperationalError as problem:
            # One line of the driver's text: it names host and file, never data of people.
            reason = str(problem).strip().splitlines()[0] if str(problem).strip() else "?"
            raise UnableToReachDatabase(reason=reason) from problem
        except OSError as problem:
            if isinstance(problem, BrokenPipeError) or problem.filename is None:
                raise
            raise UnableToUseFile(path=problem.filename, reason=problem.strerror) from problem


def bring_tables_up_to_date() -> None:
    """Apply migrations that are not yet in the database. ``CMIS_AUTO_MIGRATE=0`` switches it off.

    The check compares file names with one small query, so that a command whose tables are current
    pays next to nothing. Of several commands that start at once, one migrates and the others wait.
    """
    if os.environ.get("CMIS_AUTO_MIGRATE", "1") == "0" or not _missing_migrations():
        return
    from django.core.management import call_command

    with _alone():
        if _missing_migrations():
            call_command("migrate", verbosity=0, interactive=False)


def _missing_migrations() -> set[tuple[str, str]]:
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    on_disk = {
        (config.label, file.name)
        for config in apps.get_app_configs()
        for file in pkgutil.iter_modules([str(Path(config.path) / "migrations")])
    }
    return on_disk - set(MigrationRecorder(connection).applied_migrations())


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process of this database at a time."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
        return
    with (settings.CMIS_HOME / "migrate.lock").open("w") as file:
        _lock_file(file)
        yield


def _lock_file(file: Any) -> None:
    """Wait for the file; its lock ends when it is closed, also by a kill."""
    try:
        import fcntl
    except ImportError:  # not a POSIX system: SQLite there serves one person
        return
    fcntl.flock(file, fcntl.LOCK_EX)


if __name__ == "__main__":
    sys.exit(main())

"""Databases for killed nights: a file in the state folder, or a database of its own a trial."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit


class Databases(Protocol):
    def url(self, home: Path) -> str:
        """The address of the database of a state folder."""

    def copy(self, source: Path, target: Path) -> None:
        """Give ``target`` a database equal to that of ``source``."""


class SqliteFiles:
    """The database lies in the state folder and was copied with it."""

    def url(self, home: Path) -> str:
        return ""

    def copy(self, source: Path, target: Path) -> None:
        assert (target / "cmis.sqlite3").exists()


class PostgresDatabases:
    """One database a state folder, copied by the server itself."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.names: set[str] = set()

    def url(self, home: Path) -> str:
        name = self._name(home)
        if name not in self.names:
            self._admin(
                f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"'
            )
            self.names.add(name)
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{name}"))

    def copy(self, source: Path, target: Path) -> None:
        name = self._name(target)
        self._admin(
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{self._name(source)}"',
        )
        self.names.add(name)

    def drop_all(self) -> None:
        self._admin(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in self.names))

    def _name(self, home: Path) -> str:
        return f"kills_{os.getpid()}_{home.name}"

    def _admin(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def of_this_run() -> Iterator[Databases]:
    """SQLite files, or databases on the server that ``CMIS_DATABASE_URL`` names."""
    address = os.environ.get("CMIS_DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield SqliteFiles()
        return
    databases = PostgresDatabases(address)
    try:
        yield databases
    finally:
        databases.drop_all()

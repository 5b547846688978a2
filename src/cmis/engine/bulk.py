"""Bulk rows into the database: COPY on PostgreSQL, executemany on SQLite, one interface.

Works inside the caller's transaction on the caller's Django connection.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from itertools import islice
from typing import Any

#: Rows a statement on SQLite, so that readers are not kept waiting.
SQLITE_CHUNK_ROWS = 20_000

Row = Sequence[Any]

_AS_IS = frozenset({int, str, bytes, bool})


def insert_rows(connection: Any, table: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Append rows and return their count. Column order is the order of each row.

    On PostgreSQL values go through psycopg's COPY adaptation; on SQLite dates, decimals and UUIDs
    are written as Django stores them.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    count = 0
    if connection.vendor == "postgresql":
        statement = f'COPY "{table}" ({names}) FROM STDIN'
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        return count
    places = ", ".join("?" for _ in columns)
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        for chunk in _chunks(rows, SQLITE_CHUNK_ROWS):
            cursor.cursor.executemany(statement, [sqlite_values(row) for row in chunk])
            count += len(chunk)
    return count


def reserve_ids(connection: Any, table: str, count: int) -> Sequence[int]:
    """Reserve ``count`` ascending primary keys of a table with a BigAutoField.

    On PostgreSQL they are drawn from the sequence one by one, so that other writers never get the
    same; on SQLite the writer is alone in its transaction, so the next free numbers are taken.
    """
    if count == 0:
        return ()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f'"{table}"', count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(
            f'SELECT max(coalesce((SELECT max(id) FROM "{table}"), 0),'  # noqa: S608
            " coalesce((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        first = cursor.fetchone()[0] + 1
        return range(first, first + count)


def sqlite_values(row: Row) -> tuple[Any, ...]:
    """A row as sqlite3 binds it, in the forms Django itself writes."""
    return tuple(_sqlite_value(value) for value in row)


def _sqlite_value(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_IS or value is None:
        return value
    name = kind.__name__
    if name == "Decimal":
        return str(value)
    if name == "UUID":
        return value.hex
    if name == "datetime":
        moment = value.astimezone(UTC).replace(tzinfo=None)
        return moment.isoformat(sep=" ")
    if name == "date":
        return value.isoformat()
    return value


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk

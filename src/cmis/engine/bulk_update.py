"""Many rows changed at once: a temporary table and one UPDATE on PostgreSQL, executemany on SQLite.

Works inside the caller's transaction on the caller's Django connection, as ``engine.bulk`` does.
"""

from collections.abc import Sequence
from typing import Any

from cmis.engine.bulk import Row, insert_rows, sqlite_values

#: Name of the temporary table; it lives only between the statements of one call.
STAGE = "cmis_update_stage"


def update_rows(connection: Any, table: str, columns: Sequence[str], rows: Sequence[Row]) -> int:
    """Set ``columns`` of the rows named by primary key and return how many were changed.

    Args:
        columns: the columns to set; a row is ``(id, value of each column …)`` in that order.
        rows: at most one row per id.
    """
    if not rows:
        return 0
    if connection.vendor == "postgresql":
        return _update_by_stage(connection, table, columns, rows)
    places = ", ".join(f'"{column}" = ?' for column in columns)
    statement = f'UPDATE "{table}" SET {places} WHERE id = ?'  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.cursor.executemany(statement, [sqlite_values((*row[1:], row[0])) for row in rows])
        changed: int = cursor.cursor.rowcount
    return changed


def _update_by_stage(
    connection: Any, table: str, columns: Sequence[str], rows: Sequence[Row]
) -> int:
    names = ", ".join(f'"{column}"' for column in ("id", *columns))
    places = ", ".join(f'"{column}" = stage."{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TEMPORARY TABLE {STAGE} ON COMMIT DROP AS SELECT {names} FROM "{table}"'  # noqa: S608
            " WITH NO DATA"
        )
        insert_rows(connection, STAGE, ("id", *columns), rows)
        cursor.execute(f"ANALYZE {STAGE}")
        cursor.execute(
            f'UPDATE "{table}" SET {places} FROM {STAGE} AS stage WHERE "{table}".id = stage.id'  # noqa: S608
        )
        changed: int = cursor.rowcount
        cursor.execute(f"DROP TABLE {STAGE}")
    return changed

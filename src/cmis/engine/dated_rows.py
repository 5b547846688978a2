"""History by dated rows: ``[valid_from, valid_to)``, nothing overwritten.

Works on any Django query set whose rows have the columns ``valid_from`` and ``valid_to`` and
describe one and the same subject.
"""

from datetime import date
from typing import Any

from django.db.models import Q


def in_force(on: date, *, prefix: str = "") -> Any:
    """The condition "valid on this day". A row whose days are none is never valid."""
    return Q(**{f"{prefix}valid_from__lte": on}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on})
    )


def close_row(rows: Any, on: date) -> tuple[Any | None, date | None]:
    """End the row in force on a day, so that a new one can begin that day.

    A row that began the same day keeps its place in history with no days left: ``[on, on)``.

    Returns:
        The row that was in force, if any, and the end of the new one: that of the closed row, or
        the beginning of the next known one, or None.
    """
    found = rows.select_for_update().filter(in_force(on)).first()
    if found is None:
        later = rows.filter(valid_from__gt=on).order_by("valid_from").first()
        return None, None if later is None else later.valid_from
    end = found.valid_to
    found.valid_to = on
    found.save(update_fields=["valid_to"])
    return found, end

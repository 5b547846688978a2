"""See what a returned file would do before it is taken: the same import, rolled back."""

from datetime import datetime

from django.db import transaction

from cmis.journeys.import_a_book import import_book_file
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading.types import ImportOutcome


def preview_book_file(
    data: bytes, *, name: str, actor: str, at: datetime, scope: UnitScope
) -> ImportOutcome:
    """The verdict on every row, exactly as taking the file now would give it; nothing is kept.

    Raises:
        UnableToReadBookFile: damaged, hostile or no reading book.
    """
    with transaction.atomic():
        outcome = import_book_file(data, name=name, actor=actor, at=at, scope=scope)
        transaction.set_rollback(True)
    return outcome

"""What a returned file is held against, and what earlier files did."""

from collections.abc import Sequence

from cmis.modules.reading.file_types import ExpectedRow
from cmis.modules.reading.models import BookRow, ImportedFile
from cmis.modules.reading.types import ImportOutcome, RowVerdict


def expected_rows(period_ids: Sequence[int]) -> list[ExpectedRow]:
    """Every row of these periods."""
    rows = BookRow.objects.filter(period_id__in=period_ids)
    return [
        ExpectedRow(*row)
        for row in rows.values_list(
            "id", "period_id", "key", "point_id", "point__code", "period__unit__code",
            "installation__meter__code", "installation__meter__serial", "register_kind",
            "dial_digits", "previous_index", "multiplier", "previous_kwh", "removed_kwh",
            "first_day", "planned_last_day", "state", "current_index", "state_code", "last_day",
            "reading_id",
        )
    ]  # fmt: skip


def first_import(sha256: str) -> ImportOutcome | None:
    """What the first import of this content did, or nothing when it never came.

    Its verdicts name the rows with a doubt; all other rows were good.
    """
    file = ImportedFile.objects.filter(sha256=sha256, cancelled_at=None).first()
    if file is None:
        return None
    verdicts = file.verdicts.order_by("row_number", "id")
    return ImportOutcome(
        sha256=sha256,
        name=file.name,
        already_imported=True,
        period_codes=tuple(
            file.touched.order_by("period__code").values_list("period__code", flat=True)
        ),
        row_count=file.row_count,
        accepted_count=file.accepted_count,
        held_count=file.held_count,
        refused_count=file.refused_count,
        verdicts=tuple(
            RowVerdict(number, key, code, tuple(further))
            for number, key, code, further in verdicts.values_list(
                "row_number", "key", "code", "further"
            )
        ),
    )


def times_cancelled(sha256: str) -> int:
    """How often the receipt of this content was cancelled; part of the identity of its readings."""
    return ImportedFile.objects.filter(sha256=sha256).exclude(cancelled_at=None).count()

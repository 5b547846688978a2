"""What a page about one book period shows: its rows, and the files that came back for it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.findings import HOLDING
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading.models import BookRow, ImportedFile, RowFinding
from cmis.modules.reading.types import RowVerdict

_HOLDING_NAMES = sorted(severity.value for severity in HOLDING)


class UnableToFindFile(UnableTo):
    code = "READ-011"
    what = Bilingual("Không có tệp trả về số {file}.", "There is no returned file {file}.")
    next_step = Bilingual(
        "Mở kỳ của sổ và chọn tệp trong danh sách.",
        "Open the book's period and choose a file of its list.",
    )


@dataclass(frozen=True, slots=True)
class RowLine:
    """One register of a period as the page of the book lists it; energy in kWh or kvarh."""

    id: int
    point_code: str
    customer_code: str
    meter_serial: str
    register_kind: str
    walk_code: str
    multiplier: Decimal
    previous_index: Decimal
    current_index: Decimal | None
    consumption_kwh: Decimal | None
    removed_kwh: Decimal
    direct_kwh: Decimal
    previous_kwh: Decimal
    last_day: date | None
    state_code: str
    state: str
    is_estimated: bool
    source: str
    read_by: str
    recorded_by: str
    doubt_count: int


@dataclass(frozen=True, slots=True)
class FileLine:
    """A returned file. Rows: accepted + held + refused = row_count."""

    id: int
    sha256: str
    name: str
    imported_by: str
    imported_at: datetime
    row_count: int
    accepted_count: int
    held_count: int
    refused_count: int
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class FilePage:
    """A returned file with the periods it touched and its doubtful rows; all others were good."""

    file: FileLine
    period_codes: tuple[str, ...]
    verdicts: tuple[RowVerdict, ...]


def rows_of_period(scope: UnitScope, period_code: str) -> list[RowLine]:
    """Every register of a period in the order of its file; nothing outside the scope."""
    return _rows(
        BookRow.objects.filter(period__code=period_code, period__unit_id__in=scope.unit_ids)
    )


def rows_of_point(scope: UnitScope, period_code: str, point_code: str) -> list[RowLine]:
    """The registers of one visit."""
    return _rows(
        BookRow.objects.filter(
            period__code=period_code, point__code=point_code, period__unit_id__in=scope.unit_ids
        )
    )


def files_of_period(scope: UnitScope, period_code: str) -> list[FileLine]:
    """Files that brought rows for a period, newest first, those with a cancelled receipt too."""
    found = ImportedFile.objects.filter(
        touched__period__code=period_code, touched__period__unit_id__in=scope.unit_ids
    )
    return [_file(one) for one in found.distinct().order_by("-imported_at", "-id")]


def file_page(scope: UnitScope, file_id: int) -> FilePage:
    """One returned file.

    Raises:
        UnableToFindFile: unknown, or it touched a period outside the scope.
    """
    found = ImportedFile.objects.filter(pk=file_id).first()
    touched = (
        []
        if found is None
        else list(
            found.touched.order_by("period__code").values_list("period__code", "period__unit_id")
        )
    )
    if found is None or not touched or any(unit not in scope for _, unit in touched):
        raise UnableToFindFile(file=file_id)
    verdicts = found.verdicts.order_by("row_number", "id").values_list(
        "row_number", "key", "code", "further"
    )
    return FilePage(
        _file(found),
        tuple(code for code, _ in touched),
        tuple(RowVerdict(number, key, code, tuple(more)) for number, key, code, more in verdicts),
    )


def _file(one: ImportedFile) -> FileLine:
    return FileLine(
        one.pk, one.sha256, one.name, one.imported_by, one.imported_at, one.row_count,
        one.accepted_count, one.held_count, one.refused_count, one.cancelled_at,
    )  # fmt: skip


def _rows(rows: "QuerySet[BookRow]") -> list[RowLine]:
    open_ones = Q(findings__state=RowFinding.State.OPEN, findings__severity__in=_HOLDING_NAMES)
    found = rows.annotate(doubts=Count("findings", filter=open_ones)).order_by("position")
    return [
        RowLine(*row[:17], *(text or "" for text in row[17:20]), row[20])
        for row in found.values_list(
            "id", "point__code", "point__customer__code", "installation__meter__serial",
            "register_kind", "walk_code", "multiplier", "previous_index", "current_index",
            "consumption_kwh", "removed_kwh", "direct_kwh", "previous_kwh", "last_day",
            "state_code", "state", "is_estimated", "reading__source", "reading__person",
            "reading__recorded_by", "doubts",
        )
    ]  # fmt: skip

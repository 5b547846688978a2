"""What stories about books share: sample files, people, and small returned books made by hand."""

from datetime import UTC, date, datetime
from pathlib import Path

from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.writer import write_returned
from cmis.journeys.adopt_books import AdoptionReport, adopt_file
from cmis.journeys.import_a_book import import_book_file
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.roles import Role
from cmis.modules.organisation.types import Actor
from cmis.modules.reading.models import (
    BookPeriod,
    BookRow,
    ImportedFile,
    ImportVerdict,
    ReadingEvent,
    RowFinding,
)
from cmis.modules.reading.types import ImportOutcome
from cmis.modules.translog.models import StepRecord

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "hhu"
HOUSEHOLDS = "PX0100101-2026-7-1"
WALK = "PX0100102-2026-7-1"
BOUNDARY = "PX01004GI-2026-6-3"

JULY_1 = datetime(2026, 7, 1, 2, tzinfo=UTC)
EVENING = datetime(2026, 7, 13, 11, tzinfo=UTC)
NIGHT = datetime(2026, 7, 13, 18, tzinfo=UTC)
MORNING = datetime(2026, 7, 14, 1, tzinfo=UTC)
PASSWORD = "a long and plain secret"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes()


def adopt(name: str, data: bytes | None = None) -> AdoptionReport:
    return adopt_file(data or sample(name), name=f"{name}.xml", at=JULY_1, actor="clerk")


def take(data: bytes, *, accept: str = "good", at: datetime = EVENING) -> ImportOutcome:
    return import_book_file(
        data, name="back.xml", actor="clerk", at=at, scope=units.everything(), accept=accept
    )


def doubts_of(outcome: ImportOutcome) -> list[tuple[str, str, str]]:
    """``(row, key, code)`` of every row that is not good, as the report writes them."""
    return [
        ("-" if said.row_number is None else str(said.row_number), said.key, said.code)
        for said in outcome.verdicts
        if said.code != "OK"
    ]


def fields_of(data: bytes) -> list[dict[str, str]]:
    return [dict(row.fields) for row in parse_book_file(data).rows]


def read_as(row: dict[str, str], index: int | str, **columns: str) -> dict[str, str]:
    """An outbound row as a handheld gives it back with an index; columns may be overridden."""
    used = (int(index) - int(row["CS_CU"])) * int(row["HSN"])
    before = int(row["SL_CU"])
    total = used + int(row["SL_THAO"])
    unusual = before and not 70 * before <= total * 100 <= 130 * before
    device = {
        "CS_MOI": str(index),
        "SL_MOI": str(used),
        "TTR_MOI": "",
        "MA_COT": "",
        "TT_KHAC": "1" if unusual else "0",
        "THOI_GIAN": "11/07/2026 08:15:00",
        "X": "21.000731",
        "Y": "105.800417",
        "TTHAI_DBO": "1",
    }
    return row | device | columns


def usual_return(data: bytes) -> list[dict[str, str]]:
    """Every row read with nearly the energy of the period before: nothing to doubt."""
    return [_usual(row) for row in fields_of(data)]


def _usual(row: dict[str, str]) -> dict[str, str]:
    used = (int(row["SL_CU"]) - int(row["SL_THAO"])) // int(row["HSN"]) + 1
    index = int(row["CS_CU"]) + used
    end = 10 ** {"999": 5, "998": 6}[row["MA_CTO"][:3]]
    if index < end:
        return read_as(row, index, TT_KHAC="0")
    energy = str(used * int(row["HSN"]))
    return read_as(row, index - end, TTR_MOI="Q", SL_MOI=energy, TT_KHAC="0")


def returned(rows: list[dict[str, str]]) -> bytes:
    return write_returned(rows)


def counts() -> dict[str, int]:
    """Rows of every table an import writes: what "changed nothing" is measured by."""
    tables = (
        BookPeriod,
        BookRow,
        ReadingEvent,
        RowFinding,
        ImportedFile,
        ImportVerdict,
        StepRecord,
    )
    return {table.__name__: table.objects.count() for table in tables}


def row_states(period_code: str) -> list[str]:
    rows = BookRow.objects.filter(period__code=period_code).order_by("position")
    return list(rows.values_list("state", flat=True))


def row_of(key: int) -> BookRow:
    return BookRow.objects.get(key=key)


def staff(username: str, full_name: str, *roles: Role, unit: str = "PX0100") -> Actor:
    """A person with roles in a unit that exists."""
    organisation.create_staff(
        username=username,
        full_name=full_name,
        unit_code=unit,
        password=PASSWORD,
        actor="admin",
        at=JULY_1,
    )
    for role in roles:
        organisation.grant_role(
            username=username,
            role=role,
            unit_code=unit,
            valid_from=date(2026, 7, 1),
            actor="admin",
            at=JULY_1,
        )
    return units.actor_of(username, date(2026, 7, 14))

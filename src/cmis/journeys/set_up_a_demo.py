"""A demo utility from nothing: units, people, the sample books, a simulated district, two nights.

Everything goes through the same journeys a real utility uses; only the dates are replayed with
fixed clocks, so that there is history to look at.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cmis.engine.clock import Clock, fixed_clock
from cmis.engine.simulation.district import simulate
from cmis.engine.simulation.reader import act_as_reader
from cmis.journeys.adopt_books import adopt_books
from cmis.journeys.export_a_book import export_book
from cmis.journeys.night_progress import Progress
from cmis.journeys.run_the_night import NightOrder, run_the_night
from cmis.kernel.period import BillingMonth
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.roles import Role
from cmis.modules.reading import queries as books

ACTOR = "demo"
BEGINNING = date(2026, 1, 1)
SEED = 20260713
FIRST_MONTH = BillingMonth(2026, 6, 1)
SECOND_MONTH = BillingMonth(2026, 7, 1)
SAMPLE_UNIT, DISTRICT = "PX0100", "PX0200"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A staff account of the demo with its freshly drawn password."""

    username: str
    full_name: str
    unit_code: str
    roles: tuple[Role, ...]


PEOPLE = (
    DemoPerson("truongdonvi", "Trần Thị Trưởng", DISTRICT, (Role.UNIT_HEAD,)),
    DemoPerson("ghichiso", "Lê Văn Ghi", DISTRICT, (Role.READING_SECTION,)),
    DemoPerson("phuctra", "Phạm Thị Tra", DISTRICT, (Role.RE_CHECK,)),
    DemoPerson("hoadon", "Đỗ Văn Đơn", DISTRICT, (Role.BILLING,)),
    DemoPerson("cskh", "Vũ Thị Chăm", DISTRICT, (Role.CARE_AGENT,)),
    DemoPerson("truongmau", "Ngô Văn Mẫu", SAMPLE_UNIT, (Role.UNIT_HEAD, Role.BILLING)),
    DemoPerson("kiemtoan", "Bùi Thị Kiểm", "PX", (Role.AUDITOR,)),
)


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo prints: log-ins and a customer worth looking at."""

    passwords: dict[str, str]
    night_texts: tuple[dict[str, object], ...]
    customer_codes: tuple[str, ...]


def is_set_up() -> bool:
    """Whether the database already holds units: then nothing is touched."""
    return bool(units.everything().unit_ids)


def set_up_a_demo(
    *,
    sample_books: Sequence[Path],
    returned_samples: Sequence[Path],
    customers: int,
    work_folder: Path,
    workers: int,
    say: Callable[[str], None],
    progress: Progress | None = None,
) -> Demo:
    """Build the demo in an empty database.

    Args:
        work_folder: where the simulated files and the drop folder go.
    """
    start = fixed_clock("2026-06-01T08:00:00")
    drop = work_folder / "drop"
    drop.mkdir(parents=True, exist_ok=True)

    say("Nhận sổ mẫu và sổ mô phỏng / adopting sample and simulated books")
    district = simulate(
        customers=customers, seed=SEED, first_month=FIRST_MONTH, unit_code=DISTRICT
    )
    outbound = [(path.name, path.read_bytes()) for path in sample_books]
    outbound += [(book.name, book.data) for book in district.outbound]
    adopt_books(outbound, at=start(), actor=ACTOR)
    _name_units(start())
    passwords = _hire(start())

    say("Đêm thứ nhất / first night")
    _drop(drop, ((book.name, book.data) for book in district.returned))
    first = _night(date(2026, 6, 30), "2026-06-30T01:00:00", drop, workers, progress)

    say("Xuất sổ tháng 7, đọc, trả về / export, read and return the books of July")
    moment = fixed_clock("2026-07-01T08:00:00")
    scope = units.scope_of(DISTRICT, moment().date())
    for code in books.book_codes(scope):
        exported = export_book(code, SECOND_MONTH, actor=ACTOR, at=moment(), scope=scope)
        returned = act_as_reader(exported.data, month=SECOND_MONTH, seed=SEED)
        _drop(drop, [(exported.name, returned.data)])
    _drop(drop, ((path.name, path.read_bytes()) for path in returned_samples))

    say("Đêm thứ hai / second night")
    second = _night(date(2026, 7, 31), "2026-07-31T01:00:00", drop, workers, progress)
    return Demo(passwords, (first, second), tuple(district.customer_codes[:3]))


def _drop(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for name, data in files:
        (folder / name).write_bytes(data)


def _night(
    on: date, at: str, drop: Path, workers: int, progress: Progress | None
) -> dict[str, object]:
    clock: Clock = fixed_clock(at)
    order = NightOrder(date=on, drop=drop, workers=workers)
    return run_the_night(order, clock=clock, progress=progress).summary


def _name_units(at: datetime) -> None:
    organisation.revise_unit("PX", on=BEGINNING, at=at, actor=ACTOR, name="Tổng công ty Điện lực Mẫu")
    organisation.revise_unit(
        "PX01",
        on=BEGINNING,
        at=at,
        actor=ACTOR,
        name="CÔNG TY ĐIỆN LỰC THỬ NGHIỆM",
        tax_code="0000000017",
        address="Số 0 đường Ví Dụ, phường Mẫu, tỉnh Giả Định",
        phone="19000000",
        email="cskh@example.invalid",
        website="cskh.example.invalid",
        bank_name="Ngân hàng Ví Dụ",
        bank_bin="970403",
        bank_account="0011012345678",
    )
    organisation.revise_unit(
        "PX02",
        on=BEGINNING,
        at=at,
        actor=ACTOR,
        name="CÔNG TY ĐIỆN LỰC GIẢ ĐỊNH",
        tax_code="0000000025",
        address="Số 2 đường Ví Dụ, phường Giả, tỉnh Giả Định",
        phone="19000000",
        email="cskh@example.invalid",
        website="cskh.example.invalid",
        bank_name="Ngân hàng Ví Dụ",
        bank_bin="970403",
        bank_account="0022012345678",
    )
    organisation.revise_unit(SAMPLE_UNIT, on=BEGINNING, at=at, actor=ACTOR, name="Điện lực Mẫu")
    organisation.revise_unit(DISTRICT, on=BEGINNING, at=at, actor=ACTOR, name="Điện lực Giả Định")


def _hire(at: datetime) -> dict[str, str]:
    passwords = {}
    for person in PEOPLE:
        passwords[person.username] = secrets.token_urlsafe(9)
        organisation.create_staff(
            username=person.username,
            full_name=person.full_name,
            unit_code=person.unit_code,
            password=passwords[person.username],
            actor=ACTOR,
            at=at,
        )
        for role in person.roles:
            organisation.grant_role(
                username=person.username,
                role=role,
                unit_code=person.unit_code,
                valid_from=BEGINNING,
                actor=ACTOR,
                at=at,
            )
    return passwords

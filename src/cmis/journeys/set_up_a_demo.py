"""A demo utility from nothing: units, people, the sample books, a simulated district, two nights.

Everything goes through the same journeys a real utility uses; only the dates are replayed with
fixed clocks, so that there is history to look at.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from cmis.engine.clock import Clock, fixed_clock
from cmis.engine.simulation.district import SimulatedBook, simulate
from cmis.engine.simulation.invented_names import contact_of
from cmis.engine.simulation.population import District
from cmis.engine.simulation.reader import act_as_reader
from cmis.journeys.adopt_books import BookFileToAdopt, adopt_books
from cmis.journeys.export_a_book import export_a_book
from cmis.journeys.night_progress import Progress
from cmis.journeys.prepare_a_period import prepare_period
from cmis.journeys.run_the_night import NightOrder, run_the_night
from cmis.kernel.period import BillingMonth
from cmis.modules.customers import operations as customers_module
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.roles import Role

ACTOR = "demo"
BEGINNING = date(2026, 6, 1)
UNITS_SINCE = date(2020, 1, 1)
SEED = 20260713
FIRST_MONTH = BillingMonth(2026, 6, 1)
SECOND_MONTH = BillingMonth(2026, 7, 1)
FIRST_NIGHT, SECOND_NIGHT = date(2026, 6, 14), date(2026, 7, 14)
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
        work_folder: where the drop folder goes.
    """
    drop = work_folder / "drop"
    drop.mkdir(parents=True, exist_ok=True)
    morning = fixed_clock("2026-06-01T08:00:00")()

    _found_units(morning)
    say("Nhận sổ mẫu và sổ mô phỏng / adopting the sample books and a simulated district")
    district = list(simulate(District(customers, SEED, FIRST_MONTH, DISTRICT)))
    adopt_books(
        [
            *(BookFileToAdopt(path.name, path.read_bytes()) for path in sample_books),
            *(BookFileToAdopt(book.file_name, book.outbound) for book in district),
        ],
        at=morning,
        actor=ACTOR,
    )
    passwords = _hire(morning)
    _tell_contacts([code for book in district for code in book.customer_codes], morning)

    say("Đêm thứ nhất / first night")
    _drop(drop, ((book.file_name, book.returned) for book in district))
    nights = [_night(FIRST_NIGHT, DISTRICT, drop, workers, progress)]

    say("Xuất sổ tháng 7, đọc, trả về / the books of July go out, are read and come back")
    _drop(drop, _read_again(district))
    _drop(drop, ((path.name, path.read_bytes()) for path in returned_samples))

    say("Đêm thứ hai / second night")
    nights += [
        _night(SECOND_NIGHT, unit_code, drop, workers, progress)
        for unit_code in (DISTRICT, SAMPLE_UNIT)
    ]
    return Demo(passwords, tuple(nights), district[0].customer_codes[:3])


def _read_again(district: Sequence[SimulatedBook]) -> Iterator[tuple[str, bytes]]:
    """Our own system exports the next month, and the simulated reader walks those books."""
    at = fixed_clock("2026-07-12T08:00:00")()
    scope = units.scope_of(DISTRICT, at.date())
    for book in district:
        prepared = prepare_period(scope, book.book_code, SECOND_MONTH, actor=ACTOR, at=at)
        exported = export_a_book(scope, prepared.period_code, holder="ghichiso", actor=ACTOR, at=at)
        earlier = {
            (row.point_code, row.register, row.meter_serial): int(row.true_index)
            for row in book.truth
        }
        walked = act_as_reader(exported.data, seed=SEED + 1, earlier=earlier)
        yield exported.file_name, walked.returned


def _tell_contacts(customer_codes: Sequence[str], at: datetime) -> None:
    """Phones and e-mail addresses, which book files do not carry."""
    scope = units.scope_of(DISTRICT, BEGINNING)
    with transaction.atomic():
        for code in customer_codes:
            contact = contact_of(code)
            if contact.phone or contact.email:
                customers_module.revise_customer(
                    scope,
                    code,
                    on=BEGINNING,
                    actor=ACTOR,
                    at=at,
                    phone=contact.phone,
                    email=contact.email,
                )


def _drop(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    for name, data in files:
        (folder / name).write_bytes(data)


def _night(
    on: date, unit_code: str, drop: Path, workers: int, progress: Progress | None
) -> dict[str, object]:
    clock: Clock = fixed_clock(f"{on}T01:00:00")
    order = NightOrder(date=on, drop=drop, unit_code=unit_code, workers=workers)
    return run_the_night(order, clock=clock, progress=progress).summary


def _found_units(at: datetime) -> None:
    """A corporation, two companies that sell and sign, and their district units."""
    company = {
        "phone": "19000000",
        "email": "cskh@example.invalid",
        "website": "cskh.example.invalid",
        "bank_name": "Ngân hàng Ví Dụ",
        "bank_bin": "970403",
    }
    plan: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
        ("PX", "corporation", "Tổng công ty Điện lực Mẫu", "", {}),
        (
            "PX01",
            "company",
            "CÔNG TY ĐIỆN LỰC THỬ NGHIỆM",
            "PX",
            company
            | {
                "tax_code": "0000000017",
                "address": "Số 0 đường Ví Dụ, phường Mẫu, tỉnh Giả Định",
                "bank_account": "0011012345678",
            },
        ),
        (
            "PX02",
            "company",
            "CÔNG TY ĐIỆN LỰC GIẢ ĐỊNH",
            "PX",
            company
            | {
                "tax_code": "0000000025",
                "address": "Số 2 đường Ví Dụ, phường Giả, tỉnh Giả Định",
                "bank_account": "0022012345678",
            },
        ),
        (SAMPLE_UNIT, "district", "Điện lực Mẫu", "PX01", {}),
        (DISTRICT, "district", "Điện lực Giả Định", "PX02", {}),
    )
    for code, level, name, parent_code, details in plan:
        organisation.create_unit(
            code=code,
            level=level,
            name=name,
            parent_code=parent_code,
            valid_from=UNITS_SINCE,
            actor=ACTOR,
            at=at,
            **details,
        )


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

"""A utility starts with its outbound books, and gives them back out to the letter."""

from datetime import date
from decimal import Decimal

import pytest

from cmis.formats.hhu.failures import UnableToReadBookRow
from cmis.formats.hhu.writer import write_outbound
from cmis.journeys.adopt_books import UnableToAdoptBook
from cmis.journeys.export_a_book import export_a_book
from cmis.modules.customers.models import Contract, Customer, CustomerVersion, PriceApplication
from cmis.modules.metering.models import Installation, InstalledRegister, Meter, MeteringPoint
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.models import Unit
from cmis.modules.reading import operations as reading
from cmis.modules.reading.models import BookPeriod, BookRow
from cmis.modules.reading.period_steps import UnableToExportBook, UnableToTakeBackBook
from cmis.modules.translog.models import AuditEntry
from tests.stories.reading_books import (
    BOUNDARY,
    EVENING,
    HOUSEHOLDS,
    WALK,
    adopt,
    counts,
    fields_of,
    returned,
    sample,
    take,
)

pytestmark = pytest.mark.django_db


def export(code: str, holder: str = "reader-7") -> bytes:
    return export_a_book(units.everything(), code, holder=holder, actor="clerk", at=EVENING).data


def test_a_book_brings_its_units_customers_points_meters_and_registers() -> None:
    report = adopt(HOUSEHOLDS)
    assert (report.row_count, report.customer_count) == (20, 20)
    assert report.books[0].period_code == HOUSEHOLDS
    assert Unit.objects.filter(code="PX0100").count() == 1
    found = [
        model.objects.count()
        for model in (Customer, CustomerVersion, Contract, PriceApplication, MeteringPoint, Meter)
    ]
    assert found == [20, 20, 20, 20, 20, 20]
    assert Customer.objects.filter(kind="non_household").count() == 3  # rows 8, 9, 10
    period = BookPeriod.objects.get(code=HOUSEHOLDS)
    assert (period.state, period.holder) == ("exported", "")
    assert (period.first_day, period.planned_last_day) == (date(2026, 6, 12), date(2026, 7, 11))


def test_a_replaced_meter_hangs_from_the_day_of_the_swap() -> None:
    adopt(HOUSEHOLDS)
    row = BookRow.objects.get(key=90000120)
    assert row.removed_kwh == 118
    assert row.first_day > row.period.first_day
    assert row.installation.installed_on == row.first_day
    assert row.installation.registers.get().install_index == row.previous_index


def test_a_time_of_use_point_is_one_installation_with_five_registers() -> None:
    adopt(BOUNDARY)
    assert (Installation.objects.count(), InstalledRegister.objects.count()) == (2, 6)
    rows = BookRow.objects.filter(multiplier=40).order_by("position")
    assert [row.register_kind for row in rows] == ["BT", "CD", "TD", "SG", "VC"]
    assert {row.dial_digits for row in rows} == {5}
    assert rows[0].history_kwh == ["7200", "7207", "7195"]
    assert rows[0].previous_index == Decimal(2310)


@pytest.mark.parametrize("code", [HOUSEHOLDS, WALK, BOUNDARY])
def test_an_adopted_book_goes_out_byte_equal(code: str) -> None:
    adopt(code)
    assert export(code) == sample(code)
    assert export(code) == sample(code)  # the holder may fetch it again


def test_adopting_the_same_book_again_changes_nothing_and_says_so() -> None:
    adopt(WALK)
    before = counts()
    report = adopt(WALK)
    assert [(book.is_new, book.differing_row_count) for book in report.books] == [(False, 0)]
    assert counts() == before


def test_another_version_of_a_known_period_is_only_compared() -> None:
    adopt(WALK)
    rows = fields_of(sample(WALK))
    rows[3]["CS_CU"] = "777"
    report = adopt(WALK, write_outbound(rows[:-1]))
    assert [book.differing_row_count for book in report.books] == [2]  # one changed, one missing
    assert [finding.rule for finding in report.findings] == ["PERIOD_DIFFERS_FROM_ADOPTED"]
    assert export(WALK) == sample(WALK)


def test_interleaved_books_of_one_file_are_adopted_each_for_itself() -> None:
    one, other = fields_of(sample(HOUSEHOLDS)), fields_of(sample(WALK))
    mixed = [row for pair in zip(one, other, strict=False) for row in pair] + one[10:]
    report = adopt("mixed", write_outbound(mixed))
    assert [(book.period_code, book.row_count) for book in report.books] == [
        (HOUSEHOLDS, 20),
        (WALK, 10),
    ]
    assert export(WALK) == sample(WALK)


def test_a_later_month_adds_its_period_and_the_meter_that_was_changed() -> None:
    adopt(WALK)
    rows = fields_of(sample(WALK))
    for row in rows:
        row |= {
            "BOCSO_ID": str(int(row["BOCSO_ID"]) + 1_000_000),
            "THANG": "8",
            "NGAY_CU": "2026-07-14T00:00:00",
            "NGAY_MOI": "2026-08-13T00:00:00",
        }
    rows[0] |= {"MA_CTO": "999202577000001", "SERY_CTO": "77000001", "CS_CU": "3"}
    rows[0]["NGAY_CU"] = "2026-07-20T00:00:00"
    report = adopt("PX0100102-2026-8-1", write_outbound(rows))
    assert report.books[0].period_code == "PX0100102-2026-8-1"
    assert (report.counts.points, report.counts.meters, report.counts.installations) == (0, 1, 1)
    point = MeteringPoint.objects.get(code=rows[0]["MA_DDO"])
    assert [
        (one.meter.serial, one.installed_on, one.removed_on)
        for one in point.installations.order_by("installed_on")
    ] == [
        ("26000301", date(2026, 6, 14), date(2026, 7, 20)),
        ("77000001", date(2026, 7, 20), None),
    ]
    assert BookPeriod.objects.count() == 2


def test_a_new_price_agreement_is_a_new_version_and_the_old_one_ends() -> None:
    adopt(WALK)
    rows = fields_of(sample(WALK))[:1]
    rows[0] |= {
        "BOCSO_ID": "99000001",
        "THANG": "8",
        "NGAY_CU": "2026-07-14T00:00:00",
        "NGAY_MOI": "2026-08-13T00:00:00",
        "CHUOI_GIA": " KT: 40%*2320-KDDV + 60%*SHBT-A",
    }
    adopt("PX0100102-2026-8-1", write_outbound(rows))
    versions = PriceApplication.objects.filter(point_code=rows[0]["MA_DDO"]).order_by("valid_from")
    assert [(one.valid_from, one.valid_to) for one in versions] == [
        (date(2026, 6, 14), date(2026, 7, 14)),
        (date(2026, 7, 14), None),
    ]
    assert [(term["group_code"], term["share_percent"]) for term in versions[1].terms] == [
        ("KDDV", 40),
        ("SHBT", 60),
    ]


@pytest.mark.parametrize(
    ("column", "text", "failure"),
    [
        ("CS_CU", "12,5", UnableToReadBookRow),
        ("HSN", "0", UnableToAdoptBook),
        ("LOAI_BCS", "ZZ", UnableToAdoptBook),
        ("NGAY_CU", "1000-01-01T00:00:00", UnableToAdoptBook),
        ("MA_GC", "0" * 40, UnableToAdoptBook),
        ("MA_DVIQLY", "PX0200", UnableToAdoptBook),
        ("BOCSO_ID", "90003010", UnableToAdoptBook),
        ("CS_CU", "1.2345", UnableToAdoptBook),
    ],
)
def test_a_book_that_cannot_be_right_is_refused_whole(
    column: str, text: str, failure: type[Exception]
) -> None:
    rows = fields_of(sample(WALK))
    rows[4][column] = text
    before = counts() | {"Unit": Unit.objects.count(), "Customer": Customer.objects.count()}
    with pytest.raises(failure):
        adopt(WALK, write_outbound(rows))
    assert before == counts() | {
        "Unit": Unit.objects.count(),
        "Customer": Customer.objects.count(),
    }


def test_a_book_has_one_holder_until_it_is_taken_back() -> None:
    adopt(WALK)
    export(WALK, "reader-7")
    with pytest.raises(UnableToExportBook) as refused:
        export(WALK, "reader-8")
    assert refused.value.values == {"period": WALK, "holder": "reader-7"}
    assert BookPeriod.objects.get(code=WALK).holder == "reader-7"
    reading.take_back(units.everything(), WALK, actor="clerk", at=EVENING, reason="máy hỏng")
    assert BookPeriod.objects.get(code=WALK).state == "prepared"
    assert export(WALK, "reader-8") == sample(WALK)
    acts = AuditEntry.objects.filter(object_code=WALK).order_by("id")
    assert [act.action for act in acts] == [
        "adopt_book",
        "export_book",
        "take_back_book",
        "export_book",
    ]
    assert acts[2].reason == "máy hỏng"


def test_a_book_that_was_taken_back_takes_no_file() -> None:
    adopt(WALK)
    reading.take_back(units.everything(), WALK, actor="clerk", at=EVENING)
    before = counts()
    outcome = take(sample(f"{WALK}.returned"))
    assert not outcome.is_taken
    assert {said.code for said in outcome.verdicts} == {"BOOK_NOT_EXPORTED"}
    assert counts() == before


def test_a_book_that_came_back_cannot_be_taken_back() -> None:
    adopt(WALK)
    take(returned(fields_of(sample(f"{WALK}.returned"))))
    before = counts()
    with pytest.raises(UnableToTakeBackBook):
        reading.take_back(units.everything(), WALK, actor="clerk", at=EVENING)
    assert counts() == before
    assert BookPeriod.objects.get(code=WALK).state == "received"

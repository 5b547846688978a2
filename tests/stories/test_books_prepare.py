"""The next period of a known book: what goes on, what is carried, what refuses."""

from datetime import date
from decimal import Decimal

import pytest

from cmis.journeys.export_a_book import export_a_book
from cmis.journeys.prepare_a_period import PreparedPeriod, UnableToPreparePeriod, prepare_period
from cmis.kernel.period import BillingMonth
from cmis.kernel.tally import Tally
from cmis.modules.customers.models import PriceApplication
from cmis.modules.metering.models import Installation, InstalledRegister, Meter
from cmis.modules.organisation import queries as units
from cmis.modules.reading import operations as reading
from cmis.modules.reading.following import UnableToFollowPeriod
from cmis.modules.reading.models import BookPeriod, BookRow, RowFinding
from cmis.modules.reading.period_steps import UnableToFindPeriod
from tests.stories.reading_books import (
    BOUNDARY,
    MORNING,
    NIGHT,
    WALK,
    adopt,
    counts,
    fields_of,
    returned,
    row_states,
    sample,
    take,
    usual_return,
)

pytestmark = pytest.mark.django_db
AUGUST = BillingMonth(2026, 8)
AUGUST_CODE = "PX0100102-2026-8-1"


def settled(code: str = WALK, data: bytes | None = None) -> None:
    """The book of the month before came back and was checked."""
    adopt(code)
    take(data or returned(usual_return(sample(code))))
    reading.check_period(BookPeriod.objects.get(code=code).pk, at=NIGHT, actor="night")


def prepare(
    book: str = "PX0100102", month: BillingMonth = AUGUST, last_day: date | None = None
) -> PreparedPeriod:
    return prepare_period(
        units.everything(), book, month, actor="clerk", at=MORNING, planned_last_day=last_day
    )


def out(code: str = AUGUST_CODE) -> list[dict[str, str]]:
    book = export_a_book(units.everything(), code, holder="reader-7", actor="clerk", at=MORNING)
    return fields_of(book.data)


def test_index_energy_days_and_month_go_on() -> None:
    settled()
    assert prepare() == PreparedPeriod(AUGUST_CODE, Tally(10, 10))
    before, after = fields_of(sample(WALK))[0], out()[0]
    assert (before["CS_CU"], before["SL_CU"]) == ("2091", "83")
    changed = {tag: after.get(tag) for tag in after if after.get(tag) != before.get(tag)}
    own_key = changed.pop("BOCSO_ID")
    assert own_key is not None
    assert int(own_key) > 7_000_000_000
    assert changed == {
        "CS_CU": "2175",
        "SL_CU": "84",
        "SLUONG_1": "84",
        "SLUONG_2": "83",
        "SLUONG_3": "90",
        "THANG": "8",
        "NGAY_CU": "2026-07-14T00:00:00",
        "NGAY_MOI": "2026-08-13T00:00:00",
    }
    assert list(after) == list(before)  # same columns, same order, the same ones left out
    period = BookPeriod.objects.get(code=AUGUST_CODE)
    assert (period.first_day, period.planned_last_day) == (date(2026, 7, 14), date(2026, 8, 13))
    assert len({row["BOCSO_ID"] for row in out()}) == 10


def test_a_replaced_meter_counts_once() -> None:
    settled()
    prepare()
    swap = next(row for row in fields_of(sample(WALK)) if row["SL_THAO"] != "0")
    after = next(row for row in out() if row["MA_DDO"] == swap["MA_DDO"])
    used = (int(swap["SL_CU"]) - int(swap["SL_THAO"])) + 1
    assert (after["SL_THAO"], after["SL_CU"]) == ("0", str(used + int(swap["SL_THAO"])))
    assert after["CS_CU"] == str(int(swap["CS_CU"]) + used)
    assert after["NGAY_CU"] == "2026-07-14T00:00:00"


def test_an_unread_row_is_carried_with_its_index_and_first_day() -> None:
    settled(data=sample(f"{WALK}.returned"))
    states = row_states(WALK)
    held = states.count("held")
    assert prepare().tally == Tally(10, 10 - held, held)
    before, after = fields_of(sample(WALK))[9], out()[9]
    for tag in ("CS_CU", "SL_CU", "NGAY_CU", "SLUONG_1", "SLUONG_2", "SLUONG_3"):
        assert after[tag] == before[tag]
    assert after["NGAY_MOI"] == "2026-08-13T00:00:00"
    assert row_states(WALK)[9] == "carried"
    assert not RowFinding.objects.filter(state="open", severity__in=("confirm", "sign")).exists()
    outcome = take(returned(usual_return(sample(WALK))), at=MORNING)
    late = [said.code for said in outcome.verdicts if said.key == "90003100"]
    assert late == ["BOOK_ALREADY_CONFIRMED"]  # the old row takes nothing more


def test_another_price_and_another_meter_since_then_go_out() -> None:
    settled()
    row = BookRow.objects.get(key=90003010)
    old = PriceApplication.objects.get(point_code=row.point.code)
    PriceApplication.objects.filter(pk=old.pk).update(valid_to=date(2026, 7, 10))
    PriceApplication.objects.create(
        contract_id=old.contract_id,
        point_code=old.point_code,
        household_count=3,
        text=" KT: 100%*2320-KDDV",
        terms=[],
        valid_from=date(2026, 7, 10),
        recorded_by="t",
        recorded_at=MORNING,
    )
    Installation.objects.filter(pk=row.installation_id).update(removed_on=date(2026, 7, 20))
    InstalledRegister.objects.filter(installation_id=row.installation_id).update(
        removal_index=Decimal(2190)
    )
    meter = Meter.objects.create(code="998202512345678", serial="12345678", type_code="998")
    new = Installation.objects.create(
        point=row.point, meter=meter, multiplier=1, installed_on=date(2026, 7, 20)
    )
    InstalledRegister.objects.create(installation=new, kind="KT", install_index=7)
    prepare()
    after = out()[0]
    assert (after["MA_CTO"], after["SERY_CTO"]) == ("998202512345678", "12345678")
    assert (after["CS_CU"], after["SL_THAO"]) == ("7", "15")  # 2190 − 2175
    assert after["NGAY_CU"] == "2026-07-20T00:00:00"
    assert (after["SO_HO"], after["CHUOI_GIA"]) == ("3", " KT: 100%*2320-KDDV")
    assert BookRow.objects.get(period__code=AUGUST_CODE, position=1).dial_digits == 6


def test_another_cycle_needs_its_reading_day() -> None:
    settled(BOUNDARY)
    with pytest.raises(UnableToPreparePeriod):
        prepare("PX01004GI", BillingMonth(2026, 7, 1))
    assert not BookPeriod.objects.filter(month=7).exists()
    prepare("PX01004GI", BillingMonth(2026, 7, 1), date(2026, 7, 10))
    period = BookPeriod.objects.get(code="PX01004GI-2026-7-1")
    assert (period.first_day, period.planned_last_day) == (date(2026, 7, 1), date(2026, 7, 10))


def test_the_last_of_a_month_stays_the_last() -> None:
    settled(BOUNDARY)
    prepare("PX01004GI", BillingMonth(2026, 7, 3))
    period = BookPeriod.objects.get(code="PX01004GI-2026-7-3")
    assert period.planned_last_day == date(2026, 7, 31)


def test_a_book_that_is_out_or_unchecked_cannot_go_on() -> None:
    adopt(WALK)
    before = counts()
    with pytest.raises(UnableToPreparePeriod):
        prepare()
    take(returned(usual_return(sample(WALK))))
    with pytest.raises(UnableToPreparePeriod):
        prepare()
    with pytest.raises(UnableToFollowPeriod):
        prepare(month=BillingMonth(2026, 7))
    with pytest.raises(UnableToFindPeriod):
        prepare("NOBOOK")
    assert counts()["BookRow"] == before["BookRow"]
    assert row_states(WALK) == ["received"] * 10


def test_a_prepared_period_runs_the_same_way_round() -> None:
    settled()
    prepare()
    rows = usual_return(
        export_a_book(
            units.everything(), AUGUST_CODE, holder="reader-7", actor="clerk", at=MORNING
        ).data
    )
    outcome = take(returned(rows), at=MORNING)
    assert {said.code for said in outcome.verdicts} == {"OK"}
    reading.check_period(BookPeriod.objects.get(code=AUGUST_CODE).pk, at=MORNING, actor="night")
    assert row_states(AUGUST_CODE) == ["confirmed"] * 10

"""Steps of a book period, and what a book knows of its past."""

from datetime import date
from decimal import Decimal

import pytest

from cmis.kernel.tally import Tally
from cmis.modules.organisation import queries as units
from cmis.modules.reading import operations as reading
from cmis.modules.reading.limits_of_units import limits_of, price_class_of
from cmis.modules.reading.models import BookPeriod, BookRow
from cmis.modules.reading.past import one_month_earlier, one_month_later, past_of
from cmis.modules.reading.period_steps import UnableToFindPeriod, UnableToUndoStep
from cmis.modules.translog.models import AuditEntry, StepRecord
from cmis.rules.vee.limits import PriceClass
from tests.stories.reading_books import (
    MORNING,
    NIGHT,
    WALK,
    adopt,
    returned,
    row_states,
    sample,
    take,
    usual_return,
)

pytestmark = pytest.mark.django_db


def received() -> BookPeriod:
    adopt(WALK)
    take(returned(usual_return(sample(WALK))))
    return BookPeriod.objects.get(code=WALK)


@pytest.mark.parametrize(
    ("day", "later", "earlier"),
    [
        (date(2026, 7, 11), date(2026, 8, 11), date(2026, 6, 11)),
        (date(2026, 6, 30), date(2026, 7, 31), date(2026, 5, 30)),
        (date(2027, 1, 30), date(2027, 2, 28), date(2026, 12, 30)),
        (date(2026, 12, 31), date(2027, 1, 31), date(2026, 11, 30)),
        (date(2028, 2, 29), date(2028, 3, 31), date(2028, 1, 29)),
    ],
)
def test_reading_days_move_by_a_month(day: date, later: date, earlier: date) -> None:
    assert one_month_later(day) == later
    assert one_month_earlier(day) == earlier


def test_a_state_never_goes_back_by_itself() -> None:
    period = received()
    reading.advance(period.pk, "rated", at=NIGHT, actor="night", tally=Tally(10, 10))
    reading.advance(period.pk, "checked", at=NIGHT, actor="night", tally=Tally(1, 1))
    assert BookPeriod.objects.get(pk=period.pk).state == "rated"
    steps = StepRecord.objects.filter(subject_code=WALK).values_list("step", flat=True)
    assert list(steps.order_by("id")) == ["received", "rated", "checked"]


def test_only_the_last_step_is_undone_and_the_undo_is_recorded() -> None:
    period = received()
    reading.advance(period.pk, "rated", at=NIGHT, actor="night")
    with pytest.raises(UnableToUndoStep):
        reading.retreat(
            period.pk, "checked", back_to="received", at=MORNING, actor="lan", reason="x"
        )
    assert BookPeriod.objects.get(pk=period.pk).state == "rated"
    reading.retreat(
        period.pk, "rated", back_to="confirmed", at=MORNING, actor="lan", reason="sai giá"
    )
    assert BookPeriod.objects.get(pk=period.pk).state == "confirmed"
    entry = AuditEntry.objects.get(action="undo_step")
    assert (entry.actor, entry.reason, entry.detail) == ("lan", "sai giá", {"step": "rated"})


def test_a_check_is_not_undone_once_a_row_is_billed() -> None:
    period = received()
    reading.check_period(period.pk, at=NIGHT, actor="night")
    rows = list(BookRow.objects.filter(period=period).values_list("pk", flat=True))
    assert reading.mark_billed(rows[:1], at=NIGHT) == 1
    with pytest.raises(UnableToUndoStep):
        reading.undo_check(units.everything(), WALK, at=MORNING, actor="lan", reason="x")
    assert row_states(WALK) == ["billed"] + ["confirmed"] * 9
    assert reading.mark_unbilled(rows[:1]) == 1
    reading.undo_check(units.everything(), WALK, at=MORNING, actor="lan", reason="x")
    assert row_states(WALK) == ["received"] * 10
    assert BookPeriod.objects.get(pk=period.pk).state == "received"


def test_issued_periods_are_marked_once() -> None:
    period = received()
    scope = units.everything()
    assert reading.mark_issued_periods(scope, at=NIGHT, period_ids=[period.pk]) == 0
    reading.advance(period.pk, "rated", at=NIGHT, actor="night")
    assert reading.mark_issued_periods(scope, at=NIGHT, period_ids=[period.pk]) == 1
    assert BookPeriod.objects.get(pk=period.pk).state == "issued"
    assert reading.mark_issued_periods(scope, at=NIGHT, period_ids=[period.pk]) == 0


def test_a_period_outside_the_scope_is_not_found() -> None:
    received()
    nobody = units.scope_of("PX0100", date(2026, 7, 1))
    assert reading.lock_periods(nobody, [WALK])[0].code == WALK
    from cmis.modules.organisation.types import UnitScope

    with pytest.raises(UnableToFindPeriod):
        reading.take_back(UnitScope(frozenset(), frozenset(), "-"), WALK, actor="lan", at=MORNING)


def test_the_past_of_a_book_is_that_of_its_earlier_periods() -> None:
    period = received()
    reading.check_period(period.pk, at=NIGHT, actor="night")
    BookRow.objects.filter(period=period, position=2).update(is_estimated=True)
    next_year = BookPeriod.objects.create(
        code="PX0100102-2027-7-1",
        book=period.book,
        unit=period.unit,
        year=2027,
        month=7,
        cycle=1,
        first_day=date(2027, 6, 14),
        planned_last_day=date(2027, 7, 13),
        state="prepared",
    )
    past = past_of(next_year)
    first, second = BookRow.objects.filter(period=period).order_by("position")[:2]
    key = (first.point_id, "KT")
    assert past.previous_days[key] == 30
    assert past.last_year_kwh[key] == Decimal(84)
    assert past.last_year_days[key] == 30
    assert past.estimates_before == {(second.point_id, "KT"): 1}


def test_limits_follow_the_price_class_and_the_orders_of_the_unit() -> None:
    from cmis.modules.organisation import operations as organisation

    period = received()
    day = date(2026, 7, 13)
    organisation.set_parameter(
        unit_code="PX0100",
        name="reading_limits",
        value={"over_percent": 150, "production": {"soft_kwh": 900}, "hard_percent": "no number"},
        valid_from=date(2026, 7, 1),
        actor="minh",
        at=NIGHT,
    )
    limits = limits_of(period.unit_id, day)
    assert {one.over_percent for one in limits.values()} == {150}
    assert limits[PriceClass.PRODUCTION].soft_kwh == 900
    assert limits[PriceClass.HOUSEHOLD].soft_kwh == 50
    assert limits[PriceClass.HOUSEHOLD].hard_percent == 300
    assert price_class_of(" KT: 100%*SHBT-A", day) is PriceClass.HOUSEHOLD
    mixed = " KT: 50%*1518-SXBT-A + 50%*SHBT-A"
    assert price_class_of(mixed, day) is PriceClass.PRODUCTION
    assert price_class_of(" KT: 100%*ZZZZ", day) is PriceClass.HOUSEHOLD

"""Readings checked at night, what rating is told, and what board, queue and history show."""

from datetime import date

import pytest

from cmis.kernel.period import BillingMonth
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books
from cmis.modules.reading.models import BookPeriod
from cmis.modules.translog.models import StepRecord
from tests.stories.reading_books import (
    EVENING,
    NIGHT,
    WALK,
    adopt,
    counts,
    fields_of,
    read_as,
    returned,
    row_of,
    row_states,
    sample,
    take,
    usual_return,
)

pytestmark = pytest.mark.django_db


def check(code: str = WALK) -> None:
    period = BookPeriod.objects.get(code=code)
    reading.check_period(period.pk, at=NIGHT, actor="night")


def received(*changes: tuple[int, dict[str, str]], code: str = WALK) -> None:
    """A book that came back as usual but for the rows named by position, and was checked."""
    adopt(code)
    rows = usual_return(sample(code))
    for position, columns in changes:
        rows[position] |= columns
    take(returned(rows))
    check(code)


def test_an_ordinary_book_is_confirmed_at_night_with_balanced_steps() -> None:
    received()
    assert row_states(WALK) == ["confirmed"] * 10
    assert BookPeriod.objects.get(code=WALK).state == "confirmed"
    steps = StepRecord.objects.filter(subject_code=WALK).order_by("id")
    assert [(one.step, one.input_count, one.done_count, one.held_count) for one in steps] == [
        ("received", 10, 10, 0),
        ("checked", 10, 10, 0),
        ("confirmed", 10, 10, 0),
    ]


def test_the_sample_is_confirmed_but_for_what_needs_a_person() -> None:
    adopt(WALK)
    take(sample(f"{WALK}.returned"))
    check()
    waiting = books.findings_queue(units.everything())
    held = {(one.rule, one.severity, one.walk_code) for one in waiting}
    assert held == {
        ("ABOVE_USUAL", "sign", "0308"),
        ("STATE_NEEDS_CARE", "confirm", "0303"),
        ("STATE_NEEDS_CARE", "confirm", "0305"),
        ("UNREAD_ROW", "confirm", "0310"),
    }
    assert row_states(WALK) == [
        "confirmed",
        "confirmed",  # rollover
        "held",  # nobody at home
        "confirmed",  # a true zero
        "held",  # stuck
        "confirmed",  # replaced meter
        "confirmed",  # reported by the customer
        "held",  # three times the usual
        "confirmed",  # six digits past 99999
        "held",  # unread
    ]
    assert books.held_row_count(units.everything()) == len({one.row_id for one in waiting})
    confirmed = books.confirmed_rows(BookPeriod.objects.get(code=WALK).pk)
    assert len(confirmed) == row_states(WALK).count("confirmed")


def test_the_rules_say_with_all_numbers_what_the_file_said_and_say_it_once() -> None:
    old = fields_of(sample(WALK))[0]
    risen = read_as(old, int(old["CS_CU"]) + 2 * int(old["SL_CU"]), TT_KHAC="0")
    adopt(WALK)
    rows = usual_return(sample(WALK))
    rows[0] = risen
    rows[1] |= {"NGAY_MOI": "2026-07-29T00:00:00"}
    take(returned(rows))
    said = books.findings_queue(units.everything())
    assert {one.rule for one in said} == {"ABNORMAL_UNCONFIRMED", "DATE_OUT_OF_PERIOD"}
    check()
    above, date_out = sorted(books.findings_queue(units.everything()), key=lambda one: one.rule)
    assert (above.rule, above.severity, above.values["percent"]) == ("ABOVE_USUAL", "confirm", 200)
    assert (date_out.rule, date_out.values["shift_days"]) == ("DATE_OUT_OF_PERIOD", 16)
    assert row_states(WALK) == ["held"] * 2 + ["confirmed"] * 8


def test_checking_again_says_nothing_twice() -> None:
    adopt(WALK)
    take(sample(f"{WALK}.returned"))
    check()
    before = counts()
    check()
    assert counts() == before


def test_a_confirmed_row_tells_rating_all_it_needs() -> None:
    received()
    period = BookPeriod.objects.get(code=WALK)
    row = next(one for one in books.confirmed_rows(period.pk) if one.is_swap)
    assert row.removed_kwh > 0
    assert (row.period_first_day, row.year, row.month, row.cycle) == (date(2026, 6, 14), 2026, 7, 1)
    assert row.price_terms == (
        {"segment": "KT", "share_percent": 100, "group_code": "SHBT", "sub_code": "A"},
    )
    assert (row.unit_code, row.customer_code) == ("PX0100", row.point_code[:13])
    assert row.household_count == 1


def test_billed_rows_are_offered_no_more_and_law_can_hold_a_point() -> None:
    received()
    period = BookPeriod.objects.get(code=WALK)
    rows = books.confirmed_rows(period.pk)
    assert [one.code for one in books.periods_due(units.everything(), date(2026, 7, 13))] == [WALK]
    reading.hold_for_law(rows[0].row_id, rule="LAW-1", values={"group": "XX"}, at=NIGHT)
    assert reading.mark_billed([row.row_id for row in rows[1:]], at=NIGHT) == 9
    assert books.confirmed_rows(period.pk) == []
    assert books.periods_due(units.everything(), date(2026, 7, 13)) == []
    assert [one.rule for one in books.held_rows(units.everything(), limit=5)] == ["LAW-1"]
    assert books.held_by_rule(units.everything()) == {"LAW-1": 1}


def test_the_board_counts_rows_by_step() -> None:
    adopt(WALK)
    take(sample(f"{WALK}.returned"))
    (line,) = books.reading_board(units.everything(), 2026, 7)
    assert (line.state, line.row_count, line.received, line.held) == ("received", 10, 9, 1)
    assert (line.open, line.confirmed, line.billed, line.finding_count) == (0, 0, 0, 1)
    assert books.board_months(units.everything()) == [BillingMonth(2026, 7)]


def test_limits_ordered_by_a_unit_change_what_is_doubted() -> None:
    from cmis.modules.organisation import operations as organisation

    adopt(WALK)
    old = fields_of(sample(WALK))[0]
    rows = usual_return(sample(WALK))
    rows[0] = read_as(old, int(old["CS_CU"]) + 2 * int(old["SL_CU"]), TT_KHAC="0")
    organisation.set_parameter(
        unit_code="PX0100",
        name="reading_limits",
        value={"over_percent": 250},
        valid_from=date(2026, 7, 1),
        actor="minh",
        at=EVENING,
    )
    take(returned(rows))
    check()
    assert row_states(WALK) == ["confirmed"] * 10


def test_history_is_shown_to_unit_and_customer() -> None:
    received()
    row = row_of(90003010)
    (line,) = books.reading_history(units.everything(), row.point.code)
    assert (line.period_code, line.source, line.row_state) == (WALK, "handheld", "confirmed")
    assert books.reading_history_of_customer(row.point.customer_id) == [line]
    assert books.reading_history_of_customer(row.point.customer_id + 1) != [line]
    nobody = UnitScope(frozenset(), frozenset(), "-")
    assert books.reading_history(nobody, row.point.code) == []

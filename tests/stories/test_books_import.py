"""Returned books: a verdict for every row, good rows kept, nothing lost, nothing twice."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from cmis.formats.hhu.failures import UnableToReadBookFile
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.types import UnitScope
from cmis.modules.reading import operations as reading
from cmis.modules.reading.models import BookPeriod, ImportedFile, ReadingEvent, RowFinding
from cmis.modules.reading.period_steps import UnableToCancelReceipt
from cmis.modules.translog.models import StepRecord
from tests.stories.reading_books import (
    BOUNDARY,
    EVENING,
    HOUSEHOLDS,
    MORNING,
    NIGHT,
    SAMPLES,
    WALK,
    adopt,
    counts,
    doubts_of,
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


def test_seeded_defects_get_exactly_the_expected_verdicts() -> None:
    adopt(HOUSEHOLDS)
    outcome = take(sample(f"{HOUSEHOLDS}.BAD"))
    with (SAMPLES / "BAD.expected.tsv").open(encoding="utf-8", newline="") as file:
        expected = [tuple(row) for row in csv.reader(file, delimiter="\t")][1:]
    assert doubts_of(outcome) == expected
    assert len(outcome.verdicts) == 22  # every row of the file, and one that never came
    assert (outcome.row_count, outcome.accepted_count) == (21, 10)
    assert (outcome.held_count, outcome.refused_count) == (1, 10)
    assert row_states(HOUSEHOLDS).count("received") == 10
    assert row_states(HOUSEHOLDS).count("held") == 1
    assert row_states(HOUSEHOLDS).count("open") == 9
    waiting = RowFinding.objects.values_list("row__key", "rule", "severity")
    assert sorted(waiting) == [
        (90000010, "PERIOD_MISMATCH", "block"),
        (90000020, "METER_SERIAL_MISMATCH", "block"),
        (90000030, "MISSING_ROW", "confirm"),
        (90000060, "OLD_INDEX_ALTERED", "block"),
        (90000080, "NEGATIVE_CONSUMPTION", "block"),
        (90000090, "UNKNOWN_STATE_CODE", "block"),
        (90000100, "CONSUMPTION_ARITHMETIC", "block"),
        (90000150, "NOT_A_NUMBER", "block"),
        (90000180, "WRONG_UNIT", "block"),
        (90000200, "UNREAD_ROW", "confirm"),
    ]


def test_the_sample_comes_back_with_nine_good_rows_and_one_unread() -> None:
    adopt(WALK)
    outcome = take(sample(f"{WALK}.returned"))
    assert doubts_of(outcome) == [("10", "90003100", "UNREAD_ROW")]
    assert row_states(WALK) == ["received"] * 9 + ["held"]
    assert BookPeriod.objects.get(code=WALK).state == "received"
    step = StepRecord.objects.get(subject_code=WALK, step="received")
    assert (step.input_count, step.done_count, step.held_count) == (10, 9, 1)


def test_a_reading_keeps_its_source_time_place_and_what_the_device_wrote() -> None:
    adopt(WALK)
    take(sample(f"{WALK}.returned"))
    event = row_of(90003010).reading
    assert event is not None
    assert (event.source, event.index, event.consumption_kwh) == ("handheld", 2179, 88)
    assert event.read_at == datetime(2026, 7, 13, 0, 37, 13, tzinfo=UTC)
    assert (event.latitude, event.longitude) == (Decimal("21.000731"), Decimal("105.800417"))
    assert event.last_day == date(2026, 7, 13)
    assert event.detail["row"] == 1
    assert event.detail["columns"]["ID_SQLITE"] == "1001"
    assert "TEN_KHANG" not in event.detail["columns"]  # the device did not touch it


def test_rollover_true_zero_swap_and_six_digits() -> None:
    adopt(WALK)
    take(sample(f"{WALK}.returned"))
    rollover = row_of(90003020)
    assert (rollover.state_code, rollover.current_index, rollover.consumption_kwh) == ("Q", 67, 147)
    zero = row_of(90003040)
    assert (zero.state, zero.current_index, zero.consumption_kwh) == ("received", 0, 0)
    assert zero.reading_id is not None
    swap = row_of(90003060)
    assert swap.removed_kwh > 0
    assert swap.consumption_kwh == (swap.current_index or 0) - swap.previous_index
    six_digits = row_of(90003090)
    assert (six_digits.state_code, six_digits.dial_digits) == ("", 6)
    assert six_digits.previous_index < 100_000 < (six_digits.current_index or 0)


def test_the_same_file_again_shows_the_first_result_and_changes_nothing() -> None:
    adopt(HOUSEHOLDS)
    data = sample(f"{HOUSEHOLDS}.BAD")
    first = take(data)
    before = counts()
    again = take(data, at=MORNING)
    assert again.already_imported
    assert again.verdicts == first.verdicts
    assert (again.accepted_count, again.refused_count) == (10, 10)
    assert counts() == before


def test_a_file_with_other_bytes_and_the_same_readings_adds_no_reading() -> None:
    adopt(WALK)
    data = sample(f"{WALK}.returned")
    take(data)
    before = ReadingEvent.objects.count()
    outcome = take(data.replace(b"\n", b"\r\n"))
    assert not outcome.already_imported
    assert doubts_of(outcome) == [("10", "90003100", "UNREAD_ROW")]
    assert ReadingEvent.objects.count() == before == 9


def test_several_books_in_one_file_whatever_the_order_of_rows() -> None:
    adopt(HOUSEHOLDS)
    adopt(WALK)
    one, other = usual_return(sample(HOUSEHOLDS)), usual_return(sample(WALK))
    mixed = [row for pair in zip(one, other, strict=False) for row in pair] + one[10:]
    outcome = take(returned(mixed))
    assert outcome.period_codes == (HOUSEHOLDS, WALK)
    assert doubts_of(outcome) == []
    assert (row_states(HOUSEHOLDS), row_states(WALK)) == (["received"] * 20, ["received"] * 10)


def test_a_defective_row_does_not_make_its_claimed_book_a_returned_one() -> None:
    adopt(HOUSEHOLDS)
    adopt(WALK)
    rows = usual_return(sample(WALK))
    rows[0]["MA_QUYEN"] = "PX0100101"
    outcome = take(returned(rows))
    assert doubts_of(outcome) == [("1", "90003010", "WRONG_BOOK")]
    assert outcome.period_codes == (WALK,)
    assert BookPeriod.objects.get(code=HOUSEHOLDS).state == "exported"


def test_accept_good_keeps_good_rows_and_a_later_file_brings_the_refused_ones() -> None:
    adopt(WALK)
    rows = usual_return(sample(WALK))
    good = [dict(row) for row in rows]
    rows[2]["SERY_CTO"] = "1"
    rows[5]["CS_MOI"] = "1O5"
    first = take(returned(rows))
    assert (first.accepted_count, first.refused_count) == (8, 2)
    kept = {row: row_of(90003010).reading_id for row in [90003010]}
    second = take(returned([good[2], good[5]]), at=MORNING)
    assert doubts_of(second) == []  # rows of the first file are not missing
    assert row_states(WALK) == ["received"] * 10
    assert row_of(90003010).reading_id == kept[90003010]
    states = RowFinding.objects.values_list("rule", "state")
    assert sorted(states) == [
        ("METER_SERIAL_MISMATCH", "overtaken"),
        ("NOT_A_NUMBER", "overtaken"),
    ]


def test_all_or_nothing_takes_nothing_when_one_row_is_refused() -> None:
    adopt(WALK)
    rows = usual_return(sample(WALK))
    good = returned(rows)
    rows[2] = rows[2] | {"SERY_CTO": "1"}
    before = counts()
    outcome = take(returned(rows), accept="all-or-nothing")
    assert not outcome.is_taken
    assert doubts_of(outcome) == [("3", "90003030", "METER_SERIAL_MISMATCH")]
    assert counts() == before
    assert row_states(WALK) == ["open"] * 10
    assert take(good, accept="all-or-nothing").accepted_count == 10


def test_another_reading_before_the_check_replaces_and_points_at_the_first() -> None:
    adopt(WALK)
    rows = usual_return(sample(WALK))
    take(returned(rows))
    first_id = row_of(90003010).reading_id
    old = fields_of(sample(WALK))[0]
    take(returned([read_as(old, int(rows[0]["CS_MOI"]) + 5)]))
    row = row_of(90003010)
    assert row.reading is not None
    assert row.reading.supersedes_id == first_id
    assert row.current_index == int(rows[0]["CS_MOI"]) + 5
    assert row.events.count() == 2


def test_a_confirmed_row_refuses_another_reading_and_lets_the_same_pass() -> None:
    adopt(WALK)
    rows = usual_return(sample(WALK))
    take(returned(rows))
    period = BookPeriod.objects.get(code=WALK)
    reading.check_period(period.pk, at=NIGHT, actor="night")
    assert row_states(WALK) == ["confirmed"] * 10
    old = fields_of(sample(WALK))[0]
    changed = read_as(old, int(rows[0]["CS_MOI"]) + 5)
    events = ReadingEvent.objects.count()
    outcome = take(returned([changed, *rows[1:]]), at=MORNING)
    assert doubts_of(outcome) == [("1", "90003010", "BOOK_ALREADY_CONFIRMED")]
    assert (outcome.accepted_count, outcome.refused_count) == (9, 1)
    assert ReadingEvent.objects.count() == events
    assert row_states(WALK) == ["confirmed"] * 10
    assert BookPeriod.objects.get(code=WALK).state == "confirmed"


def test_cancelled_receipt_opens_every_row_and_lets_the_file_come_again() -> None:
    adopt(WALK)
    data = sample(f"{WALK}.returned")
    take(data)
    reading.cancel_receipt(units.everything(), WALK, actor="clerk", at=MORNING, reason="nhầm tệp")
    assert BookPeriod.objects.get(code=WALK).state == "exported"
    assert row_states(WALK) == ["open"] * 10
    assert ReadingEvent.objects.count() == 9  # what came is kept for ever
    assert set(RowFinding.objects.values_list("state", flat=True)) == {"overtaken"}
    outcome = take(data, at=MORNING)
    assert not outcome.already_imported
    assert row_states(WALK) == ["received"] * 9 + ["held"]
    assert (ReadingEvent.objects.count(), ImportedFile.objects.count()) == (18, 2)
    assert take(data, at=MORNING).already_imported


def test_a_receipt_cannot_be_cancelled_once_the_check_ran() -> None:
    adopt(WALK)
    take(sample(f"{WALK}.returned"))
    period = BookPeriod.objects.get(code=WALK)
    reading.check_period(period.pk, at=NIGHT, actor="night")
    before, states = counts(), row_states(WALK)
    with pytest.raises(UnableToCancelReceipt):
        reading.cancel_receipt(units.everything(), WALK, actor="clerk", at=MORNING)
    assert (counts(), row_states(WALK)) == (before, states)
    reading.undo_check(units.everything(), WALK, actor="clerk", at=MORNING, reason="sai ngưỡng")
    assert row_states(WALK) == ["received"] * 9 + ["held"]
    reading.cancel_receipt(units.everything(), WALK, actor="clerk", at=MORNING)
    assert row_states(WALK) == ["open"] * 10


def test_readings_can_be_neither_changed_nor_deleted() -> None:
    adopt(WALK)
    take(sample(f"{WALK}.returned"))
    for statement in (
        'UPDATE reading_readingevent SET "index" = 1',
        "DELETE FROM reading_readingevent",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert row_of(90003010).reading.index == 2179  # type: ignore[union-attr]


def test_a_unit_takes_no_book_of_another_unit() -> None:
    adopt(WALK)
    before = counts()
    from cmis.journeys.import_a_book import import_book_file

    outcome = import_book_file(
        sample(f"{WALK}.returned"),
        name="x",
        actor="clerk",
        at=EVENING,
        scope=UnitScope(frozenset(), frozenset(), "PX0200"),
    )
    assert {said.code for said in outcome.verdicts} == {"BOOK_NOT_EXPORTED"}
    assert not outcome.is_taken
    assert counts() == before


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml at all",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><NewDataSet>&x;</NewDataSet>',
        b"<NewDataSet>" + b"<a>" * 100_000,
        sample(f"{WALK}.returned")[:9_000],
        sample(f"{WALK}.returned").decode("utf-8").encode("utf-16-le"),
        b'<?xml version="1.0" encoding="windows-1258"?><NewDataSet/>',
        b"\xff\xfe\x00",
    ],
    ids=["empty", "text", "entities", "nesting", "cut", "utf-16", "legacy", "damaged"],
)
def test_a_hostile_file_gives_a_clear_error_and_changes_nothing(data: bytes) -> None:
    adopt(WALK)
    before = counts()
    with pytest.raises(UnableToReadBookFile) as refused:
        take(data)
    assert refused.value.code.startswith("READ-1")
    assert refused.value.message("vi") != refused.value.message("en")
    assert counts() == before
    assert row_states(WALK) == ["open"] * 10


def test_an_index_with_more_decimals_than_are_kept_is_refused_not_rounded() -> None:
    adopt(WALK)
    rows = usual_return(sample(WALK))
    rows[0] |= {"CS_MOI": "2179.1234", "SL_MOI": "88.1234"}
    outcome = take(returned(rows))
    assert doubts_of(outcome) == [("1", "90003010", "NOT_A_NUMBER")]
    assert row_states(WALK)[0] == "open"


def test_a_time_of_use_point_with_a_wrong_total_is_held_as_one() -> None:
    adopt(BOUNDARY)
    rows = usual_return(sample(BOUNDARY))
    total = next(row for row in rows if row["LOAI_BCS"] == "SG")
    parts = [row for row in rows if row["LOAI_BCS"] in ("BT", "CD", "TD")]
    used = sum(int(row["CS_MOI"]) - int(row["CS_CU"]) for row in parts)
    wrong = read_as(total, int(total["CS_CU"]) + used + 3, TT_KHAC="1")
    rows = [wrong if row is total else row for row in rows]
    outcome = take(returned(rows))
    assert {code for _, _, code in doubts_of(outcome)} == {"TOU_SUM_MISMATCH"}
    assert len(doubts_of(outcome)) == 4
    assert row_states(BOUNDARY) == ["held"] * 4 + ["received"] * 2

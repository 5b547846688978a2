"""A simulated reader walks any outbound book; what he brings back is what the truth says."""

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cmis.engine.simulation.reader import UnableToActAsReader, WalkedBook, act_as_reader
from cmis.engine.simulation.truth import Fault, TruthRow, read_dial_indices, truth_lines
from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.exchange_fields import exchange_fields
from cmis.formats.hhu.register_row import read_returned_row
from tests.engine.imports import rows_of, verdicts_by_key

SAMPLES = Path(__file__).parents[1] / "data" / "hhu"
BOOKS = ("PX0100101-2026-7-1.xml", "PX0100102-2026-7-1.xml", "PX01004GI-2026-6-3.xml")
HONEST: dict[Fault, int] = {}


def book(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def always(fault: Fault) -> dict[Fault, int]:
    return {fault: 10_000}


def returned_indices(walked: WalkedBook) -> dict[int, Decimal | None]:
    found: dict[int, Decimal | None] = {}
    for row in parse_book_file(walked.returned).rows:
        typed, faults = read_returned_row(row)
        assert typed is not None
        assert faults == ()
        found[typed.register_period_key] = typed.current_index if typed.is_captured else None
    return found


@pytest.mark.parametrize("name", BOOKS)
def test_an_honest_walk_is_good_row_by_row(name: str) -> None:
    for seed in range(5):
        walked = act_as_reader(book(name), seed=seed, rates=HONEST)
        verdicts = verdicts_by_key(book(name), walked.returned)
        assert {key: verdicts[key] for key in verdicts} == {row.key: ["OK"] for row in walked.truth}
        assert {row.fault for row in walked.truth} == {""}
        assert walked.file_name == name


@pytest.mark.parametrize("name", BOOKS)
def test_same_seed_same_bytes(name: str) -> None:
    first, again = (act_as_reader(book(name), seed=11) for _ in range(2))
    assert first == again
    assert act_as_reader(book(name), seed=12).returned != first.returned


def test_untouched_columns_come_back_as_they_went() -> None:
    """Also a column nobody knows, and the sentinel of a date."""
    outbound = book(BOOKS[0]).replace(
        b"<SO_HOM>H51</SO_HOM>", b"<SO_HOM>H51</SO_HOM><LA_GI>1 &amp; 2</LA_GI>"
    )
    sent = parse_book_file(outbound).rows
    came = parse_book_file(act_as_reader(outbound, seed=1, rates=HONEST).returned).rows
    filled = {"CS_MOI", "SL_MOI", "TTR_MOI", "MA_COT"}
    for out, back in zip(sent, came, strict=True):
        kept = {tag: text for tag, text in out.fields.items() if tag not in filled}
        assert {tag: back.fields[tag] for tag in kept} == kept


def test_the_returned_index_is_the_recorded_one_of_the_truth() -> None:
    for seed in range(10):
        walked = act_as_reader(book(BOOKS[0]), seed=seed)
        recorded = {
            row.key: None if row.recorded_index is None else Decimal(row.recorded_index)
            for row in walked.truth
            if row.fault != "missing_row"
        }
        assert returned_indices(walked) == recorded


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault.UNREAD, ["UNREAD_ROW"]),
        (Fault.NEGATIVE, ["NEGATIVE_CONSUMPTION"]),
        (Fault.WRONG_SERIAL, ["METER_SERIAL_MISMATCH"]),
        (Fault.ALTERED_OLD_INDEX, ["OLD_INDEX_ALTERED"]),
        (Fault.ALTERED_MULTIPLIER, ["MULTIPLIER_ALTERED"]),
        (Fault.WRONG_ARITHMETIC, ["CONSUMPTION_ARITHMETIC"]),
        (Fault.WRONG_DATE, ["DATE_OUT_OF_PERIOD"]),
        (Fault.UNKNOWN_STATE, ["UNKNOWN_STATE_CODE"]),
        (Fault.MISSING_ROW, ["MISSING_ROW"]),
        (Fault.DUPLICATE_ROW, ["OK", "DUPLICATE_BOCSO_ID"]),
        (Fault.UNCONFIRMED_RISE, ["ABNORMAL_UNCONFIRMED"]),
        (Fault.DIGIT_MISREAD, ["OK"]),
        (Fault.DIGITS_SWAPPED, ["OK"]),
        (Fault.SPIKE, ["OK"]),
        (Fault.COPIED_ENERGY, ["OK"]),
        (Fault.OLD_INDEX_TYPED, ["OK"]),
        (Fault.FALSE_ROLLOVER, ["OK"]),
    ],
)
def test_each_mistake_gets_its_verdict_and_the_others_stay_good(
    fault: Fault, verdict: list[str]
) -> None:
    planted = 0
    for name in BOOKS[:2]:
        for seed in range(4):
            walked = act_as_reader(book(name), seed=seed, rates=always(fault))
            verdicts = verdicts_by_key(book(name), walked.returned)
            for row in walked.truth:
                assert row.fault in ("", fault.value)
                assert verdicts[row.key] == (verdict if row.fault else ["OK"])
                planted += bool(row.fault)
    assert planted >= 5


@pytest.mark.parametrize("fault", [Fault.TOTAL_MISREAD, Fault.DIGIT_MISREAD, Fault.SPIKE])
def test_one_wrong_register_spoils_the_sum_of_its_visit(fault: Fault) -> None:
    outbound = book(BOOKS[2])
    spoiled = 0
    for seed in range(12):
        walked = act_as_reader(outbound, seed=seed, rates=always(fault))
        verdicts = verdicts_by_key(outbound, walked.returned)
        for row in walked.truth:
            if row.expected_verdict:
                assert verdicts[row.key] == [row.expected_verdict]
        spoiled += sum(row.expected_verdict == "TOU_SUM_MISMATCH" for row in walked.truth)
    assert spoiled >= 4


def test_true_zero_and_rollover_of_the_samples() -> None:
    walked = act_as_reader(book(BOOKS[1]), seed=3, rates=HONEST)
    by_key = {row.key: row for row in walked.truth}
    rolled = by_key[90003020]
    assert (rolled.situation, rolled.recorded_state) == ("rollover", "Q")
    assert int(rolled.true_index) < int(rolled.start_index) == 99920
    assert Decimal(rolled.used_kwh) == int(rolled.true_index) + 100_000 - 99920


def truth_at(walked: WalkedBook, key: int) -> TruthRow:
    return next(row for row in walked.truth if row.key == key)


def test_dials_go_on_from_where_they_really_stood(tmp_path: Path) -> None:
    """An old index 300 too high, known only to the truth: the honest reading looks negative."""
    outbound = book(BOOKS[1])
    plain = truth_at(act_as_reader(outbound, seed=3, rates=HONEST), 90003010)
    place = (plain.point_code, plain.register, plain.meter_serial)
    assert plain.start_index == "2091"
    earlier = {place: 1791}
    walked = act_as_reader(outbound, seed=3, rates=HONEST, earlier=earlier)
    row = truth_at(walked, 90003010)
    assert (row.start_index, row.used_kwh) == ("1791", plain.used_kwh)
    assert int(row.true_index) == int(plain.true_index) - 300
    assert (row.fault, row.expected_verdict) == ("earlier_misread", "NEGATIVE_CONSUMPTION")
    assert verdicts_by_key(outbound, walked.returned)[90003010] == ["NEGATIVE_CONSUMPTION"]

    path = tmp_path / "truth.jsonl"
    path.write_text("".join(truth_lines(walked.truth)), encoding="utf-8")
    assert read_dial_indices(path)[place] == int(row.true_index)
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[0]) == asdict(walked.truth[0])


def test_a_broken_truth_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text('{"point_code": "X"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="truth"):
        read_dial_indices(path)


def test_rows_of_no_month_are_no_book() -> None:
    outbound = book(BOOKS[0]).replace(b"<THANG>7</THANG>", b"<THANG>13</THANG>")
    with pytest.raises(UnableToActAsReader):
        act_as_reader(outbound, seed=1)


def test_bill_inputs_are_in_the_truth() -> None:
    outbound = book(BOOKS[2])
    first = rows_of(outbound)[0]
    row = act_as_reader(outbound, seed=1, rates=HONEST).truth[0]
    assert (row.register, row.multiplier, row.price_text) == ("BT", "40", first.price_text)
    assert (row.first_date, row.last_date) == ("2026-06-21", "2026-06-30")
    passed = int(row.true_index) - int(row.start_index)
    assert Decimal(row.used_kwh) == passed * 40
    assert first.planned_end_date == date(2026, 6, 30)
    assert exchange_fields(first)["KY"] == "3"

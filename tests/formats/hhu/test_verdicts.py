"""One verdict for every row; each code shown once, with the row beside it untouched."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.formats.hhu.codec import parse_book_file
from cmis.formats.hhu.columns import DEVICE_COLUMNS, OUTBOUND_COLUMNS
from cmis.formats.hhu.row_checks import ImportLimits
from cmis.formats.hhu.verdict_codes import VERDICT_TEXTS, Verdict, VerdictKind
from cmis.formats.hhu.verdicts import RowVerdict, judge_returned_rows, verdict_report
from tests.formats.hhu.samples import (
    OUTBOUND,
    RETURNED,
    book_of,
    exported_from,
    large_return,
    returned_with,
    rows_of,
    sample,
)

BACK = RETURNED[0]
KEY = 90003010  # row 1 of the book: 2091 → 2179, 88 kWh against 83
EXPORTED = exported_from(OUTBOUND[1])


def judge_one(
    limits: ImportLimits | None = None,
    row_number: int = 1,
    source: dict[str, object] | None = None,
    **changes: str | None,
) -> RowVerdict:
    """The verdict on one row of the returned sample with columns changed."""
    fields = returned_with(BACK, row_number, **changes)
    key = 90003000 + 10 * row_number
    exported = {key: replace(EXPORTED[key], **(source or {}))}
    return judge_returned_rows(exported, book_of(fields), limits or ImportLimits())[0]


def codes(verdict: RowVerdict) -> list[Verdict]:
    return [verdict.primary, *verdict.further]


def test_the_seeded_defects_give_exactly_the_expected_verdicts() -> None:
    verdicts = judge_returned_rows(exported_from(OUTBOUND[0]), parse_book_file(sample(RETURNED[1])))
    assert verdict_report(verdicts, held_only=True).encode() == sample("BAD.expected.tsv")
    assert len(verdicts) == 21 + 1
    assert sum(verdict.is_good for verdict in verdicts) == 10
    assert all(verdict.further == () for verdict in verdicts)
    assert verdicts[3].is_good  # the first of two equal rows stays good


def test_the_returned_sample_is_good_but_for_its_unread_row() -> None:
    verdicts = judge_returned_rows(EXPORTED, parse_book_file(sample(BACK)))
    assert [verdict.primary.value for verdict in verdicts] == ["OK"] * 9 + ["UNREAD_ROW"]
    assert [verdict.row_number for verdict in verdicts] == list(range(1, 11))
    assert all(verdict.row is not None for verdict in verdicts)


def test_the_report_lists_every_row() -> None:
    verdicts = judge_returned_rows(EXPORTED, book_of(returned_with(BACK, 1)))
    lines = verdict_report(verdicts).splitlines()
    assert lines[:3] == ["row\tBOCSO_ID\tcode", "1\t90003010\tOK", "-\t90003020\tMISSING_ROW"]
    assert len(lines) == 1 + 1 + 9


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"BOCSO_ID": "1"}, "UNKNOWN_BOCSO_ID"),
        ({"BOCSO_ID": "9000301x"}, "UNKNOWN_BOCSO_ID"),
        ({"BOCSO_ID": "9" * 5000}, "UNKNOWN_BOCSO_ID"),
        ({"BOCSO_ID": None}, "UNKNOWN_BOCSO_ID"),
        ({"KY": "2"}, "PERIOD_MISMATCH"),
        ({"THANG": "6"}, "PERIOD_MISMATCH"),
        ({"NAM": "2025"}, "PERIOD_MISMATCH"),
        ({"MA_DVIQLY": "PX0200"}, "WRONG_UNIT"),
        ({"MA_QUYEN": "PX0100101"}, "WRONG_BOOK"),
        ({"SERY_CTO": "26000302"}, "METER_SERIAL_MISMATCH"),
        ({"SERY_CTO": ""}, "METER_SERIAL_MISMATCH"),
        ({"MA_CTO": "998202126000301"}, "METER_SERIAL_MISMATCH"),
        ({"MA_DDO": "PX01000000302001"}, "REGISTER_MISMATCH"),
        ({"LOAI_BCS": "BT"}, "REGISTER_MISMATCH"),
        ({"CS_CU": "2090"}, "OLD_INDEX_ALTERED"),
        ({"HSN": "10"}, "MULTIPLIER_ALTERED"),
        ({"TTHAI_DBO": "0"}, "UNREAD_ROW"),
        ({"CS_MOI": "12a4"}, "NOT_A_NUMBER"),
        ({"CS_MOI": ""}, "NOT_A_NUMBER"),
        ({"SL_MOI": None}, "NOT_A_NUMBER"),
        ({"SLUONG_3": "1,5"}, "NOT_A_NUMBER"),
        ({"TTR_MOI": "ZZ"}, "UNKNOWN_STATE_CODE"),
        ({"TTR_MOI": "Y"}, "UNKNOWN_STATE_CODE"),
        ({"TTR_MOI": "q"}, "UNKNOWN_STATE_CODE"),
        ({"CS_MOI": "100000"}, "INDEX_EXCEEDS_DIGITS"),
        ({"TTR_MOI": "V"}, "STATE_INDEX_CONFLICT"),
        ({"TTR_MOI": "Q"}, "STATE_INDEX_CONFLICT"),
        ({"TTR_MOI": "Q", "CS_MOI": "-1"}, "STATE_INDEX_CONFLICT"),
        ({"CS_MOI": "2090", "SL_MOI": "-1"}, "NEGATIVE_CONSUMPTION"),
        ({"TTR_MOI": "K", "CS_MOI": "2090", "SL_MOI": "-1"}, "NEGATIVE_CONSUMPTION"),
        ({"SL_MOI": "89"}, "CONSUMPTION_ARITHMETIC"),
        ({"SL_MOI": "88.001"}, "CONSUMPTION_ARITHMETIC"),
        ({"NGAY_MOI": "2026-06-13T00:00:00"}, "DATE_OUT_OF_PERIOD"),
        ({"NGAY_MOI": "2026-07-24T00:00:00"}, "DATE_OUT_OF_PERIOD"),
        ({"NGAY_MOI": "13/07/2026"}, "DATE_OUT_OF_PERIOD"),
        ({"NGAY_MOI": "1000-01-01T00:00:00"}, "DATE_OUT_OF_PERIOD"),
        ({"NGAY_CU": "2026-07-14T00:00:00"}, "DATE_OUT_OF_PERIOD"),
        ({"CS_MOI": "2199", "SL_MOI": "108"}, "ABNORMAL_UNCONFIRMED"),  # 1.3012 ×
        ({"CS_MOI": "2149", "SL_MOI": "58"}, "ABNORMAL_UNCONFIRMED"),  # 0.6988 ×
    ],
)
def test_each_defect_has_its_code(changes: dict[str, str | None], code: str) -> None:
    verdict = judge_one(**changes)
    assert verdict.primary.value == code
    assert verdict.further == ()
    assert not verdict.is_good
    assert not verdict.visit_is_good
    assert verdict.severity in (VerdictKind.ERROR, VerdictKind.WARNING)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"NGAY_MOI": "2026-07-23T00:00:00"},  # ten days late
        {"NGAY_MOI": "2026-07-03T00:00:00"},  # ten days early
        {"CS_MOI": "2198", "SL_MOI": "107"},  # 1.289 ×
        {"CS_MOI": "2199", "SL_MOI": "108", "TT_KHAC": "1"},
        {"CS_MOI": "2091", "SL_MOI": "0"},  # nothing used: the state tells, not the percentage
        {"TTR_MOI": " "},
        {"TTR_MOI": None},
        {"TTR_MOI": "G"},
        {"CS_MOI": "2179.000", "SL_MOI": "88.0"},
        {"BOCSO_ID": " 090003010 "},
        {"MOI_LA": "?"},
    ],
)
def test_what_is_no_defect(changes: dict[str, str | None]) -> None:
    verdict = judge_one(**changes)
    assert codes(verdict) == [Verdict.GOOD]
    assert verdict.row is not None
    assert verdict.visit_is_good
    assert verdict.severity is VerdictKind.GOOD


def test_the_edges_of_thirty_percent_are_usual() -> None:
    hundred: dict[str, object] = {"previous_kwh": Decimal(100)}
    for index, kwh, good in (("2161", 70, 1), ("2160", 69, 0), ("2221", 130, 1), ("2222", 131, 0)):
        verdict = judge_one(source=hundred, CS_MOI=index, SL_MOI=str(kwh))
        assert verdict.is_good is bool(good), kwh


def test_limits_are_parameters() -> None:
    rise = {"CS_MOI": "2199", "SL_MOI": "108"}  # 25 kWh more
    assert judge_one(ImportLimits(upper_percent=131), **rise).is_good
    assert judge_one(ImportLimits(minimum_change_kwh=Decimal(26)), **rise).is_good
    assert not judge_one(ImportLimits(minimum_change_kwh=Decimal(25)), **rise).is_good
    late = {"NGAY_MOI": "2026-07-23T00:00:00"}
    assert judge_one(ImportLimits(date_tolerance_days=9), **late).primary == "DATE_OUT_OF_PERIOD"
    known = ImportLimits(further_difference_states=frozenset("Y"))
    assert judge_one(known, TTR_MOI="Y").is_good


def test_no_history_switches_the_percentage_off_unless_a_limit_is_set() -> None:
    new: dict[str, object] = {"previous_kwh": Decimal(0)}
    assert judge_one(source=new).is_good
    limits = ImportLimits(no_history_limit_kwh=Decimal(87))
    assert judge_one(limits, source=new).primary is Verdict.ABNORMAL_UNCONFIRMED


def test_the_removed_meters_energy_counts_for_the_percentage_and_not_for_the_arithmetic() -> None:
    assert judge_one(row_number=6).is_good  # 58 + 64 against 120
    without: dict[str, object] = {"removed_kwh": Decimal(0)}
    assert judge_one(row_number=6, source=without).primary is Verdict.ABNORMAL_UNCONFIRMED
    assert judge_one(row_number=6, SL_MOI="122").primary is Verdict.CONSUMPTION_ARITHMETIC


def test_a_rollover_takes_its_digits_from_the_meter_type() -> None:
    assert judge_one(row_number=2).is_good  # 99920 → 00067 on five digits: 147
    six: dict[str, object] = {"dial_digits": 6}
    assert judge_one(row_number=2, source=six).primary is Verdict.CONSUMPTION_ARITHMETIC
    five: dict[str, object] = {"dial_digits": 5}
    assert judge_one(row_number=9, source=five).primary is Verdict.INDEX_EXCEEDS_DIGITS


def test_a_rollover_on_an_unknown_meter_type_is_held_for_a_person() -> None:
    unknown: dict[str, object] = {"dial_digits": None}
    verdict = judge_one(row_number=2, source=unknown)
    assert codes(verdict) == [Verdict.ROLLOVER_WITHOUT_DIAL_DIGITS]
    assert verdict.severity is VerdictKind.WARNING
    assert judge_one(row_number=9, source=unknown).is_good  # no rollover, nothing to know


def test_a_file_without_device_columns_lists_an_index_of_zero_for_confirmation() -> None:
    bare = dict.fromkeys(DEVICE_COLUMNS)
    assert judge_one(row_number=1, **bare).is_good
    assert judge_one(row_number=4, **bare).primary is Verdict.UNREAD_ROW
    assert judge_one(row_number=4).is_good  # the flag says it was read: a true 0


def test_the_first_verdict_in_the_order_is_primary_and_the_others_stand_beside_it() -> None:
    verdict = judge_one(KY="2", MA_DVIQLY="PX0200", CS_MOI="12a4", NGAY_MOI="x")
    assert [code.value for code in codes(verdict)] == [
        "PERIOD_MISMATCH",
        "WRONG_UNIT",
        "NOT_A_NUMBER",
        "DATE_OUT_OF_PERIOD",
    ]
    assert verdict.unreadable == ("CS_MOI", "NGAY_MOI")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"NAM": None}, "PERIOD_MISMATCH"),
        ({"CS_CU": "x"}, "OLD_INDEX_ALTERED"),
        ({"HSN": "1,0"}, "MULTIPLIER_ALTERED"),
    ],
)
def test_a_number_of_the_export_that_does_not_read_is_both(
    changes: dict[str, str | None], code: str
) -> None:
    verdict = judge_one(**changes)
    assert [found.value for found in codes(verdict)] == [code, "NOT_A_NUMBER"]
    assert verdict.row is None


def test_an_unread_row_is_not_judged_as_a_reading() -> None:
    verdict = judge_one(TTHAI_DBO="0", CS_MOI="x", TTR_MOI="ZZ", NGAY_MOI="x", HSN="2")
    assert codes(verdict) == [Verdict.MULTIPLIER_ALTERED, Verdict.UNREAD_ROW]


def test_duplicates_with_differing_readings_hold_the_first_too() -> None:
    first = returned_with(BACK, 1)
    other = returned_with(BACK, 1, CS_MOI="2180", SL_MOI="89")
    same = returned_with(BACK, 1, CS_MOI="2179.0", GHICHU="lần hai")
    exported = {KEY: EXPORTED[KEY]}

    def primaries(*rows: dict[str, str]) -> list[str]:
        return [row.primary.value for row in judge_returned_rows(exported, book_of(*rows))]

    assert primaries(first, same) == ["OK", "DUPLICATE_BOCSO_ID"]
    assert primaries(first, other) == ["DUPLICATE_BOCSO_ID"] * 2
    assert primaries(first, same, other) == ["DUPLICATE_BOCSO_ID"] * 3
    unread = returned_with(BACK, 1, TTHAI_DBO="0")
    assert primaries(first, unread) == ["DUPLICATE_BOCSO_ID"] * 2


def time_of_use_book(**indices: int) -> tuple[RowVerdict, ...]:
    """The time-of-use point of the third sample, returned with these new indices."""
    rows = []
    for row in rows_of(OUTBOUND[2])[:5]:
        index = indices.get(row.fields["LOAI_BCS"])
        fields = {**row.fields, "TTHAI_DBO": "0" if index is None else "1", "TT_KHAC": "1"}
        if index is not None:
            used = (index - int(row.fields["CS_CU"])) * 40
            fields |= {"CS_MOI": str(index), "SL_MOI": str(used)}
        rows.append(fields)
    exported = exported_from(OUTBOUND[2])
    del exported[96002120]
    return judge_returned_rows(exported, book_of(*rows))


INDICES = {"BT": 2490, "CD": 936, "TD": 1575, "SG": 5002, "VC": 570}  # 180 + 62 + 109 = 351


@pytest.mark.parametrize(("total", "good"), [(4999, 0), (5000, 1), (5002, 1), (5004, 1), (5005, 0)])
def test_the_total_may_differ_by_two_units_of_the_register(total: int, good: int) -> None:
    verdicts = time_of_use_book(**{**INDICES, "SG": total})
    by_kind = {row.row.register_kind: row for row in verdicts if row.row}
    expected = Verdict.GOOD if good else Verdict.TOU_SUM_MISMATCH
    assert [by_kind[kind].primary for kind in ("BT", "CD", "TD", "SG")] == [expected] * 4
    assert by_kind["VC"].is_good
    assert {row.visit_is_good for row in verdicts} == {bool(good)}


def test_a_time_of_use_point_is_one_visit() -> None:
    unread_peak = {kind: index for kind, index in INDICES.items() if kind != "CD"}
    verdicts = time_of_use_book(**unread_peak)
    primaries = [row.primary.value for row in verdicts]
    assert primaries == ["OK", "UNREAD_ROW", "OK", "OK", "OK"]
    assert {row.visit_is_good for row in verdicts} == {False}


def test_a_register_that_never_came_back_is_missing_and_spoils_its_visit() -> None:
    exported = exported_from(OUTBOUND[2])
    [verdict, *missing] = judge_returned_rows(
        {key: exported[key] for key in (96002110, 96002111)},
        book_of({**rows_of(OUTBOUND[2])[0].fields, "TTHAI_DBO": "0"}),
    )
    assert verdict.primary is Verdict.UNREAD_ROW
    assert [(row.row_number, row.key, row.primary) for row in missing] == [
        (None, 96002111, Verdict.MISSING_ROW)
    ]


def test_every_code_has_its_texts_and_ours_beside_the_published_ones_are_two() -> None:
    assert set(VERDICT_TEXTS) == set(Verdict)
    for text in VERDICT_TEXTS.values():
        assert text.what.vi != text.what.en
        assert text.next_step.vi
        assert text.next_step.en
    assert [code for code in Verdict if code.kind is VerdictKind.FILE] == [
        Verdict.SAME_FILE_ALREADY_IMPORTED,
        Verdict.BOOK_NOT_EXPORTED,
        Verdict.BOOK_ALREADY_CONFIRMED,
    ]
    assert len(Verdict) == 1 + 22 + 2


def test_five_hundred_returned_books_keep_their_counts() -> None:
    exported, data = large_return(50)
    verdicts = judge_returned_rows(exported, parse_book_file(data))
    assert len(verdicts) == 500
    assert sum(verdict.is_good for verdict in verdicts) == 450
    assert sum(verdict.primary is Verdict.UNREAD_ROW for verdict in verdicts) == 50


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10),
            st.dictionaries(
                st.sampled_from((*OUTBOUND_COLUMNS, "TTHAI_DBO", "TT_KHAC")),
                st.text(max_size=12) | st.sampled_from(["0", "1", "-1", "99999", "Q", "90003020"]),
                max_size=4,
            ),
        ),
        max_size=8,
    )
)
def test_every_row_and_every_register_gets_one_verdict(
    rows: list[tuple[int, dict[str, str]]],
) -> None:
    book = book_of(*(returned_with(BACK, number, **changes) for number, changes in rows))
    verdicts = judge_returned_rows(EXPORTED, book)
    in_file, missing = verdicts[: len(rows)], verdicts[len(rows) :]
    assert [row.row_number for row in in_file] == list(range(1, len(rows) + 1))
    assert {row.key for row in in_file} & EXPORTED.keys() | {row.key for row in missing} == (
        EXPORTED.keys()
    )
    good = [row for row in in_file if row.is_good]
    assert all(row.row is not None and row.key == row.row.register_period_key for row in good)
    assert len({row.key for row in good}) == len(good)
    assert all(list(row.further) == sorted(row.further, key=lambda code: code.rank) for row in good)

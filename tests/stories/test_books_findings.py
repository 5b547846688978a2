"""Checks at night, and what people decide about doubts: rights, signatures, estimates, evidence."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cmis.journeys.decide_a_finding import Decision, Verdict, decide_a_finding
from cmis.journeys.prepare_a_period import prepare_period
from cmis.kernel.period import BillingMonth
from cmis.modules.organisation import queries as units
from cmis.modules.organisation.authorisation import UnableToAct, UnableToDecideOwnWork
from cmis.modules.organisation.roles import Role
from cmis.modules.organisation.types import Actor
from cmis.modules.reading import operations as reading
from cmis.modules.reading import queries as books
from cmis.modules.reading.decisions import UnableToDecide, UnableToTakeCorrection
from cmis.modules.reading.finding_queries import UnableToFindFinding
from cmis.modules.reading.models import BookPeriod, BookRow, ReadingEvent, RowFinding
from cmis.modules.reading.types import Correction, FindingCard
from cmis.modules.translog.models import AuditEntry
from cmis.rules.vee.estimation import EstimationMethod, UnableToEstimateAgain
from tests.stories.reading_books import (
    BOUNDARY,
    EVENING,
    MORNING,
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
    staff,
    take,
    usual_return,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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


def tripled() -> dict[str, str]:
    """The first row with four times its usual energy, confirmed by the reader."""
    old = fields_of(sample(WALK))[0]
    return read_as(old, int(old["CS_CU"]) + 4 * int(old["SL_CU"]))


def card(rule: str) -> FindingCard:
    (found,) = books.findings_queue(units.everything(), rule=rule)
    return found


def decide(finding_id: int, decision: Decision, actor: Actor, **details: Any) -> None:
    decide_a_finding(finding_id, Verdict(decision, **details), actor=actor, at=MORNING)


def clerk() -> Actor:
    return staff("lan", "Nguyễn Thị Lan", Role.READING_SECTION)


def head() -> Actor:
    return staff("minh", "Trần Văn Minh", Role.UNIT_HEAD)


def test_four_times_the_usual_waits_for_the_signature_of_the_head() -> None:
    received((0, tripled()))
    doubt = card("ABOVE_USUAL")
    assert (doubt.severity, doubt.row_state) == ("sign", "held")
    assert doubt.history_kwh == (83, 90, 78)
    assert row_states(WALK) == ["held"] + ["confirmed"] * 9
    decide(doubt.id, Decision.SIGN, head(), reason="đã đối chiếu ảnh")
    assert row_states(WALK) == ["confirmed"] * 10
    kept = RowFinding.objects.get(pk=doubt.id)
    assert (kept.state, kept.decided_by, kept.reason) == ("signed", "minh", "đã đối chiếu ảnh")
    entry = AuditEntry.objects.get(action="sign_finding")
    assert (entry.actor, entry.object_code, entry.reason) == (
        "minh",
        str(doubt.id),
        "đã đối chiếu ảnh",
    )


def test_a_clerk_can_neither_sign_nor_accept_what_needs_a_signature() -> None:
    received((0, tripled()))
    doubt = card("ABOVE_USUAL")
    lan = clerk()
    before, states = counts(), row_states(WALK)
    with pytest.raises(UnableToAct):
        decide(doubt.id, Decision.SIGN, lan, reason="được")
    with pytest.raises(UnableToDecide):
        decide(doubt.id, Decision.ACCEPT, lan)
    assert (counts(), row_states(WALK)) == (before, states)
    assert RowFinding.objects.get(pk=doubt.id).state == "open"
    assert AuditEntry.objects.filter(action="denied", actor="lan").count() == 1


def test_nobody_signs_a_reading_he_took_himself() -> None:
    row = tripled() | {"NGUOI_GCS": "Trần Văn Minh"}
    received((0, row))
    doubt = card("ABOVE_USUAL")
    assert doubt.read_by == "Trần Văn Minh"
    before, states = counts(), row_states(WALK)
    with pytest.raises(UnableToDecideOwnWork):
        decide(doubt.id, Decision.SIGN, head(), reason="được")
    assert (counts(), row_states(WALK)) == (before, states)
    assert AuditEntry.objects.filter(action="denied", actor="minh").count() == 1


def test_nobody_signs_a_row_he_corrected_before() -> None:
    received((0, tripled()))
    both = staff("hoa", "Lê Thị Hoa", Role.UNIT_HEAD, Role.READING_SECTION)
    doubt = card("ABOVE_USUAL")
    wrong = Correction(index=doubt.previous_index + 500, reason="đọc lại ảnh")
    decide(doubt.id, Decision.CORRECT, both, correction=wrong)
    again = card("ABOVE_USUAL")
    assert again.id != doubt.id
    with pytest.raises(UnableToDecideOwnWork):
        decide(again.id, Decision.SIGN, both, reason="được")
    assert row_states(WALK)[0] == "held"
    decide(again.id, Decision.SIGN, head(), reason="đã kiểm tra")
    assert row_states(WALK)[0] == "confirmed"


def test_a_signature_needs_a_reason() -> None:
    received((0, tripled()))
    with pytest.raises(UnableToDecide):
        decide(card("ABOVE_USUAL").id, Decision.SIGN, head(), reason="  ")
    assert row_states(WALK)[0] == "held"


def test_somebody_of_another_unit_does_not_even_see_the_finding() -> None:
    received((0, tripled()))
    from cmis.modules.organisation import operations as organisation

    organisation.ensure_units_for("PX0200", valid_from=date(2026, 1, 1), at=EVENING, actor="admin")
    other = staff("anh", "Phạm Thị An", Role.UNIT_HEAD, unit="PX0200")
    with pytest.raises(UnableToFindFinding):
        decide(card("ABOVE_USUAL").id, Decision.SIGN, other, reason="được")
    assert row_states(WALK)[0] == "held"
    scope = units.scope_of(other, date(2026, 7, 14))
    assert books.findings_queue(scope) == []
    assert books.reading_board(scope, 2026, 7) == []
    assert books.periods_due(scope, date(2026, 7, 13)) == []
    assert books.reading_history(scope, card("ABOVE_USUAL").point_code) == []


def test_an_accepted_doubt_lets_the_row_pass_once_every_doubt_is_decided() -> None:
    old = fields_of(sample(WALK))[0]
    stuck = read_as(old, int(old["CS_CU"]) + int(old["SL_CU"]), TTR_MOI="K")
    received((0, stuck | {"NGAY_MOI": "2026-07-28T00:00:00"}))
    lan = clerk()
    doubts = books.findings_queue(units.everything())
    assert {one.rule for one in doubts} == {"STATE_NEEDS_CARE", "DATE_OUT_OF_PERIOD"}
    for doubt in doubts:
        assert row_states(WALK)[0] == "held"
        decide(doubt.id, Decision.ACCEPT, lan)
    assert row_states(WALK)[0] == "confirmed"
    with pytest.raises(UnableToDecide):
        decide(doubts[0].id, Decision.ACCEPT, lan)


def test_an_unread_row_is_estimated_twice_and_a_third_time_refused() -> None:
    adopt(WALK)
    take(sample(f"{WALK}.returned"))
    check()
    lan = clerk()
    doubt = card("UNREAD_ROW")
    assert {one.method for one in reading.estimates_for(units.everything(), doubt.id)} == {
        EstimationMethod.MEAN_DAY_OF_THREE,
        EstimationMethod.PREVIOUS_PERIOD,
    }
    decide(doubt.id, Decision.ESTIMATE, lan, reason="hai lần vắng nhà")
    row = row_of(90003100)
    assert (row.state, row.is_estimated) == ("confirmed", True)
    assert row.reading is not None
    assert (row.reading.source, row.reading.reason) == ("estimate", "hai lần vắng nhà")
    assert row.reading.detail["method"] == "mean_day_of_three"
    assert RowFinding.objects.get(pk=doubt.id).state == "estimated"
    for month in (8, 9):
        _settle_everything(BookPeriod.objects.latest("first_day").code, lan)
        _next_month(month)
        doubt = card("UNREAD_ROW")
        if month == 8:
            decide(doubt.id, Decision.ESTIMATE, lan)
    before = ReadingEvent.objects.count()
    with pytest.raises(UnableToEstimateAgain):
        decide(doubt.id, Decision.ESTIMATE, lan)
    assert ReadingEvent.objects.count() == before
    assert BookRow.objects.get(pk=doubt.row_id).state == "held"


def _settle_everything(code: str, lan: Actor) -> None:
    """Whatever still waits in a period is accepted or signed."""
    hoa = staff(f"head{code[-3]}", "Đỗ Thị Hoa", Role.UNIT_HEAD)
    for one in books.findings_queue(units.everything(), period_code=code):
        if one.severity == "sign":
            decide(one.id, Decision.SIGN, hoa, reason="đã kiểm tra")
        else:
            decide(one.id, Decision.ACCEPT, lan)


def _next_month(month: int) -> None:
    """The next period goes out, comes back with the last row unread, and is checked."""
    everything = units.everything()
    prepare_period(everything, "PX0100102", BillingMonth(2026, month), actor="lan", at=MORNING)
    code = f"PX0100102-2026-{month}-1"
    from cmis.journeys.export_a_book import export_a_book

    out = export_a_book(everything, code, holder="reader-7", actor="lan", at=MORNING).data
    rows = usual_return(out)
    rows[-1] |= {"TTHAI_DBO": "0", "CS_MOI": "0", "SL_MOI": "0", "THOI_GIAN": ""}
    take(returned(rows), at=MORNING)
    check(code)


def test_a_row_sent_back_is_open_and_takes_the_next_reading() -> None:
    received((0, tripled()))
    doubt = card("ABOVE_USUAL")
    decide(doubt.id, Decision.SEND_BACK, clerk(), reason="ảnh mờ")
    row = BookRow.objects.get(pk=doubt.row_id)
    assert (row.state, row.reading_id, row.current_index) == ("open", None, None)
    assert row.events.count() == 1
    assert RowFinding.objects.get(pk=doubt.id).state == "sent_back"
    take(returned(usual_return(sample(WALK))[:1]), at=MORNING)
    check()
    assert row_states(WALK) == ["confirmed"] * 10


def test_a_corrected_reading_stands_beside_the_old_one() -> None:
    received((0, tripled()))
    doubt = card("ABOVE_USUAL")
    index = doubt.previous_index + 91
    lan = clerk()
    for wrong in (
        Correction(index=doubt.previous_index - 1, reason="đọc lại ảnh"),
        Correction(index=Decimal(100_000), reason="đọc lại ảnh"),
        Correction(index=index, reason="đọc lại ảnh", state_code="V"),
        Correction(index=index, reason="đọc lại ảnh", last_day=date(2026, 6, 1)),
    ):
        with pytest.raises(UnableToTakeCorrection):
            decide(doubt.id, Decision.CORRECT, lan, correction=wrong)
    with pytest.raises(UnableToDecide):
        decide(doubt.id, Decision.CORRECT, lan, correction=Correction(index=index, reason=""))
    assert ReadingEvent.objects.filter(row_id=doubt.row_id).count() == 1
    decide(
        doubt.id, Decision.CORRECT, lan, correction=Correction(index=index, reason="9191 là 9019")
    )
    row = BookRow.objects.get(pk=doubt.row_id)
    assert (row.state, row.current_index, row.consumption_kwh) == ("confirmed", index, 91)
    old, new = row.events.order_by("id")
    assert (new.supersedes_id, new.source, new.reason) == (old.pk, "typed", "9191 là 9019")
    assert new.recorded_by == "lan"


def test_registers_of_a_time_of_use_point_wait_and_pass_together() -> None:
    adopt(BOUNDARY)
    rows = usual_return(sample(BOUNDARY))
    peak = next(at for at, row in enumerate(rows) if row["LOAI_BCS"] == "CD")
    rows[peak] |= {"TTHAI_DBO": "0", "CS_MOI": "0", "SL_MOI": "0", "THOI_GIAN": ""}
    rows[3] = _total(rows)
    take(returned(rows))
    check(BOUNDARY)
    assert row_states(BOUNDARY)[:5] == ["held"] * 5
    assert books.confirmed_rows(BookPeriod.objects.get(code=BOUNDARY).pk)[0].register_kind == "KT"
    lan = clerk()
    unread = card("UNREAD_ROW")
    with pytest.raises(UnableToDecide):
        decide(unread.id, Decision.ACCEPT, lan)
    decide(unread.id, Decision.ESTIMATE, lan)
    for doubt in books.findings_queue(units.everything(), period_code=BOUNDARY):
        decide(doubt.id, Decision.ACCEPT, lan)
    assert row_states(BOUNDARY) == ["confirmed"] * 6
    confirmed = books.confirmed_rows(BookPeriod.objects.get(code=BOUNDARY).pk)
    assert [row.register_kind for row in confirmed] == ["BT", "CD", "TD", "SG", "VC", "KT"]
    assert {row.multiplier for row in confirmed[:5]} == {Decimal(40)}
    assert [row.is_estimated for row in confirmed] == [False, True, False, False, False, False]


def _total(rows: list[dict[str, str]]) -> dict[str, str]:
    used = sum(
        (int(row["SL_CU"]) // 40) + 1 for row in rows if row["LOAI_BCS"] in ("BT", "CD", "TD")
    )
    total = next(row for row in fields_of(sample(BOUNDARY)) if row["LOAI_BCS"] == "SG")
    return read_as(total, int(total["CS_CU"]) + used, TT_KHAC="1")

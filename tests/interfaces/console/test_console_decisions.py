"""The findings queue and the gates: each act with exactly what it changes."""

import json

import pytest

from cmis.modules.billing.models import Bill
from cmis.modules.reading.models import BookRow, ReadingEvent, RowFinding
from cmis.modules.translog.models import AuditEntry
from tests.interfaces.console.conftest import HTMX, finding_of, row_state, seat, shown, to
from tests.stories.reading_books import (
    counts,
)

pytestmark = pytest.mark.usefixtures("office")


def test_the_queue_speaks_in_sentences_gravest_and_largest_first() -> None:
    page = seat("re_check").get(to("findings"))
    cards = page.context["cards"]
    assert [card.found.point_code[-6:-3] for card in cards] == ["305", "307", "308"]
    assert [card.found.severity for card in cards] == ["sign", "confirm", "confirm"]
    assert "900 kWh bằng 666 % kỳ trước (135 kWh)" in cards[0].sentence
    assert not cards[0].may_accept
    assert cards[1].may_accept
    assert page.context["cards"][0].history[-1] == 135


def test_accepting_with_htmx_removes_the_card_and_confirms_the_row() -> None:
    found = finding_of("308")
    answer = seat("re_check").post(
        to("decide", finding_id=found.pk), {"decision": "accept", "reason": "có ảnh"}, **HTMX
    )
    assert (answer.status_code, answer.content) == (200, b"")
    told = json.loads(answer["HX-Trigger-After-Settle"])["finding-decided"]
    assert told["open"] == []
    assert told["count"] == 2
    found.refresh_from_db()
    assert (found.state, found.decided_by, found.reason) == ("accepted", "re_check", "có ảnh")
    assert row_state("308") == "confirmed"


def test_without_scripts_the_queue_comes_back_with_its_filter() -> None:
    found = finding_of("308")
    answer = seat("re_check").post(
        to("decide", finding_id=found.pk),
        {"decision": "send_back", "query": "rule=STATE_NEEDS_CARE&page=1&next=//x"},
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/console/findings/?rule=STATE_NEEDS_CARE&page=1"
    assert row_state("308") == "open"


def test_estimating_takes_the_chosen_method() -> None:
    found = finding_of("307")
    page = seat("re_check").get(to("finding", finding_id=found.pk))
    methods = [value for value, _label in page.context["estimates"]]
    assert methods == ["mean_day_of_three", "previous_period"]
    sent = {"decision": "estimate", "method": "previous_period"}
    assert seat("re_check").post(to("decide", finding_id=found.pk), sent).status_code == 302
    row = BookRow.objects.get(pk=found.row_id)
    assert (row.is_estimated, row.consumption_kwh, row.state) == (True, 161, "confirmed")


def test_a_clerk_cannot_accept_what_the_head_must_sign() -> None:
    found = finding_of("305", severity="sign")
    before = counts()
    answer = seat("re_check").post(
        to("decide", finding_id=found.pk), {"decision": "accept"}, **HTMX
    )
    assert answer.status_code == 422
    assert "READ-020" in shown(answer)
    assert f'id="finding-{found.pk}"' in shown(answer)
    assert counts() == before
    assert row_state("305") == "held"


def test_an_unknown_decision_is_refused() -> None:
    found = finding_of("305", severity="sign")
    for decision in ("sign", "correct", "", "drop"):
        answer = seat("re_check").post(to("decide", finding_id=found.pk), {"decision": decision})
        assert answer.status_code == 400
    assert row_state("305") == "held"


def test_the_right_reading_replaces_the_wrong_one_and_keeps_it() -> None:
    found = finding_of("305", severity="sign")
    old_id = BookRow.objects.get(pk=found.row_id).reading_id
    sent = {"index": "2590", "last_day": "13/07/2026", "reason": "đọc nhầm hàng nghìn"}
    answer = seat("re_check").post(to("correct", finding_id=found.pk), sent)
    assert answer.status_code == 302
    row = BookRow.objects.get(pk=found.row_id)
    assert (row.current_index, row.consumption_kwh, row.state) == (2590, 135, "confirmed")
    event = ReadingEvent.objects.get(pk=row.reading_id)
    assert (event.source, event.supersedes_id) == ("recheck", old_id)


@pytest.mark.parametrize("index", ["1.234", "2,590", "", "abc", "-5", "2454"])
def test_an_index_that_could_be_misread_is_asked_for_again(index: str) -> None:
    found = finding_of("305", severity="sign")
    before = counts()
    answer = seat("re_check").post(
        to("correct", finding_id=found.pk), {"index": index, "reason": "xem ảnh"}
    )
    assert answer.status_code == 422
    assert counts() == before


def test_the_head_signs_a_reading_with_a_reason() -> None:
    found = finding_of("305", severity="sign")
    head = seat("unit_head")
    nothing = head.post(to("sign_reading", finding_id=found.pk), {"reason": " "})
    assert nothing["Location"] == to("finding", finding_id=found.pk)
    assert row_state("305") == "held"
    done = head.post(to("sign_reading", finding_id=found.pk), {"reason": "đã xem"})
    assert done["Location"] == to("approvals")
    found.refresh_from_db()
    assert (found.state, found.decided_by, row_state("305")) == ("signed", "unit_head", "confirmed")


def test_gate_two_shows_the_amount_before_and_why() -> None:
    page = seat("unit_head").get(to("approvals"), {"gate": "2"})
    ((held, doubts, may_sign),) = page.context["bills"]
    assert (held.bill.point_code, held.bill.energy_kwh) == ("PX01000000303001", 2000)
    assert (held.before_vnd, may_sign) == (None, True)
    assert "Không có hóa đơn trước để so sánh" in doubts[0][0]


def test_a_signed_bill_may_be_issued() -> None:
    bill = Bill.objects.get(state="held")
    answer = seat("unit_head").post(to("sign_bill", bill_id=bill.pk), {"reason": "đã kiểm tra"})
    assert answer["Location"] == "/console/approvals/?gate=2"
    bill.refresh_from_db()
    assert (bill.state, bill.decided_by, bill.reason) == ("cleared", "unit_head", "đã kiểm tra")
    entry = AuditEntry.objects.get(action="sign_bill")
    assert (entry.actor, entry.object_code, entry.reason) == ("unit_head", bill.code, "đã kiểm tra")


def test_a_withdrawn_bill_brings_its_reading_back_to_the_queue() -> None:
    bill = Bill.objects.get(state="held")
    code = bill.code
    seat("unit_head").post(to("withdraw_bill", bill_id=bill.pk), {"reason": "nghi đọc sai"})
    bill.refresh_from_db()
    assert (bill.state, bill.code) == ("withdrawn", f"{code}~{bill.pk}")
    assert row_state("303") == "held"
    found = finding_of("303")
    assert found.rule == "BILL_WITHDRAWN"
    page = seat("re_check").get(to("finding", finding_id=found.pk))
    assert f"Lãnh đạo rút hóa đơn {code}" in page.context["card"].sentence
    assert "nghi đọc sai" in page.context["card"].sentence


@pytest.mark.parametrize("act", ["sign_bill", "withdraw_bill"])
def test_a_bill_is_not_decided_without_a_reason(act: str) -> None:
    bill = Bill.objects.get(state="held")
    answer = seat("unit_head").post(to(act, bill_id=bill.pk), {"reason": "  "})
    assert answer["Location"] == to("bill", bill_id=bill.pk)
    bill.refresh_from_db()
    assert bill.state == "held"
    assert row_state("303") == "billed"


def test_nobody_signs_an_amount_of_his_own_reading() -> None:
    bill = Bill.objects.get(state="held")
    RowFinding.objects.filter(row__point=bill.point).update(
        state="accepted", decided_by="unit_head"
    )
    answer = seat("unit_head").post(to("sign_bill", bill_id=bill.pk), {"reason": "được"})
    assert answer.status_code == 403
    assert "ORG-012" in shown(answer)
    bill.refresh_from_db()
    assert bill.state == "held"
    entry = AuditEntry.objects.filter(action="denied").latest("pk")
    assert (entry.object_kind, entry.object_code) == ("bill", bill.code)


def test_a_bill_shows_its_lines_and_readings_as_numbers() -> None:
    bill = Bill.objects.get(state="held")
    page = seat("auditor").get(to("bill", bill_id=bill.pk))
    assert sum(line.amount_vnd for line in page.context["bill"].lines) == bill.net_vnd
    assert ">2.273<" in shown(page)
    assert ">2273.000<" not in shown(page)

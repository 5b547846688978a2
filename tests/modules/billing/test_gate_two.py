"""Gate 2: a held bill is signed or withdrawn, with a reason, by somebody of its unit, once."""

from datetime import UTC, date, datetime

import pytest

from cmis.modules.billing import operations, queries
from cmis.modules.billing.models import Bill
from cmis.modules.billing.operations import UnableToDecideBill, UnableToDecideWithoutReason
from cmis.modules.organisation import queries as units
from tests.modules.invoicing.bills_to_number import Site, make_site

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 14, 1, tzinfo=UTC)
DAY = date(2026, 7, 14)


@pytest.fixture
def site() -> Site:
    made = make_site("PX0100", bills=3)
    Bill.objects.filter(pk__in=made.bill_ids[:2]).update(state="held")
    return made


def states() -> list[str]:
    return list(Bill.objects.order_by("position").values_list("state", flat=True))


def test_signing_clears_a_bill_and_says_who_when_and_why(site: Site) -> None:
    scope = units.scope_of("PX0100", DAY)
    code = operations.sign_bill(
        scope, site.bill_ids[0], actor="binh", at=AT, reason=" đã đối chiếu "
    )
    bill = Bill.objects.get(pk=site.bill_ids[0])
    assert (code, bill.state) == ("PX0100-1", "cleared")
    assert (bill.decided_by, bill.decided_at, bill.reason) == ("binh", AT, "đã đối chiếu")
    assert states() == ["cleared", "held", "cleared"]
    assert queries.bill_ids_to_issue(site.unit_id, until=DAY) == [
        site.bill_ids[0], site.bill_ids[2],
    ]  # fmt: skip


def test_nothing_is_decided_without_a_reason_twice_or_from_outside(site: Site) -> None:
    make_site("PX0200", bills=0)
    own, other = units.scope_of("PX0100", DAY), units.scope_of("PX0200", DAY)
    before = states()
    for decide in (operations.sign_bill, operations.withdraw_bill):
        with pytest.raises(UnableToDecideWithoutReason):
            decide(own, site.bill_ids[0], actor="binh", at=AT, reason="  ")
        with pytest.raises(UnableToDecideBill):
            decide(other, site.bill_ids[0], actor="la", at=AT, reason="vì")
        with pytest.raises(UnableToDecideBill) as refused:
            decide(own, site.bill_ids[2], actor="binh", at=AT, reason="vì")
        assert "PX0100-3" in refused.value.message("vi")
    assert states() == before
    assert queries.held_bills(other) == []
    assert [bill.code for bill in queries.held_bills(own)] == ["PX0100-1", "PX0100-2"]


def test_a_withdrawn_bill_gives_its_code_free_and_is_never_issued(site: Site) -> None:
    scope = units.scope_of("PX0100", DAY)
    operations.withdraw_bill(scope, site.bill_ids[0], actor="binh", at=AT, reason="sai chỉ số")
    bill = Bill.objects.get(pk=site.bill_ids[0])
    assert (bill.state, bill.code) == ("withdrawn", f"PX0100-1~{bill.pk}")
    assert queries.bill_ids_to_issue(site.unit_id, until=DAY) == [site.bill_ids[2]]
    assert [one.code for one in queries.bills_of_period(scope, bill.period_id)] == [
        "PX0100-2", "PX0100-3",
    ]  # fmt: skip
    with pytest.raises(UnableToDecideBill):
        operations.sign_bill(scope, bill.pk, actor="binh", at=AT, reason="lại")


def test_numbers_wait_for_the_end_of_the_period_and_follow_book_and_walk(site: Site) -> None:
    Bill.objects.filter(pk__in=site.bill_ids).update(state="cleared")
    Bill.objects.filter(pk=site.bill_ids[0]).update(position=9)
    assert queries.bill_ids_to_issue(site.unit_id, until=date(2026, 7, 12)) == []
    assert queries.bill_ids_to_issue(site.unit_id, until=date(2026, 7, 13)) == [
        site.bill_ids[1], site.bill_ids[2], site.bill_ids[0],
    ]  # fmt: skip
    (work,) = queries.sites_to_issue(units.everything(), until=DAY)
    assert (work.unit_code, work.bill_count) == ("PX0100", 3)

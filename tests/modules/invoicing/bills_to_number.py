"""An issuing site with bills that wait for a number, and nothing more than that needs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from cmis.modules.billing.models import Bill
from cmis.modules.customers.models import Contract, Customer
from cmis.modules.metering.models import MeteringPoint
from cmis.modules.organisation.models import Unit
from cmis.modules.organisation.operations import ensure_units_for
from cmis.modules.reading.models import Book, BookPeriod

AT = datetime(2026, 7, 1, 1, tzinfo=UTC)
START = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Site:
    unit_id: int
    seller_id: int
    customer_id: int
    bill_ids: list[int]


def make_site(code: str, *, bills: int, seller_id: int | None = None) -> Site:
    """A district with one customer and his cleared bills; a seller of its own by default."""
    unit_id = ensure_units_for(code, START, AT, "test")
    customer = Customer.objects.create(code=f"{code}0000001", unit_id=unit_id, kind="household")
    contract = Contract.objects.create(
        code=f"HD{code}", customer=customer, unit_id=unit_id, starts_on=START
    )
    point = MeteringPoint.objects.create(
        code=f"{code}0000001001", unit_id=unit_id, customer=customer, contract=contract
    )
    book = Book.objects.create(code=f"{code}101", unit_id=unit_id)
    period = BookPeriod.objects.create(
        code=f"{code}101-2026-7-1", book=book, unit_id=unit_id, year=2026, month=7, cycle=1,
        first_day=date(2026, 6, 14), planned_last_day=date(2026, 7, 13), state="cleared",
    )  # fmt: skip
    made = [
        Bill.objects.create(
            code=f"{code}-{number}", unit_id=unit_id, period=period, customer=customer,
            contract=contract, point=point, position=number, year=2026, month=7, cycle=1,
            first_day=date(2026, 6, 14), last_day=date(2026, 7, 13), energy_kwh=1, net_vnd=100,
            vat_percent="8", vat_vnd=8, total_vnd=108, state="cleared", case="{}", readings=[],
            law_digest="0", rated_at=AT,
        )
        for number in range(1, bills + 1)
    ]  # fmt: skip
    seller = seller_id or Unit.objects.create(code=f"{code[:4]}{code[4]}Z", level="company").pk
    return Site(unit_id, seller, customer.pk, [bill.pk for bill in made])

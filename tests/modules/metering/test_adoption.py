"""Points, meters and installations taken over: added once, changed only forwards in time."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cmis.modules.customers.models import Contract, Customer
from cmis.modules.metering import queries
from cmis.modules.metering.adoption import adopt_points
from cmis.modules.metering.models import Installation, MeterType, PointPlace
from cmis.modules.metering.operations import load_meter_types
from cmis.modules.metering.types import AdoptionCounts, MeterTypeFacts, PointToAdopt
from cmis.modules.organisation import operations as organisation
from cmis.modules.organisation import queries as units

pytestmark = pytest.mark.django_db

JUNE, JULY, AUGUST = date(2026, 6, 12), date(2026, 7, 12), date(2026, 8, 12)


@pytest.fixture
def point() -> PointToAdopt:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    unit_id = organisation.ensure_units_for("PX0100", valid_from=JUNE, at=at, actor="t")
    customer = Customer.objects.create(code="PX01000000001", unit_id=unit_id, kind="household")
    contract = Contract.objects.create(code=customer.code, customer=customer, unit_id=unit_id)
    return PointToAdopt(
        code="PX01000000001001",
        unit_id=unit_id,
        customer_id=customer.pk,
        contract_id=contract.pk,
        station_code="PX0100001",
        book_code="PX0100101",
        walk_code="0001",
        pole_code="",
        box_code="H1",
        meter_code="999202126000001",
        serial="26000001",
        type_code="999",
        multiplier=Decimal(1),
        buys_reactive=False,
        installed_on=JUNE,
        install_indices=(("KT", Decimal(1137)),),
    )


def test_a_point_is_added_once(point: PointToAdopt) -> None:
    first, counts = adopt_points([point], on=JUNE)
    assert counts == AdoptionCounts(points=1, meters=1, installations=1, meter_types=1)
    assert first[point.code].dial_digits == 5  # synthetic type, known from the start
    again, counts = adopt_points([replace(point, installed_on=JULY)], on=JULY)
    assert counts == AdoptionCounts()
    assert again == first


def test_a_type_nobody_knows_has_no_dial_digits_until_they_are_supplied(
    point: PointToAdopt,
) -> None:
    found, _ = adopt_points([replace(point, type_code="5X1")], on=JUNE)
    assert found[point.code].dial_digits is None
    assert load_meter_types([MeterTypeFacts("5X1", 6)]) == 1
    assert load_meter_types([MeterTypeFacts("5X1", 6)]) == 0
    found, _ = adopt_points([replace(point, type_code="5X1")], on=JULY)
    assert found[point.code].dial_digits == 6
    assert MeterType.objects.count() == 1


def test_another_meter_ends_the_installation_before(point: PointToAdopt) -> None:
    adopt_points([point], on=JUNE)
    new = replace(point, meter_code="998202577000001", serial="77000001", type_code="998")
    swapped = replace(new, installed_on=date(2026, 7, 20))
    adopt_points([swapped], on=JULY)
    ids = list(Installation.objects.values_list("point_id", flat=True).distinct())
    history = queries.installations_of(ids)
    assert [(one.serial, one.installed_on, one.removed_on) for one in history] == [
        ("26000001", JUNE, date(2026, 7, 20)),
        ("77000001", date(2026, 7, 20), None),
    ]
    on_last_day = queries.installations_in_force(ids, date(2026, 7, 19))
    assert on_last_day[ids[0]].serial == "26000001"
    on_swap_day = queries.installations_in_force(ids, date(2026, 7, 20))
    assert (on_swap_day[ids[0]].serial, on_swap_day[ids[0]].dial_digits) == ("77000001", 6)
    assert queries.points_with_removal(ids, since=JULY, until=AUGUST) == set(ids)
    assert queries.points_with_removal(ids, since=AUGUST, until=AUGUST) == set()


def test_an_older_book_adds_an_installation_that_has_ended(point: PointToAdopt) -> None:
    adopt_points([replace(point, installed_on=JULY)], on=JULY)
    older = replace(point, meter_code="999201955000001", serial="55000001")
    adopt_points([older], on=JUNE)
    ends = Installation.objects.order_by("installed_on").values_list("installed_on", "removed_on")
    assert list(ends) == [(JUNE, JULY), (JULY, None)]


def test_a_changed_multiplier_is_another_installation(point: PointToAdopt) -> None:
    adopt_points([point], on=JUNE)
    adopt_points([replace(point, multiplier=Decimal(40), installed_on=JULY)], on=JULY)
    kept = Installation.objects.order_by("installed_on").values_list("multiplier", "removed_on")
    assert list(kept) == [(1, JULY), (40, None)]


def test_a_moved_point_has_two_places_and_keeps_its_pole(point: PointToAdopt) -> None:
    adopt_points([replace(point, pole_code="C7")], on=JUNE)
    _, counts = adopt_points([replace(point, walk_code="0150")], on=JULY)
    assert counts.moved_points == 1
    places = PointPlace.objects.order_by("valid_from")
    assert [(one.walk_code, one.pole_code, one.valid_from, one.valid_to) for one in places] == [
        ("0001", "C7", JUNE, JULY),
        ("0150", "C7", JULY, None),
    ]
    scope = units.everything()
    before = queries.point(scope, point.code, date(2026, 7, 11))
    after = queries.point(scope, point.code, JULY)
    assert before is not None
    assert after is not None
    assert (before.walk_code, after.walk_code) == ("0001", "0150")


def test_a_point_is_shown_to_its_unit_only(point: PointToAdopt) -> None:
    adopt_points([point], on=JUNE)
    at = datetime(2026, 6, 1, tzinfo=UTC)
    organisation.ensure_units_for("PX0200", valid_from=JUNE, at=at, actor="t")
    own, other = units.scope_of("PX0100", JUNE), units.scope_of("PX0200", JUNE)
    assert queries.point(own, point.code, JUNE) is not None
    assert queries.point(other, point.code, JUNE) is None
    assert queries.points_of_customer(other, point.customer_id, JUNE) == []

"""What other parts of the house may ask about points, meters and installations."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from cmis.modules.metering.models import (
    Installation,
    InstalledRegister,
    MeteringPoint,
    MeterType,
    PointPlace,
)
from cmis.modules.metering.types import InstallationFacts, MeterTypeFacts, PointFacts
from cmis.modules.organisation.types import UnitScope

IN_LIST = 5_000


def meter_types() -> list[MeterTypeFacts]:
    """The catalogue, by code."""
    rows = MeterType.objects.order_by("code")
    return [
        MeterTypeFacts(*row)
        for row in rows.values_list("code", "dial_digits", "phase_count", "name")
    ]


def points_of_customer(scope: UnitScope, customer_id: int, on: date) -> list[PointFacts]:
    """Points of one customer inside the scope, with the place of a day, by code."""
    points = MeteringPoint.objects.filter(customer_id=customer_id, unit_id__in=scope.unit_ids)
    return _point_facts(points, on)


def point(scope: UnitScope, code: str, on: date) -> PointFacts | None:
    """One point inside the scope, or nothing."""
    found = _point_facts(MeteringPoint.objects.filter(code=code, unit_id__in=scope.unit_ids), on)
    return found[0] if found else None


def installations_of(point_ids: Sequence[int]) -> list[InstallationFacts]:
    """Every installation of these points, oldest first."""
    return _installation_facts(Installation.objects.filter(point_id__in=point_ids))


def installations_in_force(point_ids: Sequence[int], on: date) -> dict[int, InstallationFacts]:
    """The installation of each point on a day, by point id; points without one are missing."""
    found: dict[int, InstallationFacts] = {}
    for start in range(0, len(point_ids), IN_LIST):
        rows = Installation.objects.filter(
            Q(removed_on=None) | Q(removed_on__gt=on),
            point_id__in=point_ids[start : start + IN_LIST],
            installed_on__lte=on,
        )
        found.update((facts.point_id, facts) for facts in _installation_facts(rows))
    return found


def points_with_removal(point_ids: Sequence[int], *, since: date, until: date) -> set[int]:
    """Points where a meter was removed on a day from ``since`` to ``until``, both included."""
    removed = Installation.objects.filter(removed_on__range=(since, until))
    if len(point_ids) <= IN_LIST:
        return set(
            removed.filter(point_id__in=point_ids).values_list("point_id", flat=True).distinct()
        )
    wanted = set(point_ids)
    return wanted.intersection(removed.values_list("point_id", flat=True).distinct())


def _point_facts(points: "QuerySet[MeteringPoint]", on: date) -> list[PointFacts]:
    rows = list(
        points.order_by("code").values_list(
            "id",
            "code",
            "unit_id",
            "unit__code",
            "customer_id",
            "customer__code",
            "contract_id",
            "station_code",
        )
    )
    places = {
        place[0]: place[1:]
        for place in PointPlace.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=on), point_id__in=[row[0] for row in rows]
        )
        .order_by("-valid_from")
        .values_list("point_id", "book_code", "walk_code", "pole_code", "box_code")
    }
    return [PointFacts(*row, *places.get(row[0], ("", "", "", ""))) for row in rows]


def _installation_facts(rows: "QuerySet[Installation]") -> list[InstallationFacts]:
    digits = dict(MeterType.objects.values_list("code", "dial_digits"))
    facts = list(
        rows.order_by("installed_on", "id").values_list(
            "id",
            "point_id",
            "meter__code",
            "meter__serial",
            "meter__type_code",
            "multiplier",
            "buys_reactive",
            "installed_on",
            "removed_on",
        )
    )
    registers = _registers_of([row[0] for row in facts])
    return [
        InstallationFacts(
            id=row[0],
            point_id=row[1],
            meter_code=row[2],
            serial=row[3],
            type_code=row[4],
            dial_digits=digits.get(row[4]),
            multiplier=row[5],
            buys_reactive=row[6],
            installed_on=row[7],
            removed_on=row[8],
            install_indices=tuple((kind, index) for kind, index, _ in registers[row[0]]),
            removal_indices=tuple(
                (kind, index) for kind, _, index in registers[row[0]] if index is not None
            ),
        )
        for row in facts
    ]


def _registers_of(installation_ids: Iterable[int]) -> dict[int, list[tuple]]:
    registers: dict[int, list[tuple]] = defaultdict(list)
    ids = list(installation_ids)
    for start in range(0, len(ids), IN_LIST):
        for installation_id, *facts in (
            InstalledRegister.objects.filter(installation_id__in=ids[start : start + IN_LIST])
            .order_by("kind")
            .values_list("installation_id", "kind", "install_index", "removal_index")
        ):
            registers[installation_id].append(tuple(facts))
    return registers

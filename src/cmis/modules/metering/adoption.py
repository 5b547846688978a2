"""Take over points, meters and installations that another system already knows, set by set.

Adoption only ever adds: a point that is known stays, a changed meter closes the installation that
was open and opens a new one, a changed book or walk opens a new dated place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db import connection

from cmis.engine.bulk import insert_rows, reserve_ids
from cmis.engine.bulk_update import update_rows
from cmis.modules.metering.models import (
    Installation,
    InstalledRegister,
    Meter,
    MeteringPoint,
    MeterType,
    PointPlace,
)
from cmis.modules.metering.operations import load_meter_types, sample_meter_types
from cmis.modules.metering.types import (
    AdoptedPoint,
    AdoptionCounts,
    MeterTypeFacts,
    PointToAdopt,
)

Item = TypeVar("Item")
#: Values in one IN list; SQLite's own limit on parameters is higher.
IN_LIST = 5_000


@dataclass(slots=True)
class _Known:
    """An installation as far as adoption must know it."""

    id: int
    meter_code: str
    multiplier: Decimal
    installed_on: date
    removed_on: date | None


def adopt_points(
    points: Sequence[PointToAdopt], *, on: date
) -> tuple[dict[str, AdoptedPoint], AdoptionCounts]:
    """Make sure that every point, meter, installation and place exists; codes are unique in it.

    Args:
        points: at most one entry per point code.
        on: first day of the period they come from; a changed place begins here.

    Returns:
        Where each point code ended up, and what was added.
    """
    digits, new_types = _ensure_types({point.type_code for point in points})
    point_ids, new_points = _ensure_points(points)
    meter_ids, new_meters = _ensure_meters(points)
    moved = _ensure_places(points, point_ids, on=on)
    installation_ids, new_installations = _ensure_installations(points, point_ids, meter_ids)
    adopted = {
        point.code: AdoptedPoint(
            point_id=point_ids[point.code],
            installation_id=installation_ids[point.code],
            dial_digits=digits[point.type_code],
        )
        for point in points
    }
    return adopted, AdoptionCounts(new_points, new_meters, new_installations, new_types, moved)


def _ensure_types(codes: set[str]) -> tuple[dict[str, int | None], int]:
    """Dial digits by type. An unknown type enters the catalogue without digits, to be supplied;
    only the types of the synthetic sample books are known from the start."""
    digits = dict(MeterType.objects.filter(code__in=codes).values_list("code", "dial_digits"))
    missing = sorted(codes - digits.keys())
    if missing:
        sample = {facts.code: facts for facts in sample_meter_types()}
        load_meter_types(sample.get(code, MeterTypeFacts(code, None)) for code in missing)
        digits |= dict(
            MeterType.objects.filter(code__in=missing).values_list("code", "dial_digits")
        )
    return digits, len(missing)


def _ensure_points(points: Sequence[PointToAdopt]) -> tuple[dict[str, int], int]:
    ids: dict[str, int] = {}
    moved_owner: list[tuple[Any, ...]] = []
    wanted = {point.code: point for point in points}
    for codes in _lists(wanted):
        known = MeteringPoint.objects.filter(code__in=codes)
        for id_, code, customer_id, contract_id in known.values_list(
            "id", "code", "customer_id", "contract_id"
        ):
            ids[code] = id_
            now = wanted[code]
            if (customer_id, contract_id) != (now.customer_id, now.contract_id):
                moved_owner.append((id_, now.customer_id, now.contract_id))
    update_rows(
        connection, MeteringPoint._meta.db_table, ("customer_id", "contract_id"), moved_owner
    )
    new = [point for point in points if point.code not in ids]
    new_ids = reserve_ids(connection, MeteringPoint._meta.db_table, len(new))
    insert_rows(
        connection,
        MeteringPoint._meta.db_table,
        ("id", "code", "unit_id", "customer_id", "contract_id", "station_code"),
        (
            (
                id_,
                point.code,
                point.unit_id,
                point.customer_id,
                point.contract_id,
                point.station_code,
            )
            for id_, point in zip(new_ids, new, strict=True)
        ),
    )
    ids.update((point.code, id_) for id_, point in zip(new_ids, new, strict=True))
    return ids, len(new)


def _ensure_meters(points: Sequence[PointToAdopt]) -> tuple[dict[str, int], int]:
    ids: dict[str, int] = {}
    wanted = {point.meter_code: point for point in points}
    for codes in _lists(wanted):
        ids.update(Meter.objects.filter(code__in=codes).values_list("code", "id"))
    new = [point for code, point in wanted.items() if code not in ids]
    new_ids = reserve_ids(connection, Meter._meta.db_table, len(new))
    insert_rows(
        connection,
        Meter._meta.db_table,
        ("id", "code", "serial", "type_code"),
        (
            (id_, point.meter_code, point.serial, point.type_code)
            for id_, point in zip(new_ids, new, strict=True)
        ),
    )
    ids.update((point.meter_code, id_) for id_, point in zip(new_ids, new, strict=True))
    return ids, len(new)


def _ensure_places(
    points: Sequence[PointToAdopt], point_ids: Mapping[str, int], *, on: date
) -> int:
    """Open a dated place where it is new; returns how many known points moved."""
    known: dict[int, tuple[int, str, str, str, str, date]] = {}
    for ids in _lists(point_ids.values()):
        for point_id, *place in PointPlace.objects.filter(
            point_id__in=ids, valid_to=None
        ).values_list(
            "point_id", "id", "book_code", "walk_code", "pole_code", "box_code", "valid_from"
        ):
            known[point_id] = tuple(place)  # type: ignore[assignment]
    closed: list[tuple[Any, ...]] = []
    opened: list[tuple[Any, ...]] = []
    for point in points:
        point_id = point_ids[point.code]
        before = known.get(point_id)
        pole = point.pole_code or (before[3] if before else "")
        box = point.box_code or (before[4] if before else "")
        now = (point.book_code, point.walk_code, pole, box)
        if before is not None:
            if before[1:5] == now or on <= before[5]:
                continue
            closed.append((before[0], on))
        opened.append((point_id, *now, on))
    update_rows(connection, PointPlace._meta.db_table, ("valid_to",), closed)
    insert_rows(
        connection,
        PointPlace._meta.db_table,
        ("point_id", "book_code", "walk_code", "pole_code", "box_code", "valid_from"),
        opened,
    )
    return len(closed)


def _ensure_installations(
    points: Sequence[PointToAdopt], point_ids: Mapping[str, int], meter_ids: Mapping[str, int]
) -> tuple[dict[str, int], int]:
    history = _installations_of(point_ids.values())
    found: dict[str, int] = {}
    new: list[tuple[PointToAdopt, date | None]] = []
    closed: list[tuple[Any, ...]] = []
    for point in points:
        before = history.get(point_ids[point.code], [])
        same = next((known for known in reversed(before) if _is_same(known, point)), None)
        if same is not None:
            found[point.code] = same.id
            continue
        later = [known.installed_on for known in before if known.installed_on > point.installed_on]
        new.append((point, min(later) if later else None))
        closed += [
            (known.id, point.installed_on)
            for known in before
            if known.removed_on is None and known.installed_on <= point.installed_on
        ]
    update_rows(connection, Installation._meta.db_table, ("removed_on",), closed)
    new_ids = reserve_ids(connection, Installation._meta.db_table, len(new))
    insert_rows(
        connection,
        Installation._meta.db_table,
        ("id", "point_id", "meter_id", "multiplier", "buys_reactive", "installed_on", "removed_on"),
        (
            (
                id_,
                point_ids[point.code],
                meter_ids[point.meter_code],
                point.multiplier,
                point.buys_reactive,
                point.installed_on,
                removed_on,
            )
            for id_, (point, removed_on) in zip(new_ids, new, strict=True)
        ),
    )
    insert_rows(
        connection,
        InstalledRegister._meta.db_table,
        ("installation_id", "kind", "install_index"),
        (
            (id_, kind, index)
            for id_, (point, _) in zip(new_ids, new, strict=True)
            for kind, index in point.install_indices
        ),
    )
    found.update((point.code, id_) for id_, (point, _) in zip(new_ids, new, strict=True))
    return found, len(new)


def _is_same(known: _Known, point: PointToAdopt) -> bool:
    return (
        known.meter_code == point.meter_code
        and known.multiplier == point.multiplier
        and (known.removed_on is None or point.installed_on < known.removed_on)
    )


def _installations_of(point_ids: Iterable[int]) -> dict[int, list[_Known]]:
    """Installations by point, oldest first."""
    history: dict[int, list[_Known]] = {}
    for ids in _lists(point_ids):
        rows = Installation.objects.filter(point_id__in=ids).order_by("installed_on", "id")
        for point_id, *facts in rows.values_list(
            "point_id", "id", "meter__code", "multiplier", "installed_on", "removed_on"
        ):
            history.setdefault(point_id, []).append(_Known(*facts))
    return history


def _lists(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, IN_LIST)):
        yield chunk

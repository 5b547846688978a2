"""Segregation of duties (ORG-06) through time and through changes of the unit tree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cmis.modules.organisation.models import RoleAssignment
from cmis.modules.organisation.roles import Conflict, Role, conflict_between
from cmis.modules.organisation.tree import UnitTree


@dataclass(frozen=True, slots=True)
class Duty:
    """A role in a unit, ``[valid_from, valid_to)``."""

    role: Role
    unit_id: int
    valid_from: date
    valid_to: date | None

    def repeats(self, other: "Duty") -> bool:
        """The same role in the same unit on at least one common day."""
        same = (self.role, self.unit_id) == (other.role, other.unit_id)
        return same and _common_days(self, other) is not None


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody who would hold two duties that are kept apart."""

    username: str
    held: Role
    conflict: Conflict


def duties_of(staff_id: int) -> tuple[Duty, ...]:
    rows = RoleAssignment.objects.filter(staff_id=staff_id).values_list(
        "role", "unit_id", "valid_from", "valid_to"
    )
    return tuple(Duty(Role(role), *rest) for role, *rest in rows)


def first_conflict(
    tree: UnitTree, duty: Duty, held: Iterable[Duty]
) -> tuple[Duty, Conflict] | None:
    """The first duty in ``held`` that must not meet ``duty`` on any day both are in force."""
    for other in held:
        conflict = conflict_between(duty.role, other.role)
        if conflict is not None and _meet(tree, duty, other, conflict):
            return other, conflict
    return None


def clashes_from(tree: UnitTree, start: date) -> tuple[Clash, ...]:
    """Everybody whose duties clash on ``start`` or later, under a tree that has changed."""
    rows = RoleAssignment.objects.exclude(valid_to__lte=start).values_list(
        "staff__username", "role", "unit_id", "valid_from", "valid_to"
    )
    by_person: dict[str, list[Duty]] = {}
    for username, role, unit_id, valid_from, valid_to in rows:
        duty = Duty(Role(role), unit_id, max(valid_from, start), valid_to)
        by_person.setdefault(username, []).append(duty)
    found = []
    for username, duties in sorted(by_person.items()):
        for number, duty in enumerate(duties):
            clash = first_conflict(tree, duty, duties[number + 1 :])
            if clash is not None:
                found.append(Clash(username, clash[0].role, clash[1]))
                break
    return tuple(found)


def _meet(tree: UnitTree, one: Duty, other: Duty, conflict: Conflict) -> bool:
    days = _common_days(one, other)
    if days is None or not conflict.same_area:
        return days is not None
    return any(tree.overlap(one.unit_id, other.unit_id, day) for day in tree.change_days(*days))


def _common_days(one: Duty, other: Duty) -> tuple[date, date | None] | None:
    """``[start, end)`` in which both are in force, or None."""
    start = max(one.valid_from, other.valid_from)
    ends = [end for end in (one.valid_to, other.valid_to) if end is not None]
    end = min(ends) if ends else None
    return None if end is not None and end <= start else (start, end)

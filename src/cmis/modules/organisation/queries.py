"""Reading of units, people and parameters on a day."""

from datetime import date
from typing import Any

from cmis.engine.dated_rows import in_force
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.organisation.models import (
    RoleAssignment,
    Staff,
    Unit,
    UnitParameter,
    UnitVersion,
)
from cmis.modules.organisation.roles import PERMISSIONS, Role
from cmis.modules.organisation.tree import UnitTree
from cmis.modules.organisation.types import (
    Actor,
    AssignmentFacts,
    Grant,
    StaffFacts,
    UnitFacts,
    UnitScope,
    UnitVersionFacts,
)
from cmis.modules.translog.types import ALL_UNITS


class UnableToFindUnit(UnableTo):
    code = "ORG-001"
    what = Bilingual("Không có đơn vị {unit} vào ngày {on}.", "There is no unit {unit} on {on}.")
    next_step = Bilingual(
        "Kiểm tra mã đơn vị và ngày (cmis units list --on NGÀY).",
        "Check the unit code and the day (cmis units list --on DATE).",
    )


class UnableToFindStaff(UnableTo):
    code = "ORG-002"
    what = Bilingual(
        "Không có nhân viên đang làm việc với tên đăng nhập {username}.",
        "There is no active member of staff with the user name {username}.",
    )
    next_step = Bilingual(
        "Kiểm tra tên đăng nhập (cmis staff list).", "Check the user name (cmis staff list)."
    )


def unit(code: str, on: date) -> UnitFacts:
    """A unit as it stood on a day, merged or not.

    Raises:
        UnableToFindUnit: no such code, or the unit did not exist that day.
    """
    return _facts(_version(on, code, unit__code=code))


def unit_by_id(unit_id: int, on: date) -> UnitFacts:
    """As :func:`unit`, by id."""
    return _facts(_version(on, f"#{unit_id}", unit_id=unit_id))


def acting_unit(unit_id: int, on: date) -> UnitFacts:
    """The unit that does a unit's work on a day: itself, or its successor after a merger."""
    return unit_by_id(UnitTree().acting(unit_id, on), on)


def units(scope: UnitScope, on: date) -> tuple[UnitFacts, ...]:
    """The units of a scope that exist on a day, by code."""
    versions = (
        UnitVersion.objects.filter(in_force(on), unit_id__in=scope.unit_ids)
        .select_related("unit", "parent", "successor")
        .order_by("unit__code")
    )
    return tuple(_facts(version) for version in versions)


def history_of(scope: UnitScope, code: str) -> tuple[UnitVersionFacts, ...]:
    """Every version of a unit, oldest first; those replaced on their own first day have no days."""
    versions = (
        UnitVersion.objects.filter(unit__code=code, unit_id__in=scope.unit_ids)
        .select_related("unit", "parent", "successor")
        .order_by("valid_from", "pk")
    )
    return tuple(
        UnitVersionFacts(_facts(version), version.valid_from, version.valid_to)
        for version in versions
    )


def everything() -> UnitScope:
    """Every unit there ever was: for commands and the night, never for a page."""
    found = dict(Unit.objects.values_list("id", "code"))
    return UnitScope(frozenset(found), frozenset(found.values()), ALL_UNITS, covers_all=True)


def scope_of(who: Actor | str, on: date, *, action: str | None = None) -> UnitScope:
    """The units whose data somebody may see on a day.

    Args:
        who: a unit code: that unit (after a merger its successor) and everything below it. An
            actor: the same for every unit where he holds a role.
        action: for an actor, only units where one of his roles allows this action.

    Raises:
        UnableToFindUnit: for a code without a unit that day.
    """
    tree = UnitTree()
    if isinstance(who, str):
        unit_id = tree.id_of.get(who)
        if unit_id is None or not tree.exists(unit_id, on):
            raise UnableToFindUnit(unit=who, on=on.isoformat())
        root = tree.acting(unit_id, on)
        return _scope(tree, tree.below(root, on), tree.code_of[root])
    allowed = frozenset(Role) if action is None else PERMISSIONS[action]
    unit_ids: set[int] = set()
    for grant in who.grants:
        if grant.role in allowed:
            unit_ids |= tree.below(tree.acting(grant.unit_id, on), on)
    return _scope(tree, frozenset(unit_ids), who.unit_code)


def seller_of(unit_id: int, on: date) -> UnitFacts:
    """Who sells and signs for a unit: the nearest unit upwards that has a tax code.

    Without any tax code it is the company above, or the top of the tree. A merged unit's seller is
    found from its successor.

    Raises:
        UnableToFindUnit: the unit did not exist that day.
    """
    tree = UnitTree()
    chain = list(tree.upwards(tree.acting(unit_id, on), on))
    above = [unit_by_id(id_, on) for id_ in chain]
    named = next((facts for facts in above if facts.tax_code), None)
    company = next((facts for facts in above if facts.level == Unit.Level.COMPANY), above[-1])
    return named or company


def parameter(unit_id: int, name: str, on: date, default: Any) -> Any:
    """A named parameter on a day: the nearest unit upwards that sets it wins."""
    values = dict(
        UnitParameter.objects.filter(in_force(on), name=name).values_list("unit_id", "value")
    )
    if not values:
        return default
    tree = UnitTree()
    chain = tree.upwards(tree.acting(unit_id, on), on)
    return next((values[id_] for id_ in chain if id_ in values), default)


def actor_of(username: str, on: date) -> Actor:
    """A person with the roles in force on a day.

    Raises:
        UnableToFindStaff: nobody of that name is active.
    """
    person = Staff.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise UnableToFindStaff(username=username)
    tree = UnitTree()
    home = tree.acting(person.unit_id, on)
    held = RoleAssignment.objects.filter(in_force(on), staff=person).order_by("role", "unit_id")
    grants = tuple(
        Grant(Role(role), tree.acting(unit_id, on), tree.code_of[tree.acting(unit_id, on)])
        for role, unit_id in held.values_list("role", "unit_id")
    )
    return Actor(
        username=person.username,
        full_name=person.full_name,
        unit_code=tree.code_of[home],
        unit_id=home,
        roles=frozenset(grant.role for grant in grants),
        language=person.language,
        grants=grants,
    )


def staff_of(scope: UnitScope) -> tuple[StaffFacts, ...]:
    """The people of a scope's units with every role they hold or held, by user name."""
    people = (
        Staff.objects.filter(unit_id__in=scope.unit_ids)
        .select_related("unit")
        .prefetch_related("role_assignments__unit")
        .order_by("username")
    )
    return tuple(
        StaffFacts(
            person.username,
            person.full_name,
            person.unit.code,
            person.language,
            person.is_active,
            person.locked_until,
            tuple(
                AssignmentFacts(
                    Role(held.role), held.unit.code, held.valid_from, held.valid_to, held.granted_by
                )
                for held in sorted(
                    person.role_assignments.all(), key=lambda held: (held.valid_from, held.pk)
                )
            ),
        )
        for person in people
    )


def _version(on: date, shown: str, **which: Any) -> UnitVersion:
    found = (
        UnitVersion.objects.filter(in_force(on), **which)
        .select_related("unit", "parent", "successor")
        .first()
    )
    if found is None:
        raise UnableToFindUnit(unit=shown, on=on.isoformat())
    return found


def _facts(version: UnitVersion) -> UnitFacts:
    return UnitFacts(
        id=version.unit_id,
        code=version.unit.code,
        level=version.unit.level,
        name=version.name,
        address=version.address,
        tax_code=version.tax_code,
        phone=version.phone,
        email=version.email,
        website=version.website,
        bank_name=version.bank_name,
        bank_bin=version.bank_bin,
        bank_account=version.bank_account,
        parent_code=version.parent.code if version.parent else "",
        successor_code=version.successor.code if version.successor else "",
    )


def _scope(tree: UnitTree, unit_ids: frozenset[int], root_code: str) -> UnitScope:
    return UnitScope(
        unit_ids,
        frozenset(tree.code_of[id_] for id_ in unit_ids),
        root_code,
        covers_all=bool(unit_ids) and unit_ids == tree.code_of.keys(),
    )

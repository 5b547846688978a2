"""Frozen values the organisation takes and returns."""

from dataclasses import dataclass
from datetime import date, datetime

from cmis.modules.organisation.roles import Role


@dataclass(frozen=True, slots=True)
class UnitScope:
    """The units whose data may be shown. An empty scope shows nothing.

    ``covers_all`` is set when no unit lies outside, so that what belongs to the whole house may be
    shown as well.
    """

    unit_ids: frozenset[int]
    unit_codes: frozenset[str]
    root_code: str
    covers_all: bool = False

    def __contains__(self, unit_id: int) -> bool:
        return unit_id in self.unit_ids


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as it stood on a day. ``successor_code`` is set when it was merged into another."""

    id: int
    code: str
    level: str
    name: str
    address: str = ""
    tax_code: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    bank_name: str = ""
    bank_bin: str = ""
    bank_account: str = ""
    parent_code: str = ""
    successor_code: str = ""


@dataclass(frozen=True, slots=True)
class UnitVersionFacts:
    """One entry in the history of a unit, ``[valid_from, valid_to)``."""

    facts: UnitFacts
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in a unit. After a merger the unit is the successor."""

    role: Role
    unit_id: int
    unit_code: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts, with the roles in force on the day asked for."""

    username: str
    full_name: str
    unit_code: str
    unit_id: int
    roles: frozenset[Role]
    language: str
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """A role somebody holds or held, ``[valid_from, valid_to)``."""

    role: Role
    unit_code: str
    valid_from: date
    valid_to: date | None
    granted_by: str


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """A person's account as the staff list shows it."""

    username: str
    full_name: str
    unit_code: str
    language: str
    is_active: bool
    locked_until: datetime | None
    assignments: tuple[AssignmentFacts, ...]

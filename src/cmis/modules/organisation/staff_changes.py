"""Changes of people and their roles; every one is audited."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NoReturn

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.text import tidy
from cmis.modules.organisation.duties import Duty, duties_of, first_conflict
from cmis.modules.organisation.models import RoleAssignment, Staff, Unit
from cmis.modules.organisation.queries import UnableToFindStaff, UnableToFindUnit
from cmis.modules.organisation.roles import ROLE_NAMES, Role
from cmis.modules.organisation.tree import UnitTree
from cmis.modules.translog import operations as translog

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
LANGUAGES = ("vi", "en")


class UnableToCreateStaff(UnableTo):
    code = "ORG-006"
    what = Bilingual(
        "Không lập được tài khoản {username}: {why_vi}.",
        "Cannot create the account {username}: {why_en}.",
    )
    next_step = Bilingual("Sửa điều nêu trên rồi lập lại.", "Mend what is said and try again.")


class UnableToGrantRole(UnableTo):
    code = "ORG-007"
    what = Bilingual(
        "Không giao được vai trò {role_vi} cho {username} tại {unit}: {why_vi}.",
        "Cannot grant {role_en} to {username} in {unit}: {why_en}.",
    )
    next_step = Bilingual(
        "Giao cho người khác, hoặc kết thúc vai trò trước đã (cmis staff end).",
        "Grant it to somebody else, or end the other role first (cmis staff end).",
    )


class UnableToEndRole(UnableTo):
    code = "ORG-008"
    what = Bilingual(
        "{username} không giữ vai trò {role_vi} tại {unit} từ ngày {on} trở đi.",
        "{username} does not hold {role_en} in {unit} on {on} or later.",
    )
    next_step = Bilingual(
        "Xem các vai trò đang giữ (cmis staff list).", "Look at the roles held (cmis staff list)."
    )


class UnableToSetPassword(UnableTo):
    code = "ORG-009"
    what = Bilingual("Mật khẩu không dùng được: {why_vi}", "The password is not usable: {why_en}")
    next_step = Bilingual("Chọn mật khẩu khác.", "Choose another password.")


@transaction.atomic
def create_staff(
    *,
    username: str,
    full_name: str,
    unit_code: str,
    password: str,
    actor: str,
    at: datetime,
    language: str = "vi",
) -> None:
    """A personal account in a unit, without any role yet.

    Raises:
        UnableToCreateStaff: user name malformed or taken, no name, unknown language.
        UnableToSetPassword: the password is too weak.
        UnableToFindUnit: no such unit.
    """
    unit = _unit(unit_code)
    name = tidy(full_name)
    if not USERNAME.fullmatch(username):
        _refuse_new(
            username,
            "tên đăng nhập gồm 3–60 chữ thường, số, dấu . _ -",
            "a user name has 3–60 lower-case letters, digits, . _ -",
        )
    if not name:
        _refuse_new(username, "chưa có họ tên", "the full name is missing")
    if language not in LANGUAGES:
        _refuse_new(username, f"không có ngôn ngữ {language}", f"there is no language {language}")
    if Staff.objects.filter(username=username).exists():
        _refuse_new(username, "tên đăng nhập đã dùng", "the user name is in use")
    person = Staff(username=username, full_name=name, unit=unit, language=language)
    _check_password(password, person)
    person.set_password(password)
    person.save()
    _record(person, "create_staff", actor, at, {})


@transaction.atomic
def set_password(*, username: str, password: str, actor: str, at: datetime) -> None:
    """A new password; it also ends a lock-out and every open session.

    Raises:
        UnableToFindStaff, UnableToSetPassword
    """
    person = _active(username)
    _check_password(password, person)
    person.set_password(password)
    person.failed_login_count, person.locked_until = 0, None
    person.save(update_fields=["password", "failed_login_count", "locked_until"])
    _record(person, "set_password", actor, at, {})


@transaction.atomic
def deactivate_staff(*, username: str, actor: str, at: datetime, reason: str) -> None:
    """Close an account: no log-in and no act any more; what was done stays under its name.

    Raises:
        UnableToFindStaff: nobody of that name is active.
    """
    person = _active(username)
    person.is_active = False
    person.save(update_fields=["is_active"])
    _record(person, "deactivate_staff", actor, at, {}, reason=reason)


@transaction.atomic
def grant_role(
    *,
    username: str,
    role: Role,
    unit_code: str,
    valid_from: date,
    actor: str,
    at: datetime,
    valid_to: date | None = None,
) -> None:
    """Give somebody a role in a unit and everything below it, ``[valid_from, valid_to)``.

    Raises:
        UnableToGrantRole: two duties would meet that are kept apart (ORG-06), the role is held
            there already, the days are none, or somebody grants to himself.
        UnableToFindStaff, UnableToFindUnit
    """
    person = _active(username)  # locked: two grants at once cannot pass each other
    unit = _unit(unit_code)
    role = Role(role)

    def refuse(why_vi: str, why_en: str) -> NoReturn:
        names = ROLE_NAMES[role]
        raise UnableToGrantRole(
            username=username,
            unit=unit_code,
            role_vi=names.vi,
            role_en=names.en,
            why_vi=why_vi,
            why_en=why_en,
        )

    if actor == username:
        refuse("không ai tự giao quyền cho mình", "nobody grants a role to himself")
    if valid_to is not None and valid_to <= valid_from:
        refuse("ngày hết hạn không sau ngày bắt đầu", "it ends before it begins")
    tree = UnitTree()
    if not tree.exists(unit.pk, valid_from):
        raise UnableToFindUnit(unit=unit_code, on=valid_from.isoformat())
    duty = Duty(role, unit.pk, valid_from, valid_to)
    if objection := _objection(tree, duty, duties_of(person.pk)):
        refuse(objection.vi, objection.en)
    RoleAssignment.objects.create(
        staff=person,
        role=role.value,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by=actor,
        granted_at=at,
    )
    detail = {
        "role": role.value,
        "unit": unit_code,
        "from": valid_from.isoformat(),
        "to": None if valid_to is None else valid_to.isoformat(),
    }
    _record(person, "grant_role", actor, at, detail)


def _objection(tree: UnitTree, duty: Duty, held: Sequence[Duty]) -> Bilingual | None:
    """Why somebody with these duties may not have one more."""
    if any(duty.repeats(one) for one in held):
        return Bilingual("đã giữ vai trò này", "the role is held already")
    found = first_conflict(tree, duty, held)
    if found is None:
        return None
    other, conflict = found
    names = ROLE_NAMES[other.role]
    return Bilingual(
        f"đang giữ vai trò {names.vi} ({conflict.because.vi})",
        f"{names.en} is held ({conflict.because.en})",
    )


@transaction.atomic
def end_role(
    *, username: str, role: Role, unit_code: str, on: date, actor: str, at: datetime
) -> None:
    """End a role: ``on`` is the first day it is no longer held. A later grant never begins.

    Raises:
        UnableToEndRole: it is not held on that day or later.
        UnableToFindStaff: nobody of that name is active.
    """
    person = _active(username)
    role = Role(role)
    held = RoleAssignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), staff=person, role=role.value, unit__code=unit_code
    ).select_for_update()
    ended = 0
    for assignment in held:
        assignment.valid_to = max(on, assignment.valid_from)
        assignment.save(update_fields=["valid_to"])
        ended += 1
    if not ended:
        names = ROLE_NAMES[role]
        raise UnableToEndRole(
            username=username,
            role_vi=names.vi,
            role_en=names.en,
            unit=unit_code,
            on=on.isoformat(),
        )
    detail = {"role": role.value, "unit": unit_code, "on": on.isoformat()}
    _record(person, "end_role", actor, at, detail)


def _active(username: str) -> Staff:
    person = Staff.objects.select_for_update().filter(username=username, is_active=True).first()
    if person is None:
        raise UnableToFindStaff(username=username)
    return person


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise UnableToFindUnit(unit=code, on="?")
    return unit


def _check_password(password: str, person: Staff) -> None:
    try:
        validate_password(password, person)
    except ValidationError as problem:
        said = {}
        for language in LANGUAGES:
            with translation.override(language):
                said[language] = " ".join(problem.messages)
        raise UnableToSetPassword(why_vi=said["vi"], why_en=said["en"]) from None


def _record(
    person: Staff,
    action: str,
    actor: str,
    at: datetime,
    detail: dict[str, object],
    *,
    reason: str = "",
) -> None:
    translog.record(
        actor=actor,
        unit_code=person.unit.code,
        action=action,
        object_kind="staff",
        object_code=person.username,
        at=at,
        reason=reason,
        detail=detail,
    )


def _refuse_new(username: str, why_vi: str, why_en: str) -> NoReturn:
    raise UnableToCreateStaff(username=username, why_vi=why_vi, why_en=why_en)

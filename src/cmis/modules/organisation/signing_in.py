"""Personal log-in (SEC-01): five wrong passwords lock an account for a quarter of an hour.

Who tries a name learns nothing: every refusal reads the same and takes the same work.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest

from cmis.engine.clock import local_date
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.organisation.models import Staff
from cmis.modules.organisation.queries import actor_of
from cmis.modules.organisation.types import Actor
from cmis.modules.translog import operations as translog

FAILURES_BEFORE_LOCK = 5
LOCK_MINUTES = 15
#: What the audit trail says when a name is nobody's; what was typed may be a password.
NOBODY = "?"


class UnableToAuthenticate(UnableTo):
    code = "ORG-010"
    what = Bilingual(
        "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa.",
        "The user name or the password is wrong, or the account is locked for a while.",
    )
    next_step = Bilingual(
        "Kiểm tra rồi thử lại; sau nhiều lần sai hãy chờ 15 phút hoặc nhờ quản trị đặt lại.",
        "Check and try again; after several failures wait 15 minutes or ask the administrator.",
    )


class StaffBackend(BaseBackend):
    """Who a session belongs to. Passwords are only ever checked by :func:`authenticate`."""

    def get_user(self, user_id: Any) -> Staff | None:
        return Staff.objects.filter(pk=user_id, is_active=True).first()


BACKEND = f"{StaffBackend.__module__}.{StaffBackend.__qualname__}"


def sign_in(request: HttpRequest, *, username: str, password: str, at: datetime) -> Actor:
    """Check a password and open a session for it.

    Raises:
        UnableToAuthenticate: no session was opened.
    """
    actor = authenticate(username, password, at)
    login(request, Staff.objects.get(username=actor.username), backend=BACKEND)
    return actor


def authenticate(username: str, password: str, at: datetime) -> Actor:
    """The person of a user name and password, with the roles of that day.

    Counts failures and writes each attempt into the audit trail in a transaction of its own, so
    that a refusal is not rolled back.

    Raises:
        UnableToAuthenticate: unknown, wrong, locked or closed; it does not say which.
    """
    name = username.strip().lower()
    with transaction.atomic():
        is_right = _try(name, password, at)
    if not is_right:
        raise UnableToAuthenticate
    return actor_of(name, local_date(at))


def _try(name: str, password: str, at: datetime) -> bool:
    person = Staff.objects.select_for_update().filter(username=name).select_related("unit").first()
    if person is None:
        make_password(password)  # the work a known name would cost
        _record(None, "login_refused", at, "unknown")
        return False
    matches = check_password(password, person.password)
    if not person.is_active:
        _record(person, "login_refused", at, "closed")
        return False
    if person.locked_until is not None and at < person.locked_until:
        _record(person, "login_refused", at, "locked")
        return False
    if matches:
        person.failed_login_count, person.locked_until = 0, None
        person.save(update_fields=["failed_login_count", "locked_until"])
        _record(person, "login", at, "")
        return True
    person.failed_login_count += 1
    is_locked = person.failed_login_count >= FAILURES_BEFORE_LOCK
    if is_locked:
        person.failed_login_count = 0
        person.locked_until = at + timedelta(minutes=LOCK_MINUTES)
    person.save(update_fields=["failed_login_count", "locked_until"])
    _record(person, "login_refused", at, "wrong password")
    if is_locked:
        _record(person, "account_locked", at, f"{FAILURES_BEFORE_LOCK} failures")
    return False


def _record(person: Staff | None, action: str, at: datetime, reason: str) -> None:
    name = NOBODY if person is None else person.username
    translog.record(
        actor=name,
        unit_code="" if person is None else person.unit.code,
        action=action,
        object_kind="staff",
        object_code=name,
        at=at,
        reason=reason,
    )

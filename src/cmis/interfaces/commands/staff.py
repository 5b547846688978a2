"""``cmis staff``: people and their roles."""

import argparse
import os
import secrets

from cmis.interfaces.commands.units import account, add_from, now, said, today

#: Variable a password is taken from; without it one is made up and printed once.
PASSWORD_VARIABLE = "CMIS_STAFF_PASSWORD"  # noqa: S105 - a name, not a password
PASSWORD_BYTES = 12


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from cmis.modules.organisation.roles import Role

    roles = tuple(role.value for role in Role)
    parser = subparsers.add_parser("staff", help="nhân viên và vai trò / people and roles")
    actions = parser.add_subparsers(dest="action", required=True)

    create = actions.add_parser("create", help="lập tài khoản / create an account")
    create.add_argument("username", help="tên đăng nhập / user name")
    create.add_argument("--name", required=True, help="họ tên / full name")
    create.add_argument("--unit", required=True, help="mã đơn vị / unit code")
    create.add_argument("--interface-language", choices=("vi", "en"), default="vi")
    create.add_argument("--role", action="append", choices=roles, default=[], help="vai trò / role")
    add_from(create)
    create.set_defaults(func=create_staff)

    password = actions.add_parser("password", help="đặt lại mật khẩu / set a new password")
    password.add_argument("username", help="tên đăng nhập / user name")
    password.set_defaults(func=set_password)

    for name, function, words in (
        ("grant", grant_role, "giao vai trò / grant a role"),
        ("end", end_role, "kết thúc vai trò / end a role"),
    ):
        change = actions.add_parser(name, help=words)
        change.add_argument("username", help="tên đăng nhập / user name")
        change.add_argument("role", choices=roles, help="vai trò / role")
        change.add_argument("--unit", required=True, help="mã đơn vị / unit code")
        add_from(change)
        change.set_defaults(func=function)

    listing = actions.add_parser("list", help="liệt kê / list people and their roles")
    listing.add_argument("--unit", default="", help="mã đơn vị / unit code")
    listing.set_defaults(func=list_staff)


def create_staff(arguments: argparse.Namespace) -> int:
    """The account and its roles, or, when one role is refused, nothing."""
    from django.db import transaction

    from cmis.modules.organisation import operations
    from cmis.modules.organisation.roles import Role

    password, is_made_up = _password()
    with transaction.atomic():
        operations.create_staff(
            username=arguments.username,
            full_name=arguments.name,
            unit_code=arguments.unit,
            password=password,
            language=arguments.interface_language,
            actor=account(),
            at=now(),
        )
        for role in arguments.role:
            operations.grant_role(
                username=arguments.username,
                role=Role(role),
                unit_code=arguments.unit,
                valid_from=arguments.since or today(),
                actor=account(),
                at=now(),
            )
    print(said(arguments, "Đã lập tài khoản {0}.", "Account {0} created.", arguments.username))
    _say_password(arguments, password, is_made_up)
    return 0


def set_password(arguments: argparse.Namespace) -> int:
    from cmis.modules.organisation import operations

    password, is_made_up = _password()
    operations.set_password(
        username=arguments.username, password=password, actor=account(), at=now()
    )
    print(said(arguments, "Đã đặt lại mật khẩu.", "Password set."))
    _say_password(arguments, password, is_made_up)
    return 0


def grant_role(arguments: argparse.Namespace) -> int:
    from cmis.modules.organisation import operations
    from cmis.modules.organisation.roles import Role

    operations.grant_role(
        username=arguments.username,
        role=Role(arguments.role),
        unit_code=arguments.unit,
        valid_from=arguments.since or today(),
        actor=account(),
        at=now(),
    )
    print(said(arguments, "Đã giao vai trò {0}.", "Role {0} granted.", arguments.role))
    return 0


def end_role(arguments: argparse.Namespace) -> int:
    from cmis.modules.organisation import operations
    from cmis.modules.organisation.roles import Role

    operations.end_role(
        username=arguments.username,
        role=Role(arguments.role),
        unit_code=arguments.unit,
        on=arguments.since or today(),
        actor=account(),
        at=now(),
    )
    print(said(arguments, "Đã kết thúc vai trò {0}.", "Role {0} ended.", arguments.role))
    return 0


def list_staff(arguments: argparse.Namespace) -> int:
    """Tab-separated, one line a role: user name, name, home unit, state, role, unit, days."""
    from cmis.modules.organisation import queries

    scope = queries.scope_of(arguments.unit, today()) if arguments.unit else queries.everything()
    print("username\tname\thome\tstate\trole\tunit\tfrom\tto")
    for person in queries.staff_of(scope):
        state = "active" if person.is_active else "closed"
        head = f"{person.username}\t{person.full_name}\t{person.unit_code}\t{state}"
        for held in person.assignments:
            ended = "" if held.valid_to is None else held.valid_to
            print(f"{head}\t{held.role.value}\t{held.unit_code}\t{held.valid_from}\t{ended}")
        if not person.assignments:
            print(f"{head}\t\t\t\t")
    return 0


def _password() -> tuple[str, bool]:
    given = os.environ.get(PASSWORD_VARIABLE, "")
    return (given, False) if given else (secrets.token_urlsafe(PASSWORD_BYTES), True)


def _say_password(arguments: argparse.Namespace, password: str, is_made_up: bool) -> None:
    if is_made_up:
        print(said(arguments, "Mật khẩu (chỉ hiện một lần): {0}", "Password: {0}", password))

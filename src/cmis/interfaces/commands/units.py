"""``cmis units``: the dated tree of units."""

import argparse
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmis.modules.organisation.types import UnitFacts

LEVELS = ("group", "corporation", "company", "district")
#: Option → (place in the facts, help).
DETAILS = {
    "--name": ("name", "tên / name"),
    "--address": ("address", "địa chỉ / address"),
    "--tax-code": ("tax_code", "mã số thuế / tax code"),
    "--phone": ("phone", "điện thoại / phone"),
    "--email": ("email", "e-mail"),
    "--website": ("website", "trang web / website"),
    "--bank-name": ("bank_name", "ngân hàng / bank"),
    "--bank-bin": ("bank_bin", "mã BIN ngân hàng cho VietQR / bank BIN for VietQR"),
    "--bank-account": ("bank_account", "số tài khoản / account number"),
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("units", help="cây đơn vị theo ngày / the dated unit tree")
    actions = parser.add_subparsers(dest="action", required=True)

    listing = actions.add_parser("list", help="liệt kê / list the units of a day")
    listing.add_argument("--on", type=date.fromisoformat, help="ngày / day (hôm nay / today)")
    listing.add_argument("--below", default="", metavar="CODE", help="chỉ cấp dưới / only below")
    listing.set_defaults(func=list_units)

    show = actions.add_parser("show", help="lịch sử một đơn vị / history of one unit")
    show.add_argument("code", help="mã đơn vị / unit code")
    show.set_defaults(func=show_unit)

    create = actions.add_parser("create", help="lập đơn vị / create a unit")
    create.add_argument("code", help="mã đơn vị / unit code")
    create.add_argument("--level", choices=LEVELS, required=True, help="cấp / level")
    create.add_argument("--parent", default="", help="đơn vị cấp trên / parent")
    _add_details(create)
    create.set_defaults(func=create_unit)

    for name, words in (
        ("set", "đặt thông tin từ một ngày / set facts from a day on"),
        ("revise", "như set / the same as set"),
    ):
        change = actions.add_parser(name, help=words)
        change.add_argument("code", help="mã đơn vị / unit code")
        change.add_argument("--parent", help="đơn vị cấp trên / parent")
        _add_details(change)
        change.set_defaults(func=set_facts)

    merge = actions.add_parser("merge", help="sáp nhập / merge units into one")
    merge.add_argument("codes", nargs="+", metavar="CODE", help="đơn vị bị sáp nhập / merged units")
    merge.add_argument("--into", required=True, help="đơn vị kế thừa / successor")
    add_from(merge)
    merge.set_defaults(func=merge_units)


def list_units(arguments: argparse.Namespace) -> int:
    """Tab-separated: code, level, parent, successor, tax code, name."""
    from cmis.modules.organisation import queries

    on = arguments.on or today()
    scope = queries.scope_of(arguments.below, on) if arguments.below else queries.everything()
    print("code\tlevel\tparent\tsuccessor\ttax_code\tname")
    for unit in queries.units(scope, on):
        print(
            f"{unit.code}\t{unit.level}\t{unit.parent_code}\t{unit.successor_code}"
            f"\t{unit.tax_code}\t{unit.name}"
        )
    return 0


def show_unit(arguments: argparse.Namespace) -> int:
    """Every version with its days, then the facts in it."""
    from cmis.modules.organisation import queries

    history = queries.history_of(queries.everything(), arguments.code)
    if not history:
        raise queries.UnableToFindUnit(unit=arguments.code, on=today().isoformat())
    for version in history:
        if version.valid_from == version.valid_to:
            continue  # replaced on its own first day: it never held
        print(f"[{version.valid_from}, {version.valid_to or '…'})")
        _print_facts(version.facts)
    return 0


def create_unit(arguments: argparse.Namespace) -> int:
    from cmis.modules.organisation import operations

    details = {"name": "", **_details(arguments)}
    operations.create_unit(
        code=arguments.code,
        level=arguments.level,
        parent_code=arguments.parent,
        valid_from=arguments.since or today(),
        actor=account(),
        at=now(),
        **details,
    )
    print(said(arguments, "Đã lập đơn vị {0}.", "Unit {0} created.", arguments.code))
    return 0


def set_facts(arguments: argparse.Namespace) -> int:
    from cmis.modules.organisation import operations

    details = _details(arguments)
    if not details and arguments.parent is None:
        print(said(arguments, "Chưa nêu điều gì cần đặt.", "Nothing to set was named."))
        return 2
    operations.revise_unit(
        arguments.code,
        on=arguments.since or today(),
        parent_code=arguments.parent,
        actor=account(),
        at=now(),
        **details,
    )
    print(said(arguments, "Đã cập nhật đơn vị {0}.", "Unit {0} updated.", arguments.code))
    return 0


def merge_units(arguments: argparse.Namespace) -> int:
    from cmis.modules.organisation import operations

    operations.merge_units(
        codes=arguments.codes,
        into=arguments.into,
        valid_from=arguments.since or today(),
        actor=account(),
        at=now(),
    )
    joined = ", ".join(arguments.codes)
    print(
        said(arguments, "Đã sáp nhập {0} vào {1}.", "Merged {0} into {1}.", joined, arguments.into)
    )
    return 0


def _add_details(parser: argparse.ArgumentParser) -> None:
    for option, (_, words) in DETAILS.items():
        parser.add_argument(option, help=words)
    add_from(parser)


def add_from(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="since",
        metavar="DATE",
        type=date.fromisoformat,
        help="từ ngày (hôm nay) / from this day on (today)",
    )


def _details(arguments: argparse.Namespace) -> dict[str, str]:
    named = {place: getattr(arguments, place) for place, _ in DETAILS.values()}
    return {place: value for place, value in named.items() if value is not None}


def _print_facts(facts: "UnitFacts") -> None:
    for place in ("level", "parent_code", "successor_code", *(one for one, _ in DETAILS.values())):
        if value := getattr(facts, place):
            print(f"    {place}: {value}")


def said(arguments: argparse.Namespace, vi: str, en: str, *values: str) -> str:
    return (en if arguments.language == "en" else vi).format(*values)


def now() -> datetime:
    from django.conf import settings

    from cmis.engine.clock import clock_of

    return clock_of(settings.CMIS_CLOCK)()


def today() -> date:
    from cmis.engine.clock import local_date

    return local_date(now())


def account() -> str:
    """Who acts at a terminal: the account of the machine."""
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError):
        return "?"  # a container without an entry for its user

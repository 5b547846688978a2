"""``cmis customers``: contacts of customers from a table."""

import argparse
import sys
from datetime import date
from pathlib import Path


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("customers", help="khách hàng / customers")
    actions = parser.add_subparsers(dest="action", required=True)
    contacts = actions.add_parser(
        "contacts", help="nạp điện thoại, e-mail / load phones and e-mail addresses"
    )
    contacts.add_argument("file", type=Path, metavar="FILE", help="customer_code, phone, email")
    contacts.add_argument(
        "--from", dest="on", type=date.fromisoformat, help="có hiệu lực từ / valid from (today)"
    )
    contacts.add_argument("--unit", default="*", help="mã đơn vị / unit code")
    contacts.set_defaults(func=load)


def load(arguments: argparse.Namespace) -> int:
    """Exit 1 when lines were refused; the others are taken."""
    from django.conf import settings

    from cmis.engine.clock import clock_of, local_date
    from cmis.journeys.load_contacts import load_contacts
    from cmis.modules.organisation import queries as organisation

    at = clock_of(settings.CMIS_CLOCK)()
    on = arguments.on or local_date(at)
    scope = (
        organisation.everything()
        if arguments.unit == "*"
        else organisation.scope_of(arguments.unit, on)
    )
    text = arguments.file.read_text(encoding="utf-8")
    tally, refused = load_contacts(text, scope=scope, on=on, actor="command", at=at)
    for one in refused:
        print(f"{one.line_no}: {one.error.message(arguments.language)}", file=sys.stderr)
    print(f"{tally.input} = {tally.done} + {tally.failed} ✗")
    return 1 if refused else 0

"""Phones and e-mail addresses from a table, which reading-book files do not carry."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.tally import Tally
from cmis.modules.customers import operations as customers
from cmis.modules.customers import queries
from cmis.modules.organisation.types import UnitScope

#: Customers whose contacts are kept in one transaction.
BATCH_CUSTOMERS = 500
COLUMNS = ("customer_code", "phone", "email")


class UnableToReadContacts(UnableTo):
    code = "CUS-020"
    what = Bilingual(
        "Tệp liên hệ thiếu cột {column}.", "The contacts file lacks the column {column}."
    )
    next_step = Bilingual(
        "Dòng đầu phải có: customer_code, phone, email (cách nhau bằng tab hoặc dấu phẩy).",
        "The first line must name: customer_code, phone, email (tabs or commas between).",
    )


@dataclass(frozen=True, slots=True)
class RefusedContact:
    """A line that was not taken, and why."""

    line_no: int
    error: UnableTo


def load_contacts(
    text: str, *, scope: UnitScope, on: date, actor: str, at: datetime
) -> tuple[Tally, list[RefusedContact]]:
    """Take contacts over, batch by batch; lines that say what is known change nothing.

    Returns:
        the tally (done = new or already known, failed = refused) and the refused lines.

    Raises:
        UnableToReadContacts: a column is missing; nothing was changed.
    """
    lines = list(_lines(text))
    refused: list[RefusedContact] = []
    for start in range(0, len(lines), BATCH_CUSTOMERS):
        with transaction.atomic():
            for line_no, line in lines[start : start + BATCH_CUSTOMERS]:
                try:
                    _take(line, scope=scope, on=on, actor=actor, at=at)
                except UnableTo as error:
                    refused.append(RefusedContact(line_no, error))
    tally = Tally(len(lines), len(lines) - len(refused), failed=len(refused))
    return tally, refused


def _take(line: dict[str, str], *, scope: UnitScope, on: date, actor: str, at: datetime) -> None:
    code = (line["customer_code"] or "").strip()
    wanted = {name: (line[name] or "").strip() for name in ("phone", "email")}
    card = queries.customer_card(scope, code, on)
    changes = {name: value for name, value in wanted.items() if getattr(card, name) != value}
    if changes:
        with transaction.atomic():
            customers.revise_customer(scope, code, on=on, actor=actor, at=at, **changes)


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    first_line = text.lstrip("\ufeff").partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text.lstrip("\ufeff")), delimiter="\t" if "\t" in first_line else ","
    )
    for column in COLUMNS:
        if column not in (reader.fieldnames or ()):
            raise UnableToReadContacts(column=column)
    for line in reader:
        yield reader.line_num, line

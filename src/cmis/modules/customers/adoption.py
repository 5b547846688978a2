"""Take over customers, contracts and prices that another system already knows, set by set.

Adoption only ever adds. A customer or contract that is known stays as it is; a point whose price
text or number of households differs from what is known gets a new dated price application.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Min

from cmis.engine.bulk import insert_rows, reserve_ids
from cmis.engine.bulk_update import update_rows
from cmis.kernel.text import tidy
from cmis.modules.customers.models import (
    Contract,
    Customer,
    CustomerSearch,
    CustomerVersion,
    PriceApplication,
)
from cmis.modules.customers.search_words import stored_codes, stored_words

Item = TypeVar("Item")
#: Values in one IN list; SQLite's own limit on parameters is higher.
IN_LIST = 5_000
#: Rows in one UPDATE of search texts; a new serial touches few customers of a book.
UPDATE_ROWS = 300


@dataclass(frozen=True, slots=True)
class CustomerToAdopt:
    """One metering point of a customer, as another system knows it.

    A customer with several points comes as several rows with the same ``code``; name, address and
    contacts are then taken from the first of them.

    Attributes:
        kind: ``household`` or ``non_household``.
        price_terms: ``{"segment", "share_percent", "group_code", "sub_code"}`` in order.
        price_text: the exchange form of the same agreement, to the letter.
        search_codes: what else the customer is found by, such as meter serials; customer, point
            and phone are added without being named.
    """

    code: str
    unit_id: int
    kind: str
    name: str
    address: str
    phone: str
    email: str
    contract_code: str
    point_code: str
    household_count: Decimal
    price_text: str
    price_terms: Sequence[Mapping[str, Any]]
    search_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _KnownPrice:
    id: int
    contract_id: int
    household_count: Decimal
    text: str
    valid_from: date
    valid_to: date | None


def adopt_customers(
    connection: Any, rows: Sequence[CustomerToAdopt], *, on: date, actor: str, at: datetime
) -> dict[str, int]:
    """Make sure that every customer, contract and price application exists.

    Runs inside the caller's transaction. First versions and prices begin ``on``; a contract has no
    start, because it began before this system knew it.

    Returns:
        Id of every customer code in ``rows``; :func:`contract_ids` gives those of the contracts.
    """
    ids, new = _ensure_customers(connection, rows)
    _add_versions(connection, rows, new, ids, on=on, actor=actor, at=at)
    _ensure_search_rows(connection, rows, new, ids)
    contracts = _ensure_contracts(connection, rows, ids)
    _ensure_prices(connection, rows, contracts, on=on, actor=actor, at=at)
    return ids


def contract_ids(codes: Iterable[str]) -> dict[str, int]:
    """Ids of the contracts that exist among ``codes``."""
    found: dict[str, int] = {}
    for part in _lists(codes):
        found.update(Contract.objects.filter(code__in=part).values_list("code", "id"))
    return found


def _ensure_customers(
    connection: Any, rows: Sequence[CustomerToAdopt]
) -> tuple[dict[str, int], list[CustomerToAdopt]]:
    """Ids by code, and the first row of each customer that was not known."""
    wanted: dict[str, CustomerToAdopt] = {}
    for row in rows:
        wanted.setdefault(row.code, row)
    ids: dict[str, int] = {}
    for codes in _lists(wanted):
        ids.update(Customer.objects.filter(code__in=codes).values_list("code", "id"))
    new = [row for code, row in wanted.items() if code not in ids]
    new_ids = reserve_ids(connection, Customer._meta.db_table, len(new))
    insert_rows(
        connection,
        Customer._meta.db_table,
        ("id", "code", "unit_id", "kind"),
        ((id_, row.code, row.unit_id, row.kind) for id_, row in zip(new_ids, new, strict=True)),
    )
    ids.update((row.code, id_) for id_, row in zip(new_ids, new, strict=True))
    return ids, new


def _add_versions(
    connection: Any,
    rows: Sequence[CustomerToAdopt],
    new: Sequence[CustomerToAdopt],
    ids: Mapping[str, int],
    *,
    on: date,
    actor: str,
    at: datetime,
) -> None:
    """First versions of the new; for the known, the days before they were known."""
    to_add: list[tuple[CustomerToAdopt, date | None]] = [(row, None) for row in new]
    new_codes = {row.code for row in new}
    older = {ids[row.code]: row for row in reversed(rows) if row.code not in new_codes}
    for part in _lists(older):
        first_days = (
            CustomerVersion.objects.filter(customer_id__in=part)
            .values_list("customer_id")
            .annotate(first_day=Min("valid_from"))
        )
        to_add += [(older[id_], first_day) for id_, first_day in first_days if on < first_day]
    insert_rows(
        connection,
        CustomerVersion._meta.db_table,
        (
            "customer_id", "name", "address", "phone", "email", "tax_code", "language",
            "valid_from", "valid_to", "recorded_by", "recorded_at",
        ),
        (
            (
                ids[row.code], tidy(row.name), tidy(row.address), row.phone.strip(),
                row.email.strip(), "", "vi", on, end, actor, at,
            )
            for row, end in to_add
        ),
    )  # fmt: skip


def _ensure_search_rows(
    connection: Any,
    rows: Sequence[CustomerToAdopt],
    new: Sequence[CustomerToAdopt],
    ids: Mapping[str, int],
) -> None:
    """New customers become findable; a known one also by a point or serial it did not have."""
    codes: dict[str, list[str]] = {}
    for row in rows:
        codes.setdefault(row.code, [row.code, row.phone]).extend(
            (row.point_code, *row.search_codes)
        )
    insert_rows(
        connection,
        CustomerSearch._meta.db_table,
        ("customer_id", "unit_id", "words", "codes"),
        (
            (
                ids[row.code],
                row.unit_id,
                stored_words(row.name, row.address),
                stored_codes(codes[row.code]),
            )
            for row in new
        ),
    )
    new_codes = {row.code for row in new}
    code_of = {ids[code]: code for code in codes if code not in new_codes}
    changed: list[CustomerSearch] = []
    for part in _lists(code_of):
        for known in CustomerSearch.objects.filter(pk__in=part):
            # the phone of a known customer is its own affair: versions, not books, change it
            code, _, *more = codes[code_of[known.pk]]
            after = stored_codes((code, *more), known=known.codes)
            if after != known.codes:
                known.codes = after
                changed.append(known)
    CustomerSearch.objects.bulk_update(changed, ["codes"], batch_size=UPDATE_ROWS)


def _ensure_contracts(
    connection: Any, rows: Sequence[CustomerToAdopt], ids: Mapping[str, int]
) -> dict[str, int]:
    wanted: dict[str, CustomerToAdopt] = {}
    for row in rows:
        wanted.setdefault(row.contract_code, row)
    found = contract_ids(wanted)
    new = [row for code, row in wanted.items() if code not in found]
    new_ids = reserve_ids(connection, Contract._meta.db_table, len(new))
    insert_rows(
        connection,
        Contract._meta.db_table,
        ("id", "code", "customer_id", "unit_id"),
        (
            (id_, row.contract_code, ids[row.code], row.unit_id)
            for id_, row in zip(new_ids, new, strict=True)
        ),
    )
    found.update((row.contract_code, id_) for id_, row in zip(new_ids, new, strict=True))
    return found


def _ensure_prices(
    connection: Any,
    rows: Sequence[CustomerToAdopt],
    contracts: Mapping[str, int],
    *,
    on: date,
    actor: str,
    at: datetime,
) -> None:
    """Open a dated price application where the agreement of a point is new or has changed.

    A book older than everything known fills the days before; inside known history it changes
    nothing.
    """
    wanted = {row.point_code: row for row in rows}
    known: dict[str, list[_KnownPrice]] = {}
    for codes in _lists(wanted):
        found = PriceApplication.objects.filter(point_code__in=codes).order_by("valid_from", "pk")
        for code, *facts in found.values_list(
            "point_code", "id", "contract_id", "household_count", "text", "valid_from", "valid_to"
        ):
            known.setdefault(code, []).append(_KnownPrice(*facts))
    closed: list[tuple[Any, ...]] = []
    opened: list[tuple[CustomerToAdopt, date | None]] = []
    for code, row in wanted.items():
        history = known.get(code, [])
        first = next((price.valid_from for price in history), None)
        if first is None or on < first:
            opened.append((row, first))
            continue
        last = history[-1]
        agreed = (contracts[row.contract_code], row.household_count, row.price_text)
        is_same = (last.contract_id, last.household_count, last.text) == agreed
        if last.valid_to is None and last.valid_from < on and not is_same:
            closed.append((last.id, on))
            opened.append((row, None))
    update_rows(connection, PriceApplication._meta.db_table, ("valid_to",), closed)
    insert_rows(
        connection,
        PriceApplication._meta.db_table,
        (
            "contract_id", "point_code", "household_count", "text", "terms", "valid_from",
            "valid_to", "recorded_by", "recorded_at",
        ),
        (
            (
                contracts[row.contract_code], row.point_code, row.household_count, row.price_text,
                json.dumps([dict(term) for term in row.price_terms], ensure_ascii=False),
                on, end, actor, at,
            )
            for row, end in opened
        ),
    )  # fmt: skip


def _lists(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, IN_LIST)):
        yield chunk

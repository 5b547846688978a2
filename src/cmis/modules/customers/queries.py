"""Reading of customers, contracts, prices and contacts.

What a page shows takes the scope of who asks: a :class:`UnitScope` of staff, or the
:class:`CustomerScope` of a customer in the portal. What the night needs in bulk takes ids that were
found under the night's own scope.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Q

from cmis.engine.dated_rows import in_force
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.text import masked
from cmis.modules.customers.models import (
    ContactPreference,
    Contract,
    Customer,
    CustomerVersion,
    PriceApplication,
)
from cmis.modules.customers.search import search
from cmis.modules.customers.types import (
    PURPOSES,
    Contact,
    ContractFacts,
    CustomerCard,
    CustomerScope,
    CustomerVersionFacts,
    PriceFacts,
)
from cmis.modules.organisation.types import UnitScope

__all__ = [
    "Contact",
    "CustomerCard",
    "CustomerScope",
    "PriceFacts",
    "UnableToFindCustomer",
    "cards",
    "contacts_of",
    "contracts_of",
    "customer_card",
    "history_of",
    "preferences_of",
    "price_applications",
    "prices_of",
    "search",
]

Item = TypeVar("Item")
Who = UnitScope | CustomerScope
#: Values in one IN list; SQLite's own limit on parameters is higher.
IN_LIST = 5_000

_CARD = (
    "customer_id", "customer__code", "customer__unit_id", "customer__unit__code",
    "customer__kind", "name", "address", "phone", "email", "tax_code", "language", "valid_from",
)  # fmt: skip
_PRICE = (
    "id", "contract_id", "contract__code", "contract__customer_id", "point_code",
    "household_count", "text", "terms", "valid_from", "valid_to", "recorded_by",
)  # fmt: skip


class UnableToFindCustomer(UnableTo):
    code = "CUS-001"
    what = Bilingual(
        "Không có khách hàng {customer} trong phạm vi của bạn.",
        "There is no customer {customer} in your units.",
    )
    next_step = Bilingual(
        "Kiểm tra mã khách hàng, hoặc tìm theo tên, điện thoại, số công tơ.",
        "Check the customer code, or search by name, phone or meter serial.",
    )


def customer_card(who: Who, code: str, on: date) -> CustomerCard:
    """A customer as he stands on a day.

    Raises:
        UnableToFindCustomer: unknown, outside the scope, or not yet known that day; it does not
            say which.
    """
    row = (
        CustomerVersion.objects.filter(_of(who, "customer__"), in_force(on), customer__code=code)
        .values_list(*_CARD)
        .first()
    )
    if row is None:
        raise UnableToFindCustomer(customer=masked(code))
    return CustomerCard(*row)


def cards(customer_ids: Iterable[int], on: date) -> dict[int, CustomerCard]:
    """Cards by customer id, for the night. Who was not known that day is left out."""
    found: dict[int, CustomerCard] = {}
    for ids in _lists(customer_ids):
        rows = CustomerVersion.objects.filter(in_force(on), customer_id__in=ids)
        found.update((row[0], CustomerCard(*row)) for row in rows.values_list(*_CARD))
    return found


def history_of(who: Who, code: str) -> tuple[CustomerVersionFacts, ...]:
    """Every version of a customer that was ever in force, oldest first."""
    versions = CustomerVersion.objects.filter(_of(who, "customer__"), customer__code=code)
    return tuple(
        CustomerVersionFacts(*row)
        for row in versions.order_by("valid_from", "pk").values_list(
            "name", "address", "phone", "email", "tax_code", "language", "valid_from", "valid_to",
            "recorded_by", "recorded_at",
        )
        if row[6] != row[7]
    )  # fmt: skip


def contracts_of(who: Who, code: str) -> tuple[ContractFacts, ...]:
    """The contracts of a customer, by code."""
    found = Contract.objects.filter(_of(who, "customer__"), customer__code=code)
    return tuple(
        ContractFacts(*row)
        for row in found.order_by("code").values_list(
            "id", "code", "unit__code", "starts_on", "ends_on"
        )
    )


def prices_of(who: Who, code: str) -> tuple[PriceFacts, ...]:
    """Every price application of a customer's points that was ever in force, by point and time."""
    rows = PriceApplication.objects.filter(
        _of(who, "contract__customer__"), contract__customer__code=code
    )
    return tuple(
        PriceFacts(*row)
        for row in rows.order_by("point_code", "valid_from", "pk").values_list(*_PRICE)
        if row[8] != row[9]
    )


def price_applications(point_codes: Iterable[str], on: date) -> dict[str, PriceFacts]:
    """Price applications in force on a day, by point code, for the night."""
    found: dict[str, PriceFacts] = {}
    for codes in _lists(point_codes):
        rows = PriceApplication.objects.filter(in_force(on), point_code__in=codes)
        found.update((row[4], PriceFacts(*row)) for row in rows.values_list(*_PRICE))
    return found


def contacts_of(customer_ids: Iterable[int], purpose: str, on: date) -> dict[int, Contact]:
    """Where messages of a purpose go, by customer id.

    A preference wins while its address is known. Else: e-mail if known, else SMS if a phone is
    known, else nowhere (channel ``none``). Who was not known that day is left out.

    Raises:
        ValueError: the purpose is none of :data:`PURPOSES`.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"messages have the purposes {PURPOSES}, not {purpose!r}")
    found: dict[int, Contact] = {}
    for ids in _lists(customer_ids):
        wishes = dict(
            ContactPreference.objects.filter(
                in_force(on), customer_id__in=ids, purpose=purpose
            ).values_list("customer_id", "channel")
        )
        rows = CustomerVersion.objects.filter(in_force(on), customer_id__in=ids)
        for id_, email, phone, language in rows.values_list(
            "customer_id", "email", "phone", "language"
        ):
            channel = _channel(wishes.get(id_), email, phone)
            found[id_] = Contact(id_, channel, email, phone, language)
    return found


def preferences_of(who: Who, code: str, on: date) -> dict[str, str]:
    """The channel of each purpose for one customer, defaults filled in.

    Raises:
        UnableToFindCustomer: outside the scope or unknown.
    """
    card = customer_card(who, code, on)
    return {purpose: contacts_of([card.id], purpose, on)[card.id].channel for purpose in PURPOSES}


def _channel(wish: str | None, email: str, phone: str) -> str:
    if wish == "none" or (wish == "email" and email) or (wish == "sms" and phone):
        return wish
    if email:
        return "email"
    return "sms" if phone else "none"


def _of(who: Who, prefix: str = "") -> Q:
    if isinstance(who, CustomerScope):
        return Q(**{f"{prefix}id": who.customer_id})
    return Q(**{f"{prefix}unit_id__in": who.unit_ids})


def customer_in(who: Who, code: str, *, lock: bool = False) -> Any:
    """The row of a customer in the scope, for this module's own operations.

    Raises:
        UnableToFindCustomer: outside the scope or unknown.
    """
    rows = Customer.objects.select_for_update() if lock else Customer.objects.all()
    customer = rows.filter(_of(who), code=code).first()
    if customer is None:
        raise UnableToFindCustomer(customer=masked(code))
    return customer


def _lists(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, IN_LIST)):
        yield chunk

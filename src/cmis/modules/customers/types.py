"""Frozen values the customers module takes and returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

#: What messages are about (CUS-05).
PURPOSES = ("payment", "outage", "general")
#: Where they can go.
CHANNELS = ("email", "sms", "none")


@dataclass(frozen=True, slots=True)
class CustomerScope:
    """What a customer who logged in to the portal may see: his own and nothing else."""

    customer_id: int
    customer_code: str


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A customer as he stands on a day."""

    id: int
    code: str
    unit_id: int
    unit_code: str
    kind: str
    name: str
    address: str
    phone: str
    email: str
    tax_code: str
    language: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class CustomerVersionFacts:
    """One entry in the history of a customer, ``[valid_from, valid_to)``."""

    name: str
    address: str
    phone: str
    email: str
    tax_code: str
    language: str
    valid_from: date
    valid_to: date | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A contract; without ``starts_on`` it began before this system knew it."""

    id: int
    code: str
    unit_code: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class PriceFacts:
    """How the energy of one metering point is priced, ``[valid_from, valid_to)``."""

    id: int
    contract_id: int
    contract_code: str
    customer_id: int
    point_code: str
    household_count: Decimal
    text: str
    terms: Sequence[Mapping[str, Any]]
    valid_from: date
    valid_to: date | None
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Where messages of one purpose go. ``channel`` is email, sms or none.

    Both addresses are given, so that a failed channel can be followed by the other.
    """

    customer_id: int
    channel: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A customer found, best first; ``rank`` 0 is his own code."""

    customer_id: int
    code: str
    unit_code: str
    kind: str
    name: str
    address: str
    rank: int


@dataclass(frozen=True, slots=True)
class LoginCode:
    """A fresh one-time code and where to send it. Never stored, never logged."""

    customer_id: int
    unit_id: int
    code: str
    channel: str
    address: str
    language: str
    expires_at: datetime

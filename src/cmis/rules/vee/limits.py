"""Limits of the rules: dated data, by price class; a unit may replace any of them."""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from cmis.kernel.errors import Bilingual, UnableTo
from cmis.rules.tariffs.strict_yaml import Node, parse

DATA = Path(__file__).parent / "data" / "limits.yaml"


class PriceClass(StrEnum):
    """Kinds of customers the limits differ by (CUS-08)."""

    HOUSEHOLD = "household"
    PRODUCTION = "production"
    BUSINESS = "business"
    ADMINISTRATIVE = "administrative"


class UnableToFindLimits(UnableTo):
    """No version of the limits is in force on a day."""

    code = "VEE-001"
    what = Bilingual(
        "Không có ngưỡng kiểm tra chỉ số cho ngày {day}.",
        "No reading limits are in force on {day}.",
    )
    next_step = Bilingual(
        "Bổ sung ngưỡng có ngày hiệu lực của đơn vị.", "Add dated limits for the unit."
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the reading rules for one unit, price class and day.

    ``…_percent`` compare with the usual energy (100 = the same); ``…_kwh`` are absolute.
    """

    device_change_percent: int
    over_percent: int
    under_percent: int
    soft_kwh: int
    hard_percent: int
    escalation_percents: tuple[int, ...]
    no_history_kwh: int
    zero_usual_kwh: int
    equal_periods: int
    tou_sum_tolerance: int
    rollover_last_part_percent: int
    planned_day_tolerance_days: int
    far_day_days: int
    estimates_in_row: int


@dataclass(frozen=True, slots=True)
class BillLimits:
    """Limits of the bill rules (gate 2) for one unit, price class and day."""

    note_percent: int
    sign_percent: int
    escalation_percents: tuple[int, ...]
    rise_vnd: int
    tiny_vnd: int
    huge_vnd: int
    no_history_vnd: int
    usual_days_from: int
    usual_days_to: int


@dataclass(frozen=True, slots=True)
class LimitsVersion:
    """Limits from one day on, by price class."""

    effective_from: date
    reference: str
    rows: dict[PriceClass, Limits]
    bills: dict[PriceClass, BillLimits]


def limits_for(price_class: PriceClass, *, on: date) -> Limits:
    """Default limits of the reading rules.

    Raises:
        UnableToFindLimits: before the first version.
    """
    return _version(on).rows[price_class]


def bill_limits_for(price_class: PriceClass, *, on: date) -> BillLimits:
    """Default limits of the bill rules.

    Raises:
        UnableToFindLimits: before the first version.
    """
    return _version(on).bills[price_class]


def _version(on: date) -> LimitsVersion:
    for version in reversed(load_limits()):
        if version.effective_from <= on:
            return version
    raise UnableToFindLimits(day=on.isoformat())


@lru_cache(maxsize=4)
def load_limits(path: Path = DATA) -> tuple[LimitsVersion, ...]:
    """Every version of the data file, oldest first.

    Raises:
        UnableToLoadLaw: unknown or missing keys; the message names the place.
    """
    node = parse(path.read_text(encoding="utf-8"), path.name)
    node.text("about")
    versions = [_read_version(child) for child in node.children("versions")]
    node.done()
    return tuple(sorted(versions, key=lambda version: version.effective_from))


def _read_version(node: Node) -> LimitsVersion:
    effective_from = node.day("effective_from")
    reference = node.text("legal_reference")
    node.text("certainty")
    common_rows = _numbers(node.child("row_limits"), Limits, {})
    common_bills = _numbers(node.child("bill_limits"), BillLimits, {})
    classes = node.child("price_classes")
    node.done()
    rows: dict[PriceClass, Limits] = {}
    bills: dict[PriceClass, BillLimits] = {}
    for price_class in PriceClass:
        own = classes.child(price_class) if price_class in classes else parse("{}", node.place)
        own_rows = own.child("row_limits") if "row_limits" in own else parse("{}", own.place)
        own_bills = own.child("bill_limits") if "bill_limits" in own else parse("{}", own.place)
        rows[price_class] = Limits(**_numbers(own_rows, Limits, common_rows))
        bills[price_class] = BillLimits(**_numbers(own_bills, BillLimits, common_bills))
        own.done()
    classes.done()
    return LimitsVersion(effective_from, reference, rows, bills)


def _numbers(node: Node, kind: type, common: dict[str, Any]) -> dict[str, Any]:
    """The limits of a mapping over the common ones; every field once, nothing else."""
    values = dict(common)
    for field in fields(kind):
        if field.name in node:
            if field.name == "escalation_percents":
                values[field.name] = tuple(int(str(step)) for step in node.items(field.name))
            else:
                values[field.name] = node.integer(field.name)
        elif field.name not in common:
            raise node.refuse(field.name, "the key is missing")
    node.done()
    return values

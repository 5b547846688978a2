"""An ordinary row to start from; a story changes what it is about."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cmis.kernel.findings import Finding
from cmis.kernel.quantity import IndexConflict, index_difference
from cmis.kernel.registers import RegisterKind
from cmis.rules.vee.limits import PriceClass, limits_for
from cmis.rules.vee.row import RowToCheck

LIMITS = limits_for(PriceClass.HOUSEHOLD, on=date(2026, 7, 1))

ORDINARY = RowToCheck(
    register=RegisterKind.SINGLE,
    previous_index=Decimal(1000),
    current_index=Decimal(1210),
    multiplier=Decimal(1),
    consumption_kwh=Decimal(210),
    previous_kwh=Decimal(200),
    history_kwh=(Decimal(200), Decimal(190), Decimal(205)),
    period_days=30,
    first_date=date(2026, 6, 14),
    planned_date=date(2026, 7, 13),
    read_date=date(2026, 7, 13),
    dial_digits=5,
)


def read(*, used_kwh: int, previous_kwh: int, **changes: Any) -> RowToCheck:
    """A row with multiplier 1 that used so much after a flat history."""
    history = (Decimal(previous_kwh),) * 3 if "history_kwh" not in changes else ()
    facts: dict[str, Any] = {
        "current_index": ORDINARY.previous_index + used_kwh,
        "consumption_kwh": Decimal(used_kwh),
        "previous_kwh": Decimal(previous_kwh),
        "history_kwh": history,
    }
    return replace(ORDINARY, **{**facts, **changes})


def typed(*, previous: int, current: int, state: str = "", **changes: Any) -> RowToCheck:
    """A row as it is built from two indices, with the energy the kernel gives."""
    row = replace(
        ORDINARY,
        previous_index=Decimal(previous),
        current_index=Decimal(current),
        state=state,
        **changes,
    )
    try:
        difference = index_difference(
            previous=row.previous_index,
            current=Decimal(current),
            state=state,
            dial_digits=row.dial_digits,
        )
    except IndexConflict:
        return replace(row, consumption_kwh=None)
    return replace(row, consumption_kwh=difference * row.multiplier)


def said(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Rule and severity of each finding."""
    return [(finding.rule, finding.severity.value) for finding in findings]

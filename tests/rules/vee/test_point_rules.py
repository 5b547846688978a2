"""A time-of-use point is one visit: complete, and its total agrees with its parts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cmis.kernel.registers import RegisterKind
from cmis.rules.vee.registry import check_point
from cmis.rules.vee.row import RowToCheck
from tests.rules.vee.rows import LIMITS, ORDINARY, said, typed

#: Register → previous and current index; the parts pass 400 units.
INDICES = {"BT": (2310, 2500), "CD": (874, 964), "TD": (1466, 1586), "SG": (4651, 5051)}


def visit(**changed: int) -> list[RowToCheck]:
    return [
        replace(
            typed(
                previous=previous,
                current=changed.get(kind, current),
                multiplier=Decimal(40),
            ),
            register=RegisterKind(kind),
        )
        for kind, (previous, current) in INDICES.items()
    ]


@pytest.mark.parametrize("total", [5049, 5050, 5051, 5052, 5053])
def test_a_gap_of_two_units_is_rounding(total: int) -> None:
    assert check_point(visit(SG=total), LIMITS) == ()


@pytest.mark.parametrize(("total", "gap_kwh"), [(5048, "120"), (5054, "120")])
def test_a_gap_of_three_units_is_a_mismatch(total: int, gap_kwh: str) -> None:
    (finding,) = check_point(visit(SG=total), LIMITS)
    assert said((finding,)) == [("TOU_SUM_MISMATCH", "confirm")]
    assert finding.values == {
        "parts_kwh": "16000",
        "total_kwh": str((total - 4651) * 40),
        "gap_kwh": gap_kwh,
        "tolerance_kwh": "80",
    }


def test_one_unread_register_holds_the_point() -> None:
    rows = visit()
    rows[1] = replace(rows[1], captured=False, current_index=None, consumption_kwh=None)
    (finding,) = check_point(rows, LIMITS)
    assert said((finding,)) == [("REGISTER_MISSING", "confirm")]
    assert finding.values == {"missing": "CD", "present": "BT, TD, SG"}


def test_a_part_that_never_came_is_missing_too() -> None:
    rows = [row for row in visit() if row.register is not RegisterKind.OFF_PEAK]
    assert said(check_point(rows, LIMITS)) == [("REGISTER_MISSING", "confirm")]


def test_the_control_total_alone_missing_is_a_note() -> None:
    rows = [
        replace(row, point_registers=tuple(RegisterKind(k) for k in INDICES)) for row in visit()
    ]
    assert said(check_point(rows[:3], LIMITS)) == [("REGISTER_MISSING", "note")]


def test_reactive_bought_but_not_read_holds_the_point() -> None:
    row = replace(ORDINARY, point_registers=(RegisterKind.SINGLE, RegisterKind.REACTIVE))
    assert said(check_point([row], LIMITS)) == [("REGISTER_MISSING", "confirm")]


def test_a_point_nobody_read_says_nothing_here() -> None:
    row = replace(ORDINARY, captured=False, current_index=None, consumption_kwh=None)
    assert check_point([row], LIMITS) == ()
    assert check_point([ORDINARY], LIMITS) == ()

"""From two indices to energy: differences, rollovers, zero states, multipliers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.kernel.quantity import IndexConflict, index_difference, register_energy
from cmis.kernel.registers import (
    DEFECT_STATES,
    DIFFERENCE_STATES,
    PRICED,
    RE_READ_STATES,
    TIME_OF_USE,
    ZERO_STATES,
    ReadingState,
    RegisterKind,
)

DIGITS = st.integers(4, 8)


def difference(
    previous: str, current: str, *, state: str = "", dial_digits: int | None = 5
) -> Decimal:
    return index_difference(
        previous=Decimal(previous), current=Decimal(current), state=state, dial_digits=dial_digits
    )


def test_a_plain_difference() -> None:
    assert difference("1200", "1475") == 275


def test_a_true_zero_is_a_reading() -> None:
    assert difference("0", "0") == 0


def test_a_rollover_uses_the_capacity_of_the_meter() -> None:
    """00998 → 00003 on a five-digit dial is 99 005 units, not 5."""
    assert difference("998", "3", state="Q") == 99_005
    assert difference("99990", "15", state="Q") == 25
    assert difference("999990", "15", state="Q", dial_digits=6) == 25
    assert difference("99999.5", "0.5", state="Q") == 1


@pytest.mark.parametrize(
    ("previous", "current", "state", "dial_digits", "conflict"),
    [
        ("100", "99", "", 5, "negative"),
        ("100", "99", "K", 5, "negative"),
        ("100", "101", "U", 5, "state_needs_equal_index"),
        ("100", "0", "D", 5, "state_needs_equal_index"),
        ("100", "100", "Q", 5, "rollover_needs_lower_index"),
        ("100", "200", "Q", 5, "rollover_needs_lower_index"),
        ("998", "3", "Q", None, "rollover_without_dial_digits"),
    ],
)
def test_contradictions_are_named(
    previous: str, current: str, state: str, dial_digits: int | None, conflict: str
) -> None:
    with pytest.raises(IndexConflict, match=f"^{conflict}$"):
        difference(previous, current, state=state, dial_digits=dial_digits)


@pytest.mark.parametrize("state", sorted(ZERO_STATES))
def test_states_without_use_need_the_old_index(state: str) -> None:
    assert difference("4321", "4321", state=state) == 0


@pytest.mark.parametrize("state", sorted(DIFFERENCE_STATES))
def test_states_with_use_take_the_difference(state: str) -> None:
    assert difference("4321", "4399", state=state) == 78


@given(digits=DIGITS, data=st.data())
def test_energy_that_went_through_the_dial_is_found_again(digits: int, data: st.DataObject) -> None:
    """Whatever the start, a use below one turn of the dial is recovered exactly."""
    capacity = 10**digits
    previous = data.draw(st.integers(0, capacity - 1))
    used = data.draw(st.integers(0, capacity - 1))
    current = (previous + used) % capacity
    state = "Q" if previous + used >= capacity else ""
    found = index_difference(
        previous=Decimal(previous), current=Decimal(current), state=state, dial_digits=digits
    )
    assert found == used


def test_energy_is_difference_times_multiplier_plus_what_came_from_elsewhere() -> None:
    assert register_energy(difference=Decimal(10), multiplier=Decimal(40)) == 400
    assert (
        register_energy(
            difference=Decimal("1.5"),
            multiplier=Decimal(60),
            removed_kwh=Decimal(100),
            direct_kwh=Decimal(7),
        )
        == 197
    )


def test_a_meter_swap_adds_both_parts_with_their_own_multipliers() -> None:
    """Process scenario 9: factor 40, 100.0→102.5; factor 60, 0.0→1.5: 100 + 90 = 190 kWh."""
    removed = register_energy(difference=difference("100.0", "102.5"), multiplier=Decimal(40))
    new = register_energy(
        difference=difference("0.0", "1.5"), multiplier=Decimal(60), removed_kwh=removed
    )
    assert (removed, new) == (100, 190)


def test_every_state_has_exactly_one_index_rule() -> None:
    rules = [ZERO_STATES, DIFFERENCE_STATES, frozenset("Q")]
    assert sum(len(rule) for rule in rules) == len(ReadingState)
    assert frozenset().union(*rules) == {state.value for state in ReadingState}
    assert {state.value for state in ReadingState} >= DEFECT_STATES | RE_READ_STATES


def test_the_control_total_and_reactive_energy_are_never_priced() -> None:
    assert {kind.value for kind in PRICED} == {"KT", "BT", "CD", "TD"}
    assert {kind.value for kind in TIME_OF_USE} == {"BT", "CD", "TD"}
    assert RegisterKind.TOTAL not in PRICED
    assert RegisterKind.REACTIVE not in PRICED

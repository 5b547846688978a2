"""The one rounding: halves away from zero, scalar and columnar alike, refusal before overflow."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmis.kernel.rounding import (
    INT64_MAX,
    ArithmeticRange,
    half_up,
    half_up_columns,
    multiply_columns,
)

#: Numbers and divisors whose rounding stays inside int64.
NUMERATORS = st.integers(-(2**61), 2**61)
DENOMINATORS = st.integers(1, 2**60)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (0, 1, 0),
        (1, 2, 1),
        (-1, 2, -1),
        (1, 3, 0),
        (2, 3, 1),
        (-2, 3, -1),
        (5, 2, 3),
        (-5, 2, -3),
        (25, 2, 13),  # BILL-08: norm 50, T = 28, Nc = 7
        (75, 2, 38),
        (664_550 * 8, 100, 53_164),  # the VAT of 275 kWh at decision 1279
        (10, -4, -3),
    ],
)
def test_halves_go_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


def test_a_fraction_is_rounded_as_it_is() -> None:
    assert half_up(Fraction(199, 200)) == 1
    assert half_up(Fraction(-1, 2)) == -1
    assert half_up(Fraction(7, 3), 2) == 1


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        half_up(1, 0)
    with pytest.raises(ZeroDivisionError, match="must be positive"):
        half_up_columns(np.array([1], dtype=np.int64), 0)
    with pytest.raises(ZeroDivisionError, match="must be positive"):
        half_up_columns(np.array([1, 1], dtype=np.int64), np.array([1, -2], dtype=np.int64))


@given(numerator=st.integers(), denominator=st.integers(1, 10**30))
def test_a_bill_and_its_reversal_cancel(numerator: int, denominator: int) -> None:
    assert half_up(-numerator, denominator) == -half_up(numerator, denominator)


@given(numerator=st.integers(), denominator=st.integers(1, 10**30))
def test_the_result_is_the_nearest_whole_number(numerator: int, denominator: int) -> None:
    rounded = half_up(numerator, denominator)
    error = abs(Fraction(numerator, denominator) - rounded)
    assert error <= Fraction(1, 2)
    if error == Fraction(1, 2):
        assert abs(rounded) > abs(Fraction(numerator, denominator))


@given(rows=st.lists(st.tuples(NUMERATORS, DENOMINATORS), min_size=1, max_size=20))
def test_columns_agree_with_the_scalar_row_by_row(rows: list[tuple[int, int]]) -> None:
    numerators = np.array([numerator for numerator, _ in rows], dtype=np.int64)
    denominators = np.array([denominator for _, denominator in rows], dtype=np.int64)
    expected = [half_up(numerator, denominator) for numerator, denominator in rows]
    assert half_up_columns(numerators, denominators).tolist() == expected


@given(numerators=st.lists(NUMERATORS, max_size=20), denominator=DENOMINATORS)
def test_columns_agree_with_one_divisor_for_all(numerators: list[int], denominator: int) -> None:
    column = half_up_columns(np.array(numerators, dtype=np.int64), denominator)
    assert column.dtype == np.int64
    assert column.tolist() == [half_up(numerator, denominator) for numerator in numerators]


@pytest.mark.parametrize("numerator", [2**62, -(2**62), INT64_MAX, -INT64_MAX - 1])
def test_columns_refuse_what_int64_cannot_hold(numerator: int) -> None:
    with pytest.raises(ArithmeticRange, match="would leave int64"):
        half_up_columns(np.array([0, numerator], dtype=np.int64), 3)


def test_columns_refuse_a_divisor_whose_double_int64_cannot_hold() -> None:
    """2 × (2⁶² + 1) wraps to a negative number: 1 ÷ that was rounded to −0 or worse, silently."""
    with pytest.raises(ArithmeticRange, match="would leave int64"):
        half_up_columns(np.array([2**60], dtype=np.int64), 2**62 + 1)
    assert half_up_columns(np.array([2**60], dtype=np.int64), 2**62 - 1).tolist() == [0]


def test_the_largest_number_that_is_not_refused_is_exact() -> None:
    largest = (INT64_MAX - 3) // 2
    column = half_up_columns(np.array([largest, -largest], dtype=np.int64), 3)
    assert column.tolist() == [half_up(largest, 3), -half_up(largest, 3)]


@given(left=st.lists(st.integers(-(2**31), 2**31), max_size=20), right=st.integers(-(2**31), 2**31))
def test_products_inside_the_range_are_exact(left: list[int], right: int) -> None:
    product = multiply_columns(np.array(left, dtype=np.int64), right)
    assert product.dtype == np.int64
    assert product.tolist() == [value * right for value in left]


def test_a_product_beyond_the_range_is_refused_not_wrapped() -> None:
    column = np.array([1, 3_037_000_500], dtype=np.int64)
    assert INT64_MAX < 3_037_000_500**2
    with pytest.raises(ArithmeticRange, match=str(3_037_000_500**2)):
        multiply_columns(column, column)
    with pytest.raises(ArithmeticRange):
        multiply_columns(np.array([-INT64_MAX - 1], dtype=np.int64), -1)


def test_empty_columns_stay_empty() -> None:
    nothing = np.array([], dtype=np.int64)
    assert half_up_columns(nothing, 7).tolist() == []
    assert multiply_columns(nothing, 7).tolist() == []

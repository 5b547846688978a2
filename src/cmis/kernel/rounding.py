"""The one rounding of the house.

Money is ``int`` đồng and energy ``int`` kWh or ``Decimal``; a float never touches a bill.
"""

from fractions import Fraction

import numpy as np
import numpy.typing as npt

Int64s = npt.NDArray[np.int64]

#: Magnitude above which a columnar product could leave int64; the kernel refuses beyond it.
INT64_MAX = 2**63 - 1


class ArithmeticRange(ArithmeticError):
    """A product or sum would leave int64. NumPy wraps silently, so we refuse before it does."""


def half_up(numerator: int | Fraction, denominator: int = 1) -> int:
    """Round ``numerator / denominator`` to a whole number, halves away from zero.

    Away from zero, not towards plus infinity: a refund of −0.5 đ is −1 đ, so that a bill and its
    reversal always cancel.

    Raises:
        ZeroDivisionError: when the denominator is zero.
    """
    if isinstance(numerator, int):
        above, below = (numerator, denominator) if denominator > 0 else (-numerator, -denominator)
    else:
        value = Fraction(numerator, denominator)
        above, below = value.numerator, value.denominator
    magnitude = (2 * abs(above) + below) // (2 * below)
    return -magnitude if above < 0 else magnitude


def half_up_columns(numerators: Int64s, denominators: Int64s | int) -> Int64s:
    """The columnar twin of :func:`half_up`: same answer for every element, or a refusal.

    Args:
        numerators: int64, any shape.
        denominators: positive int64 scalar or array of the same shape.

    Raises:
        ArithmeticRange: when ``2·|numerator| + denominator`` or ``2·denominator`` leaves int64.
        ZeroDivisionError: when a denominator is not positive.
    """
    divisors = np.asarray(denominators, dtype=np.int64)
    if divisors.size and int(divisors.min()) <= 0:
        raise ZeroDivisionError("denominators must be positive")
    if numerators.size == 0:
        return numerators.astype(np.int64)
    largest = max(abs(int(numerators.max())), abs(int(numerators.min())))
    divisor = int(divisors.max())
    if max(2 * largest + divisor, 2 * divisor) > INT64_MAX:
        raise ArithmeticRange(f"rounding {largest} would leave int64")
    magnitudes = (2 * np.abs(numerators) + divisors) // (2 * divisors)
    return np.asarray(np.sign(numerators) * magnitudes, dtype=np.int64)


def multiply_columns(left: Int64s, right: Int64s | int) -> Int64s:
    """Elementwise product that refuses instead of wrapping.

    Raises:
        ArithmeticRange: when any product could leave int64.
    """
    factors = np.asarray(right, dtype=np.int64)
    if left.size and factors.size:
        bound = _largest(left) * _largest(factors)
        if bound > INT64_MAX:
            raise ArithmeticRange(f"a product of up to {bound} would leave int64")
    return np.asarray(left * factors, dtype=np.int64)


def _largest(values: Int64s) -> int:
    return max(abs(int(values.max())), abs(int(values.min())))

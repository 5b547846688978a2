"""Sharing whole kWh between parts, one rule for days, purposes and norms.

Every part but the last is rounded, the last takes what is left (tariffs §5, §12; BILL-03, BILL-08).
With many small parts the rounded ones could exceed the whole; a part never takes more than is left,
so that no part is negative.
"""

from collections.abc import Sequence
from fractions import Fraction

from cmis.kernel.rounding import half_up

#: A quantity that may be a fraction of a kWh: an int where it is whole.
Quantity = int | Fraction


def plain(value: Quantity) -> Quantity:
    """The same number, as an int when it is whole."""
    if isinstance(value, int):  # asked first: most quantities are, and it is cheap
        return value
    return value.numerator if value.denominator == 1 else value


def rounded(value: Quantity, how: str) -> int:
    """Round to a whole number, ``half_up`` or ``ceiling``."""
    if isinstance(value, int):
        return value
    return -((-value.numerator) // value.denominator) if how == "ceiling" else half_up(value)


def split(whole: Quantity, weights: Sequence[int], how: str = "half_up") -> list[Quantity]:
    """Parts of ``whole`` in proportion to ``weights`` (whole kWh, but for the last).

    Raises:
        ZeroDivisionError: the weights add up to nothing while there are several.
    """
    if len(weights) == 1:
        return [whole]
    total = sum(weights)
    parts: list[Quantity] = []
    left = whole
    for weight in weights[:-1]:
        part: Quantity = rounded(Fraction(whole) * weight / total, how)
        part = min(part, left)
        parts.append(part)
        left = plain(left - part)
    parts.append(left)
    return parts

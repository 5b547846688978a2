"""Reactive charge for columns; twin of :mod:`reactive`, products in two halves."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmis.kernel.rounding import Int64s, half_up_columns, multiply_columns
from cmis.rules.rating.price_tables import Bools
from cmis.rules.tariffs.schema import ReactiveTable

_LOW = np.uint64(2**32 - 1)
_SHIFT = np.uint64(32)

UInt64s = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class ReactiveColumns:
    """(n) cos φ in hundredths, k in hundredths of one percent, money; 0 where nothing is due."""

    cos_phi_hundredths: Int64s
    k_hundredths: Int64s
    amount_vnd: Int64s


def reactive_columns(
    table: ReactiveTable,
    *,
    active_kwh: Int64s,
    reactive_kvarh: Int64s,
    due: Bools,
    active_vnd: Int64s,
    cos_phi_rounding: str,
) -> ReactiveColumns:
    """Charge of each bill; energies are whole and at most 10⁹ (:data:`plan.LIMIT_KWH`)."""
    cos_phi, k, amount = (np.zeros(len(due), np.int64) for _ in range(3))
    rows = np.flatnonzero(due)
    if rows.size:
        found = cos_phi_columns(active_kwh[rows], reactive_kvarh[rows], cos_phi_rounding)
        cos_phi[rows] = found
        k[rows] = _k_by_cos_phi(table)[found]
        amount[rows] = half_up_columns(multiply_columns(active_vnd[rows], k[rows]), 10_000)
    return ReactiveColumns(cos_phi, k, amount)


def _k_by_cos_phi(table: ReactiveTable) -> Int64s:
    """(101) k of every cos φ from 0.00 to 1.00."""
    k = np.full(101, table.k_below, np.int64)
    for cos_phi, value in table.k_by_cos_phi.items():
        k[cos_phi] = value
    k[table.free_from_cos_phi :] = 0
    return k


def cos_phi_columns(active_kwh: Int64s, reactive_kvarh: Int64s, rounding: str) -> Int64s:
    """cos φ in hundredths: the largest c whose bound b (in thousandths) is reached, that is
    P²·(10⁶ − b²) ≥ Q²·b². 100 when nothing flowed.
    """
    step = 5 if rounding == "half_up" else 0
    active_squared = multiply_columns(active_kwh, active_kwh)
    reactive_squared = multiply_columns(reactive_kvarh, reactive_kvarh)
    result = np.zeros(len(active_kwh), np.int64)
    for cos_phi in range(1, 101):
        bound = 10 * cos_phi - step
        reached = _at_least(active_squared, 10**6 - bound**2, reactive_squared, bound**2)
        result[reached] = cos_phi
    return result


def _at_least(left: Int64s, left_factor: int, right: Int64s, right_factor: int) -> Bools:
    """Whether left × left_factor ≥ right × right_factor, without leaving 64 bits."""
    left_high, left_low = _product(left, left_factor)
    right_high, right_low = _product(right, right_factor)
    return np.asarray(
        (left_high > right_high) | ((left_high == right_high) & (left_low >= right_low)), np.bool_
    )


def _product(values: Int64s, factor: int) -> tuple[UInt64s, UInt64s]:
    """Product of numbers below 2⁶³ with a factor below 2²⁰, as high part and low 32 bits."""
    numbers = values.astype(np.uint64)
    low = (numbers & _LOW) * np.uint64(factor)
    high = (numbers >> _SHIFT) * np.uint64(factor) + (low >> _SHIFT)
    return high, low & _LOW

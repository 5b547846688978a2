"""Charge for reactive power (TT 15/2014/TT-BCT; tariffs §7), by comparing squares, never floats."""

from dataclasses import dataclass

from cmis.kernel.rounding import half_up
from cmis.rules.rating.splitting import Quantity
from cmis.rules.tariffs.schema import ReactiveTable


@dataclass(frozen=True, slots=True)
class ReactiveCharge:
    """cos φ in hundredths, k in hundredths of one percent, and the money before VAT."""

    active_kwh: Quantity
    reactive_kvarh: int
    cos_phi_hundredths: int
    k_hundredths: int
    amount_vnd: int


def cos_phi_hundredths(active_kwh: Quantity, reactive_kvarh: int, rounding: str) -> int:
    """cos φ = P ÷ √(P² + Q²) in hundredths, ``half_up`` or ``truncate``; 100 when nothing flowed.

    cos φ reaches a bound c exactly when P² ≥ c² (P² + Q²), so no root is taken.
    """
    apparent_squared = active_kwh * active_kwh + reactive_kvarh * reactive_kvarh
    if apparent_squared == 0:
        return 100
    step = 1 if rounding == "half_up" else 0  # half a hundredth, counted in thousandths × 5
    low, high = 0, 100
    while low < high:
        middle = (low + high + 1) // 2
        bound_in_thousandths = 10 * middle - 5 * step
        if 10**6 * active_kwh * active_kwh >= bound_in_thousandths**2 * apparent_squared:
            low = middle
        else:
            high = middle - 1
    return low


def k_of(table: ReactiveTable, cos_phi: int) -> int:
    """k in hundredths of one percent for a cos φ in hundredths."""
    if cos_phi >= table.free_from_cos_phi:
        return 0
    return table.k_by_cos_phi.get(cos_phi, table.k_below)


def reactive_charge(
    table: ReactiveTable,
    *,
    active_kwh: Quantity,
    reactive_kvarh: int,
    active_vnd: int,
    cos_phi_rounding: str,
) -> ReactiveCharge:
    """Charge of one cycle: active charge before VAT × k %, half-up to the đồng."""
    cos_phi = cos_phi_hundredths(active_kwh, reactive_kvarh, cos_phi_rounding)
    k = k_of(table, cos_phi)
    return ReactiveCharge(active_kwh, reactive_kvarh, cos_phi, k, half_up(active_vnd * k, 10_000))

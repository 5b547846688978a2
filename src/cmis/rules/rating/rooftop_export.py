"""Energy that a customer's roof delivers into the grid: measured and settled apart from the bill
(NĐ 58/2025/NĐ-CP). It never lowers the energy that the customer is billed for."""

from collections.abc import Mapping
from dataclasses import dataclass

from cmis.kernel.registers import RegisterKind

#: Active export registers; the total is control only where the three hours are measured.
EXPORT_HOURS = (
    RegisterKind.EXPORT_NORMAL,
    RegisterKind.EXPORT_PEAK,
    RegisterKind.EXPORT_OFF_PEAK,
)


@dataclass(frozen=True, slots=True)
class ExportSettlement:
    """What the seller owes for exported energy, before tax. ``amount_vnd`` is None while no price
    is agreed: no published price was found, so none is assumed."""

    kwh: int
    price_vnd_per_kwh: int | None
    amount_vnd: int | None


def settle_export(
    kwh_by_register: Mapping[RegisterKind, int], *, price_vnd_per_kwh: int | None
) -> ExportSettlement | None:
    """The export of one meter in one period; None when the meter has no export register.

    Raises:
        ValueError: negative energy, or a total that is not the sum of its hours.
    """
    hours = [kwh_by_register[kind] for kind in EXPORT_HOURS if kind in kwh_by_register]
    total = kwh_by_register.get(RegisterKind.EXPORT_TOTAL)
    if total is None and not hours:
        return None
    kwh = sum(hours) if hours else total or 0
    if min([kwh, *hours]) < 0:
        raise ValueError("exported energy cannot be negative")
    if hours and total is not None and total != kwh:
        raise ValueError(f"the export total {total} is not the sum {kwh} of its registers")
    amount = None if price_vnd_per_kwh is None else kwh * price_vnd_per_kwh
    return ExportSettlement(kwh, price_vnd_per_kwh, amount)

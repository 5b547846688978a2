"""Widths of the tiers for columns of (bill, part, item) groups; twin of :mod:`norms`."""

import numpy as np

from cmis.kernel.rounding import Int64s, half_up_columns, multiply_columns
from cmis.rules.rating.columns import RatingColumns
from cmis.rules.rating.price_tables import PriceTables

#: Width of the last tier: more than any energy a bill may have.
_REST = 2**60


class Norms:
    """Norms of g groups, tier by tier, in 1/scale kWh.

    Args:
        bill, item, part, decision: (g) what each group is about.
        parts: (n) number of parts of each bill.
        scale: (g) fraction of a kWh that the group's energies count.
    """

    def __init__(
        self,
        columns: RatingColumns,
        tables: PriceTables,
        bill: Int64s,
        item: Int64s,
        part: Int64s,
        decision: Int64s,
        parts: Int64s,
        scale: Int64s,
    ) -> None:
        self._switches = columns.switches
        self._widths = tables.norms[decision, item]
        self._households_num = columns.households_num[bill]
        self._households_den = columns.households_den[bill]
        self._scale = scale
        rows = np.flatnonzero(columns.prorate[bill] | (parts[bill] > 1))
        self._rows = rows
        self._part = part[rows]
        self._parts = parts[bill[rows]]
        self._days = columns.part_days[bill[rows]]
        self._billed = columns.billed_days[bill[rows]]
        reference = np.maximum(columns.norm_reference_days[bill[rows]], 1)
        self._divisors = reference * self._households_den[rows]

    def tier(self, index: int) -> Int64s:
        """(g) width of the tier with this index (from 0)."""
        width = self._widths[:, index]
        whole = multiply_columns(np.maximum(width, 0), self._households_num)
        if self._switches.fractional_norm_rounding == "half_up":
            full = half_up_columns(whole, self._households_den) * self._scale
        else:
            full = whole * (self._scale // self._households_den)
        if self._rows.size:
            full[self._rows] = self._by_days(whole[self._rows]) * self._scale[self._rows]
        return np.where(width < 0, _REST, full)

    def _by_days(self, whole: Int64s) -> Int64s:
        """Whole kWh of the prorated groups: ``Mq ÷ T × days × h``; the last of several parts takes
        the remainder."""
        several = self._parts > 1
        total = self._rounded(whole, self._billed)
        if not bool(several.any()):
            return total
        mine = self._rounded(whole, np.take_along_axis(self._days, self._part[:, None], 1)[:, 0])
        if self._switches.norm_remainder == "each_part":
            return np.where(several, mine, total)
        left = total
        for earlier in range(self._days.shape[1] - 1):
            taken = np.minimum(self._rounded(whole, self._days[:, earlier]), left)
            left = np.where(earlier < self._part, left - taken, left)
        last = self._part == self._parts - 1
        return np.where(several & ~last, np.minimum(mine, left), left)

    def _rounded(self, whole: Int64s, days: Int64s) -> Int64s:
        numerators = multiply_columns(whole, days)
        if self._switches.norm_rounding == "ceiling":
            return -(-numerators // self._divisors)
        return half_up_columns(numerators, self._divisors)

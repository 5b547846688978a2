"""Bills as columns: what the kernel reads and what it writes.

n bills, m terms, s parts of the period at most. A *term* is one purpose of one register of one
bill; terms stand in the order of bills, then registers (KT, BT, TD, CD), then purposes as agreed.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmis.kernel.rounding import Int64s
from cmis.rules.rating.price_tables import Bools
from cmis.rules.rating.switches import Switches

#: In ``RatedBills.refused``: the kernel does not do this bill; :func:`explain` must.
NEEDS_SCALAR = -1


@dataclass(frozen=True, eq=False)
class RatingColumns:
    """Input of :func:`cmis.rules.rating.kernel.rate`; all integers are int64.

    Attributes of bills:
        part_decision: (n, s) index of the price decision of each part, −1 = no such part; −1 in
            the first column = no decision is in force.
        part_days: (n, s) days of each part.
        billed_days: (n) N.
        norm_reference_days: (n) T, 0 = unknown.
        prorate: (n) bool, norms follow the days even in one part.
        households_num, households_den: (n) number of households as a reduced fraction.
        energy_den: (n) all energies of the bill count 1/energy_den kWh; 1 = whole kWh.
        time_of_use, renters_undeclared: (n) bool.
        vat_rate_bp: (n) basis points, −1 = unknown.
        reactive_kvarh: (n) kvarh; read only where ``reactive_due``.
        reactive_due: (n) bool.
        needs_scalar: (n) bool, the case has a feature without columns.
    Attributes of terms:
        term_bill: (m) position of the bill, not falling.
        term_register: (m) 0 KT, 1 BT, 2 TD, 3 CD; −1 = not priced or named twice.
        term_item: (m) index in ``PriceTables.item_codes``; outside = unknown item.
        term_share_percent: (m) share of the register's energy.
        term_kwh: (m) energy of the *register* in the whole period, the same in all its terms.
        term_measured_parts: (m) number of measured parts, 0 = split by days.
        term_measured_kwh: (m, s) energy of the register in each part where measured.
    """

    switches: Switches
    part_decision: Int64s
    part_days: Int64s
    billed_days: Int64s
    norm_reference_days: Int64s
    prorate: Bools
    households_num: Int64s
    households_den: Int64s
    energy_den: Int64s
    time_of_use: Bools
    renters_undeclared: Bools
    vat_rate_bp: Int64s
    reactive_kvarh: Int64s
    reactive_due: Bools
    needs_scalar: Bools
    term_bill: Int64s
    term_register: Int64s
    term_item: Int64s
    term_share_percent: Int64s
    term_kwh: Int64s
    term_measured_parts: Int64s
    term_measured_kwh: Int64s

    @property
    def bill_count(self) -> int:
        return len(self.billed_days)

    def __post_init__(self) -> None:
        """Raises ValueError when the terms are not in the order of the bills."""
        bills = self.term_bill
        if bills.size and (
            bool((np.diff(bills) < 0).any()) or bills[0] < 0 or bills[-1] >= self.bill_count
        ):
            raise ValueError("terms must stand in the order of their bills")


@dataclass(frozen=True, eq=False)
class RatedBills:
    """One row a bill, in the order of the input; all (n) int64.

    ``refused`` is 0 for a rated bill, a :class:`~cmis.rules.rating.refusals.RefusalCode`, or
    ``NEEDS_SCALAR``; the money of such bills is 0. ``net_vnd`` includes ``reactive_vnd``.
    ``cos_phi_hundredths`` and ``k_hundredths`` are 0 where no reactive energy is charged.
    """

    net_vnd: Int64s
    vat_rate_bp: Int64s
    vat_vnd: Int64s
    total_vnd: Int64s
    reactive_vnd: Int64s
    cos_phi_hundredths: Int64s
    k_hundredths: Int64s
    refused: Int64s


@dataclass(frozen=True, eq=False)
class RatedLines:
    """One row a line, in the order of bills and lines; all (l) int64.

    ``kwh`` counts ``1/kwh_den`` kWh (``kwh_den`` is 1 but for fractional norms). Exactly one of
    ``tier`` (from 1) and ``register`` (0 KT, 1 BT, 2 TD, 3 CD) is set, the other is 0 or −1; the
    line of the reactive charge has item −1, decision −1 and no energy.
    """

    bill_index: Int64s
    line_no: Int64s
    part: Int64s
    decision: Int64s
    item: Int64s
    tier: Int64s
    register: Int64s
    kwh: Int64s
    kwh_den: Int64s
    price_vnd_per_kwh: Int64s
    amount_vnd: Int64s


@dataclass(frozen=True, eq=False)
class RatedColumns:
    """Output of the kernel. ``decision_codes`` and ``item_codes`` name the indices."""

    bills: RatedBills
    lines: RatedLines
    decision_codes: tuple[str, ...]
    item_codes: tuple[str, ...]
    law_digest: str

    def line_starts(self) -> npt.NDArray[np.intp]:
        """(n + 1) position of the first line of each bill; bill b has lines [b]…[b + 1]."""
        count = len(self.bills.refused)
        return np.searchsorted(self.lines.bill_index, np.arange(count + 1))

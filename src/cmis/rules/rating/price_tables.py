"""The law as look-up arrays, so that the columnar kernel takes prices by index.

Axes: d = price decision in order of its dates, i = price item in order of its code, t = tier,
r = register in :data:`cmis.rules.rating.plan.REGISTER_ORDER`.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cmis.kernel.rounding import Int64s
from cmis.rules.rating.plan import REGISTER_ORDER
from cmis.rules.rating.switches import Switches
from cmis.rules.tariffs.schema import (
    Confidence,
    FlatPrice,
    LadderPrice,
    Law,
    PriceForm,
    PriceItem,
)

Days = npt.NDArray[np.datetime64]
Bools = npt.NDArray[np.bool_]


class Form(IntEnum):
    """How an item is priced; 0 = the decision has no such item."""

    MISSING = 0
    LADDER = 1
    REGISTER = 2


@dataclass(frozen=True, eq=False)
class PriceTables:
    """All prices of a law.

    Attributes:
        item_codes: (I) item code of each index.
        form: (D, I) int8, :class:`Form`.
        verified: (D, I) bool.
        prices: (D, I, 2, K) int64 VND/kWh; third axis 0 = below time of use, 1 = by time of use;
            last axis tiers for ladders, registers for the others, 0 beyond.
        norms: (D, I, K) int64 kWh per household and month; −1 = the rest; 0 beyond.
        tier_count: (D, I) int64, 0 for items without a ladder.
        first_days, last_days: (D) datetime64[D], both included.
        vat_first_days, vat_rates_bp: (V), in order of the dates.
    """

    item_codes: tuple[str, ...]
    form: npt.NDArray[np.int8]
    verified: Bools
    prices: Int64s
    norms: Int64s
    tier_count: Int64s
    first_days: Days
    last_days: Days
    vat_first_days: Days
    vat_rates_bp: Int64s
    decision_codes: tuple[str, ...]
    base_codes: tuple[str, ...]

    def item_id(self, code: str) -> int:
        """Index of an item code, −1 when no decision has it."""
        return self.item_codes.index(code) if code in self.item_codes else -1

    def billable(self, switches: Switches) -> Bools:
        """(D, I): verified, or allowed by name."""
        result = self.verified.copy()
        for name in switches.allow_unverified_prices:
            decision, _, item = name.partition(" ")
            if decision not in self.decision_codes:
                continue
            row = self.decision_codes.index(decision)
            for column, (code, base) in enumerate(
                zip(self.item_codes, self.base_codes, strict=True)
            ):
                if item in (code, base):
                    result[row, column] = True
        return result


@lru_cache(maxsize=8)
def price_tables(law: Law) -> PriceTables:
    """Look-up arrays of a law, made once."""
    codes = sorted({code for decision in law.decisions for code in decision.items})
    bases = {code: item.base_code for d in law.decisions for code, item in d.items.items()}
    width = max(
        [len(REGISTER_ORDER)]
        + [
            len(item.form.prices_vnd_per_kwh)
            for decision in law.decisions
            for item in decision.items.values()
            if isinstance(item.form, LadderPrice)
        ]
    )
    shape = (len(law.decisions), len(codes))
    tables = PriceTables(
        item_codes=tuple(codes),
        form=np.zeros(shape, np.int8),
        verified=np.zeros(shape, np.bool_),
        prices=np.zeros((*shape, 2, width), np.int64),
        norms=np.zeros((*shape, width), np.int64),
        tier_count=np.zeros(shape, np.int64),
        first_days=np.array([d.effective_from for d in law.decisions], "datetime64[D]"),
        last_days=np.array([d.last_day for d in law.decisions], "datetime64[D]"),
        vat_first_days=np.array([rate.first_day for rate in law.vat_rates], "datetime64[D]"),
        vat_rates_bp=np.array([rate.rate_bp for rate in law.vat_rates], np.int64),
        decision_codes=tuple(decision.code for decision in law.decisions),
        base_codes=tuple(bases[code] for code in codes),
    )
    for row, decision in enumerate(law.decisions):
        for column, code in enumerate(codes):
            if code in decision.items:
                _fill(tables, row, column, decision.items[code])
    return tables


def _fill(tables: PriceTables, row: int, column: int, item: PriceItem) -> None:
    tables.verified[row, column] = item.confidence is Confidence.VERIFIED
    form = item.form
    if isinstance(form, LadderPrice):
        count = len(form.prices_vnd_per_kwh)
        tables.form[row, column] = Form.LADDER
        tables.prices[row, column, :, :count] = form.prices_vnd_per_kwh
        tables.norms[row, column, :count] = [-1 if n is None else n for n in form.norms_kwh]
        tables.tier_count[row, column] = count
        return
    tables.form[row, column] = Form.REGISTER
    below, by_time = register_prices(form)
    tables.prices[row, column, 0, : len(below)] = below
    tables.prices[row, column, 1, : len(by_time)] = by_time


def register_prices(form: PriceForm) -> tuple[list[int], list[int]]:
    """Prices in the order KT, BT, TD, CD: below the time-of-use threshold, and by time of use."""
    if isinstance(form, FlatPrice):
        return [form.price_vnd_per_kwh] * 4, [form.price_vnd_per_kwh] * 4
    assert not isinstance(form, LadderPrice)
    normal = form.normal_vnd_per_kwh
    return [normal] * 4, [normal, normal, form.off_peak_vnd_per_kwh, form.peak_vnd_per_kwh]

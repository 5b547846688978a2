"""Random bill cases of every shape, right and wrong, from one seeded generator."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import BillCase, PriceSegment, Purpose, RegisterEnergy, Switches

HOUSEHOLDS = [
    Fraction(n) for n in ("1", "1", "1", "2", "3", "1/4", "1/2", "3/4", "5/4", "5/8", "17")
]
ITEMS = ["SH", "SH", "SH", "SX_LT6", "SX_110", "KD_LT6", "KD_22", "HC1_LT6", "HC2_GE6", "CHO"]
MORE_ITEMS = ["BB_NT_SH", "BB_TP_BAN", "BB_TH_SH", "BB_TH_KHAC", "SH_PREPAID", "KCN_6_22"]
#: Cases that must be refused, and by which code, are sprinkled in at this rate.
WRONG_PERCENT = 6
DECISIONS = ["2256", "4495/QĐ-BCT", "648", "1062", "2941", "2699", "1279/QĐ-BCT"]


class CaseFactory:
    """Cases from one numpy generator; the same seed gives the same cases."""

    def __init__(self, seed: int, switches: Switches) -> None:
        self.rng = np.random.default_rng(seed)
        self.switches = switches

    def cases(self, count: int) -> list[BillCase]:
        return [self.case(f"case-{number}") for number in range(count)]

    def chance(self, percent: int) -> bool:
        return int(self.rng.integers(100)) < percent

    def choose(self, values: Sequence[object]) -> object:
        return values[int(self.rng.integers(len(values)))]

    def case(self, case_id: str) -> BillCase:
        recent = self.chance(60)
        first = date(2025, 4, 1) if recent else date(2015, 2, 20)
        span = 700 if recent else 4200
        start = first + timedelta(days=int(self.rng.integers(span)))
        period = Period(start, start + timedelta(days=int(self.rng.integers(0, 64))))
        if self.chance(2):
            period = Period(date(2015, 3, 20), date(2026, 3, 20))
        segments = self.segments() if self.chance(6) else ()
        registers = self.registers(len(segments))
        return BillCase(
            case_id=case_id,
            period=None if segments and self.chance(50) else period,
            registers=registers,
            households=self.households(),
            time_of_use=self.chance(40),
            prorate=self.chance(20),
            prorate_reason=str(self.choose(("", "new_customer", "reading_moved", "final_bill"))),
            billed_days=int(self.rng.integers(0, 40)) if self.chance(5) else None,
            norm_reference_days=int(self.rng.integers(-1, 32)) if self.chance(8) else None,
            renters_undeclared=self.chance(6),
            reactive_kvarh=self.kvarh() if self.chance(25) else None,
            segments=segments,
            vat_rate_bp=int(self.rng.choice([0, 500, 800, 1000, 10_001]))
            if self.chance(8)
            else None,
            reading_date=start if self.chance(90) else None,
            invoice_date=start + timedelta(days=40) if self.chance(90) else None,
            switches=self.switches,
        )

    def households(self) -> Fraction:
        if self.chance(1):
            return Fraction(str(self.choose(("0", "-1", "1/3", "1/16", "2000000", "7/10000"))))
        return Fraction(str(self.choose(HOUSEHOLDS)))

    def kvarh(self) -> int:
        if self.chance(2):
            return int(self.rng.choice([-1, 10**9 + 1, 10**18]))
        return int(self.rng.integers(0, int(self.rng.choice([10, 1000, 10**6, 10**9]))))

    def segments(self) -> tuple[PriceSegment, ...]:
        count = int(self.rng.integers(1, 4))
        return tuple(
            PriceSegment(
                "9999" if self.chance(3) else str(self.choose(DECISIONS)),
                int(self.rng.integers(0, 31)),
            )
            for _ in range(count)
        )

    def registers(self, named_parts: int) -> tuple[RegisterEnergy, ...]:
        if self.chance(1):
            return ()
        kinds = (
            [RegisterKind.SINGLE]
            if self.chance(60)
            else [RegisterKind.NORMAL, RegisterKind.PEAK, RegisterKind.OFF_PEAK]
        )
        if self.chance(WRONG_PERCENT // 3):
            kinds = [*kinds, self.rng.choice([RegisterKind.SINGLE, RegisterKind.TOTAL])]
        self.rng.shuffle(kinds)  # type: ignore[arg-type]
        same = self.purposes() if self.chance(70) else None
        return tuple(self.register(RegisterKind(k), same, named_parts) for k in kinds)

    def register(
        self, kind: RegisterKind, purposes: tuple[Purpose, ...] | None, named_parts: int
    ) -> RegisterEnergy:
        kwh = self.kwh()
        measured: tuple[int | Decimal, ...] = ()
        if self.chance(8):
            count = named_parts or int(self.rng.integers(1, 4))
            cuts = sorted(int(self.rng.integers(0, max(int(kwh), 0) + 1)) for _ in range(count - 1))
            edges = [0, *cuts, kwh]
            measured = tuple(b - a for a, b in pairwise(edges))
            if self.chance(5):
                measured = (measured[0] + 1, *measured[1:])
        return RegisterEnergy(kind, kwh, purposes or self.purposes(), measured)

    def kwh(self) -> int | Decimal:
        if self.chance(1):
            return int(self.rng.choice([-5, 10**9 + 1, 10**12, 2**62]))
        limit = int(self.rng.choice([1, 10, 150, 500, 3000, 200_000, 3 * 10**8]))
        kwh = int(self.rng.integers(0, limit + 1))
        decimals = self.switches.energy_rounding == "none" and self.chance(50)
        if decimals or self.chance(1):
            return Decimal(kwh) + Decimal(int(self.rng.integers(0, 10_000))) / 10_000
        return kwh

    def purposes(self) -> tuple[Purpose, ...]:
        if self.chance(1):
            return ()
        count = 1 if self.chance(60) else int(self.rng.integers(2, 5))
        if self.chance(1):
            shares = [int(share) for share in self.rng.integers(-10, 70, count)]
        else:
            cuts = np.sort(self.rng.choice(np.arange(1, 100), count - 1, replace=False))
            shares = np.diff([0, *cuts, 100]).tolist()
        pool = [*ITEMS, *MORE_ITEMS] if self.chance(30) else ITEMS
        codes = [str(code) for code in self.rng.permutation(sorted(set(pool)))[:count]]
        if count == 1:
            codes = [str(self.choose(pool))]
        if self.chance(1):
            codes[0] = "NO_SUCH_ITEM"
        if self.chance(1) and count > 1:
            codes[1] = codes[0]
        return tuple(Purpose(c, int(s)) for c, s in zip(codes, shares, strict=True))

"""What :func:`cmis.rules.rating.explain.explain` gives back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from cmis.kernel.registers import RegisterKind
from cmis.rules.rating.case import BillCase
from cmis.rules.rating.plan import Plan
from cmis.rules.rating.reactive import ReactiveCharge
from cmis.rules.rating.reasons import Reason
from cmis.rules.rating.splitting import Quantity
from cmis.rules.tariffs.schema import PriceDecision, PriceItem


class ExplainedLine(NamedTuple):
    """One line: energy × price. ``tier`` for ladders, ``register`` for the others; the reactive
    charge has neither and no energy. A named tuple, for it is made four times a bill."""

    line_no: int
    item: PriceItem | None
    decision: PriceDecision | None
    kwh: int | Decimal
    price_vnd_per_kwh: int
    amount_vnd: int
    reason: Reason
    tier: int | None = None
    register: RegisterKind | None = None
    part: int = 0

    @property
    def reference(self) -> str:
        """The price row that the line takes its price from, or the text that orders the charge."""
        if self.decision is None or self.item is None:
            return str(self.reason.values["reference"])
        return f"{self.decision.reference}: {self.item.code}"


class SharedEnergy(NamedTuple):
    """Energy of one register in one part of the period, and what each of its purposes got."""

    part: int
    register: RegisterKind
    kwh: Quantity
    shares_kwh: tuple[Quantity, ...]


class UsedNorms(NamedTuple):
    """Widths of the tiers that one item had in one part, without the last tier (the rest)."""

    part: int
    item_code: str
    norms_kwh: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class ExplainedBill:
    """A rated bill with everything that is needed to understand it.

    ``net_vnd`` is the sum of all lines, the reactive charge included; ``steps`` are the decisions
    and roundings in order.
    """

    case: BillCase
    law_digest: str
    plan: Plan
    lines: tuple[ExplainedLine, ...]
    steps: tuple[Reason, ...]
    energies: tuple[SharedEnergy, ...]
    norms: tuple[UsedNorms, ...]
    active_vnd: int
    reactive: ReactiveCharge | None
    net_vnd: int
    vat_rate_bp: int
    vat_day: date | None
    vat_vnd: int
    total_vnd: int

    @property
    def case_id(self) -> str:
        return self.case.case_id

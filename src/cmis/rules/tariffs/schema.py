"""The law as frozen, dated values. Prices are đồng per kWh before VAT; norms are kWh per household
and month; VAT rates are basis points (800 = 8 %); percentages of the k table are hundredths of one
percent (588 = 5.88 %). Loaded by :mod:`cmis.rules.tariffs.loader` and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from cmis.kernel.errors import Bilingual
from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.tariffs.errors import UnableToFindPriceDecision, UnableToFindVatRate

#: First and last day of a rule whose border is not known.
FIRST_DAY = date.min
LAST_DAY = date.max


class Confidence(StrEnum):
    """How sure a price is; only ``verified`` bills without being allowed by name."""

    VERIFIED = "verified"
    SINGLE_SOURCE = "single_source"
    UNVERIFIED = "unverified"


class Certainty(StrEnum):
    """Where a rule comes from, strongest first."""

    LAW = "law"
    PROCESS = "process"
    OBSERVED = "observed"
    INFERRED = "inferred"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class LadderPrice:
    """Rising blocks: ``norms_kwh[i]`` is the width of tier i+1, the last one (None) the rest."""

    norms_kwh: tuple[int | None, ...]
    prices_vnd_per_kwh: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TimeOfUsePrice:
    """One price for each of the three times of the day."""

    normal_vnd_per_kwh: int
    off_peak_vnd_per_kwh: int
    peak_vnd_per_kwh: int


@dataclass(frozen=True, slots=True)
class FlatPrice:
    """One price for every kWh."""

    price_vnd_per_kwh: int


PriceForm = LadderPrice | TimeOfUsePrice | FlatPrice


@dataclass(frozen=True, slots=True)
class PriceItem:
    """One row of a price decision. ``base_code`` is the code of the row before it was split by
    voltage (HC1 → HC1_GE6 and HC1_LT6)."""

    code: str
    base_code: str
    group: str
    name: Bilingual
    confidence: Confidence
    form: PriceForm
    plausibility_check: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class PriceDecision:
    """One decision of the Ministry. ``effective_to`` is the last day, None = no end known."""

    code: str
    issuer: str
    issued: date
    effective_from: date
    effective_to: date | None
    average_retail_price_vnd_per_kwh: Decimal
    legal_basis: str
    items: Mapping[str, PriceItem]
    notes: tuple[str, ...]
    sources: Mapping[str, tuple[str, ...]]
    file_name: str

    @property
    def reference(self) -> str:
        """How the decision is cited on a bill."""
        return f"{self.code} ({self.issued:%d/%m/%Y})"

    @property
    def last_day(self) -> date:
        return LAST_DAY if self.effective_to is None else self.effective_to


@dataclass(frozen=True, slots=True)
class LadderStructure:
    """Widths of the tiers by law, kWh per household and month; None = the rest.

    ``percents_of_average`` (hundredths of the average price per tier) test the plausibility of a
    new table; they never correct a price.
    """

    code: str
    norms_kwh: tuple[int | None, ...]
    in_force: bool
    legal_reference: str
    certainty: Certainty
    percents_of_average: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RenterRule:
    """How people become households, and which tier prices undeclared renters pay."""

    people_per_household: int
    undeclared_tier: int
    legal_reference: str


@dataclass(frozen=True, slots=True)
class MixedUseRule:
    """From which day a household contract with some other use pays one price item for all."""

    household_item: str
    effective_from: date
    legal_reference: str


@dataclass(frozen=True, slots=True)
class VatRate:
    """A VAT rate in basis points, from the first to the last day, both included."""

    first_day: date
    last_day: date
    rate_bp: int
    legal_reference: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class ReactiveTable:
    """Charge for reactive power: ``k_by_cos_phi`` maps cos φ in hundredths to k in hundredths of
    one percent, descending; ``k_below`` holds under the last row; nothing is due from the first
    ``free_from_cos_phi`` on."""

    effective_from: date
    legal_reference: str
    registered_pmax_kw_min: int
    free_from_cos_phi: int
    k_by_cos_phi: Mapping[int, int]
    k_below: int


@dataclass(frozen=True, slots=True)
class TimeOfUseCalendar:
    """Hours of the three registers in local time; ``minutes_*`` hold (first minute, end minute,
    register) that cover the day once, in order."""

    code: str
    legal_reference: str
    certainty: Certainty
    assignable: bool
    minutes_mon_sat: tuple[tuple[int, int, RegisterKind], ...]
    minutes_sunday: tuple[tuple[int, int, RegisterKind], ...]

    def register_at(self, moment: datetime) -> RegisterKind:
        """The register that counts at a local moment; holidays follow their weekday."""
        minute = moment.hour * 60 + moment.minute
        sunday = moment.isoweekday() == 7
        spans = self.minutes_sunday if sunday else self.minutes_mon_sat
        return next(register for start, end, register in spans if start <= minute < end)


@dataclass(frozen=True, slots=True)
class TimeOfUseRule:
    """Calendars by code, the default one, and who must pay by time of use."""

    calendars: Mapping[str, TimeOfUseCalendar]
    default_calendar: str
    legal_reference: str
    transformer_kva_min: int
    mean_kwh_per_month_min: int
    mean_months: int

    def is_due(self, *, transformer_kva: int, mean_kwh_per_month: int) -> bool:
        """Whether a production, business or services customer pays by time of use."""
        by_size = transformer_kva >= self.transformer_kva_min
        return by_size or mean_kwh_per_month >= self.mean_kwh_per_month_min


@dataclass(frozen=True, slots=True)
class DisconnectFees:
    """Charge for cutting off and restoring: M × k × n before VAT; k and n in hundredths."""

    legal_reference: str
    base_vnd_by_voltage: Mapping[str, int]
    k_hundredths_by_distance_km: Mapping[str, int]
    n_hundredths_by_area: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Fees:
    """Everything beside the price of energy: cut-off, interest, guarantee, support."""

    disconnect: DisconnectFees
    interest_reference: str
    interest_ceiling_bp_per_year: int
    guarantee_reference: str
    guarantee_threshold_kwh_per_month: int
    guarantee_days: tuple[int, int]
    support_reference: str
    poor_household_kwh: int
    social_policy_used_kwh_max: int
    disconnection_debt_vnd_min: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Price items of one exchange group by voltage class, dated."""

    group: str
    sub_codes: tuple[str, ...]
    first_day: date
    last_day: date
    legal_reference: str
    name: Bilingual
    item_by_voltage: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PriceGroups:
    """The dated mapping of exchange price groups to price items."""

    default_voltage: str
    default_administrative_item: str
    rows: tuple[GroupRow, ...]


@dataclass(frozen=True, slots=True)
class PricedDays:
    """Days of one period that one decision prices."""

    decision: PriceDecision
    period: Period


@dataclass(frozen=True, eq=False)
class Law:
    """Everything the rating needs, as loaded. ``digest`` is the SHA-256 of the data files and is
    stored with each bill; ``decisions`` are in order of their dates."""

    digest: str
    decisions: tuple[PriceDecision, ...]
    ladders: Mapping[str, LadderStructure]
    renters: RenterRule
    mixed_use: MixedUseRule
    vat_rates: tuple[VatRate, ...]
    reactive: ReactiveTable
    price_groups: PriceGroups
    time_of_use: TimeOfUseRule
    fees: Fees

    def price_decision_on(self, day: date) -> PriceDecision:
        """The decision that prices use on ``day``.

        Raises:
            UnableToFindPriceDecision: none is in force on that day.
        """
        for decision in self.decisions:
            if decision.effective_from <= day <= decision.last_day:
                return decision
        raise UnableToFindPriceDecision(asked=day.isoformat())

    def decision(self, code: str) -> PriceDecision:
        """The decision with that number, written ``1279/QĐ-BCT`` or ``1279``.

        Raises:
            UnableToFindPriceDecision: there is none.
        """
        for decision in self.decisions:
            if code in (decision.code, decision.code.partition("/")[0]):
                return decision
        raise UnableToFindPriceDecision(asked=code)

    def priced_days(self, period: Period) -> tuple[PricedDays, ...]:
        """The period cut at every change of the price decision, in order of the days; an empty
        period is priced by the decision of its first day.

        Raises:
            UnableToFindPriceDecision: a day of the period has no decision.
        """
        if period.days == 0:
            return (PricedDays(self.price_decision_on(period.start), period),)
        parts: list[PricedDays] = []
        day = period.start
        while day < period.end:
            decision = self.price_decision_on(day)
            end = period.end
            if decision.effective_to is not None and decision.effective_to < period.last_day:
                end = next_day(decision.effective_to)
            parts.append(PricedDays(decision, Period(day, end)))
            day = end
        return tuple(parts)

    def vat_on(self, day: date) -> VatRate:
        """The VAT rate of a day.

        Raises:
            UnableToFindVatRate: none is known for that day.
        """
        for rate in self.vat_rates:
            if rate.first_day <= day <= rate.last_day:
                return rate
        raise UnableToFindVatRate(day=day.isoformat())


def next_day(day: date) -> date:
    """The day after; exchanges an inclusive last day for an exclusive end."""
    return date.fromordinal(day.toordinal() + 1)

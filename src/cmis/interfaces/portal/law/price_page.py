"""The price page's tables, made of the loaded law."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cmis.interfaces.portal.exports import Cell
from cmis.interfaces.portal.law import words
from cmis.kernel.registers import TIME_OF_USE
from cmis.rules.tariffs.fees import poor_household_support_vnd
from cmis.rules.tariffs.price_listing import price_differences, price_rows
from cmis.rules.tariffs.schema import (
    FIRST_DAY,
    LAST_DAY,
    Certainty,
    Confidence,
    FlatPrice,
    LadderPrice,
    LadderStructure,
    Law,
    PriceDecision,
    PriceItem,
    TimeOfUseCalendar,
    TimeOfUsePrice,
)

Mark = tuple[object, str]


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One price item. Exactly one of ``tiers``, ``by_time`` and ``price`` is filled."""

    code: str
    name: str
    confidence: Mark
    warning: str
    tiers: tuple[tuple[int, str, int], ...] = ()
    by_time: TimeOfUsePrice | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """The items of one customer group, by the form of their prices."""

    code: str
    title: str
    ladders: tuple[ShownItem, ...]
    by_time: tuple[ShownItem, ...]
    flat: tuple[ShownItem, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One price in two decisions; None = no such price."""

    code: str
    name: str
    label: str
    before: int | None
    after: int | None

    @property
    def change(self) -> int | None:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def change_percent(self) -> Decimal | None:
        if self.before is None or self.after is None:
            return None
        return round(Decimal(self.after - self.before) * 100 / self.before, 1)


def groups(decision: PriceDecision, language: str) -> list[ShownGroup]:
    """Groups in the order in which most people look for themselves, households first."""
    order = [*words.GROUPS, *(item.group for item in decision.items.values())]
    shown = []
    for group in dict.fromkeys(order):
        items = [_shown(item, language) for item in decision.items.values() if item.group == group]
        if items:
            shown.append(
                ShownGroup(
                    code=group,
                    title=str(words.GROUPS.get(group, group)),
                    ladders=tuple(item for item in items if item.tiers),
                    by_time=tuple(item for item in items if item.by_time),
                    flat=tuple(item for item in items if item.price is not None),
                )
            )
    return shown


def _shown(item: PriceItem, language: str) -> ShownItem:
    form = item.form
    return ShownItem(
        code=item.code,
        name=item.name.render(language),
        confidence=words.CONFIDENCE[item.confidence.value],
        warning=item.warning,
        tiers=_tiers(form) if isinstance(form, LadderPrice) else (),
        by_time=form if isinstance(form, TimeOfUsePrice) else None,
        price=form.price_vnd_per_kwh if isinstance(form, FlatPrice) else None,
    )


def _tiers(form: LadderPrice) -> tuple[tuple[int, str, int], ...]:
    """(tier, its kWh as ``51–100`` or ``401+``, price)."""
    ranges = kwh_ranges(form.norms_kwh)
    return tuple(
        (tier, kwh, price)
        for tier, (kwh, price) in enumerate(
            zip(ranges, form.prices_vnd_per_kwh, strict=True), start=1
        )
    )


def kwh_ranges(norms_kwh: Sequence[int | None]) -> Iterator[str]:
    """``0–50``, ``51–100`` … ``401+`` of one household and month."""
    first = 0
    for norm in norms_kwh:
        if norm is None:
            yield f"{first}+"
        else:
            last = norm if first == 0 else first + norm - 1
            yield f"{first}–{last}"
            first = last + 1


def differences(before: PriceDecision, after: PriceDecision, language: str) -> list[Difference]:
    """Every price that differs, in the order of the newer decision."""
    rows = []
    for code, label, old, new in price_differences(before, after):
        item = after.items.get(code) or before.items[code]
        rows.append(Difference(code, item.name.render(language), label, old, new))
    return rows


def decisions(law: Law) -> list[dict[str, object]]:
    """All decisions, the newest first, with how many of their items were compared with the text."""
    return [
        {
            "decision": decision,
            "number": decision.code.partition("/")[0],
            "average": decision.average_retail_price_vnd_per_kwh,
            "item_count": len(decision.items),
            "verified_count": sum(
                item.confidence is Confidence.VERIFIED for item in decision.items.values()
            ),
        }
        for decision in reversed(law.decisions)
    ]


def law_beside(law: Law, decision: PriceDecision) -> dict[str, object]:
    """What is not a price: VAT, hours, reactive power, fees, ladders."""
    fees = law.fees
    return {
        "vat": [
            {
                "first": None if rate.first_day == FIRST_DAY else rate.first_day,
                "last": None if rate.last_day == LAST_DAY else rate.last_day,
                "percent": Decimal(rate.rate_bp) / 100,
                "reference": rate.legal_reference,
                "certainty": _certainty(rate.certainty),
            }
            for rate in reversed(law.vat_rates)
        ],
        "calendars": [
            _calendar(calendar, is_default=code == law.time_of_use.default_calendar)
            for code, calendar in law.time_of_use.calendars.items()
        ],
        "time_of_use": law.time_of_use,
        "reactive": law.reactive,
        "reactive_rows": [
            (Decimal(cos_phi) / 100, Decimal(k) / 100)
            for cos_phi, k in law.reactive.k_by_cos_phi.items()
        ],
        "reactive_free_from": Decimal(law.reactive.free_from_cos_phi) / 100,
        "reactive_lowest": Decimal(min(law.reactive.k_by_cos_phi)) / 100,
        "reactive_below": Decimal(law.reactive.k_below) / 100,
        "fees": fees,
        "disconnect_base": [
            (words.VOLTAGES.get(voltage, voltage), amount)
            for voltage, amount in fees.disconnect.base_vnd_by_voltage.items()
        ],
        "disconnect_k": [
            (distance, Decimal(k) / 100)
            for distance, k in fees.disconnect.k_hundredths_by_distance_km.items()
        ],
        "disconnect_n": [
            (words.AREAS.get(area, area), Decimal(n) / 100)
            for area, n in fees.disconnect.n_hundredths_by_area.items()
        ],
        "interest_percent": Decimal(fees.interest_ceiling_bp_per_year) / 100,
        "support_vnd": poor_household_support_vnd(law, decision),
        "ladders": [_ladder(ladder) for ladder in law.ladders.values()],
        "renters": law.renters,
    }


def _certainty(certainty: Certainty) -> Mark:
    return words.CERTAINTY[certainty.value]


def _ladder(ladder: LadderStructure) -> dict[str, object]:
    return {
        "name": words.LADDERS.get(ladder.code, ladder.code),
        "ranges": list(kwh_ranges(ladder.norms_kwh)),
        "in_force": ladder.in_force,
        "reference": ladder.legal_reference,
        "certainty": _certainty(ladder.certainty),
    }


def _calendar(calendar: TimeOfUseCalendar, *, is_default: bool) -> dict[str, object]:
    """Hours by register; an empty text where a register has none on that day."""
    days = (calendar.minutes_mon_sat, calendar.minutes_sunday)
    return {
        "name": words.CALENDARS.get(calendar.code, calendar.code),
        "reference": calendar.legal_reference,
        "certainty": _certainty(calendar.certainty),
        "is_default": is_default,
        "rows": [
            (
                register.value,
                *(
                    ", ".join(
                        f"{_clock(start)}–{_clock(end)}"
                        for start, end, counts in spans
                        if counts is register
                    )
                    for spans in days
                ),
            )
            for register in TIME_OF_USE
        ],
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def price_table(decision: PriceDecision, language: str) -> list[list[Cell]]:
    """Every price of a decision as one row, for CSV and Excel."""
    return [
        [
            decision.code, decision.effective_from, decision.effective_to, row.item.code,
            row.item.name.render(language), row.item.group, row.label, row.norm_kwh,
            row.price_vnd_per_kwh, row.item.confidence.value,
        ]
        for row in price_rows(decision)
    ]  # fmt: skip

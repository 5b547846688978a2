"""What a person should know about the loaded law: doubtful prices, implausible tables. Findings are
shown, they never block or correct a price (tariffs §1).
"""

from collections.abc import Iterator
from fractions import Fraction

from cmis.kernel.findings import Finding, Severity
from cmis.kernel.rounding import half_up
from cmis.rules.tariffs.schema import Confidence, LadderPrice, Law, PriceDecision

#: Items whose ladder the percentages of the law's ladder structure describe.
_HOUSEHOLD = "SH"


def review(law: Law) -> list[Finding]:
    """Findings over all decisions, in the order of their dates."""
    return [finding for decision in law.decisions for finding in _decision(law, decision)]


def _decision(law: Law, decision: PriceDecision) -> Iterator[Finding]:
    for item in decision.items.values():
        values: dict[str, str | int] = {"decision": decision.code, "item": item.code}
        if item.confidence is not Confidence.VERIFIED:
            yield Finding(
                "LAW-PRICE-NOT-VERIFIED",
                Severity.NOTE,
                {**values, "confidence": item.confidence.value},
            )
        if item.warning:
            yield Finding("LAW-PRICE-DOUBTFUL", Severity.NOTE, {**values, "warning": item.warning})
    form = decision.items[_HOUSEHOLD].form if _HOUSEHOLD in decision.items else None
    if isinstance(form, LadderPrice):
        yield from _plausibility(law, decision, form)


def expected_prices(average_vnd_per_kwh: Fraction, percents: tuple[int, ...]) -> tuple[int, ...]:
    """half-up(percent × average) for percents in hundredths of the average."""
    return tuple(half_up(average_vnd_per_kwh * percent / 100) for percent in percents)


def _plausibility(law: Law, decision: PriceDecision, form: LadderPrice) -> Iterator[Finding]:
    average = Fraction(decision.average_retail_price_vnd_per_kwh)
    for ladder in law.ladders.values():
        if ladder.norms_kwh != form.norms_kwh:
            continue
        expected = expected_prices(average, ladder.percents_of_average)
        for tier, (price, fitted) in enumerate(
            zip(form.prices_vnd_per_kwh, expected, strict=True), start=1
        ):
            if price != fitted:
                yield Finding(
                    "LAW-PRICE-IMPLAUSIBLE",
                    Severity.NOTE,
                    {
                        "decision": decision.code,
                        "item": _HOUSEHOLD,
                        "tier": tier,
                        "price": price,
                        "expected": fitted,
                    },
                )

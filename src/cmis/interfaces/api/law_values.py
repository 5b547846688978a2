"""The whole law as plain values: what :func:`open_data` gives a verifier, with what stands beside
the prices: ladders, hours, fees.
"""

from collections.abc import Mapping
from datetime import date

from cmis.rules.tariffs.open_data import open_data
from cmis.rules.tariffs.schema import Fees, Law, PriceDecision, TimeOfUseCalendar


def whole_law(law: Law) -> dict[str, object]:
    """Everything; it is a price file that ``verifier/verify_receipt.py`` takes as it is."""
    return open_data(law) | {
        "ladders": [
            {
                "ladder": ladder.code,
                "norms_kwh": list(ladder.norms_kwh),
                "in_force": ladder.in_force,
                "legal_reference": ladder.legal_reference,
                "certainty": ladder.certainty.value,
            }
            for ladder in law.ladders.values()
        ],
        "time_of_use": {
            "legal_reference": law.time_of_use.legal_reference,
            "default_calendar": law.time_of_use.default_calendar,
            "transformer_kva_min": law.time_of_use.transformer_kva_min,
            "mean_kwh_per_month_min": law.time_of_use.mean_kwh_per_month_min,
            "mean_months": law.time_of_use.mean_months,
            "calendars": [_calendar(one) for one in law.time_of_use.calendars.values()],
        },
        "fees": _fees(law.fees),
    }


def one_decision(law: Law, decision: PriceDecision) -> dict[str, object]:
    """One price decision as it stands in :func:`whole_law`, with format and digest."""
    values = open_data(law)
    decisions = values["decisions"]
    assert isinstance(decisions, list)
    found = next(one for one in decisions if one["decision"] == decision.code)
    return {"format": values["format"], "law_digest": law.digest, **found}


def on_a_day(law: Law, day: date) -> dict[str, object]:
    """The decision and the VAT rate in force on a day.

    Raises:
        UnableToFindPriceDecision: there is no decision for the day.
        UnableToFindVatRate: there is no rate for the day.
    """
    rate = law.vat_on(day)
    return one_decision(law, law.price_decision_on(day)) | {
        "on": day.isoformat(),
        "vat": {"rate_bp": rate.rate_bp, "legal_reference": rate.legal_reference},
    }


def _calendar(calendar: TimeOfUseCalendar) -> dict[str, object]:
    """Spans are [first minute, end minute, register] of a day."""
    return {
        "calendar": calendar.code,
        "legal_reference": calendar.legal_reference,
        "certainty": calendar.certainty.value,
        "minutes_mon_sat": [[*span[:2], span[2].value] for span in calendar.minutes_mon_sat],
        "minutes_sunday": [[*span[:2], span[2].value] for span in calendar.minutes_sunday],
    }


def _fees(fees: Fees) -> dict[str, object]:
    def plain(values: Mapping[str, int]) -> dict[str, int]:
        return dict(values)

    return {
        "disconnect": {
            "legal_reference": fees.disconnect.legal_reference,
            "base_vnd_by_voltage": plain(fees.disconnect.base_vnd_by_voltage),
            "k_hundredths_by_distance_km": plain(fees.disconnect.k_hundredths_by_distance_km),
            "n_hundredths_by_area": plain(fees.disconnect.n_hundredths_by_area),
        },
        "interest": {
            "legal_reference": fees.interest_reference,
            "ceiling_bp_per_year": fees.interest_ceiling_bp_per_year,
        },
        "guarantee": {
            "legal_reference": fees.guarantee_reference,
            "threshold_kwh_per_month": fees.guarantee_threshold_kwh_per_month,
            "days": list(fees.guarantee_days),
        },
        "support": {
            "legal_reference": fees.support_reference,
            "poor_household_kwh": fees.poor_household_kwh,
            "social_policy_used_kwh_max": fees.social_policy_used_kwh_max,
        },
        "disconnection_debt_vnd_min": fees.disconnection_debt_vnd_min,
    }

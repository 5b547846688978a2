"""Named parameters of the calculation: every point the texts leave open, with its default.

Sources: domain of tariffs §13 and §4, §5, §7, §8, §12; the value used is stored with each bill.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

#: Allowed values of each switch; the first one is the default.
ALLOWED: Mapping[str, tuple[object, ...]] = {
    "norm_rounding": ("half_up", "ceiling"),
    "norm_remainder": ("last_part", "each_part"),
    "energy_split_rounding": ("half_up", "ceiling"),
    "norm_reference_month": ("month_before_period_end", "month_before_reading_day"),
    "final_bill_prorate": (True, False),
    "fractional_norm_rounding": ("keep", "half_up"),
    "energy_rounding": ("whole", "none"),
    "line_rounding": ("half_up", "none"),
    "total_rounding": ("sum_of_rounded", "half_up_once"),
    "vat_rounding": ("half_up",),
    "vat_date_rule": ("period_end", "reading_date", "invoice_date"),
    "mixed_share_rounding": ("half_up_last_by_difference",),
    "cos_phi_rounding": ("half_up", "truncate"),
    "reactive_amount_rounding": ("half_up",),
    "reactive_invoice_mode": ("one_invoice", "two_invoices"),
    "tou_calendar": ("tou_2014", "tou_963_2026"),
    "meter_change_energy_rounding": ("half_up",),
    "administrative_item": ("HC2", "HC1"),
    "mixed_household_contract": ("household_price", "shares"),
    "backbill_rating": ("re_rate_month",),
    "meter_error_formula": ("unset", "evn_annex_two", "physical"),
    "stopped_meter_method": ("mean_of_3_cycles", "mean_of_30_days"),
    "interest_year_basis": ("365", "actual"),
    "guarantee_month_days": (30,),
}


@dataclass(frozen=True, slots=True)
class Switches:
    """One value for each open point. Construct with keywords; the defaults are those of the law
    notes.

    ``allow_unverified_prices`` names the price items that may bill although nobody has compared
    them with the decision, written ``2699/QĐ-BCT SX_LT6``; empty = none (production).

    ``backbill_lookback_months`` holds for a wrong price group (TT 60/2025 Đ3); 0 = no limit.
    ``meter_error_formula`` stays unset until the formulas of TT 13/2025 were read: who back-bills a
    wrong meter must choose one.

    ``undeclared_renter_tier`` 0 takes the tier that the law's data name.

    Raises:
        ValueError: a value that the switch does not know.
    """

    norm_rounding: str = "half_up"
    norm_remainder: str = "last_part"
    energy_split_rounding: str = "half_up"
    norm_reference_month: str = "month_before_period_end"
    final_bill_prorate: bool = True
    fractional_norm_rounding: str = "keep"
    energy_rounding: str = "whole"
    line_rounding: str = "half_up"
    total_rounding: str = "sum_of_rounded"
    vat_rounding: str = "half_up"
    vat_date_rule: str = "period_end"
    mixed_share_rounding: str = "half_up_last_by_difference"
    cos_phi_rounding: str = "half_up"
    reactive_amount_rounding: str = "half_up"
    reactive_invoice_mode: str = "one_invoice"
    tou_calendar: str = "tou_2014"
    undeclared_renter_tier: int = 0
    meter_change_energy_rounding: str = "half_up"
    administrative_item: str = "HC2"
    mixed_household_contract: str = "household_price"
    backbill_rating: str = "re_rate_month"
    backbill_lookback_months: int = 12
    meter_error_formula: str = "unset"
    stopped_meter_method: str = "mean_of_3_cycles"
    interest_year_basis: str = "365"
    guarantee_month_days: int = 30
    allow_unverified_prices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, allowed in ALLOWED.items():
            if getattr(self, name) not in allowed:
                choices = ", ".join(map(str, allowed))
                raise ValueError(f"{name} must be one of {choices}")
        if (self.line_rounding == "none") != (self.total_rounding == "half_up_once"):
            raise ValueError("line_rounding none goes with total_rounding half_up_once")
        if isinstance(self.undeclared_renter_tier, bool) or self.undeclared_renter_tier < 0:
            raise ValueError("undeclared_renter_tier is the number of a tier, 0 = by law")
        if isinstance(self.backbill_lookback_months, bool) or self.backbill_lookback_months < 0:
            raise ValueError("backbill_lookback_months is a number of months, 0 = no limit")
        if any(not isinstance(entry, str) for entry in self.allow_unverified_prices):
            raise ValueError("allow_unverified_prices holds texts such as '2699/QĐ-BCT SX_LT6'")

    def as_dict(self) -> dict[str, str | int | bool | list[str]]:
        """All values under their names, ready for JSON."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["allow_unverified_prices"] = sorted(self.allow_unverified_prices)
        return values

    def changed(self) -> dict[str, str | int | bool | list[str]]:
        """Only the values that differ from the defaults; what the canonical JSON stores."""
        defaults = DEFAULTS.as_dict()
        return {name: value for name, value in self.as_dict().items() if value != defaults[name]}

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """Switches from stored values; missing names take their default.

        Raises:
            ValueError: unknown name or value.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise ValueError(f"unknown switch {', '.join(unknown)}")
        given = dict(values)
        allowed = given.get("allow_unverified_prices", ())
        if not isinstance(allowed, list | tuple):
            raise ValueError("allow_unverified_prices holds a list of texts")
        given["allow_unverified_prices"] = tuple(sorted(allowed))
        return cls(**given)  # type: ignore[arg-type]


DEFAULTS = Switches()

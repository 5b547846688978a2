"""Household contracts with some other use on one meter (TT 60/2025/TT-BCT Điều 3.3a)."""

from dataclasses import replace

from cmis.rules.rating.case import BillCase, Purpose
from cmis.rules.tariffs.schema import Law


def priced_by_contract(case: BillCase, law: Law, *, household_contract: bool) -> BillCase:
    """The case as the law prices its purposes on the last day of the period.

    A household contract with one meter pays the household price for all energy from the day that
    the law's data name, however the energy is used; the switch ``mixed_household_contract`` set to
    ``shares`` keeps the agreed shares. Other contracts, and earlier periods, keep their shares.
    """
    rule = law.mixed_use
    keeps = not household_contract or case.switches.mixed_household_contract == "shares"
    if keeps or case.period is None or case.period.last_day < rule.effective_from:
        return case
    only = (Purpose(rule.household_item),)
    return replace(
        case, registers=tuple(replace(register, purposes=only) for register in case.registers)
    )

"""The six-tier household bill of decision 1279 as other packages compute it; runs in the peers'
own environment. Prints one JSON object a peer: bills, seconds, wrong, why.

    python adapters.py PEER BILLS CASES.json

CASES.json: {"tiers": [[norm or null, price], …], "vat_percent": 8, "kwh": […], "total": […]}
with totals by this project; ``wrong`` counts bills that differ from them by a đồng or more.
"""

import json
import sys
from itertools import pairwise
from pathlib import Path
from time import perf_counter


def result(peer, bills, began, totals, wanted, why=""):
    seconds = perf_counter() - began
    wrong = [index for index, total in enumerate(totals) if total != wanted[index]]
    largest = max((abs(totals[index] - wanted[index]) for index in wrong), default=0)
    return {"peer": peer, "bills": bills, "seconds": seconds, "wrong": len(wrong),
            "largest_error_vnd": float(largest), "why": why}  # fmt: skip


def half_up(net, percent):
    return (2 * net * percent + 100) // 200


def plain(case, kwh):
    """An integer loop as anybody writes it."""
    tiers, percent = case["tiers"], case["vat_percent"]
    began, totals = perf_counter(), []
    for energy in kwh:
        left, net = energy, 0
        for norm, price in tiers:
            taken = left if norm is None or left < norm else norm
            net += taken * price
            left -= taken
            if not left:
                break
        totals.append(net + half_up(net, percent))
    return result("plain_loop", len(kwh), began, totals, case["total"])


def volt(case, kwh):
    """Its slab calculator; it has no VAT, which is added here."""
    from voltengine.operations.slab_tariff import SlabTariffCalculator

    slabs = [{"upto": norm, "rate": price} for norm, price in case["tiers"]]
    calculator, percent = SlabTariffCalculator(), case["vat_percent"]
    began, totals = perf_counter(), []
    for energy in kwh:
        net, _ = calculator.calculate(energy, slabs)
        totals.append(net + half_up(net, percent))
    why = "blocks only: no VAT, dates or rounding; VAT is added by the adapter"
    return result("voltengine", len(kwh), began, totals, case["total"], why)


def fisca(case, kwh, trace):
    """A marginal scale as an OpenFisca parameter and one formula, vectorised; floats inside."""
    import numpy as np
    from openfisca_core.entities import build_entity
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    bounds = [0]
    for norm, _ in case["tiers"][:-1]:
        bounds.append(bounds[-1] + norm)
    brackets = [
        {"threshold": {"2025-05-10": {"value": low}}, "rate": {"2025-05-10": {"value": price}}}
        for low, (_, price) in zip(bounds, case["tiers"], strict=True)
    ]
    person = build_entity(key="meter", plural="meters", label="", is_person=True)

    class energy(Variable):  # noqa: N801 - its name is the name of the variable
        value_type, entity, definition_period = float, person, DateUnit.MONTH

    class net(Variable):  # noqa: N801
        value_type, entity, definition_period = float, person, DateUnit.MONTH

        def formula(meter, period, parameters):  # noqa: N805
            return parameters(period).ladder.calc(meter("energy", period))

    system = TaxBenefitSystem([person])
    system.parameters = ParameterNode("", data={"ladder": {"brackets": brackets}})
    system.add_variables(energy, net)
    began = perf_counter()
    simulation = SimulationBuilder().build_default_simulation(system, len(kwh))
    simulation.trace = trace
    simulation.set_input("energy", "2026-06", np.array(kwh, np.float32))
    values = simulation.calculate("net", "2026-06").astype(np.float64)
    totals = np.floor(values * (1 + case["vat_percent"] / 100) + 0.5).tolist()
    why = "its variables are float32: whole đồng are exact only below 2^24 (16.7 million đ)"
    name = "openfisca_core_traced" if trace else "openfisca_core"
    return result(name, len(kwh), began, totals, case["total"], why)


def pysam(case, kwh):
    """Utilityrate5 on a year of hourly load whose June has this energy, one run a bill."""
    from PySAM import Utilityrate5

    bounds, rows = [], []
    for number, (norm, price) in enumerate(case["tiers"], start=1):
        bounds.append((bounds[-1] if bounds else 0) + norm if norm else 1e38)
        rows.append([1, number, bounds[-1], 0, price, 0])
    assert all(low < high for low, high in pairwise(bounds))
    model = Utilityrate5.new()
    model.Lifetime.analysis_period = 1
    model.Lifetime.inflation_rate = 0
    model.Lifetime.system_use_lifetime_output = 0
    rates = model.ElectricityRates
    rates.rate_escalation = (0,)
    rates.ur_metering_option = 0
    rates.ur_ec_tou_mat = rows
    rates.ur_ec_sched_weekday = rates.ur_ec_sched_weekend = [[1] * 24] * 12
    rates.ur_dc_enable = 0
    rates.ur_monthly_fixed_charge = rates.ur_monthly_min_charge = rates.ur_annual_min_charge = 0
    rates.ur_en_ts_sell_rate = rates.ur_en_ts_buy_rate = 0
    model.SystemOutput.degradation = (0,)
    model.SystemOutput.gen = [0] * 8760
    first, hours = 24 * 151, 24 * 30  # June
    began, totals = perf_counter(), []
    for energy in kwh:
        load = [0.0] * 8760
        load[first : first + hours] = [energy / hours] * hours
        model.Load.load = load
        model.execute()
        net = model.Outputs.year1_monthly_ec_charge_without_system[5]
        totals.append(int(net * (1 + case["vat_percent"] / 100) + 0.5))
    why = "floats over 8760 hours; no VAT (added here), no households, no decision by date"
    return result("pysam_utilityrate5", len(kwh), began, totals, case["total"], why)


PEERS = {
    "plain_loop": plain,
    "voltengine": volt,
    "openfisca_core": lambda case, kwh: fisca(case, kwh, False),
    "openfisca_core_traced": lambda case, kwh: fisca(case, kwh, True),
    "pysam_utilityrate5": pysam,
}

if __name__ == "__main__":
    name, count, path = sys.argv[1:]
    asked = json.loads(Path(path).read_text(encoding="utf-8"))
    print(json.dumps(PEERS[name](asked, asked["kwh"][: int(count)])))

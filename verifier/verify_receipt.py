#!/usr/bin/env python3
# ruff: noqa: T201
"""Compute an electricity bill again from its receipt and the published prices.

    python3 verify_receipt.py RECEIPT.json PRICES.json

One file, standard library only, no code of the billing system. It checks the seal, takes from the
receipt only what the meter and the contract say (energies, days, households, shares, switches), and
computes parts, blocks, lines, reactive charge, VAT and sums by the published rules:

  V1 seal        SHA-256 of the canonical JSON (sorted keys, no blanks) without "seal"
  V2 parts       days of the period under each price decision in force (or the decisions named)
  V3 energy      measured at the price change, or S / T x Nc, the last part takes the rest
  V4 shares      half-up in whole kWh, the last purpose takes the rest, no part more than is left
  V5 blocks      norm x households; by days: norm / T x N x households, T = days of the month before
  V6 lines       kWh x price, half-up; blocks filled in order; BT price below time of use
  V7 reactive    cos phi in hundredths from P and Q by squares; k from the table; charge x k
  V8 VAT         rate of the day (unless given), half-up on the sum of all lines

Exit code 0: the receipt is right. 1: it is not; each line of the output names a field.
"""

import hashlib
import json
import sys
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

ORDER = ["KT", "BT", "TD", "CD"]


def half_up(value):
    """Halves away from zero."""
    value = Fraction(value)
    return (1 if value >= 0 else -1) * int(abs(value) + Fraction(1, 2))


def round_by(value, how):
    return -int(-Fraction(value) // 1) if how == "ceiling" else half_up(value)


def text(value):
    """A number as receipts write it: whole, or a fraction in text."""
    value = Fraction(value)
    return value.numerator if value.denominator == 1 else str(value)


def canonical(values):
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def portions(whole, weights, how):
    """V3, V4: rounded shares of a whole; the last takes what is left, none more than that."""
    if len(weights) == 1:
        return [Fraction(whole)]
    left, result = Fraction(whole), []
    for weight in weights[:-1]:
        part = min(Fraction(round_by(Fraction(whole) * weight / sum(weights), how)), left)
        result.append(part)
        left -= part
    return [*result, left]


def days_before(day):
    """Days of the calendar month before the month of a day."""
    return (day.replace(day=1) - timedelta(days=1)).day


class Verifier:
    """Recomputes one receipt; ``faults`` names every field that is not what it must be."""

    def __init__(self, receipt, prices):
        self.receipt = receipt
        self.switches = receipt["switches"]
        self.prices = prices
        self.decisions = {d["decision"]: d for d in prices["decisions"]}
        self.households = Fraction(receipt["households"])
        self.faults = []

    def expect(self, name, value):
        found = self.receipt[name]
        if found != value or type(found) is not type(value):
            self.faults.append(f"{name}: the receipt says {found!r}, computed {value!r}")

    def verify(self):
        body = {key: value for key, value in self.receipt.items() if key != "seal"}
        self.expect("seal", hashlib.sha256(canonical(body).encode()).hexdigest())
        self.expect("format", "cmis-receipt-1")
        self.expect("law_digest", self.prices["law_digest"])
        self.check_parts()
        self.compute_energies()
        self.compute_lines()
        self.check_sums()
        return self.faults

    def period(self):
        return tuple(date.fromisoformat(day) for day in self.receipt["period"])

    def check_parts(self):
        """V2, and N and T of V5."""
        receipt = self.receipt
        if not receipt["decisions_named"]:
            start, end = self.period()
            parts = []
            for decision in self.prices["decisions"]:
                first = date.fromisoformat(decision["effective_from"])
                last = decision["effective_to"]
                after = date.max if last is None else date.fromisoformat(last) + timedelta(days=1)
                days = (min(end, after) - max(start, first)).days
                if days > 0 or (start == end and first <= start < after):
                    parts.append({"decision": decision["decision"], "days": max(days, 0)})
            self.expect("parts", parts)
            if len(parts) > 1:
                self.expect("billed_days", (end - start).days)
        self.several = len(receipt["parts"]) > 1
        self.by_days = self.several or receipt["prorate"]
        if not self.by_days:
            self.expect("norm_reference_days", None)
        elif receipt["period"] and not receipt["norm_reference_days_given"]:
            end = self.period()[1]
            by_reading = self.switches["norm_reference_month"] == "month_before_reading_day"
            anchor = end if by_reading else end - timedelta(days=1)
            self.expect("norm_reference_days", days_before(anchor))

    def compute_energies(self):
        """V3, V4: energy of each part, register and purpose."""
        days = [part["days"] for part in self.receipt["parts"]]
        registers = sorted(self.receipt["registers"], key=lambda r: ORDER.index(r["kind"]))
        self.groups = []  # per part: item -> {register: kWh}, in the order of appearance
        energies, how = [], self.switches["energy_split_rounding"]
        for number in range(len(days)):
            group = {}
            for register in registers:
                energy = portions(register["kwh"], days, how)[number]
                if register.get("measured_kwh") and self.several:
                    energy = Fraction(register["measured_kwh"][number])
                shares = portions(energy, [share for _, share in register["purposes"]], "half_up")
                for (item, _), share in zip(register["purposes"], shares, strict=True):
                    group.setdefault(item, {})[register["kind"]] = share
                found = {"part": number, "register": register["kind"], "kwh": text(energy)}
                energies.append({**found, "shares_kwh": [text(share) for share in shares]})
            self.groups.append(group)
        self.expect("energies", energies)

    def norms(self, widths, number):
        """V5: blocks of one ladder in one part, without the last one."""
        if not self.by_days:
            exact = [width * self.households for width in widths]
            rounds = self.switches["fractional_norm_rounding"] == "half_up"
            return [Fraction(half_up(norm)) if rounds else norm for norm in exact]
        parts = self.receipt["parts"]
        total = self.receipt["billed_days"]
        days = [part["days"] for part in parts] if self.several else [total]
        how, reference = self.switches["norm_rounding"], self.receipt["norm_reference_days"]
        result = []
        for width in widths:
            full = width * self.households / reference
            each = [round_by(full * part, how) for part in days]
            if self.several and self.switches["norm_remainder"] == "last_part":
                left = round_by(full * total, how)
                for position in range(len(each) - 1):
                    each[position] = min(each[position], left)
                    left -= each[position]
                each[-1] = left
            result.append(Fraction(each[number]))
        return result

    def compute_lines(self):
        """V6: prices of tiers and registers."""
        self.lines, self.exact, used = [], Fraction(0), []
        for number, group in enumerate(self.groups):
            items = self.decisions[self.receipt["parts"][number]["decision"]]["items"]
            for item, energies in group.items():
                price = items[item]
                if "tiers" not in price:
                    for register, kwh in energies.items():
                        self.line(number, item, None, register, kwh, self.price(price, register))
                    continue
                left = sum(energies.values())
                if self.receipt["renters_undeclared"]:
                    tier = self.switches["undeclared_renter_tier"]
                    tier = tier or self.prices["undeclared_renter_tier"]
                    self.line(number, item, tier, None, left, price["tiers"][tier - 1][1])
                    continue
                norms = self.norms([norm for norm, _ in price["tiers"][:-1]], number)
                shown = [text(norm) for norm in norms]
                used.append({"part": number, "item": item, "norms_kwh": shown})
                for tier, (_, tier_price) in enumerate(price["tiers"], start=1):
                    last = tier == len(price["tiers"])
                    taken = left if last else min(left, norms[tier - 1])
                    left -= taken
                    self.line(number, item, tier, None, taken, tier_price)
        self.expect("norms", used)

    def price(self, price, register):
        by_time = self.receipt["time_of_use"] and register != "KT"
        return (
            price["price"] if "price" in price else price["prices"][register if by_time else "BT"]
        )

    def line(self, part, item, tier, register, kwh, price):
        if kwh:
            self.exact += kwh * price
            amount = half_up(kwh * price)
            self.add(part, item, tier, register, kwh, price, amount)

    def add(self, part, item, tier, register, kwh, price, amount):
        names = ("part", "item", "tier", "register", "kwh", "price_vnd_per_kwh", "amount_vnd")
        values = (part, item, tier, register, text(kwh), price, amount)
        self.lines.append({"no": len(self.lines) + 1, **dict(zip(names, values, strict=True))})

    def check_sums(self):
        """V7, V8 and the sums."""
        once = self.switches["total_rounding"] == "half_up_once"
        active = half_up(self.exact) if once else sum(line["amount_vnd"] for line in self.lines)
        self.expect("active_vnd", active)
        reactive = self.reactive(active)
        self.expect("lines", self.lines)
        rate = self.rate()
        net = active + reactive
        vat = half_up(Fraction(net * rate, 10_000))
        if self.switches["reactive_invoice_mode"] == "two_invoices":
            vat = sum(half_up(Fraction(money * rate, 10_000)) for money in (active, reactive))
        if once:
            vat = half_up((self.exact + reactive) * Fraction(10_000 + rate, 10_000)) - net
        self.expect("vat_rate_bp", rate)
        self.expect("net_vnd", net)
        self.expect("vat_vnd", vat)
        self.expect("total_vnd", net + vat)

    def rate(self):
        """VAT in basis points of the day that the receipt names."""
        if self.receipt["vat_rate_given"]:
            return self.receipt["vat_rate_bp"]
        if self.switches["vat_date_rule"] == "period_end":
            self.expect("vat_day", (self.period()[1] - timedelta(days=1)).isoformat())
        day = self.receipt["vat_day"]
        for row in self.prices["vat"]:
            if (row["from"] or "") <= day <= (row["to"] or "9999-12-31"):
                return row["rate_bp"]
        return None

    def reactive(self, active):
        """V7; 0 where no reactive energy is charged."""
        kvarh = self.receipt["reactive_kvarh"]
        if kvarh is None:
            self.expect("reactive", None)
            return 0
        table = self.prices["reactive"]
        kwh = sum(Fraction(register["kwh"]) for register in self.receipt["registers"])
        squares, cos_phi = kwh**2 + kvarh**2, 0
        half = Fraction(1, 200) if self.switches["cos_phi_rounding"] == "half_up" else 0
        for step in range(1, 101):
            if kwh**2 >= (Fraction(step, 100) - half) ** 2 * squares:
                cos_phi = step
        free = cos_phi >= table["free_from_cos_phi"]
        k = 0 if free else table["k_by_cos_phi"].get(str(cos_phi), table["k_below"])
        money = half_up(Fraction(active * k, 10_000))
        charge = {"cos_phi_hundredths": cos_phi, "k_hundredths": k, "amount_vnd": money}
        self.expect("reactive", charge)
        if money:
            self.add(0, None, None, None, Fraction(0), 0, money)
        return money


def verify(receipt_text, prices):
    """Faults of a receipt, as sentences; empty = the bill is right."""
    try:
        receipt = json.loads(receipt_text)
        faults = Verifier(receipt, prices).verify()
        if not faults and canonical(receipt) != receipt_text.strip():
            faults = ["the receipt is not in canonical form"]
    except (
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        ZeroDivisionError,
    ) as error:
        return [f"the receipt cannot be read: {type(error).__name__} {error}"]
    return faults


def main(arguments):
    if len(arguments) != 2:
        print(__doc__)
        return 2
    receipt, prices = (Path(name).read_text(encoding="utf-8") for name in arguments)
    faults = verify(receipt, json.loads(prices))
    for fault in faults:
        print(fault)
    print("WRONG" if faults else "RIGHT")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

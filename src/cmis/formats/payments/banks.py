"""Banks by their VietQR number, from dated data (``banks.yaml``)."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank's number (six digits) and short name, in use on ``[valid_from, valid_to)``."""

    bin: str
    name: str
    valid_from: date
    valid_to: date | None


@lru_cache(maxsize=1)
def _all_banks() -> tuple[Bank, ...]:
    text = resources.files("cmis.formats.payments").joinpath("banks.yaml").read_text("utf-8")
    return tuple(
        Bank(row["bin"], row["name"], row["from"], row.get("to"))
        for row in yaml.safe_load(text)["banks"]
    )


def banks_on(day: date) -> tuple[Bank, ...]:
    """The banks in use on a day, by number."""
    return tuple(
        bank
        for bank in sorted(_all_banks(), key=lambda bank: bank.bin)
        if bank.valid_from <= day and (bank.valid_to is None or day < bank.valid_to)
    )


def bank_name(bank_bin: str, day: date) -> str | None:
    """The short name of the bank, or ``None`` when the list does not hold it on that day."""
    return next((bank.name for bank in banks_on(day) if bank.bin == bank_bin), None)

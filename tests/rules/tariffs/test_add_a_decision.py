"""The how-to ``add-a-price-decision.md``, followed: one file and one date, no code."""

import re
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import BillCase, ExplainedBill, Purpose, RegisterEnergy, explain
from cmis.rules.tariffs.drafts import read_draft
from cmis.rules.tariffs.errors import UnableToLoadLaw
from cmis.rules.tariffs.loader import DATA, load_law
from cmis.rules.tariffs.price_listing import price_differences

NEW = "qd_9999_2026.yaml"


def copied(tmp_path: Path) -> Path:
    """Steps 1 and 2 in a copy of the data: decision 9999 from 10 December 2026."""
    law = tmp_path / "law"
    copytree(DATA, law)
    text = (law / "qd_1279_2025.yaml").read_text(encoding="utf-8")
    for old, new in (
        (r"decision: 1279", "decision: 9999"),
        (r"issued: '2025-05-09'", "issued: '2026-12-01'"),
        (r"effective_from: '2025-05-10'", "effective_from: '2026-12-10'"),
        (r"price: 1984", "price: 2000"),
    ):
        text, count = re.subn(old, new, text, count=1)
        assert count == 1
    (law / NEW).write_text(text, encoding="utf-8")
    return law


def end_the_earlier_one(law: Path) -> None:
    """Step 4."""
    path = law / "qd_1279_2025.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("effective_to: null") == 1
    path.write_text(
        text.replace("effective_to: null", "effective_to: '2026-12-09'"), encoding="utf-8"
    )


def test_a_new_decision_is_one_file_and_one_date(tmp_path: Path) -> None:
    law = copied(tmp_path)
    assert read_draft(law / NEW).effective_from == date(2026, 12, 10)
    with pytest.raises(UnableToLoadLaw, match=f"{NEW} › from .*overlaps the row before"):
        load_law(law)
    end_the_earlier_one(law)
    loaded = load_law(law)
    assert price_differences(loaded.decision("1279"), loaded.decision("9999")) == [
        ("SH", "1", 1984, 2000)
    ]
    register = RegisterEnergy(RegisterKind.SINGLE, 60, (Purpose("SH"),))
    across = Period(date(2026, 11, 30), date(2026, 12, 30))  # 10 days old, 20 days new
    bill = explain(BillCase("B", across, (register,)), loaded)
    assert isinstance(bill, ExplainedBill)
    assert [(line.part, line.kwh, line.price_vnd_per_kwh) for line in bill.lines] == [
        (0, 17, 1984),  # 50 / 30 × 10, T of November
        (0, 3, 2050),
        (1, 33, 2000),  # the rest of the full norm
        (1, 7, 2050),
    ]

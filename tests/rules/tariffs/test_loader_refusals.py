"""A data file with a fault is refused with its place; nothing is guessed."""

import re
import shutil
from pathlib import Path

import pytest

from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.errors import UnableToLoadLaw
from cmis.rules.tariffs.loader import DATA
from cmis.rules.tariffs.schema import LadderPrice

BREAKS = {
    "unknown key": ("qd_1279_2025.yaml", "currency: VND", "currency: VND\ncolor: red", "color"),
    "duplicate key": ("vat.yaml", "tax: VAT", "tax: VAT\ntax: VAT", "'tax' stands twice"),
    "missing reference": (
        "qd_1279_2025.yaml",
        "tariff_structure: QĐ 28/2014/QĐ-TTg (structure), ",
        "tariff_structure: ''\n  other: ",
        "text is expected",
    ),
    "missing key": ("qd_1279_2025.yaml", "issued: '2025-05-09'", "", "the key is missing"),
    "no sources": ("qd_1279_2025.yaml", "sources:", "sources: {}\nmore:", "must name its sources"),
    "overlap": (
        "qd_1279_2025.yaml",
        "effective_from: '2025-05-10'",
        "effective_from: '2025-05-09'",
        "overlaps the row before, which holds until 2025-05-09",
    ),
    "gap": (
        "qd_1279_2025.yaml",
        "effective_from: '2025-05-10'",
        "effective_from: '2025-05-11'",
        "leaves a gap after 2025-05-09",
    ),
    "VAT gap": ("vat.yaml", 'from: "2023-07-01"', 'from: "2023-07-02"', "leaves a gap"),
    "duplicate item": ("qd_1279_2025.yaml", "code: SX_110", "code: SX_6_22", "stands twice"),
    "float price": ("qd_1279_2025.yaml", "price: 2909", "price: 2909.5", "floating point"),
    "text price": ("qd_1279_2025.yaml", "price: 2909", "price: '2909'", "a whole number"),
    "two forms": ("qd_1279_2025.yaml", "price: 2909", "price: 2909\n  prices: {}", "exactly one"),
    "confidence": (
        "qd_1279_2025.yaml",
        "price: 2818",
        "price: 2818\n- code: SH\n  group: x\n  name_vi: x\n  confidence: sure\n  price: 1",
        "one of verified, single_source, unverified",
    ),
    "no English name": ("items.yaml", "  CHO: Wholesale to markets\n", "", "no English name"),
    "tier number": ("qd_1279_2025.yaml", "tier: 2", "tier: 3", "tier 2 is expected"),
    "norms of no ladder": (
        "qd_1279_2025.yaml",
        "norm_kwh_per_household_month: 50",
        "norm_kwh_per_household_month: 60",
        "no ladder in force",
    ),
    "hours overlap": ("tou_hours.yaml", "04:00-09:30", "03:00-09:30", "overlap or leave a gap"),
    "hours gap": ("tou_hours.yaml", "22:00-24:00", "22:00-23:59", "leave a gap"),
    "k table gap": (
        "reactive.yaml",
        '  - {cos_phi: "0.75", k: "20.00"}\n',
        "",
        "without gap or double row",
    ),
    "group overlap": ("price_groups.yaml", "group: SXBT", "group: SHBT", "overlaps another row"),
    "date": ("qd_1279_2025.yaml", "'2025-05-10'", "'10/05/2025'", "a day such as"),
    "not YAML": ("fees.yaml", "disconnect_reconnect:", "disconnect_reconnect: [", "fees.yaml"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_file_is_refused(name: str, tmp_path: Path) -> None:
    file_name, old, new, message = BREAKS[name]
    law = tmp_path / "law"
    shutil.copytree(DATA, law)
    text = (law / file_name).read_text(encoding="utf-8")
    assert old in text
    (law / file_name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UnableToLoadLaw, match=re.escape(message)) as failure:
        load_law(law)
    assert file_name in str(failure.value)
    assert failure.value.message("vi").startswith("LAW-001: Không đọc được dữ liệu pháp lý tại")


def test_a_file_nobody_knows_is_refused(tmp_path: Path) -> None:
    law = tmp_path / "law"
    shutil.copytree(DATA, law)
    (law / "surprise.yaml").write_text("a: 1\n", encoding="utf-8")
    with pytest.raises(UnableToLoadLaw, match=r"surprise\.yaml"):
        load_law(law)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    law = tmp_path / "law"
    shutil.copytree(DATA, law)
    (law / "vat.yaml").unlink()
    with pytest.raises(UnableToLoadLaw, match=r"vat\.yaml › periods"):
        load_law(law)


def test_a_new_decision_with_five_tiers_is_one_file(tmp_path: Path) -> None:
    """The five-tier ladder comes into force by its switch in tiers.yaml, prices by a new file."""
    law = tmp_path / "law"
    shutil.copytree(DATA, law)
    tiers = (law / "tiers.yaml").read_text(encoding="utf-8")
    (law / "tiers.yaml").write_text(
        tiers.replace("in_force: false", "in_force: true"), encoding="utf-8"
    )
    current = (law / "qd_1279_2025.yaml").read_text(encoding="utf-8")
    (law / "qd_1279_2025.yaml").write_text(
        current.replace("effective_to: null", "effective_to: '2026-12-31'"), encoding="utf-8"
    )
    head = current[: current.index("items:")].replace("1279/QĐ-BCT", "9001/QĐ-BCT")
    head = head.replace("effective_from: '2025-05-10'", "effective_from: '2027-01-01'")
    norms = ("100", "100", "200", "300", "null")
    ladder = "".join(
        f"  - {{tier: {tier}, norm_kwh_per_household_month: {norm}, price: {1900 + 100 * tier}}}\n"
        for tier, norm in enumerate(norms, start=1)
    )
    item = (
        "items:\n- code: SH\n  group: residential\n  name_vi: Sinh hoạt\n"
        f"  confidence: verified\n  tiers:\n{ladder}"
    )
    (law / "qd_9001_2027.yaml").write_text(head + item, encoding="utf-8")
    loaded = load_law(law)
    assert loaded.digest != load_law().digest
    form = loaded.decision("9001").items["SH"].form
    assert form == LadderPrice((100, 100, 200, 300, None), (2000, 2100, 2200, 2300, 2400))

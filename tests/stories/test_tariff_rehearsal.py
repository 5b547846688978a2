"""A month is rated again under a new decision: people see what would change; nothing is written."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection

from cmis.interfaces.commands import tariffs
from cmis.journeys.rehearse_a_tariff import UnableToRehearse
from cmis.rules.tariffs.loader import DATA
from tests.stories.nights import House, outbound_row

pytestmark = pytest.mark.django_db


def rehearse(*words: str | Path) -> list[str]:
    """Run the command and give back every statement it sent that is not a reading one."""
    parser = argparse.ArgumentParser()
    tariffs.register(parser.add_subparsers())
    arguments = parser.parse_args(["tariffs", "rehearse", *map(str, words)])
    writing: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.lstrip().upper().startswith(("SELECT", "DECLARE", "CLOSE", "FETCH")):
            writing.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        assert arguments.func(arguments) == 0
    return writing


def test_a_new_tier_price_before_it_is_decided(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house.bill_all(
        (outbound_row(1, old=4100, before_kwh=270), 4375),
        (outbound_row(2, old=100, before_kwh=40), 145),
    )
    draft = tmp_path / "new.yaml"
    text = (DATA / "qd_1279_2025.yaml").read_text(encoding="utf-8")
    assert text.count("price: 2380") == 1
    draft.write_text(text.replace("price: 2380", "price: 2480"), encoding="utf-8")
    page, workbook = tmp_path / "r.html", tmp_path / "r.xlsx"
    capsys.readouterr()

    written = rehearse(
        draft, "--period", "2026-7", "--threshold", "1", "--html", page, "--xlsx", workbook
    )

    assert written == []
    out = capsys.readouterr().out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "Hóa đơn 2" in lines
    assert "Thay đổi (đ) 10.800" in lines  # 100 kWh × 100 đ and 8 % VAT
    assert "SH 3 giá 1 10.800 PX01000000001001-26071" in lines
    assert "PX01000000001001-26071 PX01000000001 717.714 728.514 10.800" in lines
    assert "728.514" in page.read_text(encoding="utf-8")
    sheets = openpyxl.load_workbook(workbook)
    assert sheets.sheetnames == ["sums", "revenue", "distribution", "differences", "above"]
    assert [cell.value for cell in sheets["above"][2]] == [
        "PX01000000001001-26071", "PX01000000001", 717_714, 728_514, 10_800
    ]  # fmt: skip


def test_a_month_without_bills_cannot_be_rehearsed() -> None:
    with pytest.raises(UnableToRehearse, match="01/2020"):
        rehearse(DATA / "qd_1279_2025.yaml", "--period", "2020-1")

"""The limits are dated data."""

from datetime import date

import pytest

from cmis.rules.tariffs.errors import UnableToLoadLaw
from cmis.rules.vee.limits import (
    DATA,
    PriceClass,
    UnableToFindLimits,
    bill_limits_for,
    limits_for,
    load_limits,
)


def test_price_classes_differ_where_the_file_says_so() -> None:
    day = date(2026, 7, 1)
    assert [limits_for(kind, on=day).soft_kwh for kind in PriceClass] == [50, 500, 300, 300]
    assert [limits_for(kind, on=day).over_percent for kind in PriceClass] == [130] * 4
    assert bill_limits_for(PriceClass.PRODUCTION, on=day).huge_vnd == 1_000_000_000
    assert limits_for(PriceClass.HOUSEHOLD, on=day).escalation_percents == (300, 400, 1000)


def test_before_the_first_version_there_is_none() -> None:
    assert limits_for(PriceClass.HOUSEHOLD, on=date(2020, 7, 1)).hard_percent == 300
    with pytest.raises(UnableToFindLimits):
        limits_for(PriceClass.HOUSEHOLD, on=date(2020, 6, 30))


def test_a_limit_nobody_knows_is_refused(tmp_path) -> None:
    broken = tmp_path / "limits.yaml"
    text = DATA.read_text(encoding="utf-8")
    broken.write_text(text.replace("soft_kwh: 50 ", "softer_kwh: 50 "), encoding="utf-8")
    with pytest.raises(UnableToLoadLaw, match="soft_kwh"):
        load_limits(broken)

"""Amounts, energy and days as the pages show them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from cmis.interfaces.ui import formatting
from cmis.kernel.period import BillingMonth, Period


@pytest.mark.parametrize(
    ("expression", "vi", "en"),
    [
        ("717714|vnd", "717.714 đ", "717,714 đ"),
        ("0|vnd", "0 đ", "0 đ"),
        ("refund|vnd", "-53.164 đ", "-53,164 đ"),
        ("None|vnd", "–", "–"),
        ("1234|kwh", "1.234 kWh", "1,234 kWh"),
        ("precise|kwh", "1.234,5 kWh", "1,234.5 kWh"),
        ("hundred|kwh", "100 kWh", "100 kWh"),
        ("1234567|number", "1.234.567", "1,234,567"),
        ("day|vn_date", "05/11/2026", "05/11/2026"),
        ("evening|vn_date", "14/07/2026", "14/07/2026"),
        ("evening|vn_datetime", "01:20 14/07/2026", "01:20 14/07/2026"),
        ("day|vn_datetime", "05/11/2026", "05/11/2026"),
        ("None|vn_date", "–", "–"),
        ("span|period", "01/07/2026 – 31/07/2026", "01/07/2026 – 31/07/2026"),
        ("month|billing_month", "kỳ 1 tháng 7/2026", "cycle 1 of 7/2026"),
    ],
)
def test_filters_in_both_languages(expression: str, vi: str, en: str) -> None:
    context = {
        "refund": -53164,
        "precise": Decimal("1234.50"),
        "hundred": Decimal("1E+2"),
        "day": date(2026, 11, 5),
        # 18:20 UTC is already the next day in Vietnam.
        "evening": datetime(2026, 7, 13, 18, 20, tzinfo=UTC),
        "span": Period(date(2026, 7, 1), date(2026, 8, 1)),
        "month": BillingMonth(2026, 7, 1),
    }
    page = Template(f"{{% load ui %}}{{{{ {expression} }}}}")
    for language, expected in (("vi", vi), ("en", en)):
        with translation.override(language):
            assert page.render(Context(context)) == expected


@pytest.mark.parametrize("wrong", [717714.0, True, "717714", Decimal("0.5")])
def test_money_that_is_not_whole_dong_is_refused_loudly(wrong: object) -> None:
    with pytest.raises(TypeError):
        formatting.vnd(wrong)  # type: ignore[arg-type]


def test_what_a_table_sorts_by_is_free_of_language() -> None:
    assert formatting.sort_value(1234567) == "1234567"
    assert formatting.sort_value(date(2026, 11, 5)) == "2026-11-05"
    assert formatting.sort_value(None) == ""

"""Form fields that read what people type."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from cmis.interfaces.ui.fields import DayField, VndField


@pytest.mark.parametrize(
    "text", ["05/11/2026", "5/11/2026", "05-11-2026", "05.11.2026", "2026-11-05"]
)
def test_a_day_is_read_day_first(text: str) -> None:
    assert DayField().clean(text) == date(2026, 11, 5)


@pytest.mark.parametrize("text", ["31/02/2026", "11/25/2026", "05/11", "hôm nay"])
def test_a_day_that_does_not_exist_is_refused_with_an_example(text: str) -> None:
    with translation.override("vi"), pytest.raises(ValidationError) as refused:
        DayField().clean(text)
    assert refused.value.messages == [
        "Hãy nhập ngày đúng theo dạng ngày/tháng/năm, ví dụ 05/11/2026."
    ]


@pytest.mark.parametrize(
    ("text", "amount_vnd"),
    [
        ("1.250.000", 1_250_000),
        ("1,250,000 đ", 1_250_000),
        ("1250000", 1_250_000),
        ("1 250 000", 1_250_000),
        (" 0 ", 0),
    ],
)
def test_an_amount_is_read_with_or_without_grouping(text: str, amount_vnd: int) -> None:
    assert VndField().clean(text) == amount_vnd


@pytest.mark.parametrize("text", ["12.50", "1.250,000", "1.25.000", "-5", "abc", "1e6", "٣"])
def test_a_doubtful_amount_is_refused_rather_than_guessed(text: str) -> None:
    with pytest.raises(ValidationError):
        VndField().clean(text)


def test_an_amount_left_out() -> None:
    assert VndField(required=False).clean("") is None
    with pytest.raises(ValidationError):
        VndField().clean("")

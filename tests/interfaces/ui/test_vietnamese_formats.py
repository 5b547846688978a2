"""Days and numbers as Vietnam writes them: the traps of Django's own ``vi`` locale."""

from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format, number_format


class DayForm(forms.Form):
    day = forms.DateField()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_fifth_of_november_is_never_the_eleventh_of_may(language: str) -> None:
    with translation.override(language):
        form = DayForm({"day": "05/11/2026"})
        assert form.is_valid()
        assert form.cleaned_data["day"] == date(2026, 11, 5)
        assert date_format(date(2026, 11, 5)) == "05/11/2026"
        assert date_format(date(2026, 11, 5), "SHORT_DATE_FORMAT") == "05/11/2026"


def test_a_day_that_only_the_american_order_could_read_is_refused() -> None:
    with translation.override("en"):
        assert not DayForm({"day": "11/25/2026"}).is_valid()


@pytest.mark.parametrize(("language", "shown"), [("vi", "1.234.567"), ("en", "1,234,567")])
def test_thousands_are_grouped_without_being_asked(language: str, shown: str) -> None:
    with translation.override(language):
        assert number_format(1234567) == shown
        assert Template("{{ n }}").render(Context({"n": 1234567})) == shown


def test_the_decimal_mark_is_a_comma_in_vietnamese() -> None:
    with translation.override("vi"):
        assert number_format("1234.5", decimal_pos=1, force_grouping=True) == "1.234,5"

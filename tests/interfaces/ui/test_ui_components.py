"""What the component tags write: meaning for screen readers, and no text that could become HTML."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from lxml import html

from cmis.interfaces.ui.charts import Bar
from cmis.interfaces.ui.fields import DayField

HOSTILE = '<img src=x onerror="go()">'


def render(source: str, **context: Any) -> html.HtmlElement:
    with translation.override("vi"):
        text = Template("{% load i18n ui %}" + source).render(Context(context))
    return html.fragment_fromstring(text, create_parent="div")


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(
    "source",
    [
        "{% heading x caption=x %}",
        "{% identity_bar x code=x facts=pairs status=x %}",
        "{% status_tag x %}",
        "{% banner x title=x %}",
        "{% button x %}",
        "{% button x href=x %}",
        "{% summary_list rows %}",
        "{% empty_state x hint=x url=x action=x %}",
        "{% tabs items %}",
        "{% nav items %}",
        "{% task_list items %}",
        "{% timeline items %}",
        "{% stat_card x x hint=x url=x %}",
        "{% bars pairs_of_numbers caption=x %}",
        "{% steps items %}",
        '{% step_cell "done" 1 url=x label=x %}',
        "{% progress x x 1 2 url=x note=x %}",
        "{% search_box action=x label=x value=x %}",
        "{% export_links xlsx=x csv=x %}",
        "{% th x %}{% td x link=x %}",
        "{% table id=x caption=x filter=x xlsx=x %}{% endtable %}",
        "{% details summary=x %}{{ x }}{% enddetails %}",
        "{% panel title=x %}{{ x }}{% endpanel %}",
        "{% inset %}{{ x }}{% endinset %}",
        "{% confirm id=x title=x yes=x name=x value=x %}{{ x }}{% endconfirm %}",
        "{% icon 'check' label=x %}",
        "{% breadcrumbs pairs %}",
    ],
)
def test_a_hostile_name_stays_text(source: str) -> None:
    thing = {
        "label": HOSTILE,
        "title": HOSTILE,
        "url": HOSTILE,
        "text": HOSTILE,
        "who": HOSTILE,
        "status": HOSTILE,
        "hint": HOSTILE,
        "note": HOSTILE,
        "tag": HOSTILE,
        "state": "done",
        "at": date(2026, 7, 13),
    }
    page = render(
        source,
        x=HOSTILE,
        pairs=[(HOSTILE, HOSTILE)],
        rows=[(HOSTILE, HOSTILE, HOSTILE)],
        pairs_of_numbers=[(HOSTILE, 5)],
        items=[thing],
    )
    assert page.xpath(".//img") == []
    assert page.xpath(".//@onerror") == []
    assert HOSTILE in page.text_content() + "".join(page.xpath(".//@*"))


def test_cells_are_typed() -> None:
    page = render(
        '<table><tr>{% th "Tiền" "vnd" %}{% th "Bước" sort=False %}</tr><tr>'
        '{% td amount "vnd" %}{% td code link="/b/1" head=True %}{% td nothing "kwh" %}'
        "</tr></table>",
        amount=1_717_714,
        code="PX0100",
        nothing=None,
    )
    money_head, step_head, code = page.xpath(".//th")
    assert (money_head.get("data-sort"), money_head.get("class")) == ("number", "num")
    assert step_head.get("data-sort") is None
    money, nothing = page.xpath(".//td")
    assert (money.text, money.get("data-value"), money.get("class")) == (
        "1.717.714 đ",
        "1717714",
        "num",
    )
    assert (nothing.text, nothing.get("data-value")) == ("–", "")
    assert (code.get("scope"), code.find("a").get("href")) == ("row", "/b/1")
    assert code.find("a").get("data-row-link") is not None


def test_bars_carry_their_numbers_as_a_table() -> None:
    page = render(
        '{% bars rows caption="Sản lượng" kind="kwh" %}',
        rows=[Bar("6/2026", 1500), Bar("7/2026", 3000, now=True)],
    )
    assert page.xpath(".//rect[contains(@class, 'bar-fill')]/@width") == ["50.0%", "100.0%"]
    assert [words(row) for row in page.xpath(".//tbody/tr")] == [
        "6/20261.500 kWh",
        "7/20263.000 kWh",
    ]
    assert words(page.xpath(".//table/caption")[0]) == "Sản lượng"


def test_history_is_named_by_its_numbers() -> None:
    page = render("{% history_bars values 1275 %}", values=[1120, None])
    (picture,) = page.xpath(".//svg[@role='img']")
    assert picture.get("aria-label") == "Các kỳ trước: 1.120 kWh; –. Kỳ này: 1.275 kWh"
    assert picture.get("width") == "24"


def test_progress_polls_until_it_is_done() -> None:
    page = render('{% progress "run" "Tính tiền" 1250 2000 url="/run/1" %}')
    (bar,) = page.xpath(".//progress")
    assert (bar.get("value"), bar.get("max")) == ("1250", "2000")
    assert page.xpath("./div/@hx-get") == ["/run/1"]
    assert page.xpath("./div/@hx-trigger") == ["every 2s"]
    assert "1.250 / 2.000 · 62 %" in words(page)
    over = render('{% progress "run" "Tính tiền" 2000 2000 url="/run/1" %}')
    assert over.xpath("./div/@hx-get") == []
    assert "100 %" in words(render('{% progress "run" "Không có việc" 0 0 url="/run/1" %}'))


def test_a_step_is_told_by_words_not_only_color() -> None:
    page = render('{% step_cell "held" 1234 url="/board" label="Kiểm tra" %}')
    assert words(page) == "Kiểm tra: Đang giữ 1.234"
    with pytest.raises(KeyError):
        render('{% step_cell "sleeping" %}')


def test_pagination_keeps_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/books", {"q": "đào", "page": "6"})
    page = render(
        "{% pagination page %}", request=request, page=Paginator(range(20_000), 10).get_page(1500)
    )
    assert page.xpath(".//a[@rel='prev']/@href") == ["?q=%C4%91%C3%A0o&page=1499"]
    assert page.xpath(".//a[@rel='next']/@href") == ["?q=%C4%91%C3%A0o&page=1501"]
    assert words(page.xpath(".//a[@aria-current='page']")[0]) == "Trang 1500"
    single = render("{% pagination page %}", request=request, page=Paginator([1], 10).get_page(1))
    assert single.xpath(".//a") == []


class ReadingForm(forms.Form):
    day = DayField(label="Ngày ghi")
    channel = forms.ChoiceField(
        label="Kênh", widget=forms.RadioSelect, choices=[("a", "Thư"), ("b", "Tin")]
    )
    agreed = forms.BooleanField(label="Đồng ý")


def test_a_field_ties_hint_error_and_input_together() -> None:
    form = ReadingForm({"day": "31/02/2026"})
    page = render("{% error_summary form %}{% field form.day %}", form=form)
    (box,) = page.xpath(".//input")
    assert box.get("aria-describedby") == "id_day-hint id_day-error"
    assert box.get("aria-invalid") == "true"
    assert words(page.xpath(".//*[@id='id_day-hint']")[0]) == "Ví dụ: 05/11/2026"
    assert box.get("value") == "31/02/2026"
    assert page.xpath(".//label/@for") == [box.get("id")]
    (summary,) = page.xpath(".//*[@role='alert']")
    assert [link.get("href") for link in summary.xpath(".//a")] == [
        "#id_day",
        "#id_channel_0",
        "#id_agreed",
    ]


def test_choices_stand_in_a_named_group() -> None:
    page = render("{% field form.channel %}{% field form.agreed %}", form=ReadingForm())
    assert words(page.xpath(".//fieldset/legend")[0]) == "Kênh"
    assert len(page.xpath(".//fieldset//input[@type='radio']")) == 2
    assert page.xpath(".//input[@type='checkbox']/following-sibling::label/@for") == ["id_agreed"]
    assert page.xpath(".//*[@role='alert']") == []
    assert render("{% error_summary form %}", form=ReadingForm()).xpath(".//*") == []


def test_messages_of_the_framework_take_our_tones() -> None:
    page = render('{% banner "Hỏng" "error" %}{% banner "Được" "success" %}')
    assert [div.get("role") for div in page.xpath("./div")] == ["alert", "status"]
    assert "tone-danger" in page.xpath("./div/@class")[0]


def test_a_confirmation_carries_what_it_confirms() -> None:
    page = render(
        '{% confirm id="c" title="Hủy?" yes="Hủy" kind="danger" name="action" value="cancel" %}'
        "<p>Vì sao</p>{% endconfirm %}"
    )
    yes, no = page.xpath(".//dialog//button")
    assert (yes.get("name"), yes.get("value"), yes.get("form")) == ("action", "cancel", None)
    assert no.get("type") == "button"
    assert page.xpath(".//dialog/@aria-labelledby") == page.xpath(".//dialog/h2/@id")

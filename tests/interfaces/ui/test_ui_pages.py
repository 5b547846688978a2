"""The page frame, the language switch and the error pages, over HTTP."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import translation
from lxml import html

pytestmark = pytest.mark.urls("tests.interfaces.ui.style_page_urls")


@pytest.fixture(autouse=True)
def _language_is_left_as_found() -> Iterator[None]:
    # An error page leaves the language of its request active in this thread.
    with translation.override(translation.get_language()):
        yield


def page(client: Client, address: str, language: str = "vi") -> html.HtmlElement:
    client.cookies["django_language"] = language
    answer = client.get(address)
    return html.document_fromstring(answer.content.decode())


def test_the_style_page_in_both_languages(client: Client) -> None:
    for language, title in (("vi", "Bộ giao diện – CMIS"), ("en", "Style guide – CMIS")):
        document = page(client, "/ui/styleguide", language)
        assert document.get("lang") == language
        assert document.findtext(".//title") == title
        assert len(document.xpath("//h1")) == 1
        assert document.xpath("//a[@class='skip-link']/@href") == ["#main"]
        identifiers = document.xpath("//@id")
        assert len(identifiers) == len(set(identifiers))


def test_english_has_no_vietnamese_sentence_left(client: Client) -> None:
    document = page(client, "/ui/styleguide", "en")
    for samples in document.xpath("//script|//style|//td|//th[@scope='row']|//*[@lang='vi']"):
        samples.drop_tree()
    text = " ".join(document.xpath("//body")[0].itertext())
    left = set(re.findall(r"\w*[À-ÖØ-öø-ỹ]\w*", text))
    names = {"Nguyễn", "Thị", "Đào", "Trần", "Ổn", "Ngõ", "Thử", "Phường", "Mẫu", "Điện", "lực"}
    assert left <= names | {"đ", "đồng"}


def test_the_language_is_one_press_away_and_stays(client: Client) -> None:
    first = page(client, "/ui/styleguide?errors=1")
    (form,) = first.xpath("//form[@action='/ui/language']")
    assert form.xpath(".//button/@value") == ["en"]
    fields = dict(form.form_values()) | {"language": "en"}
    answer = client.post("/ui/language", fields)
    assert (answer.status_code, answer["location"]) == (302, "/ui/styleguide?errors=1")
    document = html.document_fromstring(client.get("/ui/styleguide").content.decode())
    assert document.get("lang") == "en"


def test_a_browser_in_another_language_still_opens_in_vietnamese(client: Client) -> None:
    answer = client.get("/ui/styleguide", headers={"accept-language": "en-US,en"})
    assert html.document_fromstring(answer.content.decode()).get("lang") == "vi"


def test_the_language_switch_never_leads_outside(client: Client) -> None:
    answer = client.post("/ui/language", {"language": "en", "next": "https://example.invalid/"})
    assert answer["location"] == "/"


def test_nothing_on_the_page_needs_an_unsafe_policy(client: Client) -> None:
    answer = client.get("/ui/styleguide")
    policy = answer["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    document = html.document_fromstring(answer.content.decode())
    assert document.xpath("//*[@style]") == []
    assert document.xpath("//script[not(@src)]") == []
    assert [a for a in document.xpath("//@*") if a.startswith(("http:", "https:", "//"))] == []


def test_every_asset_of_the_page_exists(client: Client) -> None:
    from django.contrib.staticfiles import finders

    document = page(client, "/ui/styleguide")
    addresses = document.xpath("//script/@src|//link/@href")
    assert len(addresses) >= 11
    prefix = django_settings.STATIC_URL
    missing = [a for a in addresses if not finders.find(a.removeprefix(prefix).split("?")[0])]
    assert missing == []


@pytest.mark.parametrize(
    ("language", "title", "what_next"),
    [
        ("vi", "Không tìm thấy trang", "Việc nên làm: Kiểm tra lại địa chỉ"),
        ("en", "Page not found", "What to do: Check the address"),
    ],
)
def test_an_unknown_address(client: Client, language: str, title: str, what_next: str) -> None:
    client.cookies["django_language"] = language
    answer = client.get("/nothing-here")
    document = html.document_fromstring(answer.content.decode())
    assert answer.status_code == 404
    assert document.get("lang") == language
    assert document.findtext(".//h1") == title
    assert what_next in " ".join(document.text_content().split())


@pytest.mark.parametrize(
    ("language", "title"), [("vi", "Hệ thống gặp lỗi"), ("en", "The system met an error")]
)
def test_a_bug_is_answered_with_a_next_step_and_no_detail(
    client: Client, language: str, title: str
) -> None:
    client.raise_request_exception = False
    client.cookies["django_language"] = language
    answer = client.get("/broken")
    document = html.document_fromstring(answer.content.decode())
    assert answer.status_code == 500
    assert document.findtext(".//h1") == title
    assert document.get("lang") == language
    assert "planted" not in answer.content.decode()


def test_a_form_without_its_token_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/form")
    assert answer.status_code == 403
    document = html.document_fromstring(answer.content.decode())
    assert document.findtext(".//h1") == "Biểu mẫu đã hết hạn"


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "403_csrf.html"])
def test_error_pages_need_neither_request_nor_database(name: str) -> None:
    from django.template.loader import render_to_string

    for language in ("vi", "en"):
        with translation.override(language):
            document = html.document_fromstring(render_to_string(name))
            assert document.get("lang") == language
            assert len(document.xpath("//h1")) == 1
            assert document.xpath("//main//strong")

"""The style page in Chromium: accessible, legible on a phone, usable by keyboard alone."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, Page
from waitress.server import create_server

from tools.screenshot import CHROMIUM, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists() and not os.environ.get("CI"),
        reason=f"NO BROWSER TEST RAN: {CHROMIUM} is missing; install the package chromium",
    ),
]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The style page served over HTTP from this process; it needs no database."""
    with override_settings(
        ROOT_URLCONF="tests.interfaces.ui.style_page_urls", STATIC_ROOT=None, DEBUG=False
    ):
        server = create_server(WSGIHandler(), host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page whose console stays silent: a blocked script or style is an error."""
    context = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(f"{site}/ui/styleguide")
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi-VN", "en-GB"])
def test_no_accessibility_violation(
    browser: Browser, site: str, width: int, scheme: str, language: str
) -> None:
    context = browser.new_context(
        locale=language, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    for address in ("/ui/styleguide?errors=1", "/nothing-here"):
        page.goto(site + address)
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
    context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_page_never_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_text_at_twice_the_size_still_fits(page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate("document.documentElement.classList.add('twice')")
    page.evaluate(
        "document.styleSheets[1].insertRule('html.twice { font-size: 200% }',"
        " document.styleSheets[1].cssRules.length)"
    )
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate("document.documentElement.scrollWidth") == 640


def test_controls_are_large_enough_for_a_finger(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    small = page.evaluate(
        """[...document.querySelectorAll(`.button, .input, .header a, .header button, .nav a,
             .tabs a, .pagination a`)].filter((e) => e.getClientRects().length)
           .filter((e) => e.getBoundingClientRect().height < 43.5)
           .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_vietnamese_is_set_in_the_vendored_font(page: Page) -> None:
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate(
        "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.weight).sort()"
    )
    assert loaded == ["400", "400", "700", "700"]


def test_search_rows_and_help_by_keyboard(page: Page) -> None:
    focus = "document.activeElement.textContent.trim()"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search-box"
    page.keyboard.type("j?")
    assert page.input_value("#search-box") == "j?"
    page.evaluate("document.activeElement.blur()")
    for _ in range(3):
        page.keyboard.press("j")
    third = page.evaluate(focus)
    page.keyboard.press("j")
    assert page.evaluate(focus) != third
    page.keyboard.press("k")
    assert page.evaluate(focus) == third
    page.keyboard.press("Shift+?")
    assert page.is_visible("#keyboard-help")
    assert "Cần xử lý" in page.locator("#keyboard-help td").all_inner_texts()
    page.keyboard.press("Escape")
    assert not page.is_visible("#keyboard-help")


def test_enter_opens_the_row_and_a_sequence_goes_to_a_page(page: Page) -> None:
    page.focus("#books tbody a")
    page.keyboard.press("Enter")
    assert page.url.endswith("#PX0100001")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("w")
    assert page.url.endswith("#work")


def test_shortcuts_can_be_switched_off_and_stay_off(page: Page) -> None:
    page.click("[data-opens=keyboard-help]")
    page.uncheck("#shortcuts-on")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search-box"
    page.click("[data-opens=keyboard-help]")
    assert not page.is_checked("#shortcuts-on")


def test_a_key_of_a_word_being_composed_is_no_command(page: Page) -> None:
    moved = page.evaluate(
        """() => {
          for (const isComposing of [true, false]) {
            document.body.dispatchEvent(new KeyboardEvent('keydown',
              { key: '/', code: 'Slash', bubbles: true, isComposing }));
            if (document.activeElement.id === 'search-box') return isComposing;
          }
        }"""
    )
    assert moved is False


def first_column(page: Page) -> list[str]:
    return page.locator("#books tbody tr:not([hidden]) th").all_inner_texts()


def test_the_table_sorts_numbers_as_numbers_and_names_as_vietnamese(page: Page) -> None:
    page.click("#books th:has-text('Tiền') button")
    # The book without an amount stays last in both directions.
    assert [code[-1] for code in first_column(page)] == ["5", "1", "4", "2", "3"]
    assert page.get_attribute("#books th:has-text('Tiền')", "aria-sort") == "ascending"
    page.click("#books th:has-text('Tiền') button")
    assert [code[-1] for code in first_column(page)] == ["2", "4", "1", "5", "3"]
    page.focus("#books th:has-text('Người ghi') button")
    page.keyboard.press("Enter")
    # Â is a letter of its own after A, and Đ one after D: Â, B, Đ, N, T.
    assert [code[-1] for code in first_column(page)] == ["3", "5", "1", "2", "4"]
    assert page.locator("#books [aria-sort]").count() == 1


def test_the_filter_needs_no_accents(page: Page) -> None:
    page.fill("#books-filter", "nguyen thi dao")
    page.wait_for_selector("text=Hiện 1 / 5 dòng")
    assert first_column(page) == ["PX0100002"]
    page.fill("#books-filter", "")
    page.wait_for_selector("#books tbody tr:nth-child(5):not([hidden])")
    assert len(first_column(page)) == 5


def test_the_theme_is_chosen_and_remembered(page: Page) -> None:
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.click("[data-theme-toggle]")
    page.click("[data-theme-toggle]")
    assert page.inner_text("[data-theme-name]") == "Giao diện: tối"
    assert page.evaluate(paper) == "rgb(15, 24, 29)"
    page.reload()
    assert page.evaluate(paper) == "rgb(15, 24, 29)"
    page.emulate_media(media="print")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"


def test_paper_shows_the_content_without_the_chrome(page: Page) -> None:
    page.emulate_media(media="print")
    assert not page.is_visible("header.header")
    assert not page.is_visible("footer.footer")
    assert not page.is_visible(".button")
    assert page.is_visible("h1")
    assert page.is_visible("#books")


def test_a_grave_action_is_asked_first(page: Page) -> None:
    page.click("text=Hủy hóa đơn >> nth=0")
    assert page.is_visible("#confirm-cancel")
    page.click("#confirm-cancel >> text=Không, quay lại")
    assert not page.is_visible("#confirm-cancel")


def test_progress_moves_on_without_a_reload(page: Page) -> None:
    assert page.get_attribute("#sample-run progress", "value") == "412"
    page.wait_for_selector("#sample-run progress[value='532']")


def test_everything_is_there_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/ui/styleguide")
    assert page.is_visible("#books")
    assert page.is_visible("text=717.714 đ >> nth=0")
    assert not page.is_visible("[data-theme-toggle]")
    page.click("text=English")
    assert page.inner_text("h1") == "Style guide"
    context.close()

"""The console in Chromium: accessible in both languages and themes, usable by keyboard alone."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waitress.server import create_server

from cmis.interfaces.console import desk
from cmis.modules.billing.models import Bill
from cmis.modules.reading.models import BookRow, ImportedFile, RowFinding
from cmis.modules.translog.models import Night
from tests.interfaces.console.conftest import CUSTOMER, NOON, build_the_office, seat
from tests.stories.reading_books import PASSWORD, WALK
from tools.screenshot import CHROMIUM, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists() and not os.environ.get("CI"),
        reason=f"NO BROWSER TEST RAN: {CHROMIUM} is missing; install the package chromium",
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django then takes it for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The office of the other tests, built once and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_the_office(tmp_path_factory.mktemp("console"))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def site(
    browser: Browser, built: None, db: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[str]:
    """The console over HTTP; the server works in the transaction of the test."""
    monkeypatch.setattr(desk, "now", NOON)
    settings.STATIC_ROOT = None
    settings.DEBUG = False
    pages, shared = WSGIHandler(), connections[DEFAULT_DB_ALIAS]

    def application(environ: Any, start_response: Any) -> Any:
        connections[DEFAULT_DB_ALIAS] = shared
        return pages(environ, start_response)

    shared.inc_thread_sharing()
    server = create_server(application, host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=10)
    shared.dec_thread_sharing()


def enter(browser: Browser, site: str, username: str, **options: Any) -> BrowserContext:
    """A browser context of somebody who is logged in."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
    session = seat(username).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return context


def addresses() -> list[str]:
    finding = RowFinding.objects.filter(state="open", severity="confirm").first()
    return [
        reverse("console:home"),
        reverse("console:board"),
        *(
            f"{reverse('console:period', kwargs={'code': WALK})}?part={part}"
            for part in ("rows", "files", "steps", "bills")
        ),
        reverse("console:file", kwargs={"file_id": ImportedFile.objects.get().pk}),
        reverse("console:findings"),
        reverse("console:finding", kwargs={"finding_id": finding.pk}),
        f"{reverse('console:approvals')}?gate=1",
        f"{reverse('console:approvals')}?gate=2",
        reverse("console:bill", kwargs={"bill_id": Bill.objects.get(state="held").pk}),
        reverse("console:runs"),
        reverse("console:run", kwargs={"night_id": Night.objects.get(date="2026-07-13").pk}),
        *(
            f"{reverse('console:customer', kwargs={'code': CUSTOMER})}?part={part}"
            for part in ("timeline", "bills", "readings", "messages")
        ),
        f"{reverse('console:search')}?q=PX0100",
        f"{reverse('console:search')}?q=nobody",
        reverse("console:profile"),
        reverse("console:upload"),
    ]


@pytest.mark.parametrize(
    ("username", "language", "scheme", "width"),
    [
        ("unit_head", "vi", "light", 1280),
        ("unit_head", "en", "dark", 360),
        ("reading_section", "vi", "dark", 1280),
        ("reading_section", "en", "light", 360),
    ],
)
def test_no_accessibility_violation_and_no_sideways_scroll(
    browser: Browser, site: str, username: str, language: str, scheme: str, width: int
) -> None:
    context = enter(browser, site, username, color_scheme=scheme)
    context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    for address in addresses():
        page.goto(site + address)
        results = Axe().run(page)
        assert results.violations_count == 0, address + results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    context.close()


def test_the_door_is_accessible_and_works_by_keyboard(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/console/board/")
    assert Axe().run(page).violations_count == 0
    page.focus("#id_username")
    page.keyboard.type("billing")
    page.keyboard.press("Tab")
    page.keyboard.type("sai")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-error-summary]")
    assert Axe().run(page).violations_count == 0
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/console/board/")
    context.close()


def state_of(point: str) -> str:
    return BookRow.objects.get(point__code=point).state


def focused_point(page: Page) -> str | None:
    return page.evaluate("document.activeElement.closest('[data-point]')?.dataset.point")


def test_the_queue_is_worked_off_by_keyboard(browser: Browser, site: str) -> None:
    context = enter(browser, site, "re_check")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{site}/console/findings/")
    outlier, unusual, stuck = (f"PX01000000{tail}001" for tail in ("305", "307", "308"))
    page.keyboard.press("j")
    assert focused_point(page) == outlier
    page.keyboard.press("j")
    assert focused_point(page) == unusual
    page.keyboard.press("k")
    page.keyboard.press("j")
    with page.expect_response("**/decide"):
        page.keyboard.press("a")
    expect(page.locator("[data-finding]")).to_have_count(2)
    expect(page.locator(f"[data-point={stuck}] [data-row-link]")).to_be_focused()
    assert state_of(unusual) == "confirmed"
    assert page.inner_text("[data-finding-count]") == "2"
    assert unusual in page.inner_text("[data-announce]")
    page.keyboard.press("s")
    expect(page.locator("[data-finding]")).to_have_count(1)
    assert state_of(stuck) == "open"
    # An outlier is not a clerk's to accept: the key does nothing but keep the focus there.
    page.keyboard.press("a")
    assert focused_point(page) == outlier
    page.keyboard.press("e")
    expect(page.locator("[data-finding]")).to_have_count(0)
    page.wait_for_selector("[data-findings-empty]:not([hidden])")
    assert state_of(outlier) == "confirmed"
    assert complaints == []
    context.close()


def test_a_refused_decision_says_why_in_its_card(browser: Browser, site: str) -> None:
    context = enter(browser, site, "re_check")
    page = context.new_page()
    page.goto(f"{site}/console/findings/")
    RowFinding.objects.filter(row__point__code="PX01000000308001").update(state="accepted")
    card = page.locator("[data-point=PX01000000308001]")
    card.locator("button[value=accept]").click()
    page.wait_for_selector("[data-point=PX01000000308001] [role=alert]")
    assert "READ-020" in card.inner_text()
    expect(card.locator("[data-row-link]")).to_be_focused()
    context.close()


def test_a_search_opens_a_customer_by_keyboard(browser: Browser, site: str) -> None:
    context = enter(browser, site, "care_agent")
    page = context.new_page()
    page.goto(f"{site}/console/")
    page.keyboard.press("/")
    page.keyboard.type("px 0100 0000 301")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/search?**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/customers/{CUSTOMER}/")
    context.close()


def test_the_queue_works_without_scripts(browser: Browser, site: str) -> None:
    context = enter(browser, site, "re_check", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/console/findings/?rule=STATE_NEEDS_CARE")
    page.click("[data-point=PX01000000308001] button[value=accept]")
    page.wait_for_url("**/console/findings/?rule=STATE_NEEDS_CARE")
    assert state_of("PX01000000308001") == "confirmed"
    context.close()

"""Prices, calculator and verifier in Chromium: no fault, no sideways scroll, no script needed."""

import os
import threading
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from waitress.server import create_server

from tools.screenshot import CHROMIUM, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists() and not os.environ.get("CI"),
        reason=f"NO BROWSER TEST RAN: {CHROMIUM} is missing; install the package chromium",
    ),
]
PAGES = (
    "/prices?decision=1279&against=2699",
    "/prices?decision=1062",
    "/prices?on=01/01/1999",
    "/calculator",
    "/calculator?kwh=275&first=01/05/2025&last=31/05/2025",
    "/calculator?kwh=-5&households=1/3&norms=days",
    "/verify/receipt",
)


@pytest.fixture(scope="module")
def site():
    """The public pages from this process; they need no database."""
    with override_settings(STATIC_ROOT=None, DEBUG=False):
        server = create_server(WSGIHandler(), host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_accessibility_violation_and_nothing_wider_than_the_screen(browser, site, width, scheme):
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}, locale="vi-VN"
    )
    page = context.new_page()
    for address in PAGES:
        page.goto(site + address)
        results = Axe().run(page)
        assert results.violations_count == 0, f"{address}: {results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") == width, address
    context.close()


def test_the_calculator_works_without_scripts_and_its_address_can_be_shared(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/calculator")
    page.fill("#kwh", "275")
    page.fill("#first", "01/06/2026")
    page.fill("#last", "30/06/2026")
    page.get_by_role("button", name="Tính tiền").click()
    assert "717.714 đ" in page.inner_text("main")
    shared = page.url
    context.close()
    other = browser.new_context()
    page = other.new_page()
    page.goto(shared)
    assert "717.714 đ" in page.inner_text("main")
    other.close()


def test_an_error_takes_the_focus_and_leads_to_its_field(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/calculator?kwh=-5")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Số kWh không thể âm.").click()
    assert page.evaluate("document.activeElement.id") == "kwh"
    context.close()


def test_paper_shows_the_prices_without_controls(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/prices?decision=1279")
    page.emulate_media(media="print")
    assert not page.is_visible("form .button")
    assert not page.is_visible("text=Tải CSV")
    assert page.is_visible("text=Quyết định 1279/QĐ-BCT")
    context.close()


def test_the_downloaded_verifier_checks_a_receipt_from_the_disk(browser, site, tmp_path):
    context = browser.new_context(accept_downloads=True, offline=False)
    page = context.new_page()
    page.goto(f"{site}/verify/receipt")
    saved = {}
    for name in ("verify_receipt.html", "prices.json"):
        selector = "a[download='prices.json']" if name == "prices.json" else f"a:has-text('{name}')"
        with page.expect_download() as download:
            page.click(selector)
        saved[name] = tmp_path / name
        download.value.save_as(saved[name])
    page.goto(f"{site}/calculator?kwh=275&first=01/06/2026&last=30/06/2026")
    with page.expect_download() as download:
        page.click("text=Tải biên nhận để tự kiểm tra")
    receipt = tmp_path / "receipt.json"
    download.value.save_as(receipt)
    context.set_offline(True)
    page.goto(saved["verify_receipt.html"].as_uri())
    page.set_input_files("#receipt", receipt)
    page.set_input_files("#prices", saved["prices.json"])
    page.wait_for_selector(".verdict.right")
    lie = tmp_path / "lie.json"
    lie.write_text(receipt.read_text().replace("717714", "717713"))
    page.set_input_files("#receipt", lie)
    page.wait_for_selector(".verdict.wrong")
    context.close()

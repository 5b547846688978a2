"""The portal in Chromium: typed log-in, no accessibility fault, no page wider than a phone.

The site is a real ``cmis serve`` with a state folder of its own; the log-in code is read from the
letter that it delivered there.
"""

import os
import re
import socket
import subprocess
import sys
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tools.screenshot import CHROMIUM, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists() and not os.environ.get("CI"),
        reason=f"NO BROWSER TEST RAN: {CHROMIUM} is missing; install the package chromium",
    ),
]
ROOT = Path(__file__).parents[2]
OWN, OWN_BILL = "PX01000000301", "PX01000000301001-26071"
PUBLIC = ("/", "/login", "/verify")
PERSONAL = ("/home", "/bills", f"/bills/{OWN_BILL}", "/readings", "/contact")
PREPARE = """
import sys, pathlib, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.interfaces.portal.conftest import prepare_books
prepare_books(pathlib.Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="module")
def site(home):
    """The address of the running portal after one night, at noon of the day of the invoices."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = os.environ | {
        "CMIS_HOME": str(home / "state"),
        "CMIS_CLOCK": "2026-07-31T12:00:00",
        "CMIS_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "cmis.project.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    subprocess.run([sys.executable, "-c", PREPARE, str(home)], env=settings, check=True)
    serve = [sys.executable, "-m", "cmis.interfaces.commands.main", "serve", "--port", str(port)]
    with subprocess.Popen(serve, env=settings, stdout=subprocess.DEVNULL) as server:
        wait_for(lambda: answers(port))
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def answers(port):
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition):
    """Other processes take their time; thirty seconds are more than they need."""
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("waited thirty seconds in vain")


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


def letters(home):
    return set((home / "state/outbox/email").glob("*"))


def code_in(letter):
    text = message_from_bytes(letter.read_bytes(), policy=policy.default).get_content()
    return re.findall(r"\b\d{6}\b", text)[-1]


def faults_of(page):
    """Violations found by axe, and how much wider than the screen the page is."""
    violations = Axe().run(page).response["violations"]
    too_wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [one["id"] for one in violations], too_wide


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_log_in_by_keyboard_and_every_page(browser, site, home, width, scheme):
    """One way through the portal, typed; each page without fault in both languages."""
    context = browser.new_context(
        locale="vi-VN", color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    for address in PUBLIC:
        page.goto(site + address)
        assert (address, *faults_of(page)) == (address, [], 0)
    before = letters(home)
    page.goto(f"{site}/login")
    page.focus("[name=customer_code]")
    page.keyboard.type(OWN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/code")
    assert faults_of(page) == ([], 0)
    wait_for(lambda: len(letters(home) - before) == 1)
    page.focus("[name=code]")
    page.keyboard.type(code_in((letters(home) - before).pop()))
    page.keyboard.press("Enter")
    page.wait_for_url("**/home")
    image = page.locator("img[src$='payment-code.svg']")
    assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    for language in ("vi", "en"):
        for address in PERSONAL:
            page.goto(site + address)
            assert page.locator("html").get_attribute("lang") == language
            assert (address, *faults_of(page)) == (address, [], 0)
        if language == "vi":
            page.click("button[name=language]")
    assert complaints == []
    context.close()

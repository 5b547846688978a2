"""The verifier as a page that needs no server: the same answers as the program, in Chromium."""

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from cmis.rules.rating.receipt import canonical, seal_of
from tests.rules.rating.receipt_mutations import INPUTS, PRICES, mutated, receipts
from tools.screenshot import CHROMIUM, chromium
from verifier import verify_receipt

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not Path(CHROMIUM).exists() and not os.environ.get("CI"),
        reason=f"NO BROWSER TEST RAN: {CHROMIUM} is missing; install the package chromium",
    ),
]
PAGE = Path(verify_receipt.__file__).with_name("verify_receipt.html")
BATCH = 500


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """The file as anybody opens it, offline; no request may leave it and nothing may fail in it."""
    with chromium() as browser:
        context = browser.new_context(offline=True, viewport={"width": 360, "height": 800})
        opened = context.new_page()
        seen: list[str] = []
        opened.on("console", lambda message: seen.append(message.text))
        opened.on("pageerror", lambda error: seen.append(str(error)))
        opened.on("request", lambda request: seen.append(request.url))
        opened.goto(PAGE.as_uri())
        opened.evaluate("text => { window.openPrices = parse(text); }", json.dumps(PRICES))
        yield opened
        context.close()
    assert seen == [PAGE.as_uri()]


def faults(page: Page, texts: list[str]) -> list[list[dict[str, Any]]]:
    """Faults of each receipt, by the page."""
    found: list[list[dict[str, Any]]] = []
    for start in range(0, len(texts), BATCH):
        found += page.evaluate(
            "texts => texts.map((text) => verify(text, window.openPrices).faults)",
            texts[start : start + BATCH],
        )
    return found


def test_the_page_confirms_every_receipt_that_the_program_confirms(page: Page) -> None:
    texts = receipts(400)
    assert len(texts) > 700
    wrong = [(text, found) for text, found in zip(texts, faults(page, texts), strict=True) if found]
    assert wrong == []


def test_ten_thousand_changed_fields_are_refused_by_both(page: Page) -> None:
    rng = random.Random(20260714)
    honest = receipts(60)
    lies, resealed = [], 0
    for number in range(10_000):
        values, field = mutated(rng.choice(honest), rng)
        if number % 2 and field not in INPUTS:
            values["seal"] = seal_of(values)
            resealed += 1
        lies.append(canonical(values))
    assert resealed > 1500
    refused = [bool(found) for found in faults(page, lies)]
    assert refused.count(True) == 10_000
    assert sum(bool(verify_receipt.verify(lie, PRICES)) for lie in lies) == 10_000


def test_a_lost_field_another_form_and_floats_are_refused(page: Page) -> None:
    text = receipts(5)[0]
    values = json.loads(text)
    shortened = [canonical({k: v for k, v in values.items() if k != key}) for key in values]
    others = [json.dumps(values), text + "x", text.replace('"days":', '"days":0.5,"x":'), "{", ""]
    assert all(faults(page, shortened + others))
    assert faults(page, [text + "\n"]) == [[]]


def test_people_see_the_lines_in_both_languages(page: Page, tmp_path: Path) -> None:
    text = receipts(5)[0]
    (tmp_path / "receipt.json").write_text(text, encoding="utf-8")
    (tmp_path / "prices.json").write_text(json.dumps(PRICES), encoding="utf-8")
    page.set_input_files("#receipt", tmp_path / "receipt.json")
    page.set_input_files("#prices", tmp_path / "prices.json")
    page.wait_for_selector(".verdict.right")
    values = json.loads(text)
    total = f"{values['total_vnd']:,}"
    assert "Tổng cộng" in page.inner_text("#result")
    assert total.replace(",", ".") in page.inner_text("#result")
    page.click("#language")
    assert page.get_attribute("html", "lang") == "en"
    assert total in page.inner_text("#result")
    assert page.inner_text(".verdict").startswith("RIGHT")
    report = Axe().run(page).response
    assert [violation["id"] for violation in report["violations"]] == []
    values["total_vnd"] += 1
    (tmp_path / "wrong.json").write_text(canonical(values), encoding="utf-8")
    page.set_input_files("#receipt", tmp_path / "wrong.json")
    page.wait_for_selector(".verdict.wrong")
    assert "total_vnd: the receipt says" in page.inner_text("#result")
    page.click("#language")
    assert page.inner_text(".verdict").startswith("SAI")


def test_the_page_is_one_file_without_addresses() -> None:
    source = PAGE.read_text(encoding="utf-8")
    assert "http://" not in source
    assert "https://" not in source
    assert "src=" not in source
    assert "default-src 'none'" in source

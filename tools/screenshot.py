"""Pictures of pages, to look at: each address at 360 and 1280 px, light and dark.

    python tools/screenshot.py --base http://127.0.0.1:8000 --out /tmp/pictures /ui/styleguide …

``--steps FILE`` logs in first; a line of the file is ``goto ADDRESS``, ``fill SELECTOR = TEXT``,
``click SELECTOR`` or ``key SELECTOR = KEY``. A console error, a broken content security policy or a
status of 400 and above ends the tool with exit 1 after all pictures are taken.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium without a window, and without talking to anybody."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def run_steps(page: Page, base: str, lines: list[str]) -> None:
    """Do what a steps file says, to log in."""
    for line in filter(None, (line.strip() for line in lines)):
        verb, _, rest = line.partition(" ")
        selector, _, text = (part.strip() for part in rest.partition(" = "))
        if verb == "goto":
            page.goto(base + rest)
        elif verb == "fill":
            page.fill(selector, text)
        elif verb == "click":
            page.click(selector)
            page.wait_for_load_state()
        elif verb == "key":
            page.press(selector, text)
        else:
            sys.exit(f"unknown step: {line}")


def file_name(address: str, width: int, scheme: str) -> str:
    stem = re.sub(r"[^0-9A-Za-z]+", "-", address).strip("-") or "home"
    return f"{stem}.{width}.{scheme}.png"


def picture(context: BrowserContext, url: str, path: Path) -> list[str]:
    """Take one full-page picture; returns what went wrong on the way."""
    faults: list[str] = []
    page = context.new_page()
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    response = page.goto(url)
    page.evaluate("document.fonts.ready")
    if response is None or response.status >= 400:
        faults.append(f"status {response.status if response else 'none'}")
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if overflow > 0:
        faults.append(f"the page is {overflow} px wider than the screen")
    page.screenshot(path=path, full_page=True)
    page.close()
    return [f"{path.name}: {fault}" for fault in faults]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("addresses", nargs="+", metavar="ADDRESS", help="path, as /console/")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=Path, help="log-in steps, one a line")
    parser.add_argument("--width", type=int, action="append", help="instead of 360 and 1280")
    parser.add_argument("--language", default="vi-VN")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    steps = given.steps.read_text(encoding="utf-8").splitlines() if given.steps else []
    faults: list[str] = []
    with chromium() as browser:
        state = None
        if steps:
            context = browser.new_context(locale=given.language)
            run_steps(context.new_page(), given.base, steps)
            state = context.storage_state()
            context.close()
        for width in given.width or WIDTHS:
            for scheme in SCHEMES:
                context = browser.new_context(
                    viewport={"width": width, "height": 800},
                    color_scheme=scheme,
                    locale=given.language,
                    storage_state=state,
                )
                for address in given.addresses:
                    path = given.out / file_name(address, width, scheme)
                    faults += picture(context, given.base + address, path)
                    print(path)
                context.close()
    for fault in faults:
        print(f"FAULT {fault}", file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()

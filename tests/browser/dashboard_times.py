"""Measure how long each page of the dashboard takes in a real browser, from the click to drawn.

Argument: a home with a published snapshot. The server is started anew: the first round of pages
meets nothing that was kept from before, the second one does. Prints one JSON object.
"""

import json
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.test_dashboard import PAGES, base, served
from tests.conftest import QUIET
from tests.support.services import chromium

SECONDS = 1000
DRAWN = """() => {
  const app = document.querySelector('.stApp');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-stale="true"]');
}"""


def seconds_to(page: Page, path: str, title: str, address: str) -> float:
    begun = time.perf_counter()
    page.goto(f"{address}/{path}")
    page.get_by_role("heading", name=title, exact=True).wait_for(timeout=60 * SECONDS)
    page.wait_for_function(DRAWN, timeout=60 * SECONDS)
    return round(time.perf_counter() - begun, 2)


def main(home: Path) -> None:
    with served(home) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        begun = time.perf_counter()
        page.goto(url)
        page.get_by_role("heading", name="Overview").wait_for(timeout=60 * SECONDS)
        page.wait_for_function(DRAWN, timeout=60 * SECONDS)
        measured = {"after_a_start": round(time.perf_counter() - begun, 2)}
        for round_name in ("first", "second"):
            measured[round_name] = {
                title: seconds_to(page, path, title, base(url)) for path, title in PAGES.items()
            }
        browser.close()
    sys.stdout.write(json.dumps(measured, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

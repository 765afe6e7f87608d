"""Measure how long each page of the dashboard takes in a real browser, from the click to drawn.

Argument: a home with a published snapshot. The server is started anew: the first round of pages
meets nothing that was kept from before, the second one does. Prints one JSON object: for each page
the seconds, and the processor seconds of server and browser together, which say what it costs on a
machine that has something else to do.
"""

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.browser.test_dashboard import PAGES, base, dashboard_of
from tests.conftest import QUIET
from tests.support.services import chromium

SECONDS = 1000
DRAWN = """() => {
  const app = document.querySelector('.stApp');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-stale="true"]');
}"""


def processor_seconds() -> float:
    """Return what the processes that were started here have spent until now."""
    spent = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent


def drawn(page: Page, address: str, title: str) -> dict[str, float]:
    begun, before = time.perf_counter(), processor_seconds()
    page.goto(address)
    page.get_by_role("heading", name=title, exact=True).wait_for(timeout=60 * SECONDS)
    page.wait_for_function(DRAWN, timeout=60 * SECONDS)
    return {
        "seconds": round(time.perf_counter() - begun, 2),
        "processor_seconds": round(processor_seconds() - before, 2),
    }


def main(home: Path) -> None:
    with dashboard_of(home) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        measured = {"after_a_start": drawn(page, url, "Overview")}
        for number in ("first", "second"):
            for path, title in PAGES.items():
                measured[f"{title}, {number}"] = drawn(page, f"{base(url)}/{path}", title)
        browser.close()
    sys.stdout.write(json.dumps(measured, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""What holds for every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from tests.support.command_line import c360
from tests.support.services import chromium

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def published_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home in which the daily run has run over a small sample; tests read it and do not write.

    All workers share one: who comes first makes it.
    """
    root = tmp_path_factory.getbasetemp()
    shared = root if worker_id == "master" else root.parent
    home = shared / "published" / "home"
    with FileLock(shared / "published.lock"):
        if not (shared / "published" / "done").exists():
            sample = ("--customers", "300", "--days", "1", "--end-date", "2026-06-30")
            assert c360(home, "sample", *sample).code == 0
            ran = c360(home, "run", "--as-of", "2026-07-01", C360_PARQUET="true")
            assert ran.code == 0, ran.output + ran.errors
            (shared / "published" / "done").touch()
    return home


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless browser, ended with the file that asked for it.

    Its event loop runs in this thread for as long as it is there: no other test may meet it.
    """
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium()), args=list(QUIET))
        yield running
        running.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files with whole runs first, so that no worker is left with one at the end."""
    long_files = {item.path for item in items if item.get_closest_marker("e2e")}
    items.sort(key=lambda item: item.path not in long_files)


@pytest.fixture(autouse=True)
def environment_as_it_was() -> Iterator[None]:
    """Take back what a verb sets for the tools it starts, so that no test sees another's home."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in before.items() if name.startswith("C360_")})

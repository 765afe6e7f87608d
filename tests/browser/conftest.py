"""A page, and the UI over a home in which the daily run has run."""

import sys

import pytest

from tests.support.command_line import environment_of
from tests.support.servers import free_port, served


@pytest.fixture(scope="session")
def home(published_home):
    return published_home


@pytest.fixture(scope="session")
def ui(home):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "orchestration.cli.main", "ui", "--port", str(port)]
    with served(command, environment=environment_of(home), url=f"{url}/server_info"):
        yield url


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    yield page
    page.close()

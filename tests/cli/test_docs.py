"""The pages that the links of Dagster's checks lead to."""

import threading
import urllib.request
from urllib.error import HTTPError

import pytest

from orchestration.cli.docs import server_of
from orchestration.settings import Settings
from tests.support.servers import free_port


@pytest.fixture
def address(home):
    folder = home / "docs" / "marts"
    folder.mkdir(parents=True)
    (folder / "customer_360.html").write_text("closed", encoding="utf-8")
    port = free_port()
    with server_of(home / "docs", "127.0.0.1", port) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}"
        server.shutdown()
        thread.join()


def test_link_of_a_gate_leads_to_its_page(address, monkeypatch):
    monkeypatch.setenv("C360_DOCS_ADDRESS", f"{address}/")
    link = Settings().docs_link("marts", "customer_360")
    with urllib.request.urlopen(link, timeout=10) as answer:
        assert (answer.headers["Content-Type"], answer.read()) == ("text/html", b"closed")


def test_nothing_outside_the_pages_is_shown(address, home):
    (home / "warehouse.duckdb").write_bytes(b"rows")
    with pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(f"{address}/../warehouse.duckdb", timeout=10)


def test_home_without_pages_is_told_how_they_are_made(c360):
    shown = c360("docs")
    assert (shown.exit_code, "`c360 run` makes them" in shown.output) == (1, True)

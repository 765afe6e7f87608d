"""Superset, as docs/superset starts it, on a snapshot while runs publish: a chart, in a browser.

Superset is as large as all the rest and cannot live in this environment: `docs/superset/install`
makes its own, and `C360_SUPERSET` names it. With `C360_RENEW_PICTURES` the picture in docs is
renewed as well.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

from orchestration.bench.many_customers import multiply_marts
from orchestration.bench.marked_runs import mark_marts, publish_run
from orchestration.publishing.published import current_snapshot
from orchestration.settings import PROJECT_DIR
from orchestration.warehouse import Warehouse
from tests.support.command_line import environment_of
from tests.support.servers import free_port, served
from tests.support.services import superset_environment

pytestmark = pytest.mark.browser
SECONDS = 1000
DOCS = PROJECT_DIR / "docs" / "superset"
PICTURE = PROJECT_DIR / "docs" / "pictures" / "superset.png"


@pytest.fixture(scope="module")
def company(published_home, tmp_path_factory):
    """A home of its own, whose marts are published anew by `run(number)`."""
    home = tmp_path_factory.mktemp("superset")
    warehouse = Warehouse(home / "warehouse.duckdb", home / "tmp", "1GB", 1)
    published = published_home / "serving" / "customer_360.duckdb"
    tables = multiply_marts(published.resolve(), warehouse, 1)
    mark_marts(warehouse)

    def run(number):
        publish_run(warehouse, home / "serving", tables, number)

    run(0)
    return home, run


@pytest.fixture(scope="module")
def superset(company):
    home, _ = company
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = environment_of(home, SUPERSET_ENVIRONMENT=str(superset_environment()))
    command = [str(DOCS / "start"), str(port)]
    with served(command, environment=settings, url=f"{url}/health", patience=300):
        yield url


def asked_for_the_chart(superset, home):
    command = [sys.executable, str(DOCS / "first_chart.py"), superset]
    return subprocess.Popen(
        [*command, str(home / "superset" / "password")], stdout=subprocess.PIPE, text=True
    )


def chart_of(asked):
    printed = asked.communicate(timeout=60)[0]
    assert asked.returncode == 0
    return json.loads(printed)


def revenue_by_country(home):
    stable = home / "serving" / "customer_360.duckdb"
    with duckdb.connect(str(stable), read_only=True) as snapshot:
        rows = snapshot.execute(
            "select country_code, sum(revenue_usd) from marts.customer_360 group by all"
        ).fetchall()
    return {country: float(revenue) for country, revenue in rows}


def test_a_chart_shows_what_the_snapshot_holds_and_the_next_run_too(company, superset):
    home, run = company
    for number in (1, 2):
        run(number)
        shown = chart_of(asked_for_the_chart(superset, home))
        assert shown["version"] == current_snapshot(home / "serving").version
        assert {
            row["country_code"]: pytest.approx(float(row["revenue_usd"]))
            for row in shown["figures"]
        } == revenue_by_country(home)


def test_superset_locks_no_run_out_and_no_run_locks_superset_out(company, superset):
    home, run = company
    for number in (3, 4):
        asked = asked_for_the_chart(superset, home)
        run(number)
        assert chart_of(asked)["figures"]


def test_a_person_sees_the_chart_in_a_browser_that_asks_nobody_else(
    company, superset, browser, tmp_path
):
    home, _ = company
    chart = chart_of(asked_for_the_chart(superset, home))["chart"]
    page = browser.new_page(viewport={"width": 1500, "height": 850})
    asked = []
    page.on("response", lambda response: asked.append(response.url))
    page.goto(f"{superset}/login/")
    page.get_by_label("Username").fill("admin")
    password = (home / "superset" / "password").read_text(encoding="utf-8").strip()
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/welcome/**", timeout=60 * SECONDS)
    page.goto(chart)
    expect(page.locator("canvas").first).to_be_visible(timeout=60 * SECONDS)
    page.wait_for_timeout(3 * SECONDS)
    picture = tmp_path / "superset.png"
    page.screenshot(path=picture)
    page.close()
    assert [url for url in asked if not url.startswith((superset, "data:", "blob:"))] == []
    assert picture.stat().st_size > 20_000
    if os.environ.get("C360_RENEW_PICTURES"):
        shutil.copy(picture, PICTURE)


def test_who_may_write_sql_reads_the_snapshot_and_no_file_beside_it(company, superset):
    home, _ = company
    sys.path.insert(0, str(DOCS))
    from first_chart import DATABASE, Superset

    password = Path(home / "superset" / "password").read_text(encoding="utf-8").strip()
    session = Superset(superset, password)
    database = session.found("database", "database_name", DATABASE)
    for sql in ("select * from read_text('/etc/hostname')", "drop table marts.customer_360"):
        asked = {"database_id": database, "sql": sql}
        with pytest.raises(OSError, match="HTTP Error"):
            session.ask("/sqllab/execute/", asked)
    assert revenue_by_country(home)

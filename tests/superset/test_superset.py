"""Superset, as docs/superset starts it, on a snapshot while runs publish: a chart, in a browser.

Superset is as large as all the rest and cannot live in this environment, so this is asked for:
`C360_SUPERSET=<its environment> uv run pytest tests/superset`; with `C360_RENEW_PICTURES` it also
renews the picture in docs.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect

from orchestration.bench.many_customers import multiply_marts
from orchestration.bench.marked_runs import mark_marts, publish_run
from orchestration.publishing.published import current_snapshot
from orchestration.settings import PROJECT_DIR
from orchestration.warehouse import Warehouse
from tests.browser.conftest import answers, free_port
from tests.support.command_line import environment_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        "C360_SUPERSET" not in os.environ, reason="C360_SUPERSET names no environment of Superset"
    ),
]
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
    process = subprocess.Popen(
        [str(DOCS / "start"), str(port)],
        env=environment_of(home, SUPERSET_ENVIRONMENT=os.environ["C360_SUPERSET"]),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 300
    while not answers(f"{url}/health"):
        assert time.monotonic() < deadline, "Superset did not come up in five minutes"
        assert process.poll() is None, "Superset ended by itself"
        time.sleep(1)
    yield url
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=60)


def chart_of(superset, home):
    asked = [sys.executable, str(DOCS / "first_chart.py"), superset]
    done = subprocess.run(
        [*asked, str(home / "superset" / "password")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


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
        shown = chart_of(superset, home)
        assert shown["version"] == current_snapshot(home / "serving").version
        assert {
            row["country_code"]: pytest.approx(float(row["revenue_usd"]))
            for row in shown["figures"]
        } == revenue_by_country(home)


def test_superset_locks_no_run_out_and_no_run_locks_superset_out(company, superset):
    home, run = company
    for number in range(3, 6):
        asking = subprocess.Popen(
            [
                sys.executable,
                str(DOCS / "first_chart.py"),
                superset,
                home / "superset" / "password",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        run(number)
        assert json.loads(asking.communicate(timeout=60)[0])["figures"]


def test_a_person_sees_the_chart_in_a_browser_that_asks_nobody_else(
    company, superset, browser, tmp_path
):
    home, _ = company
    chart = chart_of(superset, home)["chart"]
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

"""The clients of docs/bi.md on the marts of a whole run, while one run after another publishes."""

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from orchestration.bench.many_customers import multiply_marts
from orchestration.bench.marked_runs import mark_marts, publish_run
from orchestration.settings import PROJECT_DIR
from orchestration.warehouse import Warehouse
from tests.publishing.client_on_and_on import CLIENTS
from tests.support.services import need

RUNS = 5
TABLES = ("customer_360", "customer_timeline", "fct_orders", "fct_order_lines", "rpt_campaigns")


@pytest.fixture(scope="module")
def reports(published_home, tmp_path_factory):
    """What every client met while the marts of a whole run were published again and again."""
    need(find_spec("adbc_driver_manager"), "ADBC is not installed: uv sync --extra postgres")
    folder = tmp_path_factory.mktemp("clients")
    warehouse = Warehouse(folder / "warehouse.duckdb", folder / "tmp", "1GB", 1)
    published = published_home / "serving" / "customer_360.duckdb"
    multiply_marts(published.resolve(), warehouse, 1)
    mark_marts(warehouse)
    serving, stop = folder / "serving", folder / "stop"

    def run(number):
        publish_run(warehouse, serving, TABLES, number, has_parquet=True)

    run(0)
    readers = {
        client: subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.publishing.client_on_and_on",
                client,
                str(serving / "customer_360.duckdb"),
                str(stop),
            ],
            cwd=PROJECT_DIR,
            stdout=subprocess.PIPE,
            text=True,
        )
        for client in CLIENTS
    }
    for number in range(1, RUNS + 1):
        run(number)
    stop.touch()
    return {
        client: json.loads(reader.communicate(timeout=60)[0]) for client, reader in readers.items()
    }


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_meets_no_lock_and_no_mixture_and_sees_the_new_days(reports, client):
    report = reports[client]
    assert report["errors"] == []
    assert report["mixed"] == 0
    assert len(report["versions"]) >= 2

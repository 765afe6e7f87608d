import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.publishing.published import current_snapshot, list_snapshots
from orchestration.warehouse import Warehouse
from tests.publishing.conftest import build_marts
from tests.publishing.read_on_and_on import read_once

PROJECT_DIR = Path(__file__).parents[2]
CUSTOMERS = 20_000


def start(module: str, *arguments: object) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.publishing.{module}", *map(str, arguments)],
        cwd=PROJECT_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_readers_meet_no_error_and_no_mixture_while_twenty_versions_are_published(
    publish_marts, serving_dir, warehouse, tmp_path
):
    publish_marts(1)
    stable, stop = serving_dir / "customer_360.duckdb", tmp_path / "stop"
    readers = [start("read_on_and_on", stable, stop) for _ in range(3)]
    for run in range(2, 22):
        build_marts(warehouse, run)
        publish_marts(run)
        time.sleep(0.1)
    stop.touch()
    reports = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]

    assert [error for report in reports for error in report["errors"]] == []
    assert min(report["answers"] for report in reports) > 20
    assert len({version for report in reports for version in report["versions"]}) > 5


@pytest.fixture(scope="module")
def undisturbed_seconds(tmp_path_factory) -> float:
    """How long a publish takes on this machine today, in a process of its own."""
    folder = tmp_path_factory.mktemp("undisturbed")
    build_marts(Warehouse(folder / "warehouse.duckdb", folder / "tmp", "1GB", 1), 1, CUSTOMERS)
    process = start("publish_once", folder, 1, 0)
    process.stdout.readline()
    begun = time.perf_counter()
    process.communicate()
    return time.perf_counter() - begun


@pytest.mark.parametrize("percent", range(5, 115, 10))
def test_publish_killed_at_any_moment_leaves_the_old_or_the_new_snapshot_whole(
    publish_marts, serving_dir, warehouse, tmp_path, undisturbed_seconds, percent
):
    build_marts(warehouse, 1, CUSTOMERS)
    publish_marts(1)
    build_marts(warehouse, 2, CUSTOMERS)

    process = start("publish_once", tmp_path, 2, 0)
    process.stdout.readline()
    time.sleep(undisturbed_seconds * percent / 100)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert read_once(serving_dir / "customer_360.duckdb")[-1] in "12"
    publish_marts(2)
    assert read_once(serving_dir / "customer_360.duckdb")[-1] == "2"
    assert [snapshot.version[-1] for snapshot in list_snapshots(serving_dir)] == ["1", "2"]
    assert {path.name[0] for path in (serving_dir / "versions").iterdir()} == {"2"}


def test_disk_that_takes_no_more_leaves_the_old_snapshot_and_no_rubbish(
    publish_marts, serving_dir, warehouse, tmp_path
):
    publish_marts(1)
    build_marts(warehouse, 2, customers=200_000)

    process = start("publish_once", tmp_path, 2, 600_000)
    message = process.communicate()[1]

    assert process.returncode == 1
    assert "nothing was published, readers keep the snapshot they have" in message
    assert "Traceback" not in message
    assert current_snapshot(serving_dir).run_id == "run-1"
    assert [path.name for path in (serving_dir / "versions").iterdir()] == ["2026-11-22-000001"]

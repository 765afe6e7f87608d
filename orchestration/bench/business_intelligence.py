"""Measure readers of the snapshot while runs publish, and beside it readers of the bare file.

The marts are those of a published snapshot, every customer many times over. A run writes the marts
anew with its number in them, and publishes; readers are processes of their own.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.bench.many_customers import multiply_marts
from orchestration.bench.snapshot_reader import MARK, MARKED
from orchestration.publishing.snapshots import publish
from orchestration.publishing.versions import current_version, stable_path, switch
from orchestration.warehouse import Warehouse

FIRST_DAY = datetime(2026, 1, 1)  # noqa: DTZ001  moments in the warehouse are UTC without saying so
BARE_RUNS = 3
KILLS = 3


def bench_business_intelligence(
    snapshot: Path,
    folder: Path,
    *,
    customers: int,
    readers: int,
    runs: int,
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return the figures of `c360 bench bi`."""
    warehouse = Warehouse(folder / "warehouse.duckdb", folder / "tmp", "4GB", 2)
    tables = multiply_marts(snapshot, warehouse, customers)
    with warehouse.connect() as connection:
        for table in MARKED:
            connection.execute(f"alter table marts.{table} add column {MARK} integer")
        # The readers of the bare file ask the same questions.
        connection.execute("create schema about")
        connection.execute(
            "create table about.snapshot as select cast(? as timestamp) as as_of", [FIRST_DAY]
        )
    serving = folder / "serving"
    publish_run(warehouse, serving, tables, 0)
    progress("marts made and published: readers with nothing beside them")
    quiet = _with_readers(stable_path(serving), folder, 2, lambda: time.sleep(20))
    progress(f"{readers} readers through {runs} runs")
    seconds: list[float] = []

    def publish_all() -> None:
        for number in range(1, runs + 1):
            begun = time.perf_counter()
            publish_run(warehouse, serving, tables, number)
            seconds.append(time.perf_counter() - begun)

    busy = _with_readers(stable_path(serving), folder, readers, publish_all)
    progress("runs killed while they publish")
    broken = _kill_while_publishing(folder, tables, runs + 1)
    progress("the same readers on the bare file")
    bare = _with_readers(
        warehouse.path, folder, readers, lambda: _rewrite(warehouse, tables, BARE_RUNS)
    )
    return {
        "customers": customers,
        "readers": readers,
        "runs": runs,
        "answers": busy["answers"],
        "lock_errors": busy["locked"],
        "other_errors": busy["failed"],
        "mixed_versions": busy["mixed"],
        "broken_after_kills": broken,
        "p95_lookup_ms": _p95(quiet["lookup"]),
        "p95_dashboard_ms": _p95(quiet["dashboard"]),
        "p95_lookup_ms_during_runs": _p95(busy["lookup"]),
        "p95_dashboard_ms_during_runs": _p95(busy["dashboard"]),
        "switch_ms": _switch_ms(serving),
        "seconds_a_run": round(sum(seconds) / max(1, len(seconds)), 2),
        "bare_file_answers": bare["answers"],
        "bare_file_lock_errors": bare["locked"],
    }


def publish_run(warehouse: Warehouse, serving: Path, tables: Sequence[str], number: int) -> None:
    """Write the number of a run into the marts, and publish them."""
    with warehouse.connect() as connection:
        for table in MARKED:
            connection.execute(f"update marts.{table} set {MARK} = {number}")
    publish(
        warehouse,
        serving_dir=serving,
        run_id=f"bench-{number}",
        as_of=FIRST_DAY + timedelta(days=number),
        kept=3,
        tables=tables,
    )


def _rewrite(warehouse: Warehouse, tables: Sequence[str], times: int) -> None:
    """Do what a run does to the warehouse, without publishing; readers hold it at times."""
    for number in range(times):
        for _ in range(50):
            with suppress(duckdb.IOException, RuntimeError), warehouse.connect() as connection:
                for table in MARKED:
                    connection.execute(f"update marts.{table} set {MARK} = {1000 + number}")
                time.sleep(2)  # a run keeps the file for minutes
                break
            time.sleep(0.1)


def _with_readers(
    file: Path, folder: Path, readers: int, work: Callable[[], None]
) -> dict[str, Any]:
    """Do some work while readers ask, and return what they met."""
    stop = folder / "stop"
    stop.unlink(missing_ok=True)
    command = [sys.executable, "-m", "orchestration.bench.snapshot_reader", str(file), str(stop)]
    processes = [
        subprocess.Popen([*command, str(seed)], stdout=subprocess.PIPE, text=True)  # noqa: S603
        for seed in range(readers)
    ]
    try:
        work()
    finally:
        stop.touch()
        printed = [process.communicate()[0] for process in processes]
    reports = [json.loads(text) for text in printed]
    return {
        name: sum((report[name] for report in reports), start=[] if name in _LISTS else 0)
        for name in (*_LISTS, "answers", "locked", "mixed", "failed")
    }


_LISTS = ("lookup", "dashboard")


def _kill_while_publishing(folder: Path, tables: Sequence[str], number: int) -> int:
    """Kill runs in the middle of publishing; count how often readers then meet no whole day."""
    broken = 0
    serving = folder / "serving"
    command = [sys.executable, "-m", "orchestration.bench.publish_once", str(folder), *tables]
    for kill in range(KILLS):
        before = current_version(serving)
        process = subprocess.Popen([*command, str(number + kill)])  # noqa: S603
        preparing = serving / "versions"
        while process.poll() is None and not list(preparing.glob(".preparing-*")):
            time.sleep(0.02)
        time.sleep(0.3 * kill)
        process.kill()
        process.wait()
        try:
            with duckdb.connect(str(stable_path(serving)), read_only=True) as connection:
                connection.execute("select count(*) from marts.customer_360").fetchone()
            broken += current_version(serving) is None or before is None
        except duckdb.Error:
            broken += 1
    return broken


def _switch_ms(serving: Path) -> float:
    version = current_version(serving)
    if version is None:
        return 0.0
    begun = time.perf_counter()
    switch(serving, version)
    return round(1000 * (time.perf_counter() - begun), 1)


def _p95(seconds: Sequence[float]) -> float:
    ranked = sorted(seconds)
    return round(1000 * ranked[int(0.95 * (len(ranked) - 1))], 1) if ranked else 0.0

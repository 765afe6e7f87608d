"""Measure readers of the snapshot while runs publish, and beside it readers of the bare file.

The marts are those of a published snapshot, every customer many times over. A run writes the marts
anew with its number in them, and publishes; readers are processes of their own.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from orchestration.bench.many_customers import multiply_marts
from orchestration.bench.marked_runs import (
    bench_warehouse,
    mark_marts,
    publish_run,
    write_marks,
)
from orchestration.bench.marks import run_name
from orchestration.bench.publishing_mishaps import KILLED_AT, fill_the_disk, kill_while_publishing
from orchestration.bench.reader_crowd import Gathered, with_readers, wrong_answers
from orchestration.bench.snapshot_reader import LOOKUP, OPENING
from orchestration.publishing.versions import current_version, stable_path, switch
from orchestration.warehouse import Warehouse

BARE_RUNS = 3
BARE_SECONDS = 2  # a run keeps the file for minutes
FEW_READERS = 2
PAUSE_SECONDS = 1.0


class Runs:
    """Runs that publish one after the other, each version kept aside to be asked again later."""

    def __init__(self, folder: Path, tables: Sequence[str]) -> None:
        """Publish nothing yet."""
        self.versions: dict[str, Path] = {}
        self.seconds: list[float] = []
        self.publishing_seconds: list[float] = []
        self._tables = tables
        self._folder = folder
        self._kept = folder / "kept"
        self._kept.mkdir()

    def run_all(self, numbers: Iterable[int]) -> None:
        """Run one after the other."""
        for number in numbers:
            self.run(number)

    def run(self, number: int) -> None:
        """Compute and publish in a process of its own."""
        command = [sys.executable, "-m", "orchestration.bench.publish_once", str(self._folder)]
        done = subprocess.run(  # noqa: S603  the command is our own
            [*command, *self._tables, str(number)], check=True, stdout=subprocess.PIPE, text=True
        )
        printed = json.loads(done.stdout)
        self.seconds.append(printed["computing"] + printed["publishing"])
        self.publishing_seconds.append(printed["publishing"])
        copy = self._kept / f"{number}.duckdb"
        copy.hardlink_to(printed["file"])  # stays when the version is pruned
        self.versions[run_name(number)] = copy


def bench_business_intelligence(  # noqa: PLR0913  what is measured is the caller's
    snapshot: Path,
    folder: Path,
    *,
    customers: int,
    readers: int,
    runs: int,
    quiet_seconds: float,
    has_mishaps: bool,
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return the figures of `c360 bench bi`."""
    warehouse = bench_warehouse(folder)
    tables = multiply_marts(snapshot, warehouse, customers)
    mark_marts(warehouse)
    serving = folder / "serving"
    stable = stable_path(serving)
    made = Runs(folder, tables)
    made.run(0)
    progress("marts made and published: readers with nothing beside them")
    few = min(readers, FEW_READERS)
    crowd = partial(
        with_readers,
        stable,
        folder,
        readers=readers,
        pause=PAUSE_SECONDS if readers > FEW_READERS else 0.0,
    )
    quiet = crowd(work=lambda: time.sleep(quiet_seconds))
    progress(f"{readers} readers through {runs} runs")
    busy = crowd(work=lambda: made.run_all(range(1, runs + 1)))
    progress("every answer held against its version")
    wrong = wrong_answers(quiet.answers | busy.answers, made.versions)
    switch_ms, size = _switch_ms(serving), stable.stat().st_size
    mishaps: dict[str, Any] = {}
    if has_mishaps:
        mishaps = _mishaps(folder, tables, runs + 1, _mean(made.publishing_seconds), few, progress)
        progress("the same readers on the bare file")
        mishaps |= _on_the_bare_file(warehouse, folder, readers)
    return {
        "customers": customers,
        "readers": readers,
        "runs": runs,
        **_answered(quiet, busy, wrong),
        "switch_ms": switch_ms,
        "snapshot_mb": round(size / 1e6),
        "seconds_a_run": _mean(made.seconds),
        "seconds_publishing": _mean(made.publishing_seconds),
        **mishaps,
    }


def _answered(quiet: Gathered, busy: Gathered, wrong: int) -> dict[str, Any]:
    alone, beside = quiet.dashboard_ms(), busy.dashboard_ms()
    return {
        "answers": busy.counts["answers"],
        "lock_errors": busy.counts["locked"],
        "other_errors": busy.counts["failed"],
        "mixed_versions": busy.counts["mixed"] + wrong,
        "versions_read": len({run for run, _, _ in busy.answers}),
        "p95_opening_ms": quiet.opening_ms(),
        "p95_lookup_ms": quiet.lookup_ms(),
        "p95_dashboard_ms": max(alone.values(), default=0.0),
        "processor_ms_opening": quiet.processor_ms(OPENING),
        "processor_ms_lookup": quiet.processor_ms(LOOKUP),
        "processor_ms_a_question": quiet.processor_ms_a_question(),
        "p95_opening_ms_during_runs": busy.opening_ms(),
        "p95_lookup_ms_during_runs": busy.lookup_ms(),
        "p95_dashboard_ms_during_runs": max(beside.values(), default=0.0),
        "p95_ms_by_query": {
            name: {
                "alone": alone[name],
                "during_runs": beside.get(name, 0.0),
                "processor": quiet.processor_ms(name),
            }
            for name in alone
        },
    }


def _mishaps(  # noqa: PLR0913  where, what, how often and beside whom are all needed
    folder: Path,
    tables: Sequence[str],
    number: int,
    seconds: float,
    readers: int,
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Kill runs and fill the disk while readers ask; count what they noticed of it."""
    progress("runs killed while they publish")
    serving = folder / "serving"
    broken = 0

    def kill() -> None:
        nonlocal broken
        broken = kill_while_publishing(folder, tables, number, seconds)

    met = with_readers(
        stable_path(serving), folder, readers=readers, pause=PAUSE_SECONDS, work=kill
    )
    after = publish_run(bench_warehouse(folder), serving, tables, number + len(KILLED_AT))
    progress("a run that publishes on a full disk")
    disk = fill_the_disk(folder, tables, readers)
    return {
        "kills": len(KILLED_AT),
        "broken_after_kills": broken + met.errors + (not after.is_current),
        **(disk or {}),
    }


def _on_the_bare_file(warehouse: Warehouse, folder: Path, readers: int) -> dict[str, Any]:
    met = with_readers(
        warehouse.path,
        folder,
        readers=readers,
        pause=PAUSE_SECONDS,
        work=lambda: _rewrite(warehouse, BARE_RUNS),
        kept=1,  # otherwise they would lock the writer out for good
    )
    return {
        "bare_file_answers": met.counts["answers"],
        "bare_file_lock_errors": met.counts["locked"],
    }


def _rewrite(warehouse: Warehouse, times: int) -> None:
    """Do what a run does to the warehouse, without publishing; readers hold it at times."""
    for number in range(times):
        for _ in range(50):
            with suppress(duckdb.IOException, RuntimeError), warehouse.connect():
                write_marks(warehouse, 1000 + number)
                time.sleep(BARE_SECONDS)
                break
            time.sleep(0.1)


def _switch_ms(serving: Path) -> float:
    version = current_version(serving)
    if version is None:
        return 0.0
    begun = time.perf_counter()
    switch(serving, version)
    return round(1000 * (time.perf_counter() - begun), 1)


def _mean(seconds: Sequence[float]) -> float:
    return round(sum(seconds) / max(1, len(seconds)), 2)

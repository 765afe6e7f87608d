"""Let reader processes ask while something else happens, and gather what they met."""

import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.bench.snapshot_reader import (
    ALL,
    DASHBOARD,
    LOOKUP,
    OPENING,
    POLL_SECONDS,
    Signals,
    dashboard_answer,
    opened,
)

QUERIES_A_CONNECTION = 10  # as a pool would recycle it


@dataclass(frozen=True, slots=True)
class Gathered:
    """What all readers met together."""

    seconds: dict[str, list[float]]
    processor: dict[str, list[float]]
    answers: frozenset[tuple[str, str, str]]  # run, query, checksum
    counts: Counter[str]

    @property
    def errors(self) -> int:
        """How many questions were not answered, or not by one version."""
        return self.counts["locked"] + self.counts["failed"] + self.counts["mixed"]

    def lookup_ms(self) -> float:
        """95th percentile of a customer lookup, in milliseconds."""
        return p95_ms(self.seconds.get(LOOKUP, []))

    def opening_ms(self) -> float:
        """95th percentile of opening the file, in milliseconds."""
        return p95_ms(self.seconds.get(OPENING, []))

    def processor_ms(self, query: str) -> float:
        """Processor time of one question of a kind, in milliseconds, on the mean."""
        spent = self.processor.get(query, [])
        return round(1000 * sum(spent) / max(1, len(spent)), 1)

    def processor_ms_a_question(self) -> float:
        """The same for all that readers did, opening the file and checking answers included."""
        spent = sum(self.processor.get(ALL, []))
        return round(1000 * spent / max(1, self.counts["answers"]), 1)

    def dashboard_ms(self) -> dict[str, float]:
        """95th percentile of each dashboard query, in milliseconds."""
        names = (f"{page}.{name}" for page, name in DASHBOARD)
        return {name: p95_ms(self.seconds[name]) for name in names if name in self.seconds}


def with_readers(  # noqa: PLR0913  who reads what, how often, and beside which work
    file: Path,
    folder: Path,
    *,
    readers: int,
    pause: float,
    work: Callable[[], object],
    kept: int = QUERIES_A_CONNECTION,
) -> Gathered:
    """Do some work while readers ask, and return what they met; they begin together."""
    signals = Signals(folder / "signals")
    shutil.rmtree(signals.folder, ignore_errors=True)
    signals.folder.mkdir()
    command = [sys.executable, "-m", "orchestration.bench.snapshot_reader", str(file)]
    processes = [
        subprocess.Popen(  # noqa: S603  the command is our own
            [*command, str(signals.folder), str(seed), str(pause), str(kept)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(readers)
    ]
    try:
        _wait_till_ready(signals, processes)
        work()
    finally:
        signals.stop.touch()
        printed = [process.communicate()[0] for process in processes]
    return _together([json.loads(text) for text in printed])


def _wait_till_ready(signals: Signals, processes: Iterable[subprocess.Popen[str]]) -> None:
    """Let readers ask when each of them has begun or has ended."""
    for seed, process in enumerate(processes):
        while not signals.is_ready(seed).exists() and process.poll() is None:
            time.sleep(POLL_SECONDS)
    signals.start.touch()


def wrong_answers(answers: frozenset[tuple[str, str, str]], versions: dict[str, Path]) -> int:
    """Count distinct answers that are not what their version, asked alone and in peace, says."""
    wrong = 0
    for run, file in versions.items():
        given = {(query, checksum) for of, query, checksum in answers if of == run}
        with opened(str(file)) as connection:
            for query in sorted({query for query, _ in given}):
                page, name = query.split(".")
                right = (query, dashboard_answer(connection, page, name))
                wrong += len({pair for pair in given if pair[0] == query} - {right})
    return wrong + sum(1 for run, _, _ in answers if run not in versions)


def answers_whole(file: Path) -> bool:
    """Return whether a file can be opened and holds customers."""
    try:
        with opened(str(file)) as connection:
            row = connection.execute("select count(*) from marts.customer_360").fetchone()
    except duckdb.Error:
        return False
    return bool(row and row[0])


def p95_ms(seconds: Sequence[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    ranked = sorted(seconds)
    return round(1000 * ranked[int(0.95 * (len(ranked) - 1))], 1) if ranked else 0.0


def _together(reports: list[dict[str, Any]]) -> Gathered:
    seconds: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}
    answers: set[tuple[str, str, str]] = set()
    counts: Counter[str] = Counter()
    for report in reports:
        for known, kind in ((seconds, "seconds"), (processor, "processor")):
            for query, took in report[kind].items():
                known.setdefault(query, []).extend(took)
        answers |= {(run, query, checksum) for run, query, checksum in report["answers"]}
        counts.update(report["counts"])
    return Gathered(seconds, processor, frozenset(answers), counts)

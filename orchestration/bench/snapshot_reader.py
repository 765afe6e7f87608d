"""One reader process of `c360 bench bi`: query after query, and now and then a connection anew.

How long an answer took depends on who else computes; the processor time it cost hardly does, so
both are noted.

Arguments: the file to open, the folder of the signals, the seed, the seconds from one query to the
next, the queries that a connection is kept for. Prints one JSON object. Three tables carry the
number of the run that made them: they are compared when a connection is opened, and with every
customer. An answer to a dashboard query is handed on as a checksum with the run it is of, so that
it can be held against that version afterwards.
"""

import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.bench.marks import MARK, MARKED, run_name
from orchestration.dashboard.query_files import dashboard_sql

DASHBOARD = (
    ("overview", "headline"),
    ("overview", "last_days"),
    ("overview", "months"),
    ("overview", "states"),
    ("overview", "countries"),
    ("growth", "arrivals"),
    ("growth", "channels"),
    ("growth", "cohorts"),
    ("campaigns", "campaigns"),
    ("service", "waiting"),
)
RUN = "select run_id from about.snapshot"
MARKS = " union all ".join(f"(select {MARK} from marts.{table} limit 1)" for table in MARKED)
CUSTOMERS = "select customer_id from marts.customer_360 order by hash(customer_id) limit 1000"
PROFILE = dashboard_sql("customer", "profile")
LOOKUPS_BEFORE = 20
POLL_SECONDS = 0.05
LOOKUP = "lookup"
OPENING = "opening"
ALL = "all"  # that a reader has done, its checks of the answers included


@dataclass(frozen=True, slots=True)
class Signals:
    """Files by which a crowd of readers begins and ends together."""

    folder: Path

    @property
    def start(self) -> Path:
        """Appears when all are ready."""
        return self.folder / "start"

    @property
    def stop(self) -> Path:
        """Appears when all shall end."""
        return self.folder / "stop"

    def is_ready(self, seed: int) -> Path:
        """Return the file by which one reader says that it is ready."""
        return self.folder / f"ready-{seed}"


@dataclass(slots=True)
class Met:
    """What a reader met: seconds by query, distinct answers, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)  # seconds of one core
    answers: set[tuple[str, str, str]] = field(default_factory=set)  # run, query, checksum
    counts: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def timed(self, query: str) -> Iterator[None]:
        """Note how long the block takes, and what it costs."""
        begun, worked = time.perf_counter(), time.process_time()
        yield
        self.seconds.setdefault(query, []).append(time.perf_counter() - begun)
        self.processor.setdefault(query, []).append(time.process_time() - worked)


def opened(file: str) -> duckdb.DuckDBPyConnection:
    """Open a file as a reader does: one of many, so with one thread."""
    return duckdb.connect(file, read_only=True, config={"threads": 1})


def dashboard_answer(connection: duckdb.DuckDBPyConnection, page: str, name: str) -> str:
    """Return the checksum of the answer to one query of the dashboard."""
    rows = connection.execute(dashboard_sql(page, name)).fetchall()
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def run_of(connection: duckdb.DuckDBPyConnection, met: Met) -> str:
    """Return the run that made the version a connection opened; all its tables must be of it."""
    run = str((connection.execute(RUN).fetchone() or ("",))[0])
    marks = {mark for (mark,) in connection.execute(MARKS).fetchall()}
    met.counts["mixed"] += {run_name(mark) for mark in marks} != {run}
    return run


def ask(
    connection: duckdb.DuckDBPyConnection,
    run: str,
    dice: random.Random,
    customers: list[str],
    met: Met,
) -> None:
    """Ask one question of the version of a run; note how long it took, and what was answered."""
    is_lookup = dice.random() < 0.5
    page, name = DASHBOARD[dice.randrange(len(DASHBOARD))]
    known = {"customer_id": customers[dice.randrange(len(customers))]}
    query = LOOKUP if is_lookup else f"{page}.{name}"
    met.counts["answers"] += 1
    if not is_lookup:
        with met.timed(query):
            checksum = dashboard_answer(connection, page, name)
        met.answers.add((run, query, checksum))
        return
    with met.timed(query):
        row = connection.execute(PROFILE, known).fetchone()
    position = [column[0] for column in connection.description or ()].index(MARK)
    met.counts["mixed"] += row is not None and run_name(row[position]) != run


def first_customers(file: str, stop: Path, met: Met) -> list[str]:
    """Return whom to look up, with every question asked once and not counted.

    What the disk gives for the first time is not what readers wait for all day. A file that is
    locked is tried again.
    """
    while not stop.exists():
        try:
            with opened(file) as connection:
                for page, name in DASHBOARD:
                    dashboard_answer(connection, page, name)
                names = connection.execute(CUSTOMERS).fetchall()
                for known in names[:LOOKUPS_BEFORE]:
                    connection.execute(PROFILE, {"customer_id": known[0]}).fetchone()
                return [name for (name,) in names]
        except duckdb.Error:
            met.counts["locked"] += 1
            time.sleep(0.2)
    return [""]


def main(file: str, signals: Signals, seed: int, pause: float, kept: int) -> None:
    """Ask until told to stop, then print what happened."""
    dice = random.Random(seed)  # noqa: S311  nothing secret is drawn
    met, stop = Met(), signals.stop
    customers = first_customers(file, stop, met)
    signals.is_ready(seed).touch()
    while not signals.start.exists() and not stop.exists():
        time.sleep(POLL_SECONDS)
    time.sleep(dice.random() * pause)
    worked = time.process_time()
    while not stop.exists():
        try:
            with met.timed(OPENING):
                connection = opened(file)
            with connection:
                run = run_of(connection, met)
                for _ in range(kept):
                    begun = time.perf_counter()
                    ask(connection, run, dice, customers, met)
                    time.sleep(max(0.0, pause - (time.perf_counter() - begun)))
                    if stop.exists():
                        break
        except duckdb.Error as error:
            met.counts["locked" if "lock" in str(error).lower() else "failed"] += 1
            time.sleep(pause)
    met.processor[ALL] = [time.process_time() - worked]
    sys.stdout.write(
        json.dumps(
            {
                "seconds": met.seconds,
                "processor": met.processor,
                "answers": sorted(met.answers),
                "counts": met.counts,
            }
        )
    )


if __name__ == "__main__":
    _, place, signalled, seed, pause, kept = sys.argv
    main(place, Signals(Path(signalled)), int(seed), float(pause), int(kept))

"""`c360 bench over-time`: days of ids, undo sequences, explanations and costs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np

from orchestration.bench.over_time.conformed import write_conformed
from orchestration.bench.over_time.costs import costs
from orchestration.bench.over_time.explain_oracle import explain_faults
from orchestration.bench.over_time.thirty_days import START, Schedule, thirty_days
from orchestration.bench.over_time.undo_proof import prove_undo
from orchestration.bench.over_time.undo_stories import random_story
from orchestration.bench.over_time.whole_marts import whole_marts
from orchestration.bench.people import person_records_with_truth
from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters

PARTS = ("days", "undo", "explain", "costs", "marts")
_CUSTOMERS = 400  # of the homes in which whole marts are compared
_AT_ONCE = 2_000  # sequences that share a warehouse
_SEED = 4


def bench_over_time(  # noqa: PLR0913  an option each
    *,
    rows: int,
    sequences: int,
    sizes: Sequence[int],
    pairs: int,
    parts: Collection[str],
    environment: Mapping[str, str],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return the figures of the chosen parts."""
    found: dict[str, Any] = {}
    if "days" in parts:
        with duckdb.connect() as connection:
            found |= thirty_days(connection, records=rows, schedule=Schedule(), progress=progress)
    if "explain" in parts:
        progress("explaining pairs")
        found |= _explained(rows, pairs)
    if "undo" in parts:
        found |= undo_sequences(sequences, progress)
    if "marts" in parts:
        with TemporaryDirectory(prefix="c360-bench-") as folder:
            found |= whole_marts(
                Path(folder), customers=_CUSTOMERS, environment=environment, progress=progress
            )
    if "costs" in parts:
        found["costs"] = {f"{size:,}": costs(size, progress) for size in sizes}
    return found


def _explained(rows: int, pairs: int) -> dict[str, Any]:
    with duckdb.connect() as connection:
        write_conformed(connection, person_records_with_truth(rows))
        score_pairs(connection, as_of=START)
        build_clusters(connection, as_of=START)
        assign_customer_ids(connection, run_id="run", as_of=START)
        return explain_faults(connection, pairs)


def undo_sequences(sequences: int, progress: Callable[[str], None]) -> dict[str, Any]:
    """Return in how many of some random sequences anything is left of an undone error."""
    random = np.random.default_rng(_SEED)
    undos, wrong = 0, list[str]()
    for begun in range(0, sequences, _AT_ONCE):
        progress(f"undoing merges: sequence {begun:,} of {sequences:,}")
        count = min(_AT_ONCE, sequences - begun)
        found = prove_undo([random_story(random) for _ in range(count)])
        undos += found.undos
        wrong += found.mismatches
    return {"undo_sequences": sequences, "undone_merges": undos, "undo_mismatches": len(wrong)}

"""`c360 bench over-time`: thirty days of ids, undo sequences and costs, one after the other."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import duckdb
import numpy as np

from orchestration.bench.over_time.costs import costs
from orchestration.bench.over_time.thirty_days import Schedule, thirty_days
from orchestration.bench.over_time.undo_proof import prove_undo
from orchestration.bench.over_time.undo_stories import random_story

PARTS = ("days", "undo", "costs")
_AT_ONCE = 2_000  # sequences that share a warehouse
_SEED = 4


def bench_over_time(
    *,
    rows: int,
    sequences: int,
    sizes: Sequence[int],
    parts: Collection[str],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return the figures of the chosen parts."""
    found: dict[str, Any] = {}
    if "days" in parts:
        with duckdb.connect() as connection:
            found |= thirty_days(connection, records=rows, schedule=Schedule(), progress=progress)
    if "undo" in parts:
        found |= undo_sequences(sequences, progress)
    if "costs" in parts:
        found["costs"] = {f"{size:,}": costs(size, progress) for size in sizes}
    return found


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

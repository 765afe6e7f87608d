"""Time a suite on DuckDB against GX's own pandas batch, each in a process of its own.

Started as a module (`python -m orchestration.bench.gate_speed ENGINE PARQUET`) it runs one of the
two, and prints its seconds and its memory as JSON.
"""

import argparse
import json
import resource
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from orchestration.bench.measured import BenchmarkError, measure
from orchestration.gates.suites import Suite

AS_OF = datetime(2026, 6, 30)  # noqa: DTZ001 - naive UTC, as the warehouse keeps it
MEGABYTE_IN_KILOBYTES = 1024
EXPECTATIONS: tuple[dict[str, Any], ...] = (
    {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "id"}},
    {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}},
    {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "email", "regex": "@"}},
    {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "kind", "value_set": ["a", "b", "c"]},
    },
    {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": "amount", "min_value": 0, "max_value": 999},
    },
    {
        "type": "expect_column_value_lengths_to_be_between",
        "kwargs": {"column": "email", "min_value": 5, "max_value": 60},
    },
)
ROWS = """
    select 'K' || n as id, 'user' || n || '@example.com' as email,
        ['a', 'b', 'c'][1 + n % 3] as kind, (n % 1000)::double as amount
    from range({rows}) as numbers (n)
"""


def bench_speed(folder: Path, rows: int, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return seconds and added memory of both, and how they compare."""
    parquet = folder / f"rows_{rows}.parquet"
    duckdb.execute(f"copy ({ROWS.format(rows=rows)}) to '{parquet}' (format parquet)")
    figures: dict[str, Any] = {"rows": rows}
    for engine in ("duckdb", "pandas"):
        command = [sys.executable, "-m", "orchestration.bench.gate_speed", engine, str(parquet)]
        figures[engine] = measure(command, environment).printed
    ours, theirs = figures["duckdb"], figures["pandas"]
    figures["times_faster"] = round(theirs["seconds"] / ours["seconds"], 1)
    figures["memory_share"] = round(ours["added_mb"] / max(1, theirs["added_mb"]), 3)
    return figures


def on_duckdb(parquet: Path) -> float:
    """Return the seconds of our engine over a table of a warehouse; GX is imported already."""
    from orchestration.gates.relations import Batch
    from orchestration.gates.validation import validate

    warehouse = parquet.with_suffix(".duckdb")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"create or replace table rows as select * from '{parquet}'")
    expectations = tuple(
        {**each, "severity": "critical", "meta": {"why": "speed"}} for each in EXPECTATIONS
    )
    suite = Suite("main", "rows", warehouse, "main.rows", "x", "x", "x", ("id",), expectations)
    with duckdb.connect(str(warehouse), config={"memory_limit": "512MB"}) as connection:
        counted = connection.execute("select count(*) from rows").fetchall()[0][0]
        batch = Batch("main", "rows", ("id", "email", "kind", "amount"), int(counted))
        remember()
        started = perf_counter()
        judged = validate(suite, connection=connection, batch=batch, as_of=AS_OF)
        seconds = perf_counter() - started
    if not all(each.result.success for each in judged):
        raise BenchmarkError("the suite should hold on these rows")
    return seconds


def on_pandas(parquet: Path) -> float:
    """Return the seconds of GX's own pandas batch, loading the rows included."""
    import pandas

    from orchestration.gates.pandas_batch import holds_on_pandas

    remember()
    started = perf_counter()
    holds = holds_on_pandas(pandas.read_parquet(parquet), EXPECTATIONS)
    seconds = perf_counter() - started
    if not holds:
        raise BenchmarkError("the suite should hold on these rows")
    return seconds


_before: list[int] = []


def remember() -> None:
    """Remember the memory before the rows: what libraries take is not theirs."""
    _before.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> None:
    """Run one engine, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=("duckdb", "pandas"))
    parser.add_argument("parquet", type=Path)
    asked = parser.parse_args()
    seconds = (on_duckdb if asked.engine == "duckdb" else on_pandas)(asked.parquet)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    added = (peak - _before[0]) // MEGABYTE_IN_KILOBYTES
    sys.stdout.write(json.dumps({"seconds": round(seconds, 2), "added_mb": added}) + "\n")


if __name__ == "__main__":
    main()

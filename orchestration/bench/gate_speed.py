"""Time a suite on DuckDB against GX's own pandas batch, each in a process of its own.

Ours reads a table of a warehouse, pandas a Parquet file of the same rows: each what it would find.
Started as a module (`python -m orchestration.bench.gate_speed ENGINE PARQUET`) it runs one of the
two, and prints its seconds and its memory as JSON.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import duckdb

from orchestration.bench.measured import BenchmarkError, measure
from orchestration.gates.suites import Suite

AS_OF = datetime(2026, 6, 30)  # noqa: DTZ001 - naive UTC, as the warehouse keeps it
MEGABYTE_IN_KILOBYTES = 1024
MEMORY_LIMIT = "384MB"  # of our engine: what needs more is spilled
EXPECTATIONS: tuple[dict[str, Any], ...] = (
    {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "id"}},
    {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "email"}},
    {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "amount"}},
    {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}},
    {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": ["id", "kind"]}},
    {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "id", "regex": "^K\\d+$"}},
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
    {
        "type": "expect_column_mean_to_be_between",
        "kwargs": {"column": "amount", "min_value": 400, "max_value": 600},
    },
    {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}},
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
    # Here and not in the process that is measured: landing the rows is no part of a gate.
    with duckdb.connect(str(parquet.with_suffix(".duckdb"))) as connection:
        connection.execute(f"create or replace table rows as select * from '{parquet}'")
    figures: dict[str, Any] = {"rows": rows}
    for engine in ("duckdb", "pandas"):
        command = [sys.executable, "-m", "orchestration.bench.gate_speed", engine, str(parquet)]
        figures[engine] = measure(command, environment).printed
    ours, theirs = figures["duckdb"], figures["pandas"]
    figures["times_faster"] = round(theirs["seconds"] / ours["seconds"], 1)
    times_less = theirs["processor_seconds"] / ours["processor_seconds"]
    figures["times_less_processor_time"] = round(times_less, 1)
    figures["memory_share"] = round(ours["added_mb"] / max(1, theirs["added_mb"]), 3)
    return figures


def on_duckdb(parquet: Path) -> bool:
    """Say whether the suite holds by our engine."""
    from orchestration.gates.relations import Batch
    from orchestration.gates.validation import validate

    warehouse = parquet.with_suffix(".duckdb")
    expectations = tuple(
        {**each, "severity": "critical", "meta": {"why": "speed"}} for each in EXPECTATIONS
    )
    suite = Suite("main", "rows", warehouse, "main.rows", "x", "x", "x", ("id",), expectations)
    with duckdb.connect(str(warehouse), config={"memory_limit": MEMORY_LIMIT}) as connection:
        counted = connection.execute("select count(*) from rows").fetchall()[0][0]
        batch = Batch("main", "rows", ("id", "email", "kind", "amount"), int(counted))
        judged = validate(suite, connection=connection, batch=batch, as_of=AS_OF)
    return all(each.result.success for each in judged)


def on_pandas(parquet: Path) -> bool:
    """Say whether the suite holds by GX's own pandas batch, loading the rows included."""
    import pandas

    from orchestration.gates.pandas_batch import holds_on_pandas

    return holds_on_pandas(pandas.read_parquet(parquet), EXPECTATIONS)


def import_libraries() -> None:
    """Import what both need, so that neither its time nor its memory is counted."""
    import pandas
    import pyarrow.parquet

    import orchestration.gates.pandas_batch
    import orchestration.gates.validation

    del pandas, pyarrow, orchestration


def peak_memory_mb() -> int:
    """Return the peak memory of this program: `getrusage` would tell that of who started it."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // MEGABYTE_IN_KILOBYTES
    raise BenchmarkError("this system does not tell the peak memory of a program")


def main() -> None:
    """Run one engine, and print what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=("duckdb", "pandas"))
    parser.add_argument("parquet", type=Path)
    asked = parser.parse_args()
    import_libraries()
    before, started, spent = peak_memory_mb(), perf_counter(), process_time()
    holds = (on_duckdb if asked.engine == "duckdb" else on_pandas)(asked.parquet)
    took = {
        "seconds": round(perf_counter() - started, 2),
        "processor_seconds": round(process_time() - spent, 2),
        "added_mb": peak_memory_mb() - before,
    }
    if not holds:
        raise BenchmarkError("the suite should hold on these rows")
    sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    main()

"""Time `land` against DuckDB's own copy of the same file into a table of the same types.

    python -m tests.benchmarks.landing [--rows 1000000] [--rounds 3] [--dirty 0.001]

Prints one JSON object. Each figure is the best of the rounds, since other work on the machine only
ever adds time; processor seconds are given beside, since they hardly depend on it. `--dirty` spoils
that share of the birth dates, so that rows go to quarantine.
"""

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb

from orchestration.landing.contract import Contract
from orchestration.landing.door import land
from orchestration.warehouse import Warehouse

AS_OF = datetime.fromisoformat("2026-11-22")
TYPES = {
    "customer_no": "VARCHAR",
    "email": "VARCHAR",
    "first_name": "VARCHAR",
    "last_name": "VARCHAR",
    "birth_date": "DATE",
    "amount": "DECIMAL(18,2)",
    "quantity": "BIGINT",
    "updated_at": "TIMESTAMP",
    "is_active": "BOOLEAN",
}
CONTRACT_TYPES = {
    "VARCHAR": "text",
    "DATE": "date",
    "DECIMAL(18,2)": "decimal(18,2)",
    "BIGINT": "integer",
    "TIMESTAMP": "timestamp",
    "BOOLEAN": "boolean",
}


def contract() -> Contract:
    """Return the contract of the file that is timed."""
    columns = {
        name: {
            "type": CONTRACT_TYPES[kind],
            "required": name in ("customer_no", "updated_at"),
            "purpose": "analytics",
            "sensitivity": "none",
            "meaning": name,
        }
        for name, kind in TYPES.items()
    }
    return Contract.model_validate(
        {
            "source": "bench",
            "table": "customers",
            "description": "A large file",
            "owner": "team:customer-data",
            "location": {"files": "*.csv"},
            "format": {"type": "csv"},
            "delivery": "incremental",
            "key": ["customer_no"],
            "cursor": "updated_at",
            "freshness_hours": 24,
            "retention_days": 30,
            "columns": columns,
        }
    )


def write_file(path: Path, rows: int, dirty: float) -> None:
    """Write the file with DuckDB."""
    every = round(1 / dirty) if dirty else 0
    day = "cast(date '1950-01-01' + (i % 20000)::int as varchar)"
    spoiled = f"case when i % {every} = 7 then '31/31/1980' else {day} end" if every else day
    with duckdb.connect() as connection:
        connection.execute(
            f"""
            copy (
                select 'C' || lpad(i::varchar, 8, '0') as customer_no,
                    'user' || i || '@example.com' as email,
                    'First' || (i % 5000) as first_name, 'Last' || (i % 9000) as last_name,
                    {spoiled} as birth_date,
                    cast((i * 7 % 100000) / 100.0 as decimal(18, 2)) as amount,
                    i % 50 as quantity,
                    timestamp '2024-01-01' + interval (i) second as updated_at,
                    i % 2 = 0 as is_active
                from range({rows}) as numbers(i)
            ) to '{path}' (header, delimiter ',')
            """
        )


def copy_in(path: Path, home: Path) -> None:
    """Let DuckDB copy the file into a table, as the yardstick."""
    with duckdb.connect(str(home / "copy.duckdb"), config={"threads": 2}) as connection:
        columns = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
        connection.execute(f"create table customers ({columns})")
        connection.execute(f"copy customers from '{path}' (header, delimiter ',', ignore_errors)")


def create_as_select(path: Path, home: Path) -> None:
    """Let DuckDB create the table from its reader, as the other yardstick."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    with duckdb.connect(str(home / "select.duckdb"), config={"threads": 2}) as connection:
        connection.execute(
            f"create table customers as select * from read_csv('{path}', header = true, "
            f"columns = {{{columns}}}, ignore_errors = true)"
        )


def land_it(path: Path, home: Path, memory_limit: str = "6GB") -> None:
    """Land the file through the door."""
    land(
        contract(),
        warehouse=Warehouse(home / "warehouse.duckdb", home / "tmp", memory_limit, threads=2),
        inbox_dir=path.parent,
        landing_dir=home / "landing",
        run_id="bench",
        as_of=AS_OF,
    )


def best_of(rounds: int, work: Callable[[Path, Path], None], path: Path) -> tuple[float, float]:
    """Return the least wall and processor seconds of several rounds, each in an empty folder."""
    walls, processors = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as home:
            wall, processor = time.perf_counter(), time.process_time()
            work(path, Path(home))
            walls.append(time.perf_counter() - wall)
            processors.append(time.process_time() - processor)
    return min(walls), min(processors)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dirty", type=float, default=0.0)
    parser.add_argument("--memory-limit", default="6GB")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "customers.csv"
        write_file(path, options.rows, options.dirty)
        timed = {
            "copy": best_of(options.rounds, copy_in, path),
            "create_as_select": best_of(options.rounds, create_as_select, path),
            "land": best_of(
                options.rounds, partial(land_it, memory_limit=options.memory_limit), path
            ),
        }
        figures = {
            "rows": options.rows,
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "dirty_share": options.dirty,
            "seconds": {name: round(wall, 2) for name, (wall, _) in timed.items()},
            "cpu_seconds": {name: round(cpu, 2) for name, (_, cpu) in timed.items()},
            "ratio_to_copy": round(timed["land"][0] / timed["copy"][0], 2),
            "cpu_ratio_to_copy": round(timed["land"][1] / timed["copy"][1], 2),
            "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
        print(json.dumps(figures))  # noqa: T201 - a benchmark's only output
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

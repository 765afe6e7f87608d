"""Runs of `c360 bench bi`: each writes its number into the marts, and publishes them.

The number stands in every row of three tables, and money moves with it, so that an answer tells
which run it is of.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.bench.marks import MARK, MARKED, run_name
from orchestration.publishing.published import Snapshot
from orchestration.publishing.snapshots import publish
from orchestration.warehouse import Warehouse

FIRST_DAY = datetime(2026, 1, 1)  # noqa: DTZ001  moments in the warehouse are UTC without saying so
KEPT = 3


def mark_marts(warehouse: Warehouse) -> None:
    """Make room for the number, and let the warehouse answer the same questions as a snapshot."""
    with warehouse.connect() as connection:
        for table in MARKED:
            connection.execute(f"alter table marts.{table} add column {MARK} integer")
        connection.execute("create schema about")
        connection.execute(
            "create table about.snapshot as select cast(? as timestamp) as as_of, '' as run_id",
            [FIRST_DAY],
        )


def write_marks(warehouse: Warehouse, number: int) -> None:
    """Do what a run does to the marts: change every row."""
    with warehouse.connect() as connection:
        for table, more in MARKED.items():
            connection.execute(f"update marts.{table} set {MARK} = {number}{more}")


def publish_run(
    warehouse: Warehouse,
    serving: Path,
    tables: Sequence[str],
    number: int,
    *,
    has_parquet: bool = False,
) -> Snapshot:
    """Write the number of a run into the marts, and publish them as every run does."""
    write_marks(warehouse, number)
    return publish_marked(warehouse, serving, tables, number, has_parquet=has_parquet)


def publish_marked(
    warehouse: Warehouse,
    serving: Path,
    tables: Sequence[str],
    number: int,
    *,
    has_parquet: bool = False,
) -> Snapshot:
    """Publish marts that carry the number of a run."""
    return publish(
        warehouse,
        serving_dir=serving,
        run_id=run_name(number),
        as_of=FIRST_DAY + timedelta(days=number),
        kept=KEPT,
        tables=tables,
        has_parquet=has_parquet,
    )


def bench_warehouse(folder: Path) -> Warehouse:
    """Return the warehouse of a benchmark, with what a run may use."""
    return Warehouse(folder / "warehouse.duckdb", folder / "tmp", "4GB", 2)

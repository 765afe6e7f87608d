from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.publishing.documentation import Documentation
from orchestration.publishing.published import Snapshot
from orchestration.publishing.snapshots import publish
from orchestration.warehouse import Warehouse

AS_OF = datetime.fromisoformat("2026-11-22T03:00:00")
TABLES = ("customer_360", "customer_timeline")


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A warehouse whose marts were built for version 1."""
    warehouse = Warehouse(tmp_path / "warehouse.duckdb", tmp_path / "tmp", "1GB", 1)
    build_marts(warehouse, 1)
    return warehouse


@pytest.fixture
def serving_dir(tmp_path: Path) -> Path:
    return tmp_path / "serving"


@pytest.fixture
def publish_marts(warehouse: Warehouse, serving_dir: Path) -> Callable[..., Snapshot]:
    """Publish what the warehouse holds, as the run of that number would."""

    def publish_as(
        run: int,
        *,
        as_of: datetime = AS_OF,
        kept: int = 5,
        days_kept: int = 0,
        documentation: Documentation | None = None,
        has_parquet: bool = False,
    ) -> Snapshot:
        return publish(
            warehouse,
            serving_dir=serving_dir,
            run_id=f"run-{run}",
            as_of=as_of,
            kept=kept,
            days_kept=days_kept,
            tables=TABLES,
            documentation=documentation,
            has_parquet=has_parquet,
        )

    return publish_as


def build_marts(warehouse: Warehouse, generation: int, customers: int = 50) -> None:
    """Build two small marts of which every row carries the number of the generation."""
    with warehouse.connect() as connection:
        connection.execute(
            """
            create or replace table marts.customer_360 as
            select format('C{:05}', (number * 7919) % 100003) as customer_id, ? as generation
            from range(?) as numbers(number)
            """,
            [generation, customers],
        )
        connection.execute(
            """
            create or replace table marts.customer_timeline as
            select
                format('web_events:{:06}', number) as interaction_id,
                format('C{:05}', ((number % ?) * 7919) % 100003) as customer_id,
                timestamp '2026-01-01' + interval (number) minute as occurred_at,
                ? as generation
            from range(? * 3) as numbers(number)
            """,
            [customers, generation, customers],
        )


def record_gate(
    warehouse: Warehouse, *, run: int, layer: str, table: str, severity: str, success: bool
) -> None:
    """Note the result of one expectation, as the gates do."""
    with warehouse.connect() as connection:
        connection.execute(
            "create table if not exists quality.runs"
            " (run_id varchar, as_of timestamp, started_order bigint)"
        )
        connection.execute(
            """
            create table if not exists quality.gate_results (
                run_id varchar, layer varchar, table_name varchar, expectation_type varchar,
                column_name varchar, severity varchar, success boolean, rows_seen bigint,
                rows_failing bigint, failing_keys varchar, why varchar, as_of timestamp
            )
            """
        )
        connection.execute("insert into quality.runs values (?, ?, ?)", [f"run-{run}", AS_OF, run])
        connection.execute(
            "insert into quality.gate_results values (?, ?, ?, 'expect_x', null, ?, ?, 9, 1, "
            "'[\"C00001\"]', 'because', ?)",
            [f"run-{run}", layer, table, severity, success, AS_OF],
        )

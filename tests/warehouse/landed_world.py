"""Write landing tables by hand, as the door would have, and build the dbt project on them."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.landing.contract import Contract, load_contracts
from orchestration.landing.folding import ensure_folded_table
from orchestration.settings import PACKAGE_DIR, PROJECT_DIR

AS_OF = datetime(2026, 6, 30, 6, 0)  # noqa: DTZ001  UTC without a zone, as the warehouse keeps it
DBT_PROJECT = PROJECT_DIR / "dbt_project"
SQL_TYPES = {"text": "varchar", "integer": "bigint"}
LANDING_COLUMNS = "_load_id varchar, _loaded_at timestamp, _source_file varchar, _row bigint"

Row = Mapping[str, object]


class LandedWorld:
    """A warehouse file of its own with one landing table per contract, filled load by load."""

    def __init__(self, home: Path) -> None:
        """Create the warehouse with empty landing tables."""
        self.home = home
        self.contracts = {
            each.landing_name: each for each in load_contracts(PACKAGE_DIR / "sources")
        }
        self.load_count = 0
        (home / "tmp").mkdir(parents=True, exist_ok=True)
        with self.connect() as connection:
            for schema in ("landing", "quality"):
                connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                "create table quality.runs (run_id varchar, as_of timestamp, started_order bigint)"
            )
            for order, as_of in enumerate((AS_OF - timedelta(days=1), AS_OF)):
                run = [f"run_{order}", as_of, order]
                connection.execute("insert into quality.runs values (?, ?, ?)", run)
            connection.execute(
                "create table quality.loads (load_id varchar, source varchar, table_name varchar,"
                " load_order bigint, rows_received bigint, rows_landed bigint,"
                " rows_quarantined bigint, rows_refused bigint)"
            )
            connection.execute(
                "create table quality.blocked_identifiers (identifier_id varchar, author varchar,"
                " reason varchar, blocked_at timestamp)"
            )
            for contract in self.contracts.values():
                connection.execute(
                    f"create table landing.{contract.landing_name} ({_columns(contract)})"
                )
                ensure_folded_table(connection, contract)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open the warehouse; to be closed before dbt starts."""
        return duckdb.connect(str(self.home / "warehouse.duckdb"))

    def land(self, table: str, rows: Sequence[Row]) -> None:
        """Append rows to a landing table as one load, which arrived after all earlier ones."""
        self.load_count += 1
        load_id = f"load_{self.load_count:04d}"
        contract = self.contracts[table]
        columns = [*contract.columns, "_load_id", "_loaded_at", "_source_file", "_row"]
        slots = ", ".join("?" for _ in columns)
        with self.connect() as connection:
            landed = []
            for position, row in enumerate(rows, start=1):
                unknown = set(row) - set(contract.columns)
                assert not unknown, f"{table} has no columns {sorted(unknown)}"
                values = [row.get(name) for name in contract.columns]
                landed.append([*values, load_id, AS_OF, f"{contract.source}/{load_id}", position])
            if landed:
                connection.executemany(f"insert into landing.{table} values ({slots})", landed)
            connection.execute(
                "insert into quality.loads values (?, ?, ?, ?, ?, ?, 0, 0)",
                [load_id, contract.source, contract.table, self.load_count, len(rows), len(rows)],
            )

    def dbt(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run dbt on this warehouse; what it parsed is kept beside the warehouse."""
        command = [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", *arguments]
        own = {
            "C360_HOME": str(self.home),
            "DBT_TARGET_PATH": str(self.home / "target"),
            "DBT_LOG_PATH": str(self.home / "logs"),
        }
        return subprocess.run(
            command,
            cwd=DBT_PROJECT,
            env=os.environ | own | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        with self.connect() as connection:
            return connection.execute(query).fetchall()


def _columns(contract: Contract) -> str:
    typed = [
        f"{name} {SQL_TYPES.get(column.type, column.type)}"
        for name, column in contract.columns.items()
    ]
    return ", ".join([*typed, LANDING_COLUMNS])

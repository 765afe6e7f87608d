"""Run dbt on the marts over a warehouse that holds a made-up conformed layer."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from orchestration.settings import PROJECT_DIR

DBT_PROJECT = PROJECT_DIR / "dbt_project"


def dbt(home: Path, *arguments: str) -> None:
    """Run dbt over the warehouse below `home`; its output is shown when it fails."""
    environment = {
        **os.environ,
        "C360_HOME": str(home),
        "DBT_TARGET_PATH": str(home / "dbt"),
        "DBT_LOG_PATH": str(home / "dbt_logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    command = [sys.executable, "-m", "dbt.cli.main", *arguments, "--project-dir", str(DBT_PROJECT)]
    command += ["--profiles-dir", str(DBT_PROJECT)]
    done = subprocess.run(
        command, env=environment, cwd=DBT_PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:]


def build_marts(home: Path) -> None:
    """Build every mart and run its tests."""
    dbt(home, "build", "--select", "config.schema:marts", "--exclude-resource-type", "unit_test")


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on the warehouse, in the order they are stored."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()

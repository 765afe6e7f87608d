"""The program in this process, over a home with two published snapshots."""

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.publishing.snapshots import publish
from orchestration.warehouse import Warehouse
from tests.publishing.conftest import AS_OF, TABLES, build_marts


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("C360_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def c360(home):
    return lambda *arguments: CliRunner().invoke(app, arguments)


@pytest.fixture
def two_snapshots(home):
    warehouse = Warehouse(home / "warehouse.duckdb", home / "tmp", "500MB", 1)
    for run in (1, 2):
        build_marts(warehouse, run)
        publish(
            warehouse,
            serving_dir=home / "serving",
            run_id=f"run-{run}",
            as_of=AS_OF,
            kept=5,
            tables=TABLES,
        )

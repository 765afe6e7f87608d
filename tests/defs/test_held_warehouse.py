"""The file of the warehouse between gates: open for the next gate, free for everybody else."""

import subprocess
import sys
from datetime import datetime

import dagster as dg
import pytest

from orchestration.defs.gates import gate_check
from orchestration.defs.resources import CurrentRun, HeldWarehouse
from orchestration.gates.incident_book import IncidentBook
from orchestration.gates.suites import read_suite
from orchestration.identity.settings import engine_settings
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.warehouse import Warehouse
from tests.gates.conftest import expect, suite_content, written

OPENS = "import sys, duckdb; duckdb.connect(sys.argv[1]).execute('select 1')"
AS_OF = datetime(2026, 11, 21, 3)  # noqa: DTZ001


def opens_in_another_process(warehouse: Warehouse) -> bool:
    command = [sys.executable, "-c", OPENS, str(warehouse.path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def held(tmp_path):
    return HeldWarehouse(Warehouse(tmp_path / "warehouse.duckdb", tmp_path / "tmp", "1GB"))


def test_held_file_is_for_the_gates_of_this_process_until_somebody_else_asks(held):
    for _ in range(2):
        with held.hold().connect() as connection:
            connection.execute("create or replace table quality.gates as select 1 as n")
    assert not opens_in_another_process(held.warehouse)

    with held.release().connect() as connection:
        assert connection.execute("select n from quality.gates").fetchall() == [(1,)]
    assert opens_in_another_process(held.warehouse)
    assert held.release() is held.warehouse


def test_step_after_the_gates_gets_the_file_for_a_process_of_its_own(held, tmp_path, monkeypatch):
    monkeypatch.setenv("C360_HOME", str(tmp_path))
    expected = expect("expect_column_values_to_be_unique", column="customer_id")
    content = suite_content("marts.people", expected, key=("customer_id",))
    suite = read_suite(written(tmp_path / "expectations", "marts.people", content))
    store = DecisionStore(f"sqlite:///{tmp_path / 'steward.sqlite'}")
    book = IncidentBook(store, "run-1", AS_OF, tmp_path / "none", lambda *_: None)
    run = CurrentRun("run-1", AS_OF, Settings(), held, book, engine_settings())

    @dg.asset(key=["marts", "people"])
    def people() -> None:
        with run.released_warehouse().connect() as connection:
            connection.execute("create table marts.people as select 7 as customer_id")

    @dg.asset(key=["marts", "dbt"], deps=[["marts", "people"]])
    def other_process() -> dg.MaterializeResult:
        was_open = not opens_in_another_process(held.warehouse)
        opened = opens_in_another_process(run.released_warehouse())
        return dg.MaterializeResult(metadata={"held": was_open, "free": opened})

    done = dg.materialize(
        [people, other_process, gate_check(suite)],
        resources={"current_run": run},
        instance=dg.DagsterInstance.ephemeral(),
    )
    (check,) = done.get_asset_check_evaluations()
    (made,) = done.asset_materializations_for_node("marts__dbt")
    assert (check.passed, check.metadata["expectations"].value) == (True, 1)
    assert {name: made.metadata[name].value for name in ("held", "free")} == {
        "held": True,
        "free": True,
    }

"""Only what was published is history for the days to come."""

from datetime import datetime
from types import SimpleNamespace

import dagster as dg
import pytest

from orchestration.defs.publishing import assets
from orchestration.defs.resources import CurrentRun, HeldWarehouse
from orchestration.gates.incident_book import IncidentBook
from orchestration.identity.settings import engine_settings
from orchestration.landing.runs import begin_run
from orchestration.publishing.errors import PublishingError
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.warehouse import Warehouse

AS_OF = datetime(2026, 11, 21, 3)  # noqa: DTZ001


def published(*_: object, **__: object) -> SimpleNamespace:
    return SimpleNamespace(version="2026-11-21-000001")


def full_disk(*_: object, **__: object) -> SimpleNamespace:
    raise PublishingError("the disk is full")


@pytest.mark.parametrize(("publish", "accepted"), [(published, ["run-1"]), (full_disk, [])])
def test_run_is_accepted_when_it_is_published(tmp_path, monkeypatch, publish, accepted):
    monkeypatch.setenv("C360_HOME", str(tmp_path))
    monkeypatch.setattr(assets, "published_models", lambda: ["customer_360"])
    monkeypatch.setattr(assets, "published_documentation", dict)
    monkeypatch.setattr(assets, "company_suites", lambda _: ())
    monkeypatch.setattr(assets, "publish", publish)
    warehouse = Warehouse(tmp_path / "warehouse.duckdb", tmp_path / "tmp", "500MB", 1)
    with warehouse.connect() as connection:
        begin_run(connection, "run-1", AS_OF)
        connection.execute("create table quality.accepted_runs (run_id varchar, as_of timestamp)")
    store = DecisionStore(f"sqlite:///{tmp_path / 'steward.sqlite'}")
    book = IncidentBook(store, "run-1", AS_OF, tmp_path / "none", lambda *_: None)
    held = HeldWarehouse(warehouse)
    run = CurrentRun("run-1", AS_OF, Settings(), held, book, engine_settings())
    (snapshot,) = assets.publishing().assets
    dg.materialize(
        [snapshot],
        resources={"current_run": run},
        instance=dg.DagsterInstance.ephemeral(),
        raise_on_error=False,
    )
    with warehouse.connect() as connection:
        found = connection.execute("select run_id from quality.accepted_runs").fetchall()
    assert [run_id for (run_id,) in found] == accepted

"""A target in Dagster: downstream of the snapshot, and no reason to call a published day failed."""

import dagster as dg
import pytest

from orchestration.defs.publishing.assets import targets
from orchestration.defs.resources import scope_of
from orchestration.publishing.published import current_snapshot
from orchestration.publishing.target_report import read_target_reports
from orchestration.settings import Settings
from tests.publishing.conftest import AS_OF
from tests.support.postgres import postgres_server

NOWHERE = "postgresql://reader@127.0.0.1:1/bi?connect_timeout=1"


@pytest.fixture
def home(published_home, tmp_path):
    (tmp_path / "serving").symlink_to(published_home / "serving")
    (tmp_path / "dbt").symlink_to(published_home / "dbt")
    return tmp_path


def materialised(home, address):
    settings = Settings(home=home, postgres_target=address)
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            targets(settings),
            instance=instance,
            resources={"current_run": scope_of("run-1", AS_OF, settings)},
        )


def test_without_the_setting_there_is_no_target(tmp_path):
    assert targets(Settings(home=tmp_path)) == []


def test_a_target_shows_what_it_holds(home):
    with postgres_server() as address:
        done = materialised(home, address)
    (loaded,) = done.asset_materializations_for_node("publishing__postgres")
    snapshot = current_snapshot(home / "serving")
    assert loaded.metadata["version"].value == snapshot.version
    assert loaded.metadata["tables"].value == len(snapshot.tables) + 1
    assert [check.passed for check in done.get_asset_check_evaluations()] == [True]


def test_a_server_that_cannot_be_reached_warns_and_fails_nothing(home):
    done = materialised(home, NOWHERE)
    assert done.success
    assert done.asset_materializations_for_node("publishing__postgres") == []
    (check,) = done.get_asset_check_evaluations()
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    (report,) = read_target_reports(home)
    assert report.problem == "PostgreSQL cannot be reached"

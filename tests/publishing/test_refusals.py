"""What is not published, and why; readers keep what they have."""

import shutil

import pytest

from orchestration.publishing.errors import (
    GateNotPassedError,
    PublishingError,
    SnapshotDamagedError,
)
from orchestration.publishing.published import current_snapshot
from orchestration.publishing.snapshots import publish
from tests.publishing.conftest import AS_OF, TABLES, build_marts, record_gate
from tests.publishing.reading import generation_seen


def test_damaged_current_version_is_mended_by_the_next_publish(publish_marts, serving_dir):
    first = publish_marts(1)
    first.path.chmod(0o644)
    first.path.write_bytes(b"not a database")

    assert publish_marts(2).is_new
    assert generation_seen(serving_dir) == 1


def test_missing_current_version_is_mended_by_the_next_publish(publish_marts, serving_dir):
    shutil.rmtree(publish_marts(1).path.parent)
    with pytest.raises(SnapshotDamagedError, match=r"is gone from serving/.*c360 rollback"):
        current_snapshot(serving_dir)

    assert publish_marts(2).is_new
    assert generation_seen(serving_dir) == 1


def test_failed_critical_gate_publishes_nothing(publish_marts, serving_dir, warehouse):
    publish_marts(1)
    build_marts(warehouse, 2)
    record_gate(
        warehouse, run=2, layer="marts", table="customer_360", severity="critical", success=False
    )
    with pytest.raises(GateNotPassedError, match=r"marts\.customer_360"):
        publish_marts(2)
    assert generation_seen(serving_dir) == 1


def test_gate_that_holds_in_a_later_run_no_longer_blocks(publish_marts, warehouse):
    gate = {"layer": "marts", "table": "customer_360", "severity": "critical"}
    record_gate(warehouse, run=1, success=False, **gate)
    record_gate(warehouse, run=2, success=True, **gate)
    assert publish_marts(2).is_new


def test_missing_mart_is_named(warehouse, serving_dir):
    with pytest.raises(PublishingError, match=r"marts\.dim_products"):
        publish(
            warehouse,
            serving_dir=serving_dir,
            run_id="run-1",
            as_of=AS_OF,
            kept=5,
            tables=[*TABLES, "dim_products"],
        )
    assert current_snapshot(serving_dir) is None


def test_serving_folder_that_cannot_be_made_is_reported(warehouse, tmp_path):
    (tmp_path / "occupied").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(PublishingError, match="serving folder cannot be written"):
        publish(
            warehouse,
            serving_dir=tmp_path / "occupied" / "serving",
            run_id="run-1",
            as_of=AS_OF,
            kept=5,
            tables=TABLES,
        )

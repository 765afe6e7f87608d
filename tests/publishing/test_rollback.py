"""Back to an earlier version, and what the next run makes of that."""

import duckdb
import pytest

from orchestration.publishing.errors import (
    PublishingError,
    SnapshotNotFoundError,
)
from orchestration.publishing.published import list_snapshots
from orchestration.publishing.rollback import rollback
from tests.publishing.conftest import build_marts
from tests.publishing.reading import generation_seen


def test_rollback_shows_the_version_before(publish_marts, serving_dir, warehouse):
    publish_marts(1)
    build_marts(warehouse, 2)
    publish_marts(2)

    snapshot = rollback(serving_dir)

    assert (snapshot.run_id, snapshot.is_current) == ("run-1", True)
    assert generation_seen(serving_dir) == 1
    assert [item.is_withdrawn for item in list_snapshots(serving_dir)] == [False, True]


def test_withdrawn_contents_are_not_brought_back_by_the_next_run(
    publish_marts, serving_dir, warehouse
):
    publish_marts(1)
    build_marts(warehouse, 2)
    publish_marts(2)
    rollback(serving_dir)

    held_back = publish_marts(3)

    assert held_back.is_withdrawn and not held_back.is_new and not held_back.is_current
    assert generation_seen(serving_dir) == 1


def test_run_with_other_contents_ends_a_rollback(publish_marts, serving_dir, warehouse):
    publish_marts(1)
    build_marts(warehouse, 2)
    publish_marts(2)
    rollback(serving_dir)
    build_marts(warehouse, 3)

    assert publish_marts(3).is_new
    assert generation_seen(serving_dir) == 3
    assert rollback(serving_dir).run_id == "run-1"  # not the withdrawn one in between


def test_run_with_the_contents_rolled_back_to_changes_nothing(
    publish_marts, serving_dir, warehouse
):
    publish_marts(1)
    build_marts(warehouse, 2)
    publish_marts(2)
    rollback(serving_dir)
    build_marts(warehouse, 1)

    unchanged = publish_marts(3)
    assert (unchanged.run_id, unchanged.is_new, unchanged.is_current) == ("run-1", False, True)


def test_rollback_goes_forward_again_by_name(publish_marts, serving_dir, warehouse):
    for run in (1, 2, 3):
        build_marts(warehouse, run)
        publish_marts(run)
    rollback(serving_dir, "2026-11-22-000001")
    forward = rollback(serving_dir, "2026-11-22-000002")

    assert (forward.run_id, forward.is_withdrawn) == ("run-2", False)
    assert [item.is_withdrawn for item in list_snapshots(serving_dir)] == [False, False, True]


def test_current_version_is_kept_after_a_rollback(publish_marts, serving_dir, warehouse):
    for run in range(1, 4):
        build_marts(warehouse, run)
        publish_marts(run)
    rollback(serving_dir, "2026-11-22-000001")
    build_marts(warehouse, 4)
    publish_marts(4, kept=1)
    assert [item.run_id for item in list_snapshots(serving_dir)] == ["run-1", "run-4"]


def test_rollback_without_an_earlier_version_says_so(publish_marts, serving_dir):
    with pytest.raises(SnapshotNotFoundError, match="nothing is published yet"):
        rollback(serving_dir)
    publish_marts(1)
    with pytest.raises(SnapshotNotFoundError, match="no earlier snapshot"):
        rollback(serving_dir)
    with pytest.raises(SnapshotNotFoundError, match="c360 snapshots"):
        rollback(serving_dir, "2020-01-01-000001")


def test_rollback_to_a_damaged_version_is_refused(publish_marts, serving_dir, warehouse):
    first = publish_marts(1)
    build_marts(warehouse, 2)
    publish_marts(2)
    first.path.chmod(0o644)
    with duckdb.connect(str(first.path)) as connection:
        connection.execute("delete from marts.customer_360 where customer_id = 'C00000'")

    with pytest.raises(PublishingError, match="is damaged: customer_360"):
        rollback(serving_dir)
    assert generation_seen(serving_dir) == 2

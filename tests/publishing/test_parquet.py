"""The marts as Parquet files beside the snapshot: of the same day, whole, or not there."""

import duckdb
import pytest

from orchestration.publishing import snapshots
from orchestration.publishing.errors import PublishingError
from orchestration.publishing.published import current_snapshot
from orchestration.publishing.rollback import rollback
from tests.publishing.conftest import build_marts
from tests.publishing.reading import generation_seen, read


def test_a_run_writes_every_mart_of_its_snapshot_where_files_are_wanted(published_home):
    folder = published_home / "serving" / "current" / "parquet"
    tables = current_snapshot(published_home / "serving").tables
    assert {file.stem for file in folder.iterdir()} == {table.table for table in tables}


def generation_of_the_files(serving_dir):
    files = serving_dir / "current" / "parquet" / "*.parquet"
    found = duckdb.sql(f"select distinct generation from read_parquet('{files}')").fetchall()
    assert len(found) == 1
    return found[0][0]


def test_files_hold_what_the_snapshot_holds_to_the_type(publish_marts, serving_dir):
    snapshot = publish_marts(1, has_parquet=True)
    for table in snapshot.tables:
        file = serving_dir / "current" / "parquet" / f"{table.table}.parquet"
        assert (
            duckdb.sql(f"describe from '{file}'").fetchall()
            == duckdb.execute(
                f"describe select * from read_duckdb('{snapshot.path}', "
                f"schema_name='marts', table_name='{table.table}')"
            ).fetchall()
        )
        assert duckdb.sql(f"from '{file}'").fetchall() == read(
            snapshot.path, f"from marts.{table.table}"
        )
        assert file.stat().st_mode & 0o777 == 0o444


def test_files_and_database_move_together_also_back(publish_marts, warehouse, serving_dir):
    publish_marts(1, has_parquet=True)
    build_marts(warehouse, 2)
    publish_marts(2, has_parquet=True)
    assert generation_of_the_files(serving_dir) == generation_seen(serving_dir) == 2
    rollback(serving_dir)
    assert generation_of_the_files(serving_dir) == generation_seen(serving_dir) == 1


def test_files_that_are_wanted_later_come_without_a_new_version(publish_marts, serving_dir):
    before = publish_marts(1)
    assert not (serving_dir / "current" / "parquet").exists()
    again = publish_marts(1, has_parquet=True)
    assert (again.version, again.is_new) == (before.version, False)
    assert generation_of_the_files(serving_dir) == 1


def test_files_of_another_day_are_not_shown_when_they_are_wanted_no_more(
    publish_marts, warehouse, serving_dir
):
    publish_marts(1, has_parquet=True)
    build_marts(warehouse, 2)
    publish_marts(2)
    assert not (serving_dir / "current" / "parquet").exists()


def test_files_that_cannot_be_written_publish_nothing(
    publish_marts, warehouse, serving_dir, monkeypatch
):
    publish_marts(1, has_parquet=True)
    build_marts(warehouse, 2)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots, "write_parquet", full)
    with pytest.raises(PublishingError, match="the disk is full"):
        publish_marts(2, has_parquet=True)
    assert generation_of_the_files(serving_dir) == generation_seen(serving_dir) == 1
    assert [path.name for path in (serving_dir / "versions").iterdir()] == [
        current_snapshot(serving_dir).version
    ]

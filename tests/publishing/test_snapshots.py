"""What a published snapshot holds, when a new one is made, and what its readers see."""

from datetime import date, datetime, timedelta

import duckdb
import pytest

from orchestration.publishing.errors import SnapshotNotFoundError
from orchestration.publishing.published import (
    current_snapshot,
    list_snapshots,
    snapshot_known_on,
)
from orchestration.publishing.rollback import rollback
from tests.publishing.conftest import AS_OF, build_marts, record_gate
from tests.publishing.reading import generation_seen, read


def test_first_publish_makes_the_stable_name(publish_marts, serving_dir):
    snapshot = publish_marts(1)

    assert snapshot.is_new and snapshot.is_current
    assert snapshot.version == "2026-11-22-000001"
    assert [(table.table, table.rows) for table in snapshot.tables] == [
        ("customer_360", 50),
        ("customer_timeline", 150),
    ]
    assert generation_seen(serving_dir) == 1
    assert current_snapshot(serving_dir).version == snapshot.version


def test_snapshot_says_where_it_comes_from(publish_marts, serving_dir, warehouse):
    record_gate(
        warehouse, run=1, layer="marts", table="customer_360", severity="warning", success=False
    )
    snapshot = publish_marts(1)
    stable = serving_dir / "customer_360.duckdb"

    assert read(stable, "select run_id, as_of, version, published_order from about.snapshot") == [
        ("run-1", AS_OF, "2026-11-22-000001", 1)
    ]
    assert read(stable, "select * from about.tables order by table_name") == [
        (table.table, table.rows, table.checksum) for table in snapshot.tables
    ]
    assert read(stable, "select layer, table_name, severity, success from about.gates") == [
        ("marts", "customer_360", "warning", False)
    ]


def test_failing_keys_stay_in_the_warehouse(publish_marts, serving_dir, warehouse):
    record_gate(
        warehouse, run=1, layer="marts", table="customer_360", severity="warning", success=False
    )
    publish_marts(1)

    columns = read(serving_dir / "customer_360.duckdb", "describe about.gates")
    assert "failing_keys" not in {column[0] for column in columns}


def test_rows_of_one_customer_lie_together_in_order_of_the_key(
    publish_marts, serving_dir, warehouse
):
    with warehouse.connect() as connection:
        connection.execute("alter table marts.customer_timeline add primary key (interaction_id)")
    publish_marts(1)

    rows = read(
        serving_dir / "customer_360.duckdb",
        "select customer_id, interaction_id from marts.customer_timeline",
    )
    assert rows == sorted(rows)


def test_descriptions_are_carried_over(publish_marts, serving_dir, warehouse):
    with warehouse.connect() as connection:
        connection.execute("comment on table marts.customer_360 is 'One row per customer''s life'")
        connection.execute("comment on column marts.customer_360.customer_id is 'Opaque'")
    publish_marts(1)

    stable = serving_dir / "customer_360.duckdb"
    tables = "select comment from duckdb_tables() where table_name = 'customer_360'"
    columns = "select comment from duckdb_columns() where comment is not null and not internal"
    assert read(stable, tables) == [("One row per customer's life",)]
    assert read(stable, columns) == [("Opaque",)]


def test_same_contents_as_of_the_same_moment_publish_nothing(publish_marts, serving_dir, warehouse):
    first = publish_marts(1)
    build_marts(warehouse, 1)
    second = publish_marts(2)

    assert not second.is_new
    assert (second.version, second.run_id) == (first.version, "run-1")
    assert len(list_snapshots(serving_dir)) == 1


def test_same_contents_in_another_row_order_publish_nothing(publish_marts, warehouse):
    publish_marts(1)
    with warehouse.connect() as connection:
        connection.execute(
            "create or replace table marts.customer_360 as"
            " select * from marts.customer_360 order by customer_id desc"
        )
    assert not publish_marts(2).is_new


@pytest.mark.parametrize(
    "change",
    [
        "update marts.customer_360 set generation = 2 where customer_id = 'C00000'",
        "insert into marts.customer_360 from marts.customer_360 limit 1",
        "insert into marts.customer_360 from marts.customer_360",
        "alter table marts.customer_360 rename generation to age",
        "alter table marts.customer_360 alter generation type bigint",
    ],
)
def test_any_change_of_contents_is_published(publish_marts, warehouse, change):
    publish_marts(1)
    with warehouse.connect() as connection:
        connection.execute(change)
    assert publish_marts(2).version == "2026-11-22-000002"


def test_same_contents_as_of_another_moment_are_published(publish_marts):
    publish_marts(1)
    assert publish_marts(2, as_of=AS_OF + timedelta(days=1)).version == "2026-11-23-000002"


def test_open_reader_keeps_the_version_it_opened(publish_marts, serving_dir, warehouse):
    publish_marts(1)
    stable = str(serving_dir / "customer_360.duckdb")
    with duckdb.connect(stable, read_only=True) as old_reader:
        build_marts(warehouse, 2)
        publish_marts(2)
        seen = old_reader.execute("select any_value(generation) from marts.customer_360")
        assert seen.fetchone() == (1,)
        # also in one and the same process, where DuckDB shares a database between connections
        with duckdb.connect(stable, read_only=True) as new_reader:
            seen = new_reader.execute("select any_value(generation) from marts.customer_360")
            assert seen.fetchone() == (2,)


def test_who_asks_for_one_customer_reads_a_small_group_of_rows(
    publish_marts, serving_dir, warehouse
):
    build_marts(warehouse, 1, customers=50_000)
    groups = read(
        publish_marts(1).path,
        "select count(distinct row_group_id) from pragma_storage_info('marts.customer_360')",
    )
    assert groups == [(3,)]


def test_catalog_has_the_same_name_in_every_version(publish_marts, serving_dir, warehouse):
    names = set()
    for run in (1, 2):
        build_marts(warehouse, run)
        publish_marts(run)
        names.update(read(serving_dir / "customer_360.duckdb", "select current_catalog()"))
    assert names == {("customer_360",)}


def test_published_file_is_read_only(publish_marts):
    assert publish_marts(1).path.stat().st_mode & 0o777 == 0o444


def test_only_the_last_versions_are_kept(publish_marts, serving_dir, warehouse):
    for run in range(1, 7):
        build_marts(warehouse, run)
        publish_marts(run, kept=3)
    assert [snapshot.run_id for snapshot in list_snapshots(serving_dir)] == [
        "run-4",
        "run-5",
        "run-6",
    ]


def test_the_last_version_of_a_day_is_kept_for_some_days_and_found_by_its_day(
    publish_marts, serving_dir, warehouse
):
    first = datetime.fromisoformat("2026-06-01")
    for run in range(1, 9):
        build_marts(warehouse, run)
        publish_marts(run, kept=1, days_kept=3, as_of=first + timedelta(days=(run - 1) // 2))
    runs = [snapshot.run_id for snapshot in list_snapshots(serving_dir)]
    assert runs == ["run-4", "run-6", "run-7", "run-8"]  # run-7 is what readers are leaving
    known = {day: snapshot_known_on(serving_dir, date(2026, 6, day)).run_id for day in (2, 3, 9)}
    assert known == {2: "run-4", 3: "run-6", 9: "run-8"}
    with pytest.raises(SnapshotNotFoundError, match="the oldest that is kept is of 2026-06-02"):
        snapshot_known_on(serving_dir, date(2026, 6, 1))


def test_a_withdrawn_version_was_not_known(publish_marts, serving_dir, warehouse):
    for run in (1, 2):
        build_marts(warehouse, run)
        publish_marts(run)
    rollback(serving_dir)
    assert snapshot_known_on(serving_dir, date(2100, 1, 1)).run_id == "run-1"


def test_version_that_readers_are_leaving_is_kept(publish_marts, serving_dir, warehouse):
    for run in range(1, 4):
        build_marts(warehouse, run)
        publish_marts(run, kept=1)
    assert [snapshot.run_id for snapshot in list_snapshots(serving_dir)] == ["run-2", "run-3"]


def test_as_of_may_go_back_in_time(publish_marts, serving_dir):
    publish_marts(1)
    earlier = publish_marts(2, as_of=datetime.fromisoformat("2026-01-01"))
    assert earlier.version == "2026-01-01-000002"
    assert [item.run_id for item in list_snapshots(serving_dir)] == ["run-1", "run-2"]

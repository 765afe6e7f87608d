"""Snapshots that are there, missing, empty, damaged, or older than the dashboard."""

import shutil

import duckdb
import pytest

from orchestration.dashboard.errors import MissingFromSnapshotError, SnapshotUnavailableError
from orchestration.dashboard.query_files import dashboard_queries
from orchestration.dashboard.snapshot_reader import current_database, open_snapshot
from orchestration.publishing.snapshots import publish
from orchestration.warehouse import Warehouse
from tests.publishing.conftest import AS_OF, TABLES, build_marts

HEADERS, BLOCK = 3 * 4096, 262_144  # bytes of a DuckDB file
READER = {"threads": 1, "memory_limit": "500MB"}
GIVEN = {
    "country": None,
    "wanted": "wanjiru",
    "words": ["wanjiru"],
    "customer_id": "C2khyibuua7k64nix",
    "found_ids": ["C2khyibuua7k64nix"],
}


def published(folder, customers=5):
    warehouse = Warehouse(folder / "warehouse.duckdb", folder / "tmp", "500MB", 1)
    build_marts(warehouse, 1, customers)
    options = {"run_id": "run-1", "as_of": AS_OF, "kept": 5, "tables": TABLES}
    publish(warehouse, serving_dir=folder / "serving", **options)
    return folder / "serving"


def test_every_query_is_answered_by_a_snapshot_of_today(published_home):
    with open_snapshot(
        current_database(published_home / "serving"), **READER
    ).connection as open_one:
        for query in dashboard_queries():
            parameters = {name: value for name, value in GIVEN.items() if f"${name}" in query.sql}
            open_one.execute(query.sql, parameters).fetchall()


def test_without_a_snapshot_it_says_how_to_get_one(tmp_path):
    with pytest.raises(SnapshotUnavailableError, match="Nothing is published yet.*c360 run"):
        current_database(tmp_path / "serving")


def test_a_snapshot_without_customers_says_so(tmp_path):
    database = current_database(published(tmp_path, customers=0))
    with pytest.raises(SnapshotUnavailableError, match="holds no customers"):
        open_snapshot(database, **READER)


def test_a_damaged_snapshot_says_how_to_go_back(tmp_path):
    database = current_database(published(tmp_path))
    database.chmod(0o644)
    database.write_bytes(b"not a database")
    with pytest.raises(SnapshotUnavailableError, match=r"damaged.*c360 rollback"):
        open_snapshot(database, **READER)


def test_a_snapshot_that_is_gone_says_how_to_go_back(tmp_path):
    shutil.rmtree(current_database(published(tmp_path)).parent)
    with pytest.raises(SnapshotUnavailableError, match=r"is gone.*c360 rollback"):
        current_database(tmp_path / "serving")


def test_a_file_damaged_where_only_one_question_looks_says_how_to_go_back(tmp_path):
    database = current_database(published(tmp_path, customers=50_000))
    with duckdb.connect(str(database), read_only=True) as whole:
        (block,) = whole.execute(
            "select block_id from pragma_storage_info('marts.customer_360') "
            "where row_group_id = 0 and column_name = 'customer_id' and segment_type = 'VARCHAR'"
        ).fetchone()
    damaged = HEADERS + block * BLOCK + 1000
    database.chmod(0o644)
    content = bytearray(database.read_bytes())
    content[damaged : damaged + 100] = bytes(100)
    database.write_bytes(content)
    snapshot = open_snapshot(database, **READER)
    with pytest.raises(SnapshotUnavailableError, match=r"damaged.*c360 rollback"):
        snapshot.answer("customer", "profile", {"customer_id": "C00001"})
    snapshot.connection.close()


def test_a_file_that_is_no_snapshot_is_refused(tmp_path):
    with duckdb.connect(str(tmp_path / "customer_360.duckdb")) as other:
        other.execute("create table something (number integer)")
    with pytest.raises(SnapshotUnavailableError, match="cannot be read"):
        open_snapshot(tmp_path / "customer_360.duckdb", **READER)


def test_what_an_older_snapshot_has_not_got_is_told_apart_from_a_failure(tmp_path):
    snapshot = open_snapshot(current_database(published(tmp_path)), **READER)
    with pytest.raises(MissingFromSnapshotError, match="The next `c360 run` brings it"):
        snapshot.answer("service", "headline", {})
    with pytest.raises(MissingFromSnapshotError):
        snapshot.answer("overview", "headline", {})
    snapshot.connection.close()

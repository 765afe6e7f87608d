"""A small slice of `c360 bench bi`: the same code, few readers, few runs."""

import duckdb
import pytest

from orchestration.bench.business_intelligence import bench_business_intelligence
from orchestration.bench.many_customers import multiply_marts
from orchestration.publishing.snapshots import publish
from orchestration.warehouse import Warehouse
from tests.publishing.conftest import AS_OF, TABLES, build_marts
from tests.support.services import need


@pytest.fixture
def snapshot(tmp_path):
    warehouse = Warehouse(tmp_path / "warehouse.duckdb", tmp_path / "tmp", "500MB", 1)
    build_marts(warehouse, 1)
    options = {"run_id": "run-1", "as_of": AS_OF, "kept": 5, "tables": TABLES}
    return publish(warehouse, serving_dir=tmp_path / "serving", **options).path


def test_every_customer_is_there_many_times_over_under_a_name_of_its_own(snapshot, tmp_path):
    warehouse = Warehouse(tmp_path / "large.duckdb", tmp_path / "tmp", "500MB", 1)
    assert multiply_marts(snapshot, warehouse, 120) == TABLES
    with warehouse.connect() as connection:
        counted = connection.execute(
            "select count(*), count(distinct customer_id) from marts.customer_360"
        ).fetchone()
        known = connection.execute(
            "select count(*) from marts.customer_timeline semi join marts.customer_360 "
            "using (customer_id)"
        ).fetchone()
    assert counted == (150, 150)
    assert known == (450,)


def test_readers_meet_no_lock_and_no_mixture_where_the_bare_file_locks(published_home, tmp_path):
    stable = published_home / "serving" / "customer_360.duckdb"
    figures = bench_business_intelligence(
        stable.resolve(),
        tmp_path,
        customers=300,
        readers=2,
        runs=2,
        quiet_seconds=3,
        has_mishaps=True,
        progress=lambda _: None,
    )
    assert figures["answers"] > 0
    assert (figures["lock_errors"], figures["mixed_versions"], figures["other_errors"]) == (0, 0, 0)
    assert figures["versions_read"] > 0
    assert figures["processor_ms_a_question"] > 0
    assert figures["broken_after_kills"] == 0
    need("full_disk_refusals" in figures, "nobody may mount a disk here")
    assert figures["full_disk_refusals"] == 1
    assert figures["full_disk_reader_errors"] == 0
    assert figures["full_disk_recoveries"] == 1
    assert figures["bare_file_lock_errors"] > 0
    with duckdb.connect(str(stable), read_only=True) as untouched:
        columns = untouched.execute("describe marts.customer_360").fetchall()
    assert "bench_run" not in {column[0] for column in columns}

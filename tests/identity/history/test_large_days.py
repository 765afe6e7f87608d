"""A day of more records than one row group of DuckDB holds is written whole (decision 24)."""

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.identity_tables import (
    CLUSTERS,
    MODELS,
    append_rows,
    one_transaction,
    replace_table,
)
from tests.identity.people import record
from tests.identity.warehouses import fill_conformed

AS_OF = pd.Timestamp("2026-11-01").to_pydatetime()
ROW_GROUP = 122_880
KEPT = ("identity_map", "membership_history", "believed_memberships", "record_contents")


@pytest.fixture
def warehouse(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(tmp_path / "warehouse.duckdb"), config={"threads": 2})


def keys(number: int) -> list[str]:
    return [f"{place:07d}" for place in range(number)]


def fill(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    """Put records that have nothing in common into the layers before ids are given."""
    records = [record("crm", key, given_name=f"ana{key}") for key in keys(number)]
    fill_conformed(connection, records)
    ids = [one["source_record_id"] for one in records]
    rows = pa.table([ids, range(number), [1] * number, [None] * number], schema=CLUSTERS)
    with one_transaction(connection):
        replace_table(connection, "clusters", rows)
        replace_table(connection, "models", MODELS.empty_table())


def test_a_large_first_day_is_kept_whole(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(warehouse, ROW_GROUP + 1)
    summary = assign_customer_ids(warehouse, run_id="first", as_of=AS_OF)
    assert summary.created == ROW_GROUP + 1
    kept = {
        table: warehouse.execute(f"select count(*) from identity.{table}").fetchone()[0]
        for table in KEPT
    }
    assert kept == dict.fromkeys(KEPT, ROW_GROUP + 1)


def test_nothing_then_much_is_appended_in_one_transaction(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    much = pa.table({"source_record_id": keys(ROW_GROUP)})
    with one_transaction(warehouse):
        append_rows(warehouse, "crowd", much.schema.empty_table())
        append_rows(warehouse, "crowd", much)
    assert warehouse.execute("select count(*) from identity.crowd").fetchone() == (ROW_GROUP,)

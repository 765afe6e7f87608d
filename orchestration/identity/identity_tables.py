"""Shapes of the tables of the identity layer, and how they are written: all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from orchestration.identity.fields import FIELDS

TIMESTAMP = pa.timestamp("us")
SCORED_EDGES = pa.schema(
    [
        ("left_record_id", pa.string()),
        ("right_record_id", pa.string()),
        ("probability", pa.float64()),
        ("match_weight", pa.float64()),
        ("rules", pa.string()),
        *[(f"weight_{field.name}", pa.float64()) for field in FIELDS],
        ("weight_other", pa.float64()),
        *[(f"level_{field.name}", pa.string()) for field in FIELDS],
        ("model_version", pa.string()),
        ("scored_at", TIMESTAMP),
    ]
)
MODELS = pa.schema(
    [
        ("model_version", pa.string()),
        ("fitted_at", TIMESTAMP),
        ("parameters", pa.string()),
        ("settings", pa.string()),
    ]
)
MODEL_COMPARISONS = pa.schema(
    [
        ("model_version", pa.string()),
        ("previous_version", pa.string()),
        ("compared_at", TIMESTAMP),
        ("is_accepted", pa.bool_()),
        ("links", pa.int64()),
        ("previous_links", pa.int64()),
        ("links_kept", pa.int64()),
        ("share_changed", pa.float64()),
        ("largest_weight_change", pa.float64()),
        ("changed_level", pa.string()),
    ]
)
CLUSTERS = pa.schema(
    [
        ("source_record_id", pa.string()),
        ("cluster_id", pa.int64()),
        ("cluster_size", pa.int64()),
        ("weakest_link", pa.float64()),
    ]
)
REVIEW_QUEUE = pa.schema(
    [
        ("left_record_id", pa.string()),
        ("right_record_id", pa.string()),
        ("probability", pa.float64()),
        ("reason", pa.string()),
        ("guard", pa.string()),
        ("created_at", TIMESTAMP),
    ]
)
IDENTITY_MAP = pa.schema(
    [
        ("source_record_id", pa.string()),
        ("source_system", pa.string()),
        ("customer_id", pa.string()),
        ("assigned_at", TIMESTAMP),
        ("model_version", pa.string()),
    ]
)
ID_HISTORY = pa.schema(
    [
        ("event_id", pa.string()),
        ("event", pa.string()),
        ("customer_id", pa.string()),
        ("related_customer_id", pa.string()),
        ("occurred_at", TIMESTAMP),
        ("run_id", pa.string()),
    ]
)
CUSTOMER_ALIASES = pa.schema(
    [
        ("customer_id", pa.string()),
        ("current_customer_id", pa.string()),
        ("since", TIMESTAMP),
    ]
)


@contextmanager
def one_transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit all that is written inside, or nothing of it."""
    connection.begin()
    try:
        connection.execute("create schema if not exists identity")
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def replace_table(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Write a table of the identity layer anew."""
    connection.register("identity_rows", rows)
    connection.execute(f"create or replace table identity.{name} as select * from identity_rows")
    connection.unregister("identity_rows")


def append_rows(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Add rows to a table of the identity layer, which is made if it is not there."""
    connection.register("identity_rows", rows)
    connection.execute(
        f"create table if not exists identity.{name} as select * from identity_rows limit 0"
    )
    if rows.num_rows:  # nothing, then much, would lose the much (decision 24)
        connection.execute(f"insert into identity.{name} select * from identity_rows")
    connection.unregister("identity_rows")


def has_table(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Tell whether a table of the identity layer is there."""
    row = connection.execute(
        "select count(*) from information_schema.tables"
        " where table_catalog = current_database() and table_schema = 'identity'"
        " and table_name = ?",
        [name],
    ).fetchone()
    return row is not None and bool(row[0])


def read_table(connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema) -> pa.Table:
    """Return a table of the identity layer; one that is not there yet is empty."""
    if not has_table(connection, name):
        return schema.empty_table()
    columns = ", ".join(f'"{column}"' for column in schema.names)
    return connection.sql(f"select {columns} from identity.{name}").to_arrow_table().cast(schema)

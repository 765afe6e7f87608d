"""Make the marts of a large company out of a published snapshot: every customer many times over.

How fast readers are depends on how many rows there are and how they lie, not on who the people
are; so a snapshot of thousands becomes one of a million in a minute.
"""

from pathlib import Path

import duckdb

from orchestration.publishing.contents import quoted, table_columns
from orchestration.warehouse import Warehouse

# What names one row or one person gets a suffix in every copy; all else stays what it was.
NAMING = frozenset(
    {
        "customer_id",
        "current_customer_id",
        "source_record_id",
        "order_id",
        "order_line_id",
        "interaction_id",
        "ticket_id",
        "email",
        "phone",
    }
)


def multiply_marts(snapshot: Path, warehouse: Warehouse, customers: int) -> tuple[str, ...]:
    """Write the marts of a snapshot into a warehouse, at least `customers` of them.

    Returns the names of the tables. A table without customers is copied as it is.
    """
    with warehouse.connect() as connection:
        place = str(snapshot).replace("'", "''")
        connection.execute(f"attach '{place}' as original (read_only)")
        tables = connection.execute(
            "select table_name from duckdb_tables() "
            "where database_name = 'original' and schema_name = 'marts' order by table_name"
        ).fetchall()
        counted = connection.execute("select count(*) from original.marts.customer_360").fetchone()
        there = int(counted[0]) if counted else 0
        copies = max(1, -(-customers // max(1, there)))
        for (table,) in tables:
            _multiply(connection, table, copies)
        connection.execute("detach original")
    return tuple(table for (table,) in tables)


def _multiply(connection: duckdb.DuckDBPyConnection, table: str, copies: int) -> None:
    columns = [name for name, _ in table_columns(connection, "original", "marts", table)]
    named = [name for name in columns if name in NAMING or name.endswith("_source_record_id")]
    is_per_customer = "customer_id" in columns
    replaced = ", ".join(f"{quoted(name)} || suffix as {quoted(name)}" for name in named)
    connection.execute(
        f"create or replace table marts.{quoted(table)} as "
        f"select * exclude (suffix) {f'replace ({replaced})' if is_per_customer else ''} "
        f"from original.marts.{quoted(table)} cross join ("
        "select case when copy = 0 then '' else copy::varchar end as suffix "
        "from range(?) as copies(copy))",
        [copies if is_per_customer else 1],
    )

"""Say what a table holds in a form that can be compared: its row count and a checksum.

Where the table lies, in the warehouse or in a snapshot, does not matter here.
"""

import hashlib
from dataclasses import dataclass

import duckdb

COLUMNS = """
    select column_name, data_type
    from duckdb_columns()
    where database_name = ? and schema_name = ? and table_name = ?
    order by column_index
"""


@dataclass(frozen=True, slots=True, order=True)
class TableContents:
    """What one table holds, whatever the order of its rows."""

    table: str
    rows: int
    checksum: str


def quoted(*names: str) -> str:
    """Return a qualified name as SQL, safe for any characters in it."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def table_columns(
    connection: duckdb.DuckDBPyConnection, catalog: str, schema: str, table: str
) -> list[tuple[str, str]]:
    """Return name and type of the columns of a table, in order; nothing when it does not exist."""
    return connection.execute(COLUMNS, [catalog, schema, table]).fetchall()


def table_contents(
    connection: duckdb.DuckDBPyConnection, catalog: str, schema: str, table: str
) -> TableContents:
    """Count a table and sum the hashes of its rows.

    A sum depends on no order and, unlike exclusive or, sees that a row is there twice. Names and
    types of the columns are part of the checksum, since a renamed column is another table.
    """
    counted = connection.execute(
        f"select count(*), coalesce(sum(hash(whole_row)), 0) "
        f"from {quoted(catalog, schema, table)} as whole_row"
    ).fetchone()
    rows, total = counted or (0, 0)
    columns = table_columns(connection, catalog, schema, table)
    digest = hashlib.sha256(f"{columns}|{rows}|{total}".encode()).hexdigest()
    return TableContents(table, int(rows), digest[:32])

"""Write the marts into a snapshot file, and read back what such a file says it holds.

Which file readers see is decided elsewhere (`versions.py`, `snapshots.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.publishing.contents import (
    TableContents,
    quoted,
    table_columns,
    table_contents,
)
from orchestration.publishing.documentation import Documentation, write_documentation
from orchestration.publishing.errors import PublishingError
from orchestration.publishing.gate_results import copy_gate_results

ATTACHED = "snapshot_being_written"
SCHEMA = "marts"
# A sixth of DuckDB's own: who asks for one customer reads fewer rows around them (decision 0061).
ROWS_A_GROUP = 20_480

PRIMARY_KEY = """
    select constraint_column_names
    from duckdb_constraints()
    where
        database_name = current_catalog() and schema_name = 'marts' and table_name = ?
        and constraint_type = 'PRIMARY KEY'
"""

ABOUT_SNAPSHOT = """
    create table {catalog}.about.snapshot (
        run_id varchar, as_of timestamp, version varchar, published_order bigint,
        duckdb_version varchar
    )
"""

ABOUT_TABLES = """
    create table {catalog}.about.tables (table_name varchar, rows bigint, checksum varchar)
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which run made a snapshot, and as the how-manieth."""

    run_id: str
    as_of: datetime
    version: str
    published_order: int


@dataclass(frozen=True, slots=True)
class FileContents:
    """What a snapshot file says about itself."""

    origin: Origin
    duckdb_version: str
    tables: tuple[TableContents, ...]


def marts_contents(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[str]
) -> tuple[TableContents, ...]:
    """Return what the marts of the connected database hold, by table name.

    Raises:
        PublishingError: a table is missing.
    """
    catalog = _catalog(connection)
    for table in tables:
        if not table_columns(connection, catalog, SCHEMA, table):
            raise PublishingError(f"table {SCHEMA}.{table} is not in the warehouse: build it first")
    return tuple(table_contents(connection, catalog, SCHEMA, table) for table in sorted(tables))


def write_snapshot_file(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    origin: Origin,
    contents: Sequence[TableContents],
    documentation: Documentation,
) -> None:
    """Copy the marts and what is known about them from the connected warehouse into a new file."""
    connection.execute(
        f"attach {_literal(str(path))} as {ATTACHED} (row_group_size {ROWS_A_GROUP})"
    )
    try:
        connection.execute(f"create schema {ATTACHED}.{SCHEMA}")
        connection.execute(f"create schema {ATTACHED}.about")
        for table in contents:
            _copy_table(connection, table.table)
        write_documentation(connection, ATTACHED, SCHEMA, documentation)
        _write_about(connection, origin, contents)
        copy_gate_results(connection, f"{ATTACHED}.about.gates", origin.as_of)
        connection.execute(f"checkpoint {ATTACHED}")
    finally:
        connection.execute(f"detach {ATTACHED}")


def read_snapshot_file(path: Path) -> FileContents:
    """Return what a snapshot file says about itself.

    Raises:
        PublishingError: the file can't be read as a snapshot.
    """
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return _read_about(connection)
    except duckdb.Error as error:
        message = f"snapshot {path.parent.name} cannot be read ({type(error).__name__})"
        raise PublishingError(message) from error


def verify_snapshot_file(path: Path) -> FileContents:
    """Count and sum up every table of a snapshot file again, and compare with what it says.

    Raises:
        PublishingError: the file can't be read, or a table is not what it should be.
    """
    said = read_snapshot_file(path)
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = marts_contents(connection, [table.table for table in said.tables])
            same_hash = _duckdb_version(connection) == said.duckdb_version
    except duckdb.Error as error:
        message = f"snapshot {said.origin.version} is damaged ({type(error).__name__})"
        raise PublishingError(message) from error
    for expected, actual in zip(said.tables, found, strict=True):
        # DuckDB promises no stable hash from one of its versions to the next.
        if expected.rows != actual.rows or (same_hash and expected != actual):
            raise PublishingError(
                f"snapshot {said.origin.version} is damaged: {expected.table} holds "
                f"{actual.rows} rows that are not the {expected.rows} rows it was made with"
            )
    return said


def _copy_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    catalog = _catalog(connection)
    source, target = quoted(catalog, SCHEMA, table), quoted(ATTACHED, SCHEMA, table)
    order = ", ".join(quoted(name) for name in _sort_columns(connection, catalog, table))
    connection.execute(f"create table {target} as select * from {source} order by {order}")
    _copy_comments(connection, catalog, table)


def _sort_columns(connection: duckdb.DuckDBPyConnection, catalog: str, table: str) -> list[str]:
    """Order by customer first, so that one customer's rows lie together, then by the key.

    Without a declared key all columns take part: the order must be total.
    """
    columns = [name for name, _ in table_columns(connection, catalog, SCHEMA, table)]
    key = connection.execute(PRIMARY_KEY, [table]).fetchone()
    wanted = ["customer_id", *(key[0] if key else columns)]
    return [name for name in dict.fromkeys(wanted) if name in columns]


def _copy_comments(connection: duckdb.DuckDBPyConnection, catalog: str, table: str) -> None:
    """Carry the descriptions over: they are the only documentation a BI tool shows."""
    where = "where database_name = ? and schema_name = ? and table_name = ? and comment is not null"
    place = [catalog, SCHEMA, table]
    target = quoted(ATTACHED, SCHEMA, table)
    for (comment,) in connection.execute(
        f"select comment from duckdb_tables() {where}", place
    ).fetchall():
        connection.execute(f"comment on table {target} is {_literal(comment)}")
    for column, comment in connection.execute(
        f"select column_name, comment from duckdb_columns() {where} order by column_index", place
    ).fetchall():
        connection.execute(f"comment on column {target}.{quoted(column)} is {_literal(comment)}")


def _write_about(
    connection: duckdb.DuckDBPyConnection, origin: Origin, contents: Sequence[TableContents]
) -> None:
    connection.execute(ABOUT_SNAPSHOT.format(catalog=ATTACHED))
    connection.execute(
        f"insert into {ATTACHED}.about.snapshot values (?, ?, ?, ?, ?)",
        [
            origin.run_id,
            origin.as_of,
            origin.version,
            origin.published_order,
            _duckdb_version(connection),
        ],
    )
    connection.execute(ABOUT_TABLES.format(catalog=ATTACHED))
    for table in contents:
        connection.execute(
            f"insert into {ATTACHED}.about.tables values (?, ?, ?)",
            [table.table, table.rows, table.checksum],
        )


def _read_about(connection: duckdb.DuckDBPyConnection) -> FileContents:
    row = connection.execute(
        "select run_id, as_of, version, published_order, duckdb_version from about.snapshot"
    ).fetchone()
    if row is None:
        raise duckdb.InvalidInputException("about.snapshot is empty")
    tables = connection.execute(
        "select table_name, rows, checksum from about.tables order by table_name"
    ).fetchall()
    return FileContents(Origin(*row[:4]), row[4], tuple(TableContents(*table) for table in tables))


def _catalog(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("select current_catalog()").fetchone()
    return str(row[0]) if row else ""


def _duckdb_version(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("select version()").fetchone()
    return str(row[0]) if row else ""


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

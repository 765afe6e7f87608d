"""Remember from step to step of a run which records it changed, so that the next looks at no other.

Each note is written in the transaction of the step that makes the change, and forgotten in that of
the step that makes up for it: a run that is killed in between leaves the next one nothing to guess.
A row without a record stands for everybody.
"""

import duckdb
import pyarrow as pa

from orchestration.identity.identity_tables import (
    append_rows,
    read_table,
    replace_table,
)

# Whose links changed since clusters were made; and whose cluster or content since ids were.
CHANGED_LINKS = "changed_links"
CHANGED_CLUSTERS = "changed_clusters"
CHANGED_CONTENTS = "changed_contents"
_MADE_FROM_THEM = {
    CHANGED_LINKS: "clusters",
    CHANGED_CLUSTERS: "identity_map",
    CHANGED_CONTENTS: "record_contents",
}
NOTES = tuple(_MADE_FROM_THEM)
_NOTED = pa.schema([("source_record_id", pa.string())])
_EVERYBODY = pa.table({"source_record_id": pa.nulls(1, pa.string())}, schema=_NOTED)


def note_everybody(connection: duckdb.DuckDBPyConnection, note: str) -> None:
    """Note that everybody's were made anew; call inside a transaction."""
    replace_table(connection, note, _EVERYBODY)


def note_changed(connection: duckdb.DuckDBPyConnection, note: str, records: pa.Array) -> None:
    """Note records that were looked into again; call inside a transaction."""
    append_rows(connection, note, pa.table([records], schema=_NOTED))


def forget(connection: duckdb.DuckDBPyConnection, note: str) -> None:
    """Note that what is made of them is up to date; call inside a transaction.

    Where nobody ever noted anything, everybody goes on being looked at.
    """
    if _known(connection, note):
        replace_table(connection, note, _NOTED.empty_table())


def noted(connection: duckdb.DuckDBPyConnection, note: str) -> pa.Array | None:
    """Return who changed since; None where it may be everybody."""
    if not _known(connection, note, _MADE_FROM_THEM[note]):
        return None
    records = read_table(connection, note, _NOTED)["source_record_id"].unique()
    return None if records.null_count else records


def have_same_others(
    connection: duckdb.DuckDBPyConnection, tables: tuple[str, str], besides: pa.Array
) -> bool:
    """Tell whether two tables hold the same records, each once, not looking at some of them.

    It costs a tenth of joining them: who came or went without a note is seen by the sums.
    """
    connection.register("not_looked_at", pa.table([besides], schema=_NOTED))
    sums = {
        connection.execute(
            f"select count(*), bit_xor(hash(source_record_id)) from {table}"
            " anti join not_looked_at using (source_record_id)"
        ).fetchone()
        for table in tables
    }
    connection.unregister("not_looked_at")
    return len(sums) == 1


def _known(connection: duckdb.DuckDBPyConnection, *tables: str) -> bool:
    row = connection.execute(
        "select count(*) from information_schema.tables"
        " where table_catalog = current_database() and table_schema = 'identity'"
        " and table_name in (select unnest(?))",
        [list(tables)],
    ).fetchone()
    return row is not None and row[0] == len(tables)

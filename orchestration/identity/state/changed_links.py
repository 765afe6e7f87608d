"""Remember between scoring and clustering whose links have changed: `identity.changed_links`.

Written with the scores and emptied with the clusters, each in one transaction, so that a run that
is killed in between leaves the next one nothing to guess. A row without a record stands for all.
"""

import duckdb
import pyarrow as pa

from orchestration.identity.identity_tables import (
    append_rows,
    read_table,
    replace_table,
)

CHANGED_LINKS = pa.schema([("source_record_id", pa.string())])
_EVERYBODY = pa.table({"source_record_id": pa.nulls(1, pa.string())}, schema=CHANGED_LINKS)


def note_everybody(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that all links were made anew; call inside a transaction."""
    replace_table(connection, "changed_links", _EVERYBODY)


def note_changed(connection: duckdb.DuckDBPyConnection, records: pa.Array) -> None:
    """Note records whose links were looked into again; call inside a transaction."""
    append_rows(connection, "changed_links", pa.table([records], schema=CHANGED_LINKS))


def nothing_changed(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that clusters are as links are; call inside a transaction."""
    replace_table(connection, "changed_links", CHANGED_LINKS.empty_table())


def changed_links(connection: duckdb.DuckDBPyConnection) -> pa.Array | None:
    """Return whose links changed since clusters were made; None where nobody's are known."""
    row = connection.execute(
        "select count(*) from information_schema.tables"
        " where table_catalog = current_database() and table_schema = 'identity'"
        " and table_name in ('changed_links', 'clusters')"
    ).fetchone()
    if row is None or row[0] != 2:  # noqa: PLR2004  both of them
        return None
    noted = read_table(connection, "changed_links", CHANGED_LINKS)["source_record_id"]
    return None if noted.null_count else noted.combine_chunks()

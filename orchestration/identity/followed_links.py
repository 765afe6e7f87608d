"""Find all records that hang together with some through links, by the hashes of ids.

Numbers are followed in a fraction of the time of texts. Where two ids share a hash, somebody is
looked at for nothing.
"""

import duckdb
import pyarrow as pa

REACHED = "reached_marks"  # temporary table of mark, the hash of an id
_LINKS, _FRESH, _NEAR = "followed_links", "fresh_marks", "near_marks"


def follow_links(
    connection: duckdb.DuckDBPyConnection,
    links: str,
    starting: pa.Array,
    values: dict[str, object] | None = None,
) -> None:
    """Fill the temporary table of the hashes of all that some ids are linked to, with these.

    `links` is a query of `one` and `other`, both hashes; either may be of something that records
    have in common, such as their cluster.
    """
    connection.register("starting_ids", pa.table({"id": starting}))
    connection.execute(f"create or replace temp table {_LINKS} as {links}", values or {})
    connection.execute(
        f"create or replace temp table {_FRESH} as select hash(id) as mark from starting_ids"
    )
    connection.unregister("starting_ids")
    connection.execute(f"create or replace temp table {REACHED} as select mark from {_FRESH}")
    while _has_rows(connection, _FRESH):
        connection.execute(
            f"create or replace temp table {_NEAR} as"
            f" (select other as mark from {_LINKS} semi join {_FRESH} on one = mark"
            f" union select one from {_LINKS} semi join {_FRESH} on other = mark)"
            f" except select mark from {REACHED}"
        )
        connection.execute(f"insert into {REACHED} select mark from {_NEAR}")
        connection.execute(f"create or replace temp table {_FRESH} as select mark from {_NEAR}")
    for table in (_LINKS, _FRESH, _NEAR):
        connection.execute(f"drop table if exists {table}")


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f"select 1 from {table} limit 1").fetchone() is not None

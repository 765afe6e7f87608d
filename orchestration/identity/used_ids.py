"""Ask the id history which ids were ever given out, without reading all of it."""

from collections.abc import Collection, Iterable

import duckdb
import pyarrow as pa

from orchestration.identity.identity_tables import ID_HISTORY, append_rows
from orchestration.identity.stable_ids import founders_id


def used_by_founders(connection: duckdb.DuckDBPyConnection, founders: Iterable[str]) -> set[str]:
    """Return the ids already given out that some records could be given as founders."""
    pending, used, counter = sorted(set(founders)), set[str](), 0
    while pending:
        candidates: dict[str, str] = {founders_id(one, counter): one for one in pending}
        found = used_among(connection, candidates)
        used |= found
        pending = [candidates[candidate] for candidate in sorted(found)]
        counter += 1
    return used


def used_by_others(
    connection: duckdb.DuckDBPyConnection, founders: Iterable[str], records: Iterable[str]
) -> set[str]:
    """Return the ids that some keys could found, but that belong to nobody of some records.

    A key that was given out again may have founded a customer of somebody else.
    """
    found = connection.execute(
        "select distinct customer_id from identity.believed_memberships"
        " where customer_id in (select unnest($ids))"
        " and source_record_id not in (select unnest($records))",
        {"ids": sorted(used_by_founders(connection, founders)), "records": sorted(records)},
    ).fetchall()
    return {customer for (customer,) in found}


def used_among(connection: duckdb.DuckDBPyConnection, ids: Collection[str]) -> set[str]:
    """Return which of some ids were ever given out."""
    append_rows(connection, "id_history", ID_HISTORY.empty_table())
    connection.register("asked_ids", pa.table({"customer_id": pa.array(sorted(ids), pa.string())}))
    found = connection.sql(
        "select customer_id from asked_ids semi join identity.id_history using (customer_id)"
    ).fetchall()
    connection.unregister("asked_ids")
    return {customer for (customer,) in found}

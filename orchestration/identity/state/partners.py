"""Find whom new and changed records meet under the rules, from the keys of all records."""

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.state.record_keys import (
    content_hash,
    key_column,
    keys_of,
    keys_table,
)
from orchestration.identity.state.value_hashes import NONE, Hashes
from orchestration.identity.warehouse_records import SOURCE_TABLE


def replace_keys(
    connection: duckdb.DuckDBPyConnection, gone: pa.Array, ids: pa.Array, keys: Hashes
) -> None:
    """Write the keys of some records anew and drop those of others; inside a transaction."""
    connection.register("gone_records", pa.table({"source_record_id": gone}))
    connection.register("changed_keys", keys_table(ids, keys))
    connection.execute(
        "delete from identity.record_keys where source_record_id in"
        " (select source_record_id from gone_records"
        " union all select source_record_id from changed_keys)"
    )
    connection.execute(
        f"insert into identity.record_keys select keys.source_record_id,"
        f" {content_hash(connection)}, keys.* exclude (source_record_id)"
        f" from changed_keys as keys inner join {SOURCE_TABLE} as records"
        " on keys.source_record_id = records.source_record_id"
        " order by keys.source_record_id asc"
    )
    connection.unregister("gone_records")
    connection.unregister("changed_keys")


def members_of(connection: duckdb.DuckDBPyConnection, blocks: Mapping[int, set[int]]) -> set[str]:
    """Return the records of blocks, given by rule as keys."""
    found: set[str] = set()
    for rule, keys in blocks.items():
        if keys:
            rows = connection.execute(
                "select source_record_id from identity.record_keys"
                f" where {key_column(rule)} in (select unnest(?))",
                [sorted(keys)],
            ).fetchall()
            found |= {record for (record,) in rows}
    return found


def meeting_pairs(
    connection: duckdb.DuckDBPyConnection,
    ids: pa.Array,
    rules: int,
    oversized: Mapping[int, Hashes],
) -> pa.Table:
    """Return every pair under any rule of which one record is among some; smaller id first."""
    ordered = ids.take(pc.sort_indices(ids))
    keys = keys_of(connection, ordered, rules)
    parts = []
    for rule, row in enumerate(keys):
        usable = ~np.isin(row, oversized[rule]) & (row != NONE)
        mine = pa.table({"source_record_id": ordered.filter(pa.array(usable)), "key": row[usable]})
        connection.register(f"meeting_{rule}", mine)
        parts.append(
            "select least(ours.source_record_id, theirs.source_record_id) as left_record_id,"
            " greatest(ours.source_record_id, theirs.source_record_id) as right_record_id"
            f" from meeting_{rule} as ours"
            f" inner join identity.record_keys as theirs on ours.key = theirs.{key_column(rule)}"
            " where ours.source_record_id != theirs.source_record_id"
        )
    union = " union ".join(parts)
    found = connection.sql(f"{union} order by left_record_id, right_record_id").to_arrow_table()
    for rule in range(rules):
        connection.unregister(f"meeting_{rule}")
    return found

"""Find whom new and changed records meet under the rules, from the keys of all records."""

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.state.record_keys import content_hash, key_column, keys_table
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


def touched_sizes(
    connection: duckdb.DuckDBPyConnection, ids: pa.Array, rules: int
) -> list[dict[int, int]]:
    """Return by rule the keys that some records have, and how many records share each."""
    connection.register("touching", pa.table({"source_record_id": ids}))
    sizes = []
    for rule in range(rules):
        key = key_column(rule)
        rows = connection.execute(
            f"select {key}, count(*) from identity.record_keys where {key} != {NONE}"
            f" and {key} in (select {key} from identity.record_keys"
            f" where source_record_id in (select source_record_id from touching))"
            f" group by {key}"
        ).fetchall()
        sizes.append(dict(rows))
    connection.unregister("touching")
    return sizes


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
    connection.register("meeting", pa.table({"source_record_id": ids}))
    parts = []
    for rule in range(rules):
        key = key_column(rule)
        too_large = oversized.get(rule, np.empty(0, dtype=np.uint64)).tolist()
        unusable = f" and ours.{key} not in ({', '.join(map(str, too_large))})" if too_large else ""
        parts.append(
            "select least(ours.source_record_id, theirs.source_record_id) as left_record_id,"
            " greatest(ours.source_record_id, theirs.source_record_id) as right_record_id"
            " from identity.record_keys as ours semi join meeting using (source_record_id)"
            f" inner join identity.record_keys as theirs on ours.{key} = theirs.{key}"
            f" where ours.{key} != {NONE}{unusable}"
            " and ours.source_record_id != theirs.source_record_id"
        )
    union = " union ".join(parts)
    found = connection.sql(f"{union} order by left_record_id, right_record_id").to_arrow_table()
    connection.unregister("meeting")
    return found

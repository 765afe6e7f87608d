"""The keys of every record under the rules of the model in use: `identity.record_keys`.

With them it is known whom a new record would meet, and how large a block is, without reading the
other records. `content_hash` tells whether a record has changed since.
"""

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.state.value_hashes import NONE, Hashes
from orchestration.identity.warehouse_records import SOURCE_TABLE, content_columns


def key_column(rule: int) -> str:
    """Return the column that holds the keys of a rule."""
    return f"key_{rule}"


def content_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """Return SQL that stands for all that the engine reads of a conformed record."""
    return f"hash({', '.join(content_columns(connection).values())})"


def keys_table(ids: pa.Array, keys: Hashes) -> pa.Table:
    """Return records with their keys, a column per rule."""
    columns = {key_column(number): pa.array(row) for number, row in enumerate(keys)}
    return pa.table({"source_record_id": ids, **columns})


def write_record_keys(connection: duckdb.DuckDBPyConnection, ids: pa.Array, keys: Hashes) -> None:
    """Write the keys of all records anew; call inside a transaction."""
    connection.register("keys_of_records", keys_table(ids, keys))
    connection.execute(
        "create or replace table identity.record_keys as"
        f" select keys.source_record_id, {content_hash(connection)} as content_hash,"
        " keys.* exclude (source_record_id)"
        f" from keys_of_records as keys inner join {SOURCE_TABLE} as records"
        " on keys.source_record_id = records.source_record_id"
        " order by keys.source_record_id asc"
    )
    connection.unregister("keys_of_records")


def block_sizes(connection: duckdb.DuckDBPyConnection, keys: Mapping[int, int]) -> dict[int, int]:
    """Return by rule how many records have the one key that is given for it."""
    if not keys:
        return {}
    counts = [f"count(*) filter ({key_column(rule)} = {key})" for rule, key in keys.items()]
    row = connection.execute(f"select {', '.join(counts)} from identity.record_keys").fetchone()
    return dict(zip(keys, row or (), strict=True))


def counted_keys(connection: duckdb.DuckDBPyConnection, rule: int, more_than: int) -> Hashes:
    """Return the keys of one rule that more than so many records share, sorted."""
    column = key_column(rule)
    rows = connection.execute(
        f"select {column} as key from identity.record_keys where {column} != {NONE}"
        f" group by {column} having count(*) > ? order by {column} asc",
        [more_than],
    ).to_arrow_table()
    return np.asarray(rows["key"].to_numpy(), dtype=np.uint64)


def keys_of(connection: duckdb.DuckDBPyConnection, ids: pa.Array, rules: int) -> Hashes:
    """Return the stored keys of some records, a row per rule, in the order of their ids."""
    connection.register("asked_records", pa.table({"source_record_id": ids}))
    columns = ", ".join(key_column(rule) for rule in range(rules))
    rows = connection.sql(
        f"select {columns} from identity.record_keys semi join asked_records"
        " using (source_record_id) order by source_record_id asc"
    ).to_arrow_table()
    connection.unregister("asked_records")
    found = np.zeros((rules, rows.num_rows), dtype=np.uint64)
    for rule in range(rules):
        found[rule] = rows[key_column(rule)].to_numpy()
    return found


def sizes_of(connection: duckdb.DuckDBPyConnection, keys: Hashes) -> list[dict[int, int]]:
    """Return by rule how many records have each of some keys, given a row per rule."""
    sizes = []
    for rule, row in enumerate(keys):
        column = key_column(rule)
        wanted = np.unique(row[row != NONE])
        connection.register("wanted_keys", pa.table({"key": wanted}))
        rows = connection.sql(
            f"select {column}, count(*) from identity.record_keys"
            f" semi join wanted_keys on {column} = wanted_keys.key group by {column}"
        ).fetchall()
        connection.unregister("wanted_keys")
        sizes.append({**dict.fromkeys(wanted.tolist(), 0), **dict(rows)})
    return sizes

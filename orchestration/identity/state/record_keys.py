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


def oversized_blocks(
    connection: duckdb.DuckDBPyConnection, rules: int, at_most: int
) -> dict[int, Hashes]:
    """Return per rule the keys that more than `at_most` records share."""
    found = {}
    for rule in range(rules):
        column = key_column(rule)
        rows = connection.execute(
            f"select {column} as key from identity.record_keys where {column} != {NONE}"
            f" group by {column} having count(*) > ? order by {column} asc",
            [at_most],
        ).to_arrow_table()
        found[rule] = rows["key"].to_numpy().astype(np.uint64)
    return found

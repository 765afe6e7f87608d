"""The blocks that bring no pairs because too many records share their key: `identity.large_blocks`.

Found in a full run and kept up to date by a day's changes, so that no day counts all keys again.
"""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.identity_tables import read_table, replace_table
from orchestration.identity.state.record_keys import counted_keys
from orchestration.identity.state.value_hashes import NONE, Hashes

LARGE_BLOCKS = pa.schema([("rule", pa.int64()), ("key", pa.uint64())])


def find_large_blocks(connection: duckdb.DuckDBPyConnection, rules: int, at_most: int) -> None:
    """Write the keys that more than `at_most` records share; call inside a transaction."""
    _keep(connection, [counted_keys(connection, rule, at_most) for rule in range(rules)])


def large_blocks(connection: duckdb.DuckDBPyConnection, rules: int) -> dict[int, Hashes]:
    """Return by rule the keys of too large blocks, sorted."""
    held = read_table(connection, "large_blocks", LARGE_BLOCKS)
    rule, key = held["rule"].to_numpy(), held["key"].to_numpy()
    return {number: np.sort(key[rule == number]) for number in range(rules)}


def crossed_blocks(
    connection: duckdb.DuckDBPyConnection,
    before: Hashes,
    after: Hashes,
    sizes: Sequence[Mapping[int, int]],
    at_most: int,
) -> dict[int, set[int]]:
    """Keep which blocks are too large now; return by rule those that were not, or no longer are.

    Args:
        connection: the warehouse, inside a transaction.
        before: keys that some records had, a row per rule.
        after: keys that these records have now; of those that are gone, none.
        sizes: by rule how many records have each of all these keys now.
        at_most: how many records a block may hold.
    """
    held, crossed = large_blocks(connection, len(sizes)), {}
    for rule, known in enumerate(sizes):
        was, now = _counted(before[rule]), _counted(after[rule])
        large = {key for key, size in known.items() if size > at_most}
        once = {
            key for key, size in known.items() if size - now.get(key, 0) + was.get(key, 0) > at_most
        }
        crossed[rule] = large ^ once
        kept = set(held[rule].tolist()) - known.keys() | large
        held[rule] = np.array(sorted(kept), dtype=np.uint64)
    if any(crossed.values()):
        _keep(connection, [held[rule] for rule in range(len(sizes))])
    return crossed


def _counted(keys: Hashes) -> dict[int, int]:
    values, counts = np.unique(keys[keys != NONE], return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))


def _keep(connection: duckdb.DuckDBPyConnection, keys: Sequence[Hashes]) -> None:
    rules = np.repeat(np.arange(len(keys)), [len(row) for row in keys])
    together = np.concatenate([*keys, np.empty(0, dtype=np.uint64)]).astype(np.uint64)
    replace_table(connection, "large_blocks", pa.table([rules, together], schema=LARGE_BLOCKS))

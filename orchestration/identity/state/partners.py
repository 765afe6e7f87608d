"""Find whom new and changed records meet under the rules, from the keys of all records."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.arrays import Codes
from orchestration.identity.state.changes import RecordChanges
from orchestration.identity.state.record_keys import key_column, keys_table
from orchestration.identity.state.value_hashes import NONE, Hashes

_OURS, _MET = "meeting_keys", "met_rows"  # temporary


def replace_keys(
    connection: duckdb.DuckDBPyConnection, changes: RecordChanges, keys: Hashes
) -> None:
    """Write the keys of changed records anew and drop those of gone ones; inside a transaction."""
    connection.register("gone_records", pa.table({"source_record_id": changes.gone}))
    changed = keys_table(changes.written, keys)
    changed = changed.add_column(1, "content_hash", changes.contents)
    connection.register("changed_keys", changed)
    connection.execute(
        "delete from identity.record_keys where source_record_id in"
        " (select source_record_id from gone_records"
        " union all select source_record_id from changed_keys)"
    )
    connection.execute("insert into identity.record_keys select * from changed_keys")
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


@dataclass(frozen=True, slots=True)
class Meetings:
    """Pairs of records under the rules, as places in sorted ids; the left place is the lower."""

    ids: pa.Array
    left: Codes
    right: Codes


def meetings(
    connection: duckdb.DuckDBPyConnection,
    ids: pa.Array,
    rules: int,
    oversized: Mapping[int, Hashes],
) -> Meetings:
    """Return every pair under any rule of which one record is among some, in order.

    Pairs are made of row numbers: as texts, telling the different ones apart costs most of it.
    """
    connection.register("meeting_records", pa.table({"source_record_id": ids}))
    connection.execute(
        f"create or replace temp table {_OURS} as select rowid as place, keys.*"
        " from identity.record_keys as keys semi join meeting_records using (source_record_id)"
    )
    connection.unregister("meeting_records")
    parts = []
    for rule in range(rules):
        column = key_column(rule)
        connection.register(f"oversized_{rule}", pa.table({"key": oversized[rule]}))
        parts.append(
            "select least(ours.place, theirs.rowid) as one, greatest(ours.place, theirs.rowid)"
            f" as other from {_OURS} as ours"
            f" inner join identity.record_keys as theirs on ours.{column} = theirs.{column}"
            f" where ours.place != theirs.rowid and ours.{column} != {NONE}"
            f" and ours.{column} not in (select key from oversized_{rule})"
        )
    connection.execute(f"create or replace temp table {_MET} as {' union '.join(parts)}")
    for rule in range(rules):
        connection.unregister(f"oversized_{rule}")
    named = connection.sql(
        "select source_record_id, rowid as place from identity.record_keys"
        f" where rowid in (select one from {_MET} union select other from {_MET})"
        " order by source_record_id asc"
    ).to_arrow_table()
    met = connection.sql(f"select one, other from {_MET}").to_arrow_table()
    for table in (_OURS, _MET):
        connection.execute(f"drop table {table}")
    return _in_order(named, met)


def _in_order(named: pa.Table, met: pa.Table) -> Meetings:
    """Return pairs of row numbers as pairs of places in the ids, in the order of these."""
    rows = named["place"].to_numpy()
    by_row = np.argsort(rows)
    ends = [by_row[np.searchsorted(rows[by_row], met[end].to_numpy())] for end in ("one", "other")]
    left, right = np.minimum(*ends), np.maximum(*ends)
    order = np.lexsort((right, left))
    ids = named["source_record_id"].combine_chunks()
    return Meetings(ids, left[order].astype(np.int32), right[order].astype(np.int32))

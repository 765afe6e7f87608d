"""Bring scores and clusters up to date after a day's changes, without looking at everybody again.

The model in use stays. What changed is compared with whom it meets; only components that gain or
lose a link are looked into again. The edges and clusters are those that a full run with the same
model would end in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import Codes
from orchestration.identity.edge_table import edge_rows
from orchestration.identity.edges import edges_of
from orchestration.identity.engine import Resolution
from orchestration.identity.followed_links import REACHED, follow_links
from orchestration.identity.identity_tables import SCORED_EDGES, append_rows
from orchestration.identity.scoring import DECIMALS, probability
from orchestration.identity.state.applied_model import (
    AppliedModel,
    apply_model,
    keys_under,
    rules_of,
)
from orchestration.identity.state.changes import RecordChanges
from orchestration.identity.state.large_blocks import crossed_blocks, large_blocks
from orchestration.identity.state.model_store import ModelInUse
from orchestration.identity.state.noted_changes import (
    CHANGED_CONTENTS,
    CHANGED_LINKS,
    note_changed,
)
from orchestration.identity.state.partners import (
    Meetings,
    meetings,
    members_of,
    replace_keys,
)
from orchestration.identity.state.record_keys import keys_of, sizes_of
from orchestration.identity.warehouse_records import read_person_records

_TOUCHED = "left_record_id in (select id from {0}) or right_record_id in (select id from {0})"


@dataclass(frozen=True, slots=True)
class IncrementalScores:
    """What a day's changes led to."""

    changed: int
    gone: int
    candidate_pairs: int
    looked_into: int  # records of components that gained or lost a link
    edges: int


def score_changes(
    connection: duckdb.DuckDBPyConnection,
    in_use: ModelInUse,
    changes: RecordChanges,
    *,
    as_of: datetime,
) -> IncrementalScores:
    """Update `identity.record_keys` and `identity.scored_edges`; call inside a transaction."""
    changed = _with_crossed_blocks(connection, in_use, changes)
    oversized = large_blocks(connection, len(in_use.model.rules))
    met = meetings(connection, changed, len(in_use.model.rules), oversized)
    new = _kept(connection, in_use, met, oversized)
    _name(connection, "changed_ids", pa.concat_arrays([changed, changes.gone]))
    around = _linked_ends(connection, in_use, new)
    connection.execute(f"delete from identity.scored_edges where {_TOUCHED.format('changed_ids')}")
    inside = _components(connection, in_use, new, around | set(changed.to_pylist()))
    _name(connection, "inside_ids", pa.array(sorted(inside), pa.string()))
    links = _links(connection, new, in_use.settings.clustering.kept_from)
    rows = SCORED_EDGES.empty_table()
    if inside:
        rows = _edge_rows(connection, in_use, links, sorted(inside), oversized, as_of)
    connection.execute(
        "delete from identity.scored_edges where left_record_id in (select id from inside_ids)"
        " and right_record_id in (select id from inside_ids)"
    )
    append_rows(connection, "scored_edges", rows)
    looked_into = sorted(inside | set(changes.gone.to_pylist()))
    note_changed(connection, CHANGED_LINKS, pa.array(looked_into, pa.string()))
    note_changed(connection, CHANGED_CONTENTS, pa.concat_arrays([changes.written, changes.gone]))
    for name in ("changed_ids", "inside_ids"):
        connection.unregister(name)
    return IncrementalScores(
        len(changes.written), len(changes.gone), len(met.left), len(inside), rows.num_rows
    )


def _with_crossed_blocks(
    connection: duckdb.DuckDBPyConnection, in_use: ModelInUse, changes: RecordChanges
) -> pa.Array:
    """Write the keys of what changed; return it with the members of blocks that crossed the limit.

    A block that became too large, or no longer is, changes the pairs of all its members.
    """
    rules, limit = len(in_use.model.rules), in_use.settings.blocking.block_records
    both = pa.concat_arrays([changes.written, changes.gone])
    before = keys_of(connection, both, rules)
    keys = np.zeros((rules, 0), dtype=np.uint64)
    if len(changes.written):
        records = read_person_records(connection, changes.written)
        keys = keys_under(in_use.model, records)
    replace_keys(connection, changes, keys)
    sizes = sizes_of(connection, np.hstack([before, keys]))
    more = members_of(connection, crossed_blocks(connection, before, keys, sizes, limit))
    return pa.array(sorted(more | set(changes.written.to_pylist())), pa.string())


def _kept(
    connection: duckdb.DuckDBPyConnection,
    in_use: ModelInUse,
    met: Meetings,
    oversized: dict[int, np.ndarray],
) -> pa.Table:
    """Return the pairs that may be one person, with their probability."""
    chances = np.zeros(0)
    if len(met.left):
        applied = _applied(connection, in_use, met.ids, oversized)
        chances = np.round(probability(applied.scorer.log_odds(met.left, met.right)), DECIMALS)
    kept = chances >= in_use.settings.clustering.kept_from
    return pa.table(
        {
            "left_record_id": met.ids.take(pa.array(met.left[kept])),
            "right_record_id": met.ids.take(pa.array(met.right[kept])),
            "probability": chances[kept],
        }
    )


def _applied(
    connection: duckdb.DuckDBPyConnection,
    in_use: ModelInUse,
    ids: pa.Array,
    oversized: dict[int, np.ndarray],
) -> AppliedModel:
    records = read_person_records(connection, ids)
    keys = keys_of(connection, ids, len(in_use.model.rules))
    return apply_model(in_use.model, records, in_use.settings, keys).without_blocks(oversized)


def _places(ids: pa.Array, among: pa.Array) -> Codes:
    return np.asarray(pc.index_in(ids, among).to_numpy(zero_copy_only=False), dtype=np.int32)


def _name(connection: duckdb.DuckDBPyConnection, name: str, ids: pa.Array) -> None:
    connection.register(name, pa.table({"id": ids}))


def _linked_ends(
    connection: duckdb.DuckDBPyConnection, in_use: ModelInUse, new: pa.Table
) -> set[str]:
    """Return whom changed records were or are linked to."""
    threshold = in_use.settings.clustering.threshold
    rows = connection.execute(
        "select left_record_id, right_record_id from identity.scored_edges"
        f" where probability >= ? and ({_TOUCHED.format('changed_ids')})",
        [threshold],
    ).fetchall()
    found = {end for row in rows for end in row}
    linked = new.filter(pc.greater_equal(new["probability"], threshold))
    gone = set(connection.sql("select id from changed_ids").to_arrow_table()["id"].to_pylist())
    return (found - gone) | {
        end for name in ("left_record_id", "right_record_id") for end in linked[name].to_pylist()
    }


def _components(
    connection: duckdb.DuckDBPyConnection, in_use: ModelInUse, new: pa.Table, starting: set[str]
) -> set[str]:
    """Return all records linked to some, through stored and new links."""
    connection.register("new_links", new)
    follow_links(
        connection,
        "select hash(left_record_id) as one, hash(right_record_id) as other"
        " from (select * from new_links union all by name"
        " select left_record_id, right_record_id, probability from identity.scored_edges)"
        " where probability >= $threshold",
        pa.array(sorted(starting), pa.string()),
        {"threshold": in_use.settings.clustering.threshold},
    )
    connection.unregister("new_links")
    found = connection.sql(
        "select source_record_id from identity.record_keys"
        f" semi join {REACHED} on hash(source_record_id) = mark"
    ).fetchall()
    return {record for (record,) in found}


def _links(connection: duckdb.DuckDBPyConnection, new: pa.Table, kept_from: float) -> pa.Table:
    """Return the kept pairs of the records to look into: new ones, and stored ones among them."""
    connection.register("new_links", new)
    found = connection.execute(
        "select left_record_id, right_record_id, probability from new_links"
        " union select left_record_id, right_record_id, probability from identity.scored_edges"
        " where probability >= ? and left_record_id in (select id from inside_ids)"
        " and right_record_id in (select id from inside_ids)"
        " order by left_record_id, right_record_id",
        [kept_from],
    ).to_arrow_table()
    connection.unregister("new_links")
    return found


def _edge_rows(  # noqa: PLR0913  pairs, records, blocks, model and moment
    connection: duckdb.DuckDBPyConnection,
    in_use: ModelInUse,
    links: pa.Table,
    inside: Iterable[str],
    oversized: dict[int, np.ndarray],
    as_of: datetime,
) -> pa.Table:
    ends = [links[name].combine_chunks() for name in ("left_record_id", "right_record_id")]
    ids = pc.unique(pa.concat_arrays([*ends, pa.array(inside, pa.string())]))
    applied = _applied(connection, in_use, ids, oversized)
    left, right = (_places(end, applied.records.ids) for end in ends)
    chances = links["probability"].to_numpy()
    edges = edges_of(applied.scorer, (left, right, chances), in_use.settings.clustering)
    found = Resolution(
        applied.records, applied.scorer.comparer, rules_of(in_use.model), None, edges, 0, {}
    )
    return edge_rows(found, in_use.model.version, as_of)

"""The tables that `c360 resolve` writes: records under their source's own keys."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import MISSING, Codes
from orchestration.identity.clustering import Clusters
from orchestration.identity.edges import Edges, rule_names
from orchestration.identity.encoding import EncodedRecords
from orchestration.identity.engine import Resolution
from orchestration.identity.households import shared_homes
from orchestration.identity.spec_tables import ID_SEPARATOR


def household_table(
    homes: tuple[Codes, pa.Array], records: EncodedRecords, clusters: Clusters
) -> pa.Table:
    """Return source, record_id and household of every record whose home several clusters share.

    `homes` are those of the records, in the engine's order.
    """
    places = np.where(records.is_test_record, np.int32(MISSING), homes[0])
    named = (records.columns[name] for name in ("family_name", "phone"))
    found = shared_homes(clusters.labels, (places, homes[1]), *named)
    sources, keys = _keys(records, found.records.astype(np.int32))
    return pa.table(
        {
            "source": sources,
            "record_id": keys,
            "household_id": pa.array(found.household_id, pa.string()),
            "people_count": pa.array(found.people_count, pa.int64()),
            "evidence": pa.array(found.evidence, pa.string()),
        }
    )


def cluster_table(records: EncodedRecords, clusters: Clusters) -> pa.Table:
    """Return source, record_id and cluster_id of every record."""
    sources, keys = _keys(records, np.arange(records.size, dtype=np.int32))
    labels = pa.array(clusters.labels, pa.int64())
    return pa.table({"source": sources, "record_id": keys, "cluster_id": labels})


def edge_keys(records: EncodedRecords, edges: Edges) -> pa.Table:
    """Return the sources and their own ids of the records of each edge."""
    left_source, left_key = _keys(records, edges.left)
    right_source, right_key = _keys(records, edges.right)
    return pa.table(
        {
            "left_source": left_source,
            "left_record_id": left_key,
            "right_source": right_source,
            "right_record_id": right_key,
        }
    )


def edge_tables(resolution: Resolution, version: str) -> Iterator[pa.Table]:
    """Yield the scored pairs with the weight and level of each compared field, some at a time.

    There is at least one table, so that what has no edges has their columns.
    """
    for part in resolution.edges.parts():
        yield _edge_table(resolution, part, version)


def _edge_table(resolution: Resolution, edges: Edges, version: str) -> pa.Table:
    keys = edge_keys(resolution.records, edges)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        **{name: keys[name] for name in keys.column_names},
        "probability": pa.array(edges.probability),
        "match_weight": pa.array(edges.match_weight),
        "rules": pa.array(rule_names(edges.rules, resolution.rules), pa.string()),
    }
    weights, none = edges.weights, np.zeros(len(edges.left))
    for row, field in enumerate(resolution.comparer.fields):
        words = pa.array(field.levels, pa.string())
        columns[f"weight_{field.name}"] = pa.array(weights.get(field.name, none))
        columns[f"level_{field.name}"] = words.take(pa.array(edges.levels[row]))
    columns["weight_other"] = pa.array(edges.other_weight(weights))
    columns["model_version"] = pa.array([version] * len(edges.left), pa.string())
    return pa.table(columns)


def _keys(records: EncodedRecords, positions: Codes) -> tuple[pa.Array, pa.Array]:
    """Return the source and the source's own id of records."""
    codes = records.sources[positions]
    sources = pa.array(records.source_names, pa.string()).take(pa.array(codes))
    order = np.argsort(codes, kind="stable")
    ids = records.ids.take(pa.array(positions[order]))
    parts, start = [pa.array([], pa.string())], 0
    for name, count in zip(
        records.source_names, np.bincount(codes, minlength=1).tolist(), strict=False
    ):
        own = ids.slice(start, count)
        parts.append(pc.utf8_slice_codeunits(own, len(name) + len(ID_SEPARATOR)))
        start += count
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return sources, pa.concat_arrays(parts).take(pa.array(back))

"""The tables that `c360 resolve` writes: records under their source's own keys."""

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import Codes
from orchestration.identity.clustering import Clusters
from orchestration.identity.edges import rule_names
from orchestration.identity.encoding import EncodedRecords
from orchestration.identity.engine import Resolution
from orchestration.identity.households import households
from orchestration.identity.spec_tables import ID_SEPARATOR

HOUSEHOLD_COLUMNS = (
    "source_record_id",
    "family_name",
    "phone",
    "city",
    "postcode",
    "street",
    "unit",
)


def household_table(table: pa.Table, records: EncodedRecords, clusters: Clusters) -> pa.Table:
    """Return source, record_id and household of every record whose home several clusters share.

    `table` holds the household columns of the records, in the engine's order.
    """
    living = table.append_column("customer_id", pa.array(clusters.labels).cast(pa.string()))
    if records.is_test_record.any():
        living = living.filter(pa.array(~records.is_test_record))
    # Without a folder for what does not fit into memory: names and phones stay off the disk.
    with duckdb.connect(config={"temp_directory": ""}) as connection:
        found = households(connection, living)
    places = pc.index_in(found["source_record_id"].combine_chunks(), value_set=records.ids)
    sources, keys = _keys(records, np.asarray(places.to_numpy(), dtype=np.int32))
    columns = found.select(["household_id", "people_count", "evidence"])
    return columns.add_column(0, "record_id", keys).add_column(0, "source", sources)


def cluster_table(records: EncodedRecords, clusters: Clusters) -> pa.Table:
    """Return source, record_id and cluster_id of every record."""
    sources, keys = _keys(records, np.arange(records.size, dtype=np.int32))
    labels = pa.array(clusters.labels, pa.int64())
    return pa.table({"source": sources, "record_id": keys, "cluster_id": labels})


def edge_keys(resolution: Resolution) -> pa.Table:
    """Return the sources and their own ids of the records of each edge."""
    left_source, left_key = _keys(resolution.records, resolution.edges.left)
    right_source, right_key = _keys(resolution.records, resolution.edges.right)
    return pa.table(
        {
            "left_source": left_source,
            "left_record_id": left_key,
            "right_source": right_source,
            "right_record_id": right_key,
        }
    )


def edge_table(resolution: Resolution, version: str) -> pa.Table:
    """Return the scored pairs with the weight and level of each compared field."""
    edges, keys = resolution.edges, edge_keys(resolution)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        **{name: keys[name] for name in keys.column_names},
        "probability": pa.array(edges.probability),
        "match_weight": pa.array(edges.match_weight),
        "rules": pa.array(rule_names(edges.rules, resolution.rules), pa.string()),
    }
    none = np.zeros(len(edges.left))
    for row, field in enumerate(resolution.comparer.fields):
        words = pa.array(field.levels, pa.string())
        columns[f"weight_{field.name}"] = pa.array(edges.weights.get(field.name, none))
        columns[f"level_{field.name}"] = words.take(pa.array(edges.levels[row]))
    columns["weight_other"] = pa.array(edges.other_weight)
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

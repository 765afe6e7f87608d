"""Turn edges into the table of scored edges, and back into what clustering needs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import Codes, Floats, Levels
from orchestration.identity.clustering import ClusterEdges
from orchestration.identity.edges import Edges, rule_names
from orchestration.identity.engine import Resolution
from orchestration.identity.fields import FIELDS, Field, Holding
from orchestration.identity.identity_tables import SCORED_EDGES

# The fields that guards look at.
_GUARDED = (
    "given_name",
    "middle_name",
    "family_name",
    "generation",
    "birth_date",
    "sex",
    "email",
    "national_id",
)


def edge_rows(resolution: Resolution, version: str, as_of: datetime) -> pa.Table:
    """Return the scored edges of a resolution as a table."""
    edges, ids = resolution.edges, resolution.records.ids
    count, weights = len(edges.left), edges.weights
    rules = pa.array(rule_names(edges.rules, resolution.rules), pa.string())
    columns: dict[str, pa.Array] = {
        "left_record_id": ids.take(pa.array(edges.left)),
        "right_record_id": ids.take(pa.array(edges.right)),
        "probability": pa.array(edges.probability),
        "match_weight": pa.array(edges.match_weight),
        "rules": rules,
        "weight_other": pa.array(edges.other_weight(weights)),
        "model_version": pa.array([version] * count, pa.string()),
        "scored_at": pa.array([as_of] * count, pa.timestamp("us")),
    }
    compared = {field.name: row for row, field in enumerate(resolution.comparer.fields)}
    for field in FIELDS:
        is_compared = field.name in compared
        levels = edges.levels[compared[field.name]] if is_compared else np.zeros(count, np.int8)
        columns[f"level_{field.name}"] = _words(field, levels)
        columns[f"weight_{field.name}"] = pa.array(weights.get(field.name, np.zeros(count)))
    return pa.table([columns[name] for name in SCORED_EDGES.names], schema=SCORED_EDGES)


def cluster_edges(edges: Edges, fields: tuple[Field, ...]) -> ClusterEdges:
    """Return what clustering needs of the edges of a resolution."""
    single = tuple(field.name for field in fields if field.holding is Holding.ONE)
    levels = {
        field.name: edges.levels[row]
        for row, field in enumerate(fields)
        if field.name in _GUARDED or field.name in single
    }
    found = _cluster_edges(edges.left, edges.right, edges.probability, edges.match_weight, levels)
    return replace(found, one_per_person=single)


def read_cluster_edges(connection: duckdb.DuckDBPyConnection, ids: pa.Array) -> ClusterEdges:
    """Return the stored edges between records, whose position is that of their id among `ids`."""
    connection.register("positions", pa.table({"id": ids, "position": np.arange(len(ids))}))
    levels = ", ".join(f"edges.level_{name}" for name in _GUARDED)
    rows = connection.sql(
        f"select lefts.position as left_position, rights.position as right_position,"
        f" edges.probability, edges.match_weight, {levels}"
        " from identity.scored_edges as edges"
        " inner join positions as lefts on edges.left_record_id = lefts.id"
        " inner join positions as rights on edges.right_record_id = rights.id"
        " order by left_position, right_position"
    ).to_arrow_table()
    connection.unregister("positions")
    return _cluster_edges(
        rows["left_position"].to_numpy().astype(np.int32),
        rows["right_position"].to_numpy().astype(np.int32),
        rows["probability"].to_numpy(),
        rows["match_weight"].to_numpy(),
        {
            field.name: _numbers(field, rows[f"level_{field.name}"])
            for field in FIELDS
            if field.name in _GUARDED
        },
    )


def guarded_levels(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[str]
) -> tuple[list[tuple[str, str]], dict[str, Levels], Floats]:
    """Return the stored pairs among some records, what guards look at, and their probability."""
    levels = ", ".join(f"level_{name}" for name in _GUARDED)
    rows = connection.execute(
        f"select left_record_id, right_record_id, probability, {levels}"
        " from identity.scored_edges"
        " where left_record_id in (select unnest(?)) and right_record_id in (select unnest(?))"
        " order by left_record_id asc, right_record_id asc",
        [list(ids), list(ids)],
    ).to_arrow_table()
    ends = (rows[name].to_pylist() for name in ("left_record_id", "right_record_id"))
    numbers = {
        field.name: _numbers(field, rows[f"level_{field.name}"])
        for field in FIELDS
        if field.name in _GUARDED
    }
    return list(zip(*ends, strict=True)), numbers, rows["probability"].to_numpy()


def _cluster_edges(
    left: Codes, right: Codes, probability: Floats, bits: Floats, levels: dict[str, Levels]
) -> ClusterEdges:
    """Build edges from rounded figures, so that stored and fresh ones make the same clusters."""
    return ClusterEdges(left, right, probability, bits * np.log(2.0), levels)


def _words(field: Field, levels: Levels) -> pa.Array:
    return pa.array(field.levels, pa.string()).take(pa.array(levels.astype(np.int64)))


def _numbers(field: Field, words: pa.ChunkedArray) -> Levels:
    encoded = words.combine_chunks().dictionary_encode()
    numbers = [field.levels.index(word) for word in encoded.dictionary.to_pylist()]
    places = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)
    return np.array(numbers, dtype=np.int8)[places] if numbers else np.zeros(0, dtype=np.int8)

"""The three steps of the identity layer, from the warehouse to the warehouse.

Each reads its tables, calls the domain modules, and writes in one transaction. What a step decides
stands in those modules; when it runs is the orchestration's business.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.identity.clustering import cluster_records
from orchestration.identity.edge_table import edge_rows, read_cluster_edges
from orchestration.identity.engine import resolve_records
from orchestration.identity.identity_tables import (
    CLUSTERS,
    CUSTOMER_ALIASES,
    ID_HISTORY,
    IDENTITY_MAP,
    MODELS,
    REVIEW_QUEUE,
    append_rows,
    one_transaction,
    read_table,
    replace_table,
)
from orchestration.identity.model_document import model_parameters, model_version
from orchestration.identity.settings import engine_settings
from orchestration.identity.stable_ids import assign_ids, event_id, resolved_aliases
from orchestration.identity.state.keeping import write_state
from orchestration.identity.warehouse_records import SOURCE_TABLE, read_person_records


@dataclass(frozen=True, slots=True)
class PairScores:
    """What scoring found."""

    records: int
    candidate_pairs: int
    edges: int
    structure: str | None
    model_version: str
    rules: dict[str, int]  # blocking rule -> expected pairs
    placeholders: dict[str, int]  # column -> placeholder values that carry no evidence
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class ClusterSummary:
    """What clustering made."""

    records: int
    clusters: int
    merged_records: int
    largest_cluster: int
    review_pairs: dict[str, int]  # guard -> pairs


@dataclass(frozen=True, slots=True)
class IdentitySummary:
    """What happened to customers."""

    records: int
    customers: int
    created: int
    merged: int
    split: int
    moved: int
    retired: int


def score_pairs(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime,
    progress: Callable[[str], None] | None = None,
) -> PairScores:
    """Score the pairs of all person records; write `identity.scored_edges` and `.models`."""
    settings = engine_settings()
    resolution = resolve_records(read_person_records(connection), settings, progress=progress)
    parameters = model_parameters(resolution)
    version = model_version(parameters, settings)
    model = pa.table(
        [
            [version],
            [as_of],
            [json.dumps(parameters, sort_keys=True)],
            [settings.model_dump_json()],
        ],
        schema=MODELS,
    )
    rows = edge_rows(resolution, version, as_of)
    with one_transaction(connection):
        replace_table(connection, "scored_edges", rows)
        append_rows(connection, "models", MODELS.empty_table())
        connection.execute("delete from identity.models where fitted_at = ?", [as_of])
        append_rows(connection, "models", model)
        write_state(connection, resolution, version, settings)
    return PairScores(
        records=resolution.records.size,
        candidate_pairs=resolution.candidate_pairs,
        edges=rows.num_rows,
        structure=resolution.model.structure if resolution.model else None,
        model_version=version,
        rules={rule.label: rule.expected_pairs for rule in resolution.rules},
        placeholders=dict(resolution.records.placeholders),
        seconds=resolution.seconds,
    )


def build_clusters(connection: duckdb.DuckDBPyConnection, *, as_of: datetime) -> ClusterSummary:
    """Cluster the scored edges; write `identity.clusters` and `identity.review_queue`."""
    ids = (
        connection.sql(f"select source_record_id from {SOURCE_TABLE} order by source_record_id")
        .to_arrow_table()["source_record_id"]
        .combine_chunks()
    )
    edges = read_cluster_edges(connection, ids)
    found = cluster_records(len(ids), edges, engine_settings().clustering)
    sizes = np.bincount(found.labels, minlength=1)
    clusters = pa.table(
        [
            ids,
            pa.array(found.labels, pa.int64()),
            pa.array(sizes[found.labels], pa.int64()),
            pa.array(found.weakest_link, from_pandas=True),
        ],
        schema=CLUSTERS,
    )
    review = found.review
    queue = pa.table(
        [
            ids.take(pa.array(review.left)),
            ids.take(pa.array(review.right)),
            pa.array(review.probability),
            pa.array(review.reason, pa.string()),
            pa.array(review.guard, pa.string()),
            pa.array([as_of] * len(review.guard), pa.timestamp("us")),
        ],
        schema=REVIEW_QUEUE,
    )
    with one_transaction(connection):
        replace_table(connection, "clusters", clusters)
        replace_table(connection, "review_queue", queue)
    return ClusterSummary(
        records=len(ids),
        clusters=int((sizes > 0).sum()),
        merged_records=int(sizes[sizes > 1].sum()),
        largest_cluster=int(sizes.max()),
        review_pairs={name: review.guard.count(name) for name in sorted(set(review.guard))},
    )


def assign_customer_ids(
    connection: duckdb.DuckDBPyConnection, *, run_id: str, as_of: datetime
) -> IdentitySummary:
    """Give every record its customer; write identity map, id history and aliases.

    Running it again for the same clusters changes nothing.
    """
    previous = read_table(connection, "identity_map", IDENTITY_MAP).to_pandas()
    history = read_table(connection, "id_history", ID_HISTORY).to_pandas()
    aliases = read_table(connection, "customer_aliases", CUSTOMER_ALIASES).to_pandas()
    clusters = read_table(connection, "clusters", CLUSTERS).to_pandas()
    given_out = history[history["event"].isin(["created", "split"])]
    created = given_out.groupby("customer_id", as_index=False).agg(
        created_at=("occurred_at", "min")
    )
    known = previous[["source_record_id", "customer_id", "assigned_at"]]
    assignment = assign_ids(clusters[["source_record_id", "cluster_id"]], known, created)
    events = pa.table(
        [
            [event_id(run_id, event) for event in assignment.events],
            [event.event for event in assignment.events],
            [event.customer_id for event in assignment.events],
            [event.related_customer_id for event in assignment.events],
            [as_of] * len(assignment.events),
            [run_id] * len(assignment.events),
        ],
        schema=ID_HISTORY,
    )
    current = _identity_map(connection, assignment.customers, previous, as_of)
    renamed = resolved_aliases(aliases, assignment.events, as_of)
    with one_transaction(connection):
        replace_table(connection, "identity_map", current)
        append_rows(connection, "id_history", events)
        replace_table(connection, "customer_aliases", _table(renamed, CUSTOMER_ALIASES))
    counts = Counter(event.event for event in assignment.events)
    return IdentitySummary(
        records=len(assignment.customers),
        customers=assignment.customers["customer_id"].nunique(),
        created=counts["created"],
        merged=counts["merged"],
        split=counts["split"],
        moved=counts["moved"],
        retired=counts["retired"],
    )


def _identity_map(
    connection: duckdb.DuckDBPyConnection,
    customers: pd.DataFrame,
    previous: pd.DataFrame,
    as_of: datetime,
) -> pa.Table:
    """Return the map; a record that stays with its customer keeps its time and model."""
    latest = connection.execute("select max_by(model_version, fitted_at) from identity.models")
    version = (latest.fetchone() or (None,))[0]
    sources = connection.sql(f"select source_record_id, source_system from {SOURCE_TABLE}").df()
    current = customers.merge(sources, on="source_record_id", how="left").merge(
        previous.drop(columns="source_system"), on=["source_record_id", "customer_id"], how="left"
    )
    is_new = current["assigned_at"].isna()
    current["assigned_at"] = current["assigned_at"].astype("datetime64[us]").mask(is_new, as_of)
    current["model_version"] = current["model_version"].mask(is_new, version)
    return _table(current.sort_values("source_record_id"), IDENTITY_MAP)


def _table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)

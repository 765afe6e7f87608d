"""The three steps of the identity layer, from the warehouse to the warehouse.

Each reads its tables, calls the domain modules, and writes in one transaction. What a step decides
stands in those modules; when it runs is the orchestration's business.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.clustering import cluster_records
from orchestration.identity.continuing import Continued, continue_scores
from orchestration.identity.edge_table import edge_rows, read_cluster_edges
from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.identity_tables import (
    CLUSTERS,
    MODELS,
    REVIEW_QUEUE,
    append_rows,
    one_transaction,
    replace_table,
)
from orchestration.identity.judging.ruling_tables import (
    positions_of,
    rule_on_today,
    write_ruling,
)
from orchestration.identity.model_document import model_parameters, model_version
from orchestration.identity.retraining import (
    compare_with_last,
    is_retraining_due,
    write_comparison,
)
from orchestration.identity.settings import engine_settings
from orchestration.identity.state.keeping import write_state
from orchestration.identity.warehouse_records import SOURCE_TABLE, read_person_records
from orchestration.steward.decisions import Decision


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
    changed_records: int | None = None  # None when everybody was scored anew
    model_change: float | None = None  # share of links that a new model changes
    is_model_refused: bool | None = None


@dataclass(frozen=True, slots=True)
class ClusterSummary:
    """What clustering made."""

    records: int
    clusters: int
    merged_records: int
    largest_cluster: int
    review_pairs: dict[str, int]  # guard -> pairs
    judgements: dict[str, int]  # status -> judgements in force


def score_pairs(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime,
    progress: Callable[[str], None] | None = None,
) -> PairScores:
    """Score the pairs of all person records; write `identity.scored_edges` and `.models`.

    After few changes only what changed is scored, under the model in use.
    """
    settings = engine_settings()
    started = perf_counter()
    continued = continue_scores(connection, settings, as_of=as_of)
    if continued is not None:
        kept = _continued_scores(continued, perf_counter() - started)
        if not is_retraining_due(connection, settings, as_of=as_of):
            return kept
    resolution = resolve_records(read_person_records(connection), settings, progress=progress)
    parameters = model_parameters(resolution)
    version = model_version(parameters, settings)
    comparison = compare_with_last(connection, resolution, version, settings)
    changed = comparison.share_changed if comparison else 0.0
    if continued is not None and changed > settings.retraining.most_changed:
        with one_transaction(connection):
            write_comparison(connection, comparison, is_accepted=False, as_of=as_of)
        return replace(kept, model_change=changed, is_model_refused=True)
    _write_scores(connection, resolution, parameters, version, as_of)
    with one_transaction(connection):
        write_comparison(connection, comparison, is_accepted=True, as_of=as_of)
    return PairScores(
        records=resolution.records.size,
        candidate_pairs=resolution.candidate_pairs,
        edges=len(resolution.edges.left),
        structure=resolution.model.structure if resolution.model else None,
        model_version=version,
        rules={rule.label: rule.expected_pairs for rule in resolution.rules},
        placeholders=dict(resolution.records.placeholders),
        seconds=resolution.seconds,
        model_change=comparison.share_changed if comparison else None,
    )


def _write_scores(
    connection: duckdb.DuckDBPyConnection,
    resolution: Resolution,
    parameters: dict[str, Any],
    version: str,
    as_of: datetime,
) -> None:
    settings = engine_settings()
    written = json.dumps(parameters, sort_keys=True)
    model = pa.table([[version], [as_of], [written], [settings.model_dump_json()]], schema=MODELS)
    rows = edge_rows(resolution, version, as_of)
    with one_transaction(connection):
        replace_table(connection, "scored_edges", rows)
        append_rows(connection, "models", MODELS.empty_table())
        connection.execute("delete from identity.models where fitted_at = ?", [as_of])
        append_rows(connection, "models", model)
        write_state(connection, resolution, version, settings)


def _continued_scores(continued: Continued, seconds: float) -> PairScores:
    model, scores = continued.in_use.model, continued.scores
    return PairScores(
        records=continued.records,
        candidate_pairs=scores.candidate_pairs,
        edges=scores.edges,
        structure=None,
        model_version=model.version,
        rules={},
        placeholders={name: len(found) for name, found in model.placeholders.items()},
        seconds={"changes": round(seconds, 3)},
        changed_records=scores.changed + scores.gone,
    )


def build_clusters(
    connection: duckdb.DuckDBPyConnection, *, as_of: datetime, decisions: Iterable[Decision] = ()
) -> ClusterSummary:
    """Cluster the scored edges; write clusters, review queue and what became of judgements."""
    ids = (
        connection.sql(f"select source_record_id from {SOURCE_TABLE} order by source_record_id")
        .to_arrow_table()["source_record_id"]
        .combine_chunks()
    )
    edges = read_cluster_edges(connection, ids)
    ruling, anchored = rule_on_today(connection, decisions)
    judged = positions_of(ruling.pairs, ids)
    found = cluster_records(len(ids), edges, engine_settings().clustering, judged=judged)
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
        write_ruling(connection, ruling, anchored)
    return ClusterSummary(
        records=len(ids),
        clusters=int((sizes > 0).sum()),
        merged_records=int(sizes[sizes > 1].sum()),
        largest_cluster=int(sizes.max()),
        review_pairs={name: review.guard.count(name) for name in sorted(set(review.guard))},
        judgements=dict(Counter(status.value for status in ruling.status.values())),
    )

"""Score the pairs of all person records, from the warehouse to the warehouse: the first step.

Clusters (record_clusters) and ids (customer_ids) follow. Each step reads its tables, calls the
domain modules, and writes in one transaction; when it runs is the orchestration's business.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.identity.continuing import Continued, continue_scores
from orchestration.identity.edge_table import edge_rows
from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.identity_tables import (
    MODELS,
    append_rows,
    one_transaction,
    replace_table,
)
from orchestration.identity.model_document import model_parameters, model_version
from orchestration.identity.retraining import (
    compare_with_last,
    is_retraining_due,
    write_comparison,
)
from orchestration.identity.settings import EngineSettings, engine_settings
from orchestration.identity.state.keeping import write_state
from orchestration.identity.state.noted_changes import (
    CHANGED_CONTENTS,
    CHANGED_LINKS,
    note_everybody,
)
from orchestration.identity.warehouse_records import read_person_records


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


def score_pairs(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime,
    settings: EngineSettings | None = None,
    progress: Callable[[str], None] | None = None,
) -> PairScores:
    """Score the pairs of all person records; write `identity.scored_edges` and `.models`.

    After few changes only what changed is scored, under the model in use.
    """
    settings = settings or engine_settings()
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
    with one_transaction(connection):
        _write_scores(connection, resolution, settings, (parameters, version), as_of)
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
    settings: EngineSettings,
    model: tuple[dict[str, Any], str],
    as_of: datetime,
) -> None:
    """Write scores and model anew; call inside a transaction."""
    parameters, version = model
    written = json.dumps(parameters, sort_keys=True)
    row = pa.table([[version], [as_of], [written], [settings.model_dump_json()]], schema=MODELS)
    rows = edge_rows(resolution, version, as_of)
    replace_table(connection, "scored_edges", rows)
    append_rows(connection, "models", MODELS.empty_table())
    connection.execute("delete from identity.models where fitted_at = ?", [as_of])
    append_rows(connection, "models", row)
    write_state(connection, resolution, version, settings)
    note_everybody(connection, CHANGED_LINKS)
    note_everybody(connection, CHANGED_CONTENTS)


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

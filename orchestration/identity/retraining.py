"""Fit the model anew on a schedule, and refuse a new one that decides too differently.

Between fits the model in use stays (see continuing). What a new one changes stands in
`identity.model_comparisons`, also where it was refused.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import Integers
from orchestration.identity.engine import Resolution
from orchestration.identity.errors import ModelError
from orchestration.identity.identity_tables import (
    MODEL_COMPARISONS,
    MODELS,
    SCORED_EDGES,
    append_rows,
    read_table,
)
from orchestration.identity.model_comparison import (
    Judge,
    ModelComparison,
    compare_models,
    level_bits,
    links_of,
)
from orchestration.identity.settings import EngineSettings
from orchestration.identity.state.model_store import read_model

_ENDS = pa.schema(
    [SCORED_EDGES.field(name) for name in ("left_record_id", "right_record_id", "probability")]
)


def is_retraining_due(
    connection: duckdb.DuckDBPyConnection, settings: EngineSettings, *, as_of: datetime
) -> bool:
    """Tell whether the model in use was fitted, or a new one refused, too long ago."""
    moments = [
        moment
        for name, when in (
            ("models", MODELS.field("fitted_at")),
            ("model_comparisons", MODEL_COMPARISONS.field("compared_at")),
        )
        for moment in read_table(connection, name, pa.schema([when]))[when.name].to_pylist()
        if moment is not None and moment <= as_of
    ]
    return bool(moments) and as_of - max(moments) >= timedelta(days=settings.retraining.days)


def compare_with_last(
    connection: duckdb.DuckDBPyConnection,
    resolution: Resolution,
    version: str,
    settings: EngineSettings,
) -> ModelComparison | None:
    """Return what a resolution changes in the stored scores; None where no model is kept.

    Links of records that are gone do not count.
    """
    try:
        last = read_model(connection).model
    except ModelError:
        return None
    if resolution.scorer is None:
        return None
    threshold, size = settings.clustering.threshold, resolution.records.size
    rules = [rule.label for rule in resolution.rules]
    bits = level_bits(last.mixture.parameters[0], last.chance.overall, last.fields)
    return compare_models(
        Judge.of(version, rules, resolution.scorer, resolution.comparer.fields),
        Judge(last.version, last.rule_labels, bits),
        links_of(resolution.edges, threshold, size),
        _stored_links(connection, resolution.records.ids, threshold),
    )


def _stored_links(
    connection: duckdb.DuckDBPyConnection, ids: pa.Array, threshold: float
) -> Integers:
    edges = read_table(connection, "scored_edges", _ENDS)
    linked = edges.filter(pc.greater_equal(edges["probability"], threshold))
    left, right = (
        pc.index_in(linked[name].combine_chunks(), value_set=ids)
        for name in ("left_record_id", "right_record_id")
    )
    known = pc.and_(pc.is_valid(left), pc.is_valid(right))
    ends = [end.filter(known).to_numpy(zero_copy_only=False) for end in (left, right)]
    return np.asarray(ends[0].astype(np.int64) * len(ids) + ends[1])


def write_comparison(
    connection: duckdb.DuckDBPyConnection,
    comparison: ModelComparison | None,
    *,
    is_accepted: bool,
    as_of: datetime,
) -> None:
    """Add a comparison to `identity.model_comparisons`; without one the table is only made."""
    append_rows(connection, "model_comparisons", MODEL_COMPARISONS.empty_table())
    if comparison is None:
        return
    connection.execute("delete from identity.model_comparisons where compared_at = ?", [as_of])
    row = {
        **{name: getattr(comparison, name) for name in _COPIED},
        "compared_at": as_of,
        "is_accepted": is_accepted,
    }
    append_rows(connection, "model_comparisons", _table(row))


_COPIED = (
    "model_version",
    "previous_version",
    "largest_weight_change",
    "changed_level",
    "links",
    "previous_links",
    "links_kept",
    "share_changed",
)


def _table(row: Mapping[str, object]) -> pa.Table:
    return pa.Table.from_pylist([dict(row)], schema=MODEL_COMPARISONS)

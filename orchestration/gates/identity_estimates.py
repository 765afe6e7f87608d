"""Estimate precision and recall of the links, from the model and from judgements, with intervals.

The model's own word is an interval of what its probabilities leave open, if they are right. The
judgements of stewards correct it: by strata of probability, with wide intervals while they are few.
They are no random sample (stewards are shown what is unsure), which the strata make up for in part.
"""

import math
from datetime import datetime

import duckdb
import numpy as np

from orchestration.gates.linked_edges import has_linked_edges
from orchestration.gates.relations import columns_of
from orchestration.identity.judged_sample import BOUNDS, quality_of_strata
from orchestration.identity.settings import EngineSettings, engine_settings

NORMAL_95 = 1.96

ESTIMATES = """
    create table if not exists quality.identity_estimates (
        run_id varchar, as_of timestamp, basis varchar, figure varchar,
        value double, low double, high double, pairs bigint
    )
"""

# What each side of the threshold adds up to, and how uncertain the sum is.
MODEL_SUMS = """
    select
        count(*) filter (where is_linked),
        coalesce(sum(probability) filter (where is_linked), 0),
        coalesce(sum(probability * (1 - probability)) filter (where is_linked), 0),
        coalesce(sum(probability) filter (where not is_linked), 0),
        coalesce(sum(probability * (1 - probability)) filter (where not is_linked), 0)
    from linked_edges
"""

# Counted where they lie: there may be more pairs than memory has room for.
JUDGED_STRATA = """
    select
        list_sum([(edges.probability >= bound)::int for bound in $inner_bounds]) as stratum,
        count(*)::double,
        count(pairs.judgement)::double,
        count(*) filter (pairs.judgement = 'same')::double
    from identity.scored_edges as edges
    left join identity.judged_pairs as pairs
        on edges.left_record_id = least(pairs.left_record_id, pairs.right_record_id)
        and edges.right_record_id = greatest(pairs.left_record_id, pairs.right_record_id)
    group by stratum
"""


def record_estimates(connection: duckdb.DuckDBPyConnection, run_id: str, as_of: datetime) -> None:
    """Write the estimates of a run, in place of those that the same run wrote before.

    They are made from `linked_edges`; without that table there are none.
    """
    connection.execute(ESTIMATES)
    if not has_linked_edges(connection):
        return
    rows = [("model", *row) for row in model_estimates(connection)]
    if columns_of(connection, "identity", "judged_pairs"):
        rows += [("judgements", *row) for row in judged_estimates(connection)]
    connection.execute("delete from quality.identity_estimates where run_id = ?", [run_id])
    for row in rows:
        connection.execute(
            "insert into quality.identity_estimates values (?, ?, ?, ?, ?, ?, ?, ?)",
            [run_id, as_of, *row],
        )


def model_estimates(
    connection: duckdb.DuckDBPyConnection,
) -> list[tuple[str, float, float, float, int]]:
    """Return what the model expects of the links: figure, value, low, high, pairs."""
    linked, found, found_spread, missed, missed_spread = connection.execute(MODEL_SUMS).fetchall()[
        0
    ]
    true = found + missed
    if not linked or not true:
        return []
    precision, recall = found / linked, found / true
    off_precision = NORMAL_95 * math.sqrt(found_spread) / linked
    spread = missed**2 * found_spread + found**2 * missed_spread
    off_recall = NORMAL_95 * math.sqrt(spread) / true**2
    return [
        ("precision", *_interval(precision, off_precision), linked),
        ("recall", *_interval(recall, off_recall), linked),
    ]


def judged_estimates(
    connection: duckdb.DuckDBPyConnection,
) -> list[tuple[str, float, float, float, int]]:
    """Return what judgements say of the links, if any pair that was scored has been judged."""
    if not connection.execute("select 1 from identity.judged_pairs limit 1").fetchall():
        return []
    threshold = match_threshold(connection)
    bounds = sorted({*BOUNDS, threshold})
    strata = np.zeros((3, len(bounds)))  # pairs, judged ones, those judged to be one person
    for stratum, *counted in connection.execute(
        JUDGED_STRATA, {"inner_bounds": bounds[1:]}
    ).fetchall():
        strata[:, stratum] = counted
    judged = int(strata[1].sum())
    if not judged:
        return []
    quality = quality_of_strata(bounds, *strata)[bounds.index(threshold)]
    return [
        (name, found.value, found.low, found.high, judged)
        for name, found in (("precision", quality.precision), ("recall", quality.recall))
    ]


def match_threshold(connection: duckdb.DuckDBPyConnection) -> float:
    """Return the threshold that the links were made with: that of the model in use."""
    if columns_of(connection, "identity", "model_in_use"):
        for (settings,) in connection.execute(
            "select settings from identity.model_in_use"
        ).fetchall():
            return EngineSettings.model_validate_json(settings).clustering.threshold
    return engine_settings().clustering.threshold


def _interval(value: float, off: float) -> tuple[float, float, float]:
    return value, max(0.0, value - off), min(1.0, value + off)

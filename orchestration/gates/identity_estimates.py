"""Estimate precision and recall of the links, from the model and from judgements, with intervals.

The model's own word is an interval of what its probabilities leave open, if they are right. The
judgements of stewards correct it: by strata of probability, with wide intervals while they are few.
They are no random sample (stewards are shown what is unsure), which the strata make up for in part.
"""

import math
from datetime import datetime

import duckdb
import numpy as np

from orchestration.gates.relations import columns_of
from orchestration.identity.judged_sample import estimated_quality

NORMAL_95 = 1.96
THRESHOLD = 0.3  # the stratum that begins at the match threshold of the engine

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
    from (
        select edges.probability, left_map.customer_id = right_map.customer_id as is_linked
        from identity.scored_edges as edges
        inner join identity.identity_map as left_map
            on edges.left_record_id = left_map.source_record_id
        inner join identity.identity_map as right_map
            on edges.right_record_id = right_map.source_record_id
    )
"""

JUDGED_EDGES = """
    select edges.probability, pairs.judgement = 'same'
    from identity.scored_edges as edges
    left join identity.judged_pairs as pairs
        on edges.left_record_id = least(pairs.left_record_id, pairs.right_record_id)
        and edges.right_record_id = greatest(pairs.left_record_id, pairs.right_record_id)
    order by edges.left_record_id asc, edges.right_record_id asc
"""


def record_estimates(connection: duckdb.DuckDBPyConnection, run_id: str, as_of: datetime) -> None:
    """Write the estimates of a run, in place of those that the same run wrote before."""
    connection.execute(ESTIMATES)
    if not columns_of(connection, "identity", "scored_edges"):
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
    edges = connection.execute(JUDGED_EDGES).fetchall()
    judged = np.array([place for place, (_, said) in enumerate(edges) if said is not None], int)
    if not len(judged):
        return []
    probability = np.array([edge[0] for edge in edges], dtype=np.float64)
    verdicts = np.array([edges[place][1] for place in judged], dtype=bool)
    quality = next(
        each
        for each in estimated_quality(probability, judged, verdicts)
        if each.threshold == THRESHOLD
    )
    return [
        (name, found.value, found.low, found.high, len(judged))
        for name, found in (("precision", quality.precision), ("recall", quality.recall))
    ]


def _interval(value: float, off: float) -> tuple[float, float, float]:
    return value, max(0.0, value - off), min(1.0, value + off)

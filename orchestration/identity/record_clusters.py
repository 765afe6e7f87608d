"""Cluster the scored edges, from the warehouse to the warehouse: all records, or who is concerned.

After a day on which only changes were scored, only the components that may have changed are looked
into; the others keep their clusters. What clusters are made of is decided in clustering.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.clustering import UNCERTAIN, Clusters, cluster_records
from orchestration.identity.concerned_records import concerned_records
from orchestration.identity.edge_table import read_cluster_edges
from orchestration.identity.identity_tables import (
    CLUSTERS,
    REVIEW_QUEUE,
    append_rows,
    one_transaction,
    replace_table,
)
from orchestration.identity.judging.ruling_tables import (
    positions_of,
    read_judged_pairs,
    rule_on_today,
    write_ruling,
)
from orchestration.identity.settings import ClusteringSettings, EngineSettings, engine_settings
from orchestration.identity.state.noted_changes import (
    CHANGED_CLUSTERS,
    CHANGED_LINKS,
    forget,
    note_changed,
    note_everybody,
    noted,
)
from orchestration.identity.warehouse_records import SOURCE_TABLE
from orchestration.steward.decisions import Decision

_CONCERNED = "select id as source_record_id from concerned"


@dataclass(frozen=True, slots=True)
class ClusterSummary:
    """What clustering made."""

    records: int
    clusters: int
    merged_records: int
    largest_cluster: int
    review_pairs: dict[str, int]  # guard -> pairs
    judgements: dict[str, int]  # status -> judgements in force
    looked_at: int  # records whose clusters were made again


def build_clusters(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime,
    decisions: Iterable[Decision] = (),
    settings: EngineSettings | None = None,
) -> ClusterSummary:
    """Cluster the scored edges; write clusters, review queue and what became of judgements."""
    clustering = (settings or engine_settings()).clustering
    changed = noted(connection, CHANGED_LINKS)
    ruling, anchored = rule_on_today(connection, decisions)
    if changed is None:
        ids = _ids_of(connection, f"select source_record_id from {SOURCE_TABLE}")
    else:
        judged = ruling.pairs, read_judged_pairs(connection)
        reviewed_from = min(clustering.threshold, clustering.review_from)
        concerned_records(connection, changed, judged, reviewed_from)
        ids = _ids_of(
            connection,
            f"select source_record_id from {SOURCE_TABLE} as records"
            " semi join concerned on records.source_record_id = concerned.id",
        )
    edges = read_cluster_edges(connection, ids)
    found = cluster_records(len(ids), edges, clustering, judged=positions_of(ruling.pairs, ids))
    with one_transaction(connection):
        if changed is None:
            replace_table(connection, "clusters", _cluster_rows(ids, found, 0))
            replace_table(connection, "review_queue", _queue_rows(ids, found, as_of))
            note_everybody(connection, CHANGED_CLUSTERS)
        else:
            _replace_concerned(connection, ids, found)
            note_changed(connection, CHANGED_CLUSTERS, _ids_of(connection, _CONCERNED))
            _replace_reviews(connection, _queue_rows(ids, found, as_of), clustering)
        write_ruling(connection, ruling, anchored)
        forget(connection, CHANGED_LINKS)
    statuses = Counter(status.value for status in ruling.status.values())
    return _summary(connection, dict(statuses), len(ids))


def _ids_of(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Array:
    rows = connection.sql(f"{query} order by source_record_id asc").to_arrow_table()
    return rows["source_record_id"].combine_chunks()


def _cluster_rows(ids: pa.Array, found: Clusters, above: int) -> pa.Table:
    """Return clusters whose numbers are those found, and above those that are taken."""
    sizes = np.bincount(found.labels, minlength=1)
    return pa.table(
        [
            ids,
            pa.array(found.labels.astype(np.int64) + above),
            pa.array(sizes[found.labels], pa.int64()),
            pa.array(found.weakest_link, from_pandas=True),
        ],
        schema=CLUSTERS,
    )


def _queue_rows(ids: pa.Array, found: Clusters, as_of: datetime) -> pa.Table:
    review = found.review
    return pa.table(
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


def _replace_concerned(
    connection: duckdb.DuckDBPyConnection, ids: pa.Array, found: Clusters
) -> None:
    row = connection.execute("select max(cluster_id) from identity.clusters").fetchone()
    above = row[0] + 1 if row and row[0] is not None else 0
    connection.execute(
        "delete from identity.clusters where source_record_id in (select id from concerned)"
    )
    append_rows(connection, "clusters", _cluster_rows(ids, found, above))


def _replace_reviews(
    connection: duckdb.DuckDBPyConnection, rows: pa.Table, settings: ClusteringSettings
) -> None:
    """Put what is to be reviewed among the concerned in place of what was; the rest keeps waiting.

    A pair that was to be reviewed already keeps since when. Of uncertain pairs the nearest to even
    are kept, as many as ever; where some left the queue, a full run fills it up again.
    """
    connection.register("new_reviews", rows)
    uncertain = f"guard = '{UNCERTAIN}'"
    connection.execute(
        "create or replace temp table reviews as"
        " select new_reviews.* replace (coalesce(old.created_at, new_reviews.created_at)"
        " as created_at) from new_reviews left join identity.review_queue as old"
        " using (left_record_id, right_record_id, guard)"
        " union all select * from identity.review_queue"
        " where left_record_id not in (select id from concerned)"
        " and right_record_id not in (select id from concerned)"
    )
    connection.execute(
        "create or replace table identity.review_queue as"
        f" select * from reviews where not {uncertain} union all (select * from reviews"
        f" where {uncertain} order by abs(probability - 0.5) asc, left_record_id asc,"
        f" right_record_id asc limit {settings.review_pairs})"
    )
    connection.unregister("new_reviews")


def _summary(
    connection: duckdb.DuckDBPyConnection, judgements: dict[str, int], looked_at: int
) -> ClusterSummary:
    row = connection.execute(
        "select count(*), count(distinct cluster_id), count(*) filter (cluster_size > 1),"
        " coalesce(max(cluster_size), 0) from identity.clusters"
    ).fetchone()
    records, clusters, merged, largest = row or (0, 0, 0, 0)
    guards = connection.sql(
        "select guard, count(*) from identity.review_queue group by guard order by guard asc"
    ).fetchall()
    return ClusterSummary(records, clusters, merged, largest, dict(guards), judgements, looked_at)

"""Name the clusters of a day as others do: by their lowest record, or by label propagation."""

import duckdb
import numpy as np
import pandas as pd

from orchestration.identity.arrays import Integers

_ROUNDS = 10


def lowest_ids(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return our clusters of today, named by their lowest record id, which is what Splink does."""
    return connection.sql(
        "select source_record_id, min(source_record_id) over (partition by cluster_id)"
        " as customer_id from identity.clusters order by source_record_id asc"
    ).df()


def propagated_labels(
    connection: duckdb.DuckDBPyConnection, threshold: float, seed: int
) -> pd.DataFrame:
    """Return clusters by label propagation over the links of today.

    Every record takes the label that most of its neighbours have, one after another in an order
    that hangs on how the input lies, ties at random, as implementations of it do.
    """
    records = connection.sql(
        "select source_record_id from identity.clusters order by source_record_id asc"
    ).df()["source_record_id"]
    places = pd.Series(np.arange(len(records)), index=records)
    links = connection.execute(
        "select left_record_id, right_record_id from identity.scored_edges where probability >= ?",
        [threshold],
    ).df()
    ends = [places[links[name]].to_numpy() for name in ("left_record_id", "right_record_id")]
    labels = _propagated(len(records), ends[0], ends[1], np.random.default_rng(seed))
    names = records.to_numpy()
    return pd.DataFrame({"source_record_id": records, "customer_id": names[labels]})


def _propagated(
    size: int, left: Integers, right: Integers, random: np.random.Generator
) -> Integers:
    starts = np.concatenate([left, right])
    order = np.argsort(starts, kind="stable")
    neighbours = np.concatenate([right, left])[order]
    bounds = np.searchsorted(starts[order], np.arange(size + 1))
    labels = np.arange(size)
    linked = np.unique(starts)
    for _ in range(_ROUNDS):
        before = labels.copy()
        for record in random.permutation(linked).tolist():
            near = labels[neighbours[bounds[record] : bounds[record + 1]]]
            names, counts = np.unique(near, return_counts=True)
            most = names[counts == counts.max()]
            labels[record] = most[random.integers(len(most))]
        if (labels == before).all():
            break
    return labels

"""Measure clusters against truth: pairs, B-cubed, and where it went worst (as keys)."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.identity.arrays import Floats, Integers
from orchestration.identity.csv_as_text import CSV_AS_TEXT
from orchestration.identity.errors import EvaluationError

WORST_SHOWN = 10
KEYS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Blunder:
    """One cluster that mixes people, or one person torn apart."""

    wrong_pairs: int
    records: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good clusters are."""

    records: int
    pairwise: Quality
    b_cubed: Quality
    clusters: int
    entities: int
    wrong_clusters: int
    largest_wrong_cluster: int
    torn_entities: int
    not_clustered: int  # records of the truth without a cluster; they count as alone
    without_truth: int  # clustered records that the truth does not know; they do not count
    worst_merges: tuple[Blunder, ...]
    worst_misses: tuple[Blunder, ...]


def evaluate_files(clusters: Path, truth: Path) -> Evaluation:
    """Compare a file of source, record_id, cluster_id with one of source, record_id, entity_id.

    Clusters may be those of a warehouse too: its identity map.

    Raises:
        EvaluationError: a file cannot be read, lacks a column, or holds a record twice.
    """
    return evaluate(read_clusters(clusters), read_truth(truth))


def read_clusters(path: Path) -> pd.DataFrame:
    """Return key and cluster_id of each record in a file or in a warehouse."""
    if path.suffix != ".duckdb":
        return _read(path, "cluster_id")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.sql(
                "select source_record_id as key, customer_id as cluster_id"
                " from identity.identity_map"
            ).df()
    except duckdb.Error as error:
        raise EvaluationError(f"{path.name} holds no identity map that can be read now") from error


def read_truth(path: Path) -> pd.DataFrame:
    """Return key and entity_id of each record in a file."""
    return _read(path, "entity_id")


def evaluate(clusters: pd.DataFrame, truth: pd.DataFrame) -> Evaluation:
    """Compare frames of key and cluster_id, and of key and entity_id."""
    both = truth.merge(clusters, on="key", how="left").sort_values("key", ignore_index=True)
    not_clustered = int(both["cluster_id"].isna().sum())
    if len(both) == not_clustered and len(both):
        raise EvaluationError("clusters and truth have no record in common")
    entity = pd.factorize(both["entity_id"])[0].astype(np.int64)
    cluster = _labels(both["cluster_id"])
    cells = pd.factorize(entity * (len(both) + 1) + cluster)[0]
    cluster_sizes, entity_sizes, cell_sizes = (
        np.bincount(labels, minlength=1) for labels in (cluster, entity, cells)
    )
    wrong_in_cluster = _pairs_lost(cluster_sizes, cluster, cell_sizes, cells)
    lost_of_entity = _pairs_lost(entity_sizes, entity, cell_sizes, cells)
    is_wrong = wrong_in_cluster > 0
    return Evaluation(
        records=len(both),
        pairwise=_pairwise(cell_sizes, cluster_sizes, entity_sizes),
        b_cubed=_b_cubed(cell_sizes[cells], cluster_sizes[cluster], entity_sizes[entity]),
        clusters=int((cluster_sizes > 0).sum()),
        entities=int((entity_sizes > 0).sum()),
        wrong_clusters=int(is_wrong.sum()),
        largest_wrong_cluster=int(cluster_sizes[is_wrong].max(initial=0)),
        torn_entities=int((lost_of_entity > 0).sum()),
        not_clustered=not_clustered,
        without_truth=int((~clusters["key"].isin(truth["key"])).sum()),
        worst_merges=_worst(wrong_in_cluster, cluster, both["key"]),
        worst_misses=_worst(lost_of_entity, entity, both["key"]),
    )


def _read(path: Path, label: str) -> pd.DataFrame:
    reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    options = "" if path.suffix == ".parquet" else f", {CSV_AS_TEXT}"
    place = str(path).replace("'", "''")
    connection = duckdb.connect()
    try:
        frame = connection.sql(
            f"select cast(source as varchar) || ':' || cast(record_id as varchar) as key,"
            f" cast({label} as varchar) as {label} from {reader}('{place}'{options})"
        ).df()
    except duckdb.Error as error:
        wanted = f"source, record_id and {label}"
        raise EvaluationError(f"{path.name} cannot be read with columns {wanted}") from error
    finally:
        connection.close()
    _refuse_incomplete(path, frame, label)
    return frame


def _refuse_incomplete(path: Path, frame: pd.DataFrame, label: str) -> None:
    lacking = np.flatnonzero(frame.isna().any(axis=1)) + 1
    if len(lacking):
        rows = ", ".join(str(row) for row in lacking[:KEYS_SHOWN])
        problem = f"{len(lacking)} rows lack source, record_id or {label}: row {rows}"
        raise EvaluationError(f"{path.name}: {problem}")
    twice = frame["key"][frame["key"].duplicated()].unique()
    if len(twice):
        keys = ", ".join(sorted(twice)[:KEYS_SHOWN])
        raise EvaluationError(f"{path.name}: {len(twice)} records occur more than once: {keys}")


def _labels(clusters: "pd.Series[str]") -> Integers:
    """Number clusters; a record without one is alone."""
    labels = pd.factorize(clusters)[0].astype(np.int64)
    alone = np.flatnonzero(labels < 0)
    labels[alone] = labels.max(initial=-1) + 1 + np.arange(len(alone))
    return labels


def _pairwise(cells: Integers, clusters: Integers, entities: Integers) -> Quality:
    hits, made, wanted = (int(_pairs(sizes).sum()) for sizes in (cells, clusters, entities))
    return quality(hits / made if made else 1.0, hits / wanted if wanted else 1.0)


def _b_cubed(cells: Integers, clusters: Integers, entities: Integers) -> Quality:
    if not len(cells):
        return Quality(1.0, 1.0, 1.0)
    return quality(float((cells / clusters).mean()), float((cells / entities).mean()))


def quality(precision: float, recall: float) -> Quality:
    """Return precision and recall with their harmonic mean."""
    total = precision + recall
    f1 = 2 * precision * recall / total if total else 0.0
    return Quality(round(precision, 6), round(recall, 6), round(f1, 6))


def _pairs(sizes: Integers) -> Integers:
    return sizes * (sizes - 1) // 2


def _pairs_lost(sizes: Integers, labels: Integers, cell_sizes: Integers, cells: Integers) -> Floats:
    """Return for each group its pairs that the other grouping does not have."""
    first = np.unique(cells, return_index=True)[1]
    kept = np.bincount(labels[first], weights=_pairs(cell_sizes), minlength=len(sizes))
    return np.asarray(_pairs(sizes) - kept, dtype=np.float64)


def _worst(lost: Floats, labels: Integers, keys: "pd.Series[str]") -> tuple[Blunder, ...]:
    ranked = np.argsort(-lost, kind="stable")[:WORST_SHOWN]
    return tuple(
        Blunder(
            int(lost[group]),
            int((labels == group).sum()),
            tuple(keys[labels == group].head(KEYS_SHOWN)),
        )
        for group in ranked.tolist()
        if lost[group] > 0
    )

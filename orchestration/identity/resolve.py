"""Resolve the people of a spec and write what was found: clusters, edges and the model.

The engine as a library: no warehouse, no Dagster. The pipeline runs the same engine and clustering.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.identity.arrays import Codes
from orchestration.identity.clustering import Clusters, cluster_records
from orchestration.identity.edge_table import cluster_edges
from orchestration.identity.edges import rule_names
from orchestration.identity.encoding import EncodedRecords
from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.households import households
from orchestration.identity.judgement_files import pairs_to_judge, write_pairs_to_judge
from orchestration.identity.model_document import model_parameters, model_version
from orchestration.identity.report.figures import report_figures
from orchestration.identity.report.page import write_report
from orchestration.identity.resolve_spec import ResolveSpec
from orchestration.identity.settings import EngineSettings
from orchestration.identity.spec_tables import ID_SEPARATOR, read_records


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolution with its clusters."""

    resolution: Resolution
    clusters: Clusters
    households: pa.Table  # who lives together: source, record_id, household_id, evidence


@dataclass(frozen=True, slots=True)
class ResolveSummary:
    """What was found, in figures."""

    records: int
    clusters: int
    households: int
    merged_records: int
    largest_cluster: int
    candidate_pairs: int
    edges: int
    review_pairs: int
    structure: str | None
    model_version: str
    expected_f1: float | None
    placeholders: dict[str, int]
    seconds: dict[str, float]


def resolve(
    spec: ResolveSpec,
    settings: EngineSettings,
    progress: Callable[[str], None] | None = None,
) -> Resolved:
    """Return the resolved people of a spec.

    Raises:
        SpecError: a table or column of the spec cannot be read.
        RecordsError: a record id is missing or occurs twice.
    """
    are_clean = spec.task == "link"
    table = read_records(spec)
    resolution = resolve_records(table, settings, are_sources_clean=are_clean, progress=progress)
    records = resolution.records
    clusters = cluster_records(
        records.size,
        cluster_edges(resolution.edges, resolution.comparer.fields),
        settings.clustering,
        clean_sources=records.sources if are_clean else None,
    )
    return Resolved(resolution, clusters, household_table(table, records, clusters))


def write(resolved: Resolved, settings: EngineSettings, folder: Path) -> ResolveSummary:
    """Write clusters, edges, pairs to judge, model and report into a folder; return figures."""
    folder.mkdir(parents=True, exist_ok=True)
    resolution, clusters = resolved.resolution, resolved.clusters
    parameters = model_parameters(resolution)
    version = model_version(parameters, settings)
    pq.write_table(cluster_table(resolved), folder / "clusters.parquet")
    pq.write_table(resolved.households, folder / "households.parquet")
    edges = edge_table(resolution, version)
    pq.write_table(edges, folder / "edges.parquet")
    found = resolution.edges
    asked = pairs_to_judge(edges, found.left, found.right, clusters.labels)
    write_pairs_to_judge(asked, folder / "to_judge.csv")
    document = {"model_version": version, **parameters, "settings": settings.model_dump()}
    text = json.dumps(document, indent=2, sort_keys=True)
    (folder / "model.json").write_text(text + "\n", encoding="utf-8")
    sizes = np.bincount(clusters.labels, minlength=1)
    summary = ResolveSummary(
        records=resolution.records.size,
        clusters=int((sizes > 0).sum()),
        households=len(resolved.households["household_id"].unique()),
        merged_records=int(sizes[sizes > 1].sum()),
        largest_cluster=int(sizes.max()),
        candidate_pairs=resolution.candidate_pairs,
        edges=len(resolution.edges.left),
        review_pairs=len(clusters.review.guard),
        structure=resolution.model.structure if resolution.model else None,
        model_version=version,
        expected_f1=round(resolution.model.expected_f1, 4) if resolution.model else None,
        placeholders=dict(resolution.records.placeholders),
        seconds=resolution.seconds,
    )
    write_report(
        report_figures(resolution, clusters, settings.clustering),
        f"{summary.records:,} records, {summary.clusters:,} people",
        _facts(summary),
        folder / "report.html",
    )
    return summary


def _facts(summary: ResolveSummary) -> list[tuple[str, str]]:
    """Return the figures at the top of the report page."""
    placeholders = [f"{count} in {name}" for name, count in sorted(summary.placeholders.items())]
    promised = "none" if summary.expected_f1 is None else f"{summary.expected_f1:.3f}"
    return [
        ("records in a cluster of several", f"{summary.merged_records:,}"),
        ("largest cluster", f"{summary.largest_cluster:,} records"),
        ("households", f"{summary.households:,}"),
        ("pairs compared", f"{summary.candidate_pairs:,}"),
        ("pairs worth a look", f"{summary.review_pairs:,}"),
        ("expected F1", promised),
        ("placeholder values", ", ".join(placeholders) or "none"),
        ("seconds", f"{sum(summary.seconds.values()):.1f}"),
        ("model", summary.model_version),
    ]


def household_table(table: pa.Table, records: EncodedRecords, clusters: Clusters) -> pa.Table:
    """Return source, record_id and household of every record whose home several clusters share.

    `table` holds the records in the engine's order.
    """
    people = table.append_column("customer_id", pa.array(clusters.labels).cast(pa.string()))
    living = people.filter(pa.array(~records.is_test_record))
    found = households(living)
    places = pc.index_in(found["source_record_id"].combine_chunks(), value_set=records.ids)
    sources, keys = _keys(records, np.asarray(places.to_numpy(), dtype=np.int32))
    columns = found.select(["household_id", "people_count", "evidence"])
    return columns.add_column(0, "record_id", keys).add_column(0, "source", sources)


def cluster_table(resolved: Resolved) -> pa.Table:
    """Return source, record_id and cluster_id of every record."""
    records = resolved.resolution.records
    sources, keys = _keys(records, np.arange(records.size, dtype=np.int32))
    labels = pa.array(resolved.clusters.labels, pa.int64())
    return pa.table({"source": sources, "record_id": keys, "cluster_id": labels})


def edge_table(resolution: Resolution, version: str) -> pa.Table:
    """Return the scored pairs with the weight and level of each compared field."""
    edges = resolution.edges
    left_source, left_key = _keys(resolution.records, edges.left)
    right_source, right_key = _keys(resolution.records, edges.right)
    columns: dict[str, pa.Array] = {
        "left_source": left_source,
        "left_record_id": left_key,
        "right_source": right_source,
        "right_record_id": right_key,
        "probability": pa.array(edges.probability),
        "match_weight": pa.array(edges.match_weight),
        "rules": pa.array(rule_names(edges.rules, resolution.rules), pa.string()),
    }
    none = np.zeros(len(edges.left))
    for row, field in enumerate(resolution.comparer.fields):
        words = pa.array(field.levels, pa.string())
        columns[f"weight_{field.name}"] = pa.array(edges.weights.get(field.name, none))
        columns[f"level_{field.name}"] = words.take(pa.array(edges.levels[row]))
    columns["weight_other"] = pa.array(edges.other_weight)
    columns["model_version"] = pa.array([version] * len(edges.left), pa.string())
    return pa.table(columns)


def _keys(records: EncodedRecords, positions: Codes) -> tuple[pa.Array, pa.Array]:
    """Return the source and the source's own id of records."""
    names = [records.source_names[code] for code in records.sources[positions].tolist()]
    ids = records.ids.take(pa.array(positions)).to_pylist()
    keys = [
        record_id[len(name) + len(ID_SEPARATOR) :]
        for name, record_id in zip(names, ids, strict=True)
    ]
    return pa.array(names, pa.string()), pa.array(keys, pa.string())

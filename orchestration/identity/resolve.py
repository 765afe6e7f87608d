"""Resolve the people of a spec and write what was found: clusters, edges and the model.

The engine as a library: no warehouse, no Dagster. The pipeline runs the same engine and clustering.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.identity.clustering import Clusters, cluster_records
from orchestration.identity.edge_table import cluster_edges
from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.errors import EvaluationError
from orchestration.identity.homes import homes
from orchestration.identity.judgement_files import (
    pairs_to_judge,
    read_verdicts,
    write_pairs_to_judge,
)
from orchestration.identity.model_comparison import (
    Judge,
    ModelComparison,
    compare_models,
    links_of,
)
from orchestration.identity.model_document import model_parameters, model_version
from orchestration.identity.recalibration import Correction, correction_from
from orchestration.identity.report.figures import report_figures
from orchestration.identity.report.page import write_report
from orchestration.identity.resolve_spec import ResolveSpec
from orchestration.identity.resolved_tables import (
    cluster_table,
    edge_keys,
    edge_tables,
    household_table,
)
from orchestration.identity.settings import EngineSettings
from orchestration.identity.spec_tables import read_records
from orchestration.identity.state.frozen_model import freeze
from orchestration.identity.state.model_files import MODEL_FILE, write_model_file
from orchestration.identity.state.model_store import ModelInUse
from orchestration.identity.state.reuse import resolve_under


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolution with its clusters."""

    resolution: Resolution
    clusters: Clusters
    households: pa.Table  # who lives together: source, record_id, household_id, evidence
    model: ModelInUse | None = None  # the kept model that decided, if one did
    compared: ModelInUse | None = None
    other: Resolution | None = None  # what the compared model found
    correction: Correction | None = None  # of probabilities, by verdicts


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
    pairs_to_judge: str  # the file that asks about them
    expected_f1: float | None
    placeholders: dict[str, int]
    seconds: dict[str, float]
    comparison: ModelComparison | None = None


def resolve(
    spec: ResolveSpec,
    settings: EngineSettings,
    progress: Callable[[str], None] | None = None,
    *,
    model: ModelInUse | None = None,
    compared: ModelInUse | None = None,
    judged: Path | None = None,
) -> Resolved:
    """Return the resolved people of a spec: under a kept model, or one fitted to them.

    A kept model decides by the settings it was fitted with, whatever `settings` says. With
    `compared`, a second model decides too, and where the two differ is told. With `judged`, a
    file of verdicts on pairs, probabilities are corrected by them.

    Raises:
        SpecError: a table or column of the spec cannot be read.
        RecordsError: a record id is missing or occurs twice.
        ModelError: a kept model is for other fields.
        EvaluationError: no verdict is on a pair that was found.
    """
    are_clean = spec.task == "link"
    # The engine lets go of a table that nobody else holds; a second model needs it once more.
    read = [read_records(spec)] * (1 if compared is None else 2)
    homes_of_records = homes(read[0])

    def under(kept: ModelInUse) -> Resolution:
        return resolve_under(
            kept, read.pop(), are_sources_clean=are_clean, holdings=spec.holdings, progress=progress
        )

    if model is not None:
        settings = model.settings  # what it was fitted with, its threshold too
        resolution = under(model)
    else:
        resolution = resolve_records(
            read.pop(),
            settings,
            are_sources_clean=are_clean,
            holdings=spec.holdings,
            progress=progress,
        )
    correction = None
    if judged is not None:
        resolution, correction = recalibrated(resolution, judged)
    other = under(compared) if compared is not None else None
    records = resolution.records
    clusters = cluster_records(
        records.size,
        cluster_edges(resolution.edges, resolution.comparer.fields),
        settings.clustering,
        clean_sources=records.sources if are_clean else None,
    )
    households = household_table(homes_of_records, records, clusters)
    return Resolved(resolution, clusters, households, model, compared, other, correction)


def recalibrated(resolution: Resolution, judged: Path) -> tuple[Resolution, Correction]:
    """Return a resolution whose probabilities are corrected by verdicts on its pairs, and how.

    Verdicts on pairs that are none of its edges say nothing about it.

    Raises:
        EvaluationError: the file cannot be read, or none of its verdicts is on one of the edges.
    """
    edges = resolution.edges
    places, verdicts = read_verdicts(judged, edge_keys(resolution.records, edges))
    known = places >= 0
    if not known.any():
        raise EvaluationError(f"{judged.name}: no verdict in it is on a sampled pair found here")
    correction = correction_from(edges.log_odds, places[known], verdicts[known])
    corrected = replace(edges, log_odds=correction.of(edges.log_odds))
    return replace(resolution, edges=corrected), correction


def write(resolved: Resolved, settings: EngineSettings, folder: Path) -> ResolveSummary:
    """Write clusters, edges, pairs to judge, model and report into a folder; return figures."""
    folder.mkdir(parents=True, exist_ok=True)
    resolution, clusters = resolved.resolution, resolved.clusters
    settings = resolved.model.settings if resolved.model else settings
    parameters = model_parameters(resolution)
    frozen = freeze(resolution, model_version(parameters, settings))
    if resolved.model is not None:
        frozen = resolved.model.model
    if resolved.correction is not None:
        parameters["correction"] = asdict(resolved.correction)
    version = model_version(parameters, settings)
    if resolved.model is not None and resolved.correction is None:
        version = resolved.model.model.version
    if frozen is not None:
        write_model_file(folder / MODEL_FILE, frozen, settings)
    pq.write_table(cluster_table(resolution.records, clusters), folder / "clusters.parquet")
    pq.write_table(resolved.households, folder / "households.parquet")
    _write_edges(edge_tables(resolution, version), folder / "edges.parquet")
    asked = pairs_to_judge(resolution, clusters.labels)
    asked_in = write_pairs_to_judge(asked, folder / "to_judge.csv")
    document = {"model_version": version, **parameters, "settings": settings.model_dump()}
    text = json.dumps(document, indent=2, sort_keys=True)
    (folder / "model.json").write_text(text + "\n", encoding="utf-8")
    sizes = np.bincount(clusters.labels, minlength=1)
    promised = resolution.model.expected_f1 if resolution.model else None
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
        pairs_to_judge=asked_in.name,
        expected_f1=None if promised is None else round(promised, 4),
        placeholders=dict(resolution.records.placeholders),
        seconds=resolution.seconds,
        comparison=comparison(resolved, settings),
    )
    if summary.comparison is not None:
        compared = json.dumps(asdict(summary.comparison), indent=2, sort_keys=True) + "\n"
        (folder / "comparison.json").write_text(compared, encoding="utf-8")
    write_report(
        report_figures(resolution, clusters, settings.clustering),
        f"{summary.records:,} records, {summary.clusters:,} people",
        _facts(summary),
        folder / "report.html",
    )
    return summary


def _write_edges(tables: Iterable[pa.Table], path: Path) -> None:
    """Write tables one after the other: all edges at once would fill the memory."""
    tables = iter(tables)
    first = next(tables)
    with pq.ParquetWriter(path, first.schema) as writer:
        for table in chain([first], tables):
            writer.write_table(table)


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


def comparison(resolved: Resolved, settings: EngineSettings) -> ModelComparison | None:
    """Return how far the compared model differs from the one that decided; None without one."""
    found, other, before = resolved.resolution, resolved.other, resolved.compared
    if other is None or before is None or found.scorer is None or other.scorer is None:
        return None
    version = model_version(model_parameters(found), settings)
    if resolved.model is not None:
        version = resolved.model.model.version
    rules = [rule.label for rule in found.rules]
    judges = (
        Judge.of(version, rules, found.scorer, found.comparer.fields),
        Judge.of(
            before.model.version, before.model.rule_labels, other.scorer, other.comparer.fields
        ),
    )
    threshold, size = settings.clustering.threshold, found.records.size
    links = [links_of(one.edges, threshold, size) for one in (found, other)]
    return compare_models(*judges, links[0], links[1])

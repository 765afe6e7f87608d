"""Gather what the report of a resolution shows, as plain rows: no values of persons, only counts.

How the rows are drawn is decided in charts.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from orchestration.identity.arrays import Floats
from orchestration.identity.clustering import Clusters
from orchestration.identity.engine import Resolution
from orchestration.identity.patterns import offsets
from orchestration.identity.settings import ClusteringSettings

Rows = list[dict[str, Any]]

MOST_RECORDS_LOOKED_AT = 200_000
WEIGHT_STEPS = np.arange(-10, 41)
THRESHOLDS = np.round(np.arange(0.05, 1.0, 0.05), 2)
_LEAST = 1e-12


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """The rows of every part of the report."""

    threshold: float  # from which on pairs were linked
    match_weights: (
        Rows  # field, level, bits, share among matches and chance pairs, pairs showing it
    )
    weights: Rows  # kept pairs by bits
    rules: Rows  # pairs and expected matches each blocking rule brings, and alone brings
    share_missed: float  # of the matches that no rule brings, at least
    thresholds: Rows  # estimated precision, recall and F1
    completeness: Rows  # share of records that have a value
    unlinkable: Rows  # share of records that could not be linked even to themselves
    unlinkable_share: float
    cluster_sizes: Rows


def report_figures(
    resolution: Resolution, clusters: Clusters, settings: ClusteringSettings
) -> ReportFigures:
    """Return the figures of a resolution."""
    own = _own_weights(resolution)
    needed = float(np.log2(settings.threshold / (1 - settings.threshold)))
    return ReportFigures(
        threshold=settings.threshold,
        match_weights=_match_weights(resolution),
        weights=_weights(resolution),
        rules=_rules(resolution),
        share_missed=round(resolution.share_missed, 4),
        thresholds=_thresholds(resolution),
        completeness=_completeness(resolution),
        unlinkable=[
            {"bits": int(bits), "share": round(float((own < bits).mean()), 4)}
            for bits in WEIGHT_STEPS
            if len(own)
        ],
        unlinkable_share=round(float((own < needed).mean()), 4) if len(own) else 0.0,
        cluster_sizes=_cluster_sizes(clusters),
    )


def _match_weights(resolution: Resolution) -> Rows:
    model, rows = resolution.model, Rows()
    if model is None:
        return rows
    fields = resolution.comparer.fields
    starts = offsets(resolution.comparer.sizes)
    for position, field in enumerate(fields):
        shown = np.bincount(resolution.edges.levels[position], minlength=len(field.levels))
        for level, word in enumerate(field.levels[1:], 1):
            among_matches = float(model.mixture.parameters[0][starts[position] + level])
            by_chance = float(model.chance.overall[starts[position] + level])
            bits = np.log2(max(among_matches, _LEAST) / max(by_chance, _LEAST))
            rows.append(
                {
                    "field": field.name.replace("_", " "),
                    "level": word,
                    "order": level,
                    "bits": round(float(bits), 2),
                    "among_matches": round(among_matches, 6),
                    "by_chance": round(by_chance, 6),
                    "pairs": int(shown[level]),
                }
            )
    return rows


def _weights(resolution: Resolution) -> Rows:
    bits = np.floor(np.clip(resolution.edges.match_weight, -44, 44)).astype(np.int64)
    return [
        {"bits": int(value), "until": int(value) + 1, "pairs": int(count)}
        for value, count in zip(*np.unique(bits, return_counts=True), strict=True)
    ]


def _rules(resolution: Resolution) -> Rows:
    return [
        {
            "rule": gain.rule.replace("_", " "),
            "pairs": gain.pairs,
            "matches": round(gain.true_pairs, 1),
            "matches_alone": round(gain.alone, 1),
        }
        for gain in resolution.rule_gains
    ]


def _thresholds(resolution: Resolution) -> Rows:
    probabilities = resolution.edges.probability
    everywhere = float(probabilities.sum())
    rows = []
    for threshold in THRESHOLDS.tolist():
        taken = probabilities[probabilities >= threshold]
        precision = float(taken.mean()) if len(taken) else 1.0
        recall = float(taken.sum()) / everywhere if everywhere else 1.0
        quality = {
            "precision": precision,
            "recall": recall,
            "F1": 2 * precision * recall / max(precision + recall, _LEAST),
        }
        rows += [
            {"threshold": threshold, "measure": name, "value": round(value, 4), "pairs": len(taken)}
            for name, value in quality.items()
        ]
    return rows


def _completeness(resolution: Resolution) -> Rows:
    columns = resolution.records.columns
    shares = {
        name: round(float((column.codes >= 0).mean()), 4)
        for name, column in columns.items()
        if len(column.codes) and (column.codes >= 0).any()
    }
    return [{"column": name.replace("_", " "), "share": share} for name, share in shares.items()]


def _own_weights(resolution: Resolution) -> Floats:
    """Return the bits for each record being the same as an identical one, rarity included."""
    if resolution.scorer is None or not len(resolution.edges.left):
        return np.empty(0)
    step = max(1, -(-resolution.records.size // MOST_RECORDS_LOOKED_AT))
    positions = np.arange(0, resolution.records.size, step, dtype=np.int32)
    positions = positions[~resolution.records.is_test_record[positions]]
    levels = resolution.comparer.levels(positions, positions)
    weights = resolution.scorer.field_weights(levels, positions, positions)
    others = [part.other_weight(part.weights) for part in resolution.edges.parts()]
    usual = float(np.median(np.concatenate(others)))
    return np.asarray(sum(weights.values(), np.full(len(positions), usual)))


def _cluster_sizes(clusters: Clusters) -> Rows:
    sizes = np.bincount(clusters.labels, minlength=1)
    return [
        {"records": int(size), "clusters": int(count)}
        for size, count in zip(*np.unique(sizes[sizes > 0], return_counts=True), strict=True)
    ]

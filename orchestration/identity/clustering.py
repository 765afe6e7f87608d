"""Make clusters from scored edges: a pure function of edges, sources and settings.

Average linkage inside components, then guards, then what a steward should look at. Which customer a
cluster is, is decided in stable_ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

from orchestration.identity.arrays import Codes, Flags, Floats, Integers
from orchestration.identity.guards import (
    DIFFERENT,
    GUARDS,
    NO_GUARD,
    ONE_GUARD,
    SIZE_GUARD,
    SOURCE_GUARD,
    LevelsByField,
    broken_guards,
)
from orchestration.identity.judging.judged_labels import (
    NOTHING_JUDGED,
    JudgedPositions,
    judged_labels,
)
from orchestration.identity.linkage import (
    DECISIVE_LOG_ODDS,
    InnerPairs,
    average_linkage,
    bounded_components,
    inner_pairs,
)
from orchestration.identity.settings import ClusteringSettings
from orchestration.identity.splitting import Limits, Refusal, split

_SOURCE, _SIZE, _ONE = len(GUARDS), len(GUARDS) + 1, len(GUARDS) + 2
_OUTVOTABLE = frozenset(number for number, guard in enumerate(GUARDS) if guard.is_outvotable)
GUARD_NAMES = (*(guard.name for guard in GUARDS), SOURCE_GUARD, SIZE_GUARD, ONE_GUARD)
GUARD_REASONS = (
    *(guard.reason for guard in GUARDS),
    "two records of a source without duplicates",
    "more records than one person plausibly has",
    "two numbers of which a person has one",
)
UNCERTAIN = "uncertain"
UNCERTAIN_REASON = "as likely one person as two"


@dataclass(frozen=True, slots=True)
class ClusterEdges:
    """Edges between record positions, sorted by left and right; levels by field name."""

    left: Codes
    right: Codes
    probability: Floats
    log_odds: Floats
    levels: LevelsByField
    one_per_person: tuple[str, ...] = ()  # fields of which a person has one


@dataclass(frozen=True, slots=True)
class ReviewPairs:
    """Pairs for the steward: record positions, probability, and the guard with its reason."""

    left: Codes
    right: Codes
    probability: Floats
    guard: tuple[str, ...]
    reason: tuple[str, ...]


NOTHING_TO_REVIEW = ReviewPairs(
    np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0), (), ()
)


@dataclass(frozen=True, slots=True)
class Clusters:
    """The cluster of every record, the weakest link that holds each cluster, and what to review."""

    labels: Codes
    weakest_link: Floats  # per record, that of its cluster; NaN where it stands alone
    review: ReviewPairs


def cluster_records(
    size: int,
    edges: ClusterEdges,
    settings: ClusteringSettings,
    *,
    clean_sources: Codes | None = None,
    judged: JudgedPositions = NOTHING_JUDGED,
) -> Clusters:
    """Return the clusters of `size` records; what was judged wins over all evidence and guards.

    With `clean_sources` (a link task) no cluster holds two records of one source.
    """
    broken = _broken(edges, clean_sources)
    labels = _linked(size, edges, settings)
    labels, refusals = _guarded(labels, edges, broken, settings)
    linked = edges.probability >= settings.threshold
    links = edges.left[linked], edges.right[linked], edges.log_odds[linked]
    labels = judged_labels(labels, links, judged)
    found = Clusters(labels, _weakest_links(labels, edges), NOTHING_TO_REVIEW)
    return replace(found, review=_review(found, edges, broken, refusals, settings))


def _broken(edges: ClusterEdges, clean_sources: Codes | None) -> Codes:
    broken = broken_guards(edges.levels, edges.probability)
    for name in edges.one_per_person:
        broken[edges.levels[name] == DIFFERENT] = _ONE
    if clean_sources is not None:
        broken[clean_sources[edges.left] == clean_sources[edges.right]] = _SOURCE
    return broken


def _linked(size: int, edges: ClusterEdges, settings: ClusteringSettings) -> Codes:
    links = edges.left, edges.right, edges.probability
    labels = bounded_components(size, links, settings.threshold, settings.component_records)
    inside = inner_pairs(labels, settings.component_records)
    evidence = _evidence(size, edges, inside)
    return average_linkage(labels, inside, evidence, settings.threshold)


def _evidence(size: int, edges: ClusterEdges, inside: InnerPairs) -> Floats:
    """Return the log odds of pairs inside components; a pair nobody scored speaks against."""
    evidence = np.full(len(inside.left), -DECISIVE_LOG_ODDS)
    places, found = _places(size, edges, inside.left, inside.right)
    evidence[found] = edges.log_odds[places[found]]
    return evidence


def _places(size: int, edges: ClusterEdges, left: Codes, right: Codes) -> tuple[Integers, Flags]:
    """Return where among the edges pairs stand, and which of them stand there at all."""
    known = edges.left.astype(np.int64) * size + edges.right
    wanted = left.astype(np.int64) * size + right
    if not len(known):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return places, known[places] == wanted


def _guarded(
    labels: Codes, edges: ClusterEdges, broken: Codes, settings: ClusteringSettings
) -> tuple[Codes, list[Refusal]]:
    """Split the clusters that break a guard, and return what was refused."""
    inside = labels[edges.left] == labels[edges.right]
    sizes = np.bincount(labels, minlength=1)
    suspects = np.union1d(
        labels[edges.left[inside & (broken != NO_GUARD)]],
        np.flatnonzero(sizes > settings.cluster_records),
    )
    if not suspects.size:
        return labels, []
    result, refusals = labels.astype(np.int64), []
    is_suspect = np.isin(labels, suspects)
    involved = np.flatnonzero(inside & is_suspect[edges.left])
    strongest_first = involved[np.lexsort((involved, -edges.log_odds[involved]))]
    by_cluster = _grouped(labels[edges.left[strongest_first]], strongest_first)
    for label, members in _grouped(labels[is_suspect], np.flatnonzero(is_suspect)).items():
        mine = by_cluster.get(label, np.empty(0, dtype=np.int64))
        linked = mine[edges.probability[mine] >= settings.threshold]
        conflicts = dict(zip(_ends(edges, mine), broken[mine].tolist(), strict=True))
        conflicts = {pair: guard for pair, guard in conflicts.items() if guard != NO_GUARD}
        strong = set(_ends(edges, mine[edges.probability[mine] >= settings.strong_from]))
        limits = Limits(conflicts, strong, _OUTVOTABLE, settings.cluster_records, _SIZE)
        parts, refused = split(members.tolist(), _ends(edges, linked), limits)
        refusals.extend(refused)
        for record, part in parts.items():
            result[record] = len(labels) + part  # above every label there is, unique to the part
    return np.unique(result, return_inverse=True)[1].astype(np.int32), refusals


def _ends(edges: ClusterEdges, places: Integers) -> list[tuple[int, int]]:
    return list(zip(edges.left[places].tolist(), edges.right[places].tolist(), strict=True))


def _grouped(labels: Codes, items: Integers) -> dict[int, Integers]:
    order = np.argsort(labels, kind="stable")
    distinct, starts = np.unique(labels[order], return_index=True)
    groups = np.split(items[order], starts[1:])
    return dict(zip(distinct.tolist(), groups, strict=True))


def _weakest_links(labels: Codes, edges: ClusterEdges) -> Floats:
    """Return the weakest link of the strongest tree that spans each cluster."""
    inside = np.flatnonzero(labels[edges.left] == labels[edges.right])
    weakest = np.full(int(labels.max(initial=-1)) + 1, np.nan)
    if inside.size:
        distance = 2.0 - edges.probability[inside]  # positive, for a zero would be no edge
        ends = edges.left[inside], edges.right[inside]
        graph = coo_matrix((distance, ends), shape=(len(labels), len(labels)))
        tree = minimum_spanning_tree(graph.tocsr()).tocoo()
        longest = np.full(len(weakest), -np.inf)
        np.maximum.at(longest, labels[tree.row], tree.data)
        weakest = np.where(np.isinf(longest), np.nan, 2.0 - longest)
    return np.asarray(np.round(weakest[labels], 6))


def _review(
    found: Clusters,
    edges: ClusterEdges,
    broken: Codes,
    refusals: Sequence[Refusal],
    settings: ClusteringSettings,
) -> ReviewPairs:
    """Return what guards split, and the most doubtful links between or within clusters."""
    left = np.array([refusal.left for refusal in refusals], dtype=np.int32)
    right = np.array([refusal.right for refusal in refusals], dtype=np.int32)
    places, _ = _places(len(found.labels), edges, left, right)
    doubtful = _doubtful(found, edges, settings) & (broken == NO_GUARD)
    doubtful[places] = False
    uncertain = _nearest_even(edges, doubtful, settings)
    order = np.concatenate([places, uncertain])
    guards = [refusal.guard for refusal in refusals] + [NO_GUARD] * len(uncertain)
    return ReviewPairs(
        edges.left[order],
        edges.right[order],
        edges.probability[order],
        tuple(UNCERTAIN if guard == NO_GUARD else GUARD_NAMES[guard] for guard in guards),
        tuple(UNCERTAIN_REASON if guard == NO_GUARD else GUARD_REASONS[guard] for guard in guards),
    )


def _doubtful(found: Clusters, edges: ClusterEdges, settings: ClusteringSettings) -> Flags:
    """Tell which links a judgement could change: between clusters, or what holds one together."""
    between = found.labels[edges.left] != found.labels[edges.right]
    holds = edges.probability <= found.weakest_link[edges.left]
    unclear = edges.probability >= settings.review_from
    unclear &= edges.probability <= settings.review_to
    return np.asarray(unclear & (between | holds))


def _nearest_even(edges: ClusterEdges, doubtful: Flags, settings: ClusteringSettings) -> Integers:
    places = np.flatnonzero(doubtful)
    order = np.lexsort((places, np.abs(edges.probability[places] - 0.5)))
    return places[order][: settings.review_pairs]

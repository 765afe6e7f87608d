"""Group records by average linkage on log odds inside connected components.

Plain functions over record positions; guards and review are in clustering.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from orchestration.identity.arrays import MISSING, Codes, Floats, Integers
from orchestration.identity.candidates import block_pairs

# Beyond this one pair would outvote all others of its component.
DECISIVE_LOG_ODDS = 10.0
_CERTAIN = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class InnerPairs:
    """All pairs of records inside components of bounded size, component after component."""

    left: Codes
    right: Codes


def components(size: int, left: Codes, right: Codes) -> Codes:
    """Return the connected component of each of `size` records."""
    ones = np.ones(len(left), dtype=np.int8)
    graph = coo_matrix((ones, (left, right)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


def bounded_components(
    size: int, links: tuple[Codes, Codes, Floats], threshold: float, at_most: int
) -> Codes:
    """Return components of links at least as probable as the threshold, none larger than `at_most`.

    Inside a component that is too large to look into as a whole, stronger and stronger links are
    asked for. A component that even certain links hold together stays whole.
    """
    left, right, probabilities = links
    kept = probabilities >= threshold
    left, right, probabilities = left[kept], right[kept], probabilities[kept]
    labels = components(size, left, right)
    while len(labels) and np.bincount(labels).max() > at_most and threshold < _CERTAIN:
        threshold = 1 - (1 - threshold) * 0.5
        too_large = np.bincount(labels)[labels[left]] > at_most
        kept = (probabilities >= threshold) | ~too_large
        left, right, probabilities = left[kept], right[kept], probabilities[kept]
        labels = components(size, left, right)
    return labels


def inner_pairs(labels: Codes, at_most: int) -> InnerPairs:
    """Return every pair of records inside components of two to `at_most` records."""
    sizes = np.bincount(labels, minlength=1)
    usable = (sizes[labels] > 1) & (sizes[labels] <= at_most)
    parts = list(block_pairs(np.where(usable, labels, MISSING).astype(np.int32), 1 << 22))
    if not parts:
        empty = np.empty(0, dtype=np.int32)
        return InnerPairs(empty, empty)
    return InnerPairs(
        np.concatenate([left for left, _ in parts]), np.concatenate([right for _, right in parts])
    )


def average_linkage(labels: Codes, pairs: InnerPairs, log_odds: Floats, threshold: float) -> Codes:
    """Return clusters: components cut where average log odds fall below the threshold.

    `pairs` and `log_odds` are those of `inner_pairs(labels, ...)`, in its order.
    """
    evidence = np.clip(log_odds, -DECISIVE_LOG_ODDS, DECISIVE_LOG_ODDS)
    cut = float(np.log(threshold / (1 - threshold)))
    result = labels.astype(np.int64)
    next_label = int(labels.max(initial=-1)) + 1
    for start, stop, members in _doubtful_components(labels, pairs, evidence < cut):
        distances = DECISIVE_LOG_ODDS - evidence[start:stop]
        groups = fcluster(linkage(distances, "average"), DECISIVE_LOG_ODDS - cut, "distance")
        result[members] = np.where(groups == 1, result[members], next_label + groups)
        next_label += int(groups.max()) + 1
    return np.unique(result, return_inverse=True)[1].astype(np.int32)


def _doubtful_components(
    labels: Codes, pairs: InnerPairs, is_weak: np.ndarray
) -> list[tuple[int, int, Integers]]:
    """Return the stretch of pairs and the members of each component that holds a weak pair."""
    if not is_weak.any():
        return []
    pair_labels = labels[pairs.left]
    starts = np.flatnonzero(np.concatenate([[True], pair_labels[1:] != pair_labels[:-1]]))
    stops = np.append(starts[1:], len(pair_labels))
    weak_before = np.concatenate([[0], np.cumsum(is_weak)])
    doubtful = np.flatnonzero(weak_before[stops] > weak_before[starts])
    order = np.argsort(labels, kind="stable")
    first = np.searchsorted(labels[order], np.arange(labels.max() + 2))
    return [
        (
            int(starts[number]),
            int(stops[number]),
            order[first[pair_labels[starts[number]]] : first[pair_labels[starts[number]] + 1]],
        )
        for number in doubtful.tolist()
    ]


LogOdds = Callable[[Codes, Codes], Floats]

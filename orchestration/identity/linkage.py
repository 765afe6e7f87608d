"""Group records by average linkage on log odds inside connected components.

Plain functions over record positions; guards and review are in clustering.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from orchestration.identity.arrays import MISSING, Codes, Flags, Floats, Integers
from orchestration.identity.candidates import block_pairs

# Beyond this one pair would outvote all others of its component.
DECISIVE_LOG_ODDS = 10.0
_CERTAIN = 1 - 1e-9
_BATCH = 4_000_000  # numbers in the matrices that are worked on at once


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
    for members, starts in _doubtful_components(labels, pairs, evidence < cut):
        count, size = members.shape
        within = evidence[starts[:, None] + np.arange(size * (size - 1) // 2)]
        groups = _agglomerate(_square(-within, size), -cut)
        # Above every label there is, and named by a record: unique without counting.
        result[members] = len(labels) + np.take_along_axis(members, groups, axis=1)
    return np.unique(result, return_inverse=True)[1].astype(np.int32)


def _doubtful_components(
    labels: Codes, pairs: InnerPairs, is_weak: Flags
) -> Iterator[tuple[Integers, Integers]]:
    """Yield components that hold a weak pair, those of one size together.

    Of each component its members, and where its pairs start.
    """
    if not is_weak.any():
        return
    pair_labels = labels[pairs.left]
    starts = np.flatnonzero(np.concatenate([[True], pair_labels[1:] != pair_labels[:-1]]))
    stops = np.append(starts[1:], len(pair_labels))
    weak_before = np.concatenate([[0], np.cumsum(is_weak)])
    starts = starts[weak_before[stops] > weak_before[starts]]
    order = np.argsort(labels, kind="stable")
    sizes = np.bincount(labels)
    first = (np.cumsum(sizes) - sizes)[pair_labels[starts]]
    for size in np.unique(sizes[pair_labels[starts]]).tolist():
        chosen = sizes[pair_labels[starts]] == size
        for part in np.array_split(np.flatnonzero(chosen), 1 + chosen.sum() * size**2 // _BATCH):
            yield order[first[part][:, None] + np.arange(size)], starts[part]


def _square(condensed: Floats, size: int) -> Floats:
    """Return one symmetric matrix of distances per row of pairs, infinite on the diagonal."""
    square = np.full((len(condensed), size, size), np.inf)
    left, right = np.triu_indices(size, 1)
    square[:, left, right] = condensed
    square[:, right, left] = condensed
    return square


def _agglomerate(distances: Floats, cut: float) -> Integers:
    """Return the group of each record, all matrices at once; a group is named by its first record.

    The nearest two groups are joined, and their distances averaged by size, until none are as near
    as the cut. Ties go to the first records, so that the result hangs on nothing else.
    """
    count, size, _ = distances.shape
    groups = np.tile(np.arange(size), (count, 1))
    sizes = np.ones((count, size))
    active = np.arange(count)
    for _ in range(size - 1):
        nearest = distances[active].reshape(len(active), -1).argmin(axis=1)
        one, other = np.divmod(nearest, size)
        near = distances[active, one, other] <= cut
        active, one, other = active[near], one[near], other[near]
        if not active.size:
            break
        shares = sizes[active, one] / (sizes[active, one] + sizes[active, other])
        joined = (
            distances[active, one] * shares[:, None]
            + distances[active, other] * (1 - shares)[:, None]
        )
        distances[active, one] = joined
        distances[active, :, one] = joined
        distances[active, other] = np.inf
        distances[active, :, other] = np.inf
        sizes[active, one] += sizes[active, other]
        groups[active] = np.where(groups[active] == other[:, None], one[:, None], groups[active])
    return groups

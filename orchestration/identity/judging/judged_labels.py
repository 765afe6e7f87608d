"""Make judgements hold in clusters: what was judged the same is joined, what differs is split.

A cluster that holds two records judged to be different people is taken apart and put together
again, strongest evidence first, without ever joining the two (see splitting).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from orchestration.identity.arrays import Codes, Floats
from orchestration.identity.splitting import Limits, split

_JUDGED = 0


@dataclass(frozen=True, slots=True)
class JudgedPositions:
    """Judged pairs by position of the records, smaller first."""

    same: tuple[tuple[int, int], ...] = ()
    different: tuple[tuple[int, int], ...] = ()


NOTHING_JUDGED = JudgedPositions()


def judged_labels(
    labels: Codes, links: tuple[Codes, Codes, Floats], judged: JudgedPositions
) -> Codes:
    """Return clusters in which judgements hold, from clusters in which they may not.

    `links` are the pairs that evidence links: positions and strength.
    """
    joined = _joined(labels, judged.same)
    apart = [pair for pair in judged.different if joined[pair[0]] == joined[pair[1]]]
    result = joined.astype(np.int64)
    left, right, strength = links
    conflicts = dict.fromkeys(judged.different, _JUDGED)
    for label in sorted({int(joined[one]) for one, _ in apart}):
        members = np.flatnonzero(joined == label).tolist()
        inside = np.flatnonzero((joined[left] == label) & (labels[left] == labels[right]))
        order = inside[np.lexsort((right[inside], left[inside], -strength[inside]))]
        evidence = list(zip(left[order].tolist(), right[order].tolist(), strict=True))
        together = [pair for pair in judged.same if joined[pair[0]] == label]
        parts, _ = split(
            members, [*together, *evidence], Limits(conflicts, (), (), len(members), _JUDGED)
        )
        for record, part in parts.items():
            result[record] = len(labels) + part  # above every label there is
    return np.unique(result, return_inverse=True)[1].astype(np.int32)


def _joined(labels: Codes, same: Sequence[tuple[int, int]]) -> Codes:
    """Return labels after putting the clusters of judged pairs together."""
    if not same:
        return labels
    size = int(labels.max()) + 1
    ends = labels[np.array(same)]
    graph = coo_matrix((np.ones(len(same)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    groups = connected_components(graph, directed=False)[1]
    return np.asarray(groups[labels], dtype=np.int32)

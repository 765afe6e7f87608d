"""Find the strongest chain of links between two records of one customer."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from orchestration.identity.explaining.explanation import ChainLink


def strongest_chain(
    links: Sequence[tuple[str, str, float]], start: str, end: str
) -> tuple[ChainLink, ...]:
    """Return the chain whose weakest link is strongest; nothing where no chain leads there."""
    names = sorted({name for left, right, _ in links for name in (left, right)})
    if start not in names or end not in names:
        return ()
    places = {name: place for place, name in enumerate(names)}
    ordered = sorted(links)
    left = np.array([places[one] for one, _, _ in ordered])
    right = np.array([places[other] for _, other, _ in ordered])
    distances = np.array([2.0 - probability for _, _, probability in ordered])  # zero is no edge
    graph = coo_matrix((distances, (left, right)), shape=(len(names), len(names)))
    tree = minimum_spanning_tree(graph.tocsr())
    _, before = breadth_first_order(tree, places[start], directed=False)
    probabilities = {frozenset((one, other)): p for one, other, p in ordered}
    chain: list[ChainLink] = []
    here = places[end]
    while here != places[start]:
        previous = int(before[here])
        if previous < 0:
            return ()
        pair = names[previous], names[here]
        chain.append(ChainLink(*pair, probabilities[frozenset(pair)]))
        here = previous
    return tuple(reversed(chain))

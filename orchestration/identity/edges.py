"""The scored edges of a resolution: which pairs are kept, with their evidence field by field.

Kept are pairs with some probability, and every pair inside a component, also the unlikely ones:
clusters are a function of edges alone, and average linkage needs the evidence against as much as
the evidence for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import Codes, Floats, Integers, Levels
from orchestration.identity.blocking import Rule
from orchestration.identity.comparison import Comparer
from orchestration.identity.linkage import bounded_components, inner_pairs
from orchestration.identity.scoring import DECIMALS, PairScorer, probability
from orchestration.identity.settings import ClusteringSettings
from orchestration.identity.streaming import PromisingPairs

_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True)
class Edges:
    """Kept pairs in the order of record positions."""

    left: Codes
    right: Codes
    log_odds: Floats
    rules: Integers
    levels: Levels
    scorer: PairScorer | None  # None where there was nothing to compare

    @property
    def probability(self) -> Floats:
        """Probability that the two records are one person."""
        return np.asarray(np.round(probability(self.log_odds), DECIMALS))

    @property
    def match_weight(self) -> Floats:
        """Log odds in bits."""
        return np.asarray(np.round(self.log_odds / np.log(2.0), DECIMALS))

    @property
    def weights(self) -> dict[str, Floats]:
        """Bits for one person by field; of all edges at once they would fill the memory."""
        if self.scorer is None:
            return {}
        found = self.scorer.field_weights(self.levels, self.left, self.right)
        return {name: np.round(bits, DECIMALS) for name, bits in found.items()}

    def other_weight(self, weights: Mapping[str, Floats]) -> Floats:
        """What the fields do not say: how rare matches are, and households, namesakes, rules."""
        by_fields = sum(weights.values(), np.zeros(len(self.left)))
        return np.asarray(np.round(self.match_weight - by_fields, DECIMALS))

    def part(self, places: slice | Integers) -> "Edges":
        """Return some of the edges."""
        return Edges(
            self.left[places],
            self.right[places],
            self.log_odds[places],
            self.rules[places],
            self.levels[:, places],
            self.scorer,
        )

    def parts(self) -> Iterator["Edges"]:
        """Yield the edges some at a time; at least one part, be it empty."""
        for start in range(0, max(len(self.left), 1), _AT_ONCE):
            yield self.part(slice(start, start + _AT_ONCE))


def scored_edges(scorer: PairScorer, pairs: PromisingPairs, settings: ClusteringSettings) -> Edges:
    """Return the edges that clustering and stewards need."""
    rounded = np.round(probability(pairs.log_odds), DECIMALS)
    return edges_of(scorer, (pairs.left, pairs.right, rounded), settings)


def edges_of(
    scorer: PairScorer, links: tuple[Codes, Codes, Floats], settings: ClusteringSettings
) -> Edges:
    """Return the edges of links with their probability, and all pairs inside components."""
    size = scorer.comparer.records.size
    labels = bounded_components(size, links, settings.threshold, settings.component_records)
    inside = inner_pairs(labels, settings.component_records)
    left, right = _united((links[0], links[1]), (inside.left, inside.right), size)
    scored = scorer.scored(left, right)
    return Edges(left, right, scored.log_odds, scored.rules, scored.levels, scorer)


def no_edges(comparer: Comparer) -> Edges:
    """Return the edges of records among which there is nothing to compare."""
    positions = np.empty(0, dtype=np.int32)
    levels = np.empty((len(comparer.fields), 0), dtype=np.int8)
    return Edges(positions, positions, np.empty(0), np.empty(0, dtype=np.int64), levels, None)


def rule_names(rules: Integers, names: Sequence[Rule]) -> list[str]:
    """Return the rules of each edge by name, joined by '+'; empty where no rule brought it."""
    distinct, inverse = np.unique(rules, return_inverse=True)
    labels = [
        "+".join(rule.label for number, rule in enumerate(names) if bits >> number & 1)
        for bits in distinct.tolist()
    ]
    return [labels[place] for place in inverse.tolist()]


def _united(one: tuple[Codes, Codes], other: tuple[Codes, Codes], size: int) -> tuple[Codes, Codes]:
    """Return the pairs of both, each once, in order."""
    keys = [left.astype(np.int64) * size + right for left, right in (one, other)]
    united = np.sort(np.concatenate(keys))  # np.unique hashes first, which takes four times as long
    united = united[np.diff(united, prepend=-1) != 0]
    return (united // max(size, 1)).astype(np.int32), (united % max(size, 1)).astype(np.int32)

"""Bring, compare and score the candidate pairs of all records a bounded number at a time.

Only pairs with some probability are kept, so memory grows with the edges, not with the candidates.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.identity.arrays import Codes, Floats, Integers
from orchestration.identity.compared_pairs import ComparedPairs, compare_pairs
from orchestration.identity.recordlinkage_adapter import GradedLevels, RuleIndex
from orchestration.identity.rule_gain import BroughtPairs
from orchestration.identity.scoring import DECIMALS, PairScorer, probability
from orchestration.identity.side_by_side import side_by_side


@dataclass(frozen=True, slots=True)
class PromisingPairs:
    """Candidate pairs that may be one person, and what all candidates came to."""

    left: Codes
    right: Codes
    log_odds: Floats
    candidates: int
    brought: BroughtPairs  # all candidates, by the rules that bring them


def promising_pairs(scorer: PairScorer, kept_from: float) -> PromisingPairs:
    """Return the promising ones among the pairs that the scorer's blocks bring."""
    records = scorer.comparer.records
    apart = records.sources if scorer.are_sources_clean else None
    index = RuleIndex(scorer.blocks, scorer.chunk, apart)
    graded = GradedLevels(scorer.comparer)

    def score(bring: Callable[[], tuple[pd.MultiIndex, Integers]]) -> PromisingPairs:
        pairs, rules = bring()
        return promising_of(scorer, compare_pairs(graded, pairs, rules, scorer.chunk), kept_from)

    frame = pd.DataFrame(index=pd.RangeIndex(records.size))
    parts = [part for part in side_by_side(score, index.chunks(frame)) if part.candidates]
    return _together(parts)


def promising_of(scorer: PairScorer, pairs: ComparedPairs, kept_from: float) -> PromisingPairs:
    """Return the promising ones among pairs that were compared already."""
    odds = scorer.log_odds_of_patterns(pairs.table, pairs.codes, pairs.left, pairs.right)
    probabilities = probability(odds)
    kept = np.flatnonzero(np.round(probabilities, DECIMALS) >= kept_from)
    brought = BroughtPairs.of(pairs.table.rules[pairs.codes], probabilities)
    return PromisingPairs(
        pairs.left[kept], pairs.right[kept], odds[kept], len(pairs.codes), brought
    )


def _together(parts: list[PromisingPairs]) -> PromisingPairs:
    if not parts:
        none = np.empty(0, dtype=np.int32)
        nothing = BroughtPairs(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
        return PromisingPairs(none, none, np.empty(0), 0, nothing)
    return PromisingPairs(
        np.concatenate([part.left for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.log_odds for part in parts]),
        sum(part.candidates for part in parts),
        BroughtPairs.together([part.brought for part in parts]),
    )

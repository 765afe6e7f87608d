"""The expensive half of EM on counted patterns: how much of each pattern each class explains.

Everything that stays the same from step to step is laid out once: patterns stand stratum by
stratum, and the chances of rules are sparse, because few rules bring any one pattern.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from orchestration.identity.arrays import Floats, Integers
from orchestration.identity.chance import Chance
from orchestration.identity.patterns import STRATA, PatternTable

_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Explained:
    """One step: new class weights, summed levels of each class, and how likely the pairs are."""

    weights: Floats  # (free classes, then rules) x stratum
    level_sums: Floats  # free class x (field, level)
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class _Stratum:
    vector: Integers
    counts: Floats
    chances: csr_matrix  # pattern x rule
    chances_by_rule: csr_matrix  # rule x pattern
    to_vectors: csr_matrix  # vector x pattern


class Expectation:
    """Explains the patterns of one table under any parameters and weights."""

    def __init__(self, table: PatternTable, chance: Chance, match_factors: Floats) -> None:
        """Take the patterns and, per vector, a factor on the likelihood of the match class."""
        self._vectors = table.vectors
        self._match_factors = match_factors
        chances = rule_likelihoods(table, chance)
        self.rules = chances.shape[1]
        self._strata = [
            _stratum(table, chances, np.flatnonzero(table.stratum == number))
            for number in range(STRATA)
        ]

    def explain(self, parameters: Floats, weights: Floats) -> Explained:
        """Return one step for the free classes of `parameters`, the match class first."""
        free = len(parameters)
        likelihood = self._vectors.likelihood(parameters)
        likelihood[:, 0] *= self._match_factors
        updated, explained, total_log = weights.copy(), np.zeros_like(likelihood), 0.0
        for number, stratum in enumerate(self._strata):
            if not stratum.counts.size:
                continue
            own = likelihood.take(stratum.vector, axis=0)
            mine, by_rule = weights[:free, number], weights[free:, number]
            # Not by BLAS: its threads wait for each other longer than sums this small take.
            total = np.einsum("ij,j->i", own, mine) + stratum.chances @ by_rule + _TINY
            part = stratum.counts / total
            updated[:free, number] = mine * np.einsum("i,ij->j", part, own)
            updated[free:, number] = by_rule * (stratum.chances_by_rule @ part)
            updated[:, number] /= updated[:, number].sum()
            explained += (stratum.to_vectors @ (own * part[:, None])) * mine
            total_log += float((stratum.counts * np.log(total)).sum())
        return Explained(updated, self._vectors.level_sums(explained).T, total_log)


def rule_likelihoods(table: PatternTable, chance: Chance) -> csr_matrix:
    """Return how likely each rule brings each pattern by chance; nothing where it did not."""
    rules = chance.by_rule.shape[0]
    brought = (table.rules[:, None] >> np.arange(rules)[None, :]) & 1
    pattern, rule = np.nonzero(brought)
    values = table.vectors.likelihood(chance.by_rule)[table.vector[pattern], rule]
    return csr_matrix((values, (pattern, rule)), shape=(table.size, rules))


def _stratum(table: PatternTable, chances: csr_matrix, members: Integers) -> _Stratum:
    vector, own = table.vector[members], chances[members]
    places = np.arange(len(members))
    shape = (table.vectors.levels.shape[1], len(members))
    to_vectors = csr_matrix((np.ones(len(members)), (vector, places)), shape=shape)
    return _Stratum(vector, table.counts[members], own, own.T.tocsr(), to_vectors)

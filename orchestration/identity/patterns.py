"""Count the distinct outcomes of comparing pairs: models are fitted on patterns, not on pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from orchestration.identity.arrays import Codes, Floats, Integers, Levels
from orchestration.identity.comparison import unpack

WITHIN_SOURCE, ACROSS_SOURCES = 0, 1
STRATA = 2


@dataclass(frozen=True, slots=True)
class LevelVectors:
    """Distinct vectors of levels, with the table that looks up one number per field and level."""

    levels: Levels  # one row per field, one column per distinct vector
    sizes: tuple[int, ...]
    one_hot: csr_matrix  # vector x (field, level)

    @classmethod
    def of(cls, levels: Levels, sizes: Sequence[int]) -> "LevelVectors":
        """Prepare the look-up for these vectors."""
        fields, count = levels.shape
        starts = offsets(sizes)[:fields]
        columns = (levels.astype(np.int64) + starts[:, None]).T.ravel()
        pointers = np.arange(count + 1) * fields
        ones = np.ones(len(columns))
        shape = (count, int(sum(sizes)))
        return cls(levels, tuple(sizes), csr_matrix((ones, columns, pointers), shape=shape))

    def likelihood(self, parameters: Floats) -> Floats:
        """Return the product over fields of the probability of each vector's levels.

        `parameters` holds one number per field and level, or one such row for each of several
        classes.
        """
        return np.asarray(np.exp(self.one_hot @ np.log(np.maximum(parameters, 1e-300)).T))

    def level_sums(self, weights: Floats) -> Floats:
        """Return the summed weight of the vectors that show each field and level."""
        return np.asarray(self.one_hot.T @ weights)


@dataclass(frozen=True, slots=True)
class PatternTable:
    """Distinct combinations of levels, rules and stratum, and how many pairs show each."""

    vectors: LevelVectors
    vector: Integers  # for each pattern its level vector
    rules: Integers  # for each pattern the rules that brought it, as bits
    stratum: Integers  # within one source or across sources
    counts: Floats

    @property
    def size(self) -> int:
        """Number of patterns."""
        return len(self.vector)

    def with_counts(self, counts: Floats) -> "PatternTable":
        """Return the patterns that occur under other counts."""
        kept = np.flatnonzero(counts > 0)
        used, vector = np.unique(self.vector[kept], return_inverse=True)
        return PatternTable(
            LevelVectors.of(self.vectors.levels[:, used], self.vectors.sizes),
            vector.astype(np.int64),
            self.rules[kept],
            self.stratum[kept],
            counts[kept],
        )


def strata(sources: Codes, left: Codes, right: Codes) -> Integers:
    """Return for each pair whether it lies within one source or across two."""
    return np.where(sources[left] == sources[right], WITHIN_SOURCE, ACROSS_SOURCES)


def count_patterns(
    packed: Integers, rules: Integers, stratum: Integers, sizes: Sequence[int]
) -> tuple[PatternTable, Codes]:
    """Return the distinct patterns among pairs, and for each pair which pattern it shows."""
    rule_codes, distinct_rules = pd.factorize(rules)
    keys = (packed * max(len(distinct_rules), 1) + rule_codes) * STRATA + stratum
    codes, distinct = pd.factorize(keys)
    counts = np.bincount(codes, minlength=len(distinct)).astype(np.float64)
    rest, strata = np.divmod(distinct, STRATA)
    level_keys, rule_places = np.divmod(rest, max(len(distinct_rules), 1))
    vector, distinct_vectors = pd.factorize(level_keys)
    table = PatternTable(
        LevelVectors.of(unpack(distinct_vectors, sizes), sizes),
        vector.astype(np.int64),
        distinct_rules[rule_places].astype(np.int64),
        strata.astype(np.int64),
        counts,
    )
    return table, codes.astype(np.int32)


def weighted_counts(places: Integers | Codes, weights: Floats, size: int) -> Floats:
    """Return the summed weight at each of `size` places."""
    return np.bincount(places, weights=weights, minlength=size).astype(np.float64)


def offsets(sizes: Sequence[int]) -> Integers:
    """Return where each field's levels start in a flat row of parameters."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

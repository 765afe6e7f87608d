"""String similarity of pairs of codes, computed once per distinct pair with RapidFuzz."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from orchestration.identity.arrays import Codes, Floats, Integers, Texts
from orchestration.identity.letter_counts import LetterCounts

# Below this many pairs starting threads costs more than they bring.
_THREADED_FROM = 20_000


@dataclass(frozen=True, slots=True)
class DistinctPairs:
    """The different pairs of codes among many, the smaller code first."""

    left: Integers
    right: Integers
    inverse: Integers  # for every pair of the input its place in left/right

    @classmethod
    def of(cls, left: Codes, right: Codes) -> "DistinctPairs":
        """Collect the different pairs; the order within a pair does not matter."""
        low = np.minimum(left, right).astype(np.int64)
        high = np.maximum(left, right).astype(np.int64)
        inverse, distinct = pd.factorize(low << 32 | high)
        return cls(distinct >> 32, distinct & 0xFFFFFFFF, inverse)


def jaro_winkler(values: Texts, left: Integers, right: Integers) -> Floats:
    """Return the Jaro-Winkler similarity of each pair of values."""
    return np.asarray(
        process.cpdist(
            values[left].tolist(),
            values[right].tolist(),
            scorer=JaroWinkler.normalized_similarity,
            dtype=np.float64,
            workers=-1 if len(left) >= _THREADED_FROM else 1,
        )
    )


def edits(values: Texts, left: Integers, right: Integers, at_most: int) -> Codes:
    """Return the edits between each pair (a swap is one); `at_most` + 1 stands for more."""
    return np.asarray(
        process.cpdist(
            values[left].tolist(),
            values[right].tolist(),
            scorer=OSA.distance,
            score_cutoff=at_most,
            dtype=np.int32,
            workers=-1 if len(left) >= _THREADED_FROM else 1,
        ),
        dtype=np.int32,
    )


def near_edits(values: Texts, letters: LetterCounts, pairs: DistinctPairs, at_most: int) -> Codes:
    """Return the edits between each pair, counted only where the letters allow so few."""
    counted = np.full(len(pairs.left), at_most + 1, dtype=np.int32)
    near = np.flatnonzero(letters.may_be_near(pairs.left, pairs.right, at_most))
    counted[near] = edits(values, pairs.left[near], pairs.right[near], at_most)
    return counted


def likely_similarity(
    values: Texts, letters: LetterCounts, pairs: DistinctPairs, from_: float
) -> Floats:
    """Return the Jaro-Winkler similarity of each pair, 0 where the letters rule `from_` out."""
    similarity = np.zeros(len(pairs.left))
    likely = np.flatnonzero(letters.may_be_alike(pairs.left, pairs.right, from_))
    similarity[likely] = jaro_winkler(values, pairs.left[likely], pairs.right[likely])
    return similarity

"""Graded levels for birth dates: equal parts, one slip, day and month swapped, a decade off."""

import numpy as np

from orchestration.identity.arrays import MISSING, Codes, Levels, Texts
from orchestration.identity.similarity import DistinctPairs, edits

DIFFERENT, NEAR_YEAR, SAME_YEAR, AS_FAR_AS_KNOWN, TWO_PARTS, ONE_SLIP, EQUAL = range(1, 8)


def date_levels(parts: Codes, values: Texts, left: Codes, right: Codes) -> Levels:
    """Return how close two columns of birth-date codes are, pair by pair."""
    levels = np.zeros(len(left), dtype=np.int8)
    known = np.flatnonzero((left != MISSING) & (right != MISSING))
    pairs = DistinctPairs.of(left[known], right[known])
    levels[known] = _distinct_levels(parts, values, pairs)[pairs.inverse]
    return levels


def _distinct_levels(parts: Codes, values: Texts, pairs: DistinctPairs) -> Levels:
    one, other = parts[pairs.left], parts[pairs.right]
    known = (one > 0) & (other > 0)
    same = (one == other) & known
    equal_parts, known_parts = same.sum(axis=1), known.sum(axis=1)
    years_apart = np.abs(one[:, 0] - other[:, 0])
    levels = np.full(len(one), DIFFERENT, dtype=np.int8)
    levels[known[:, 0] & (years_apart <= 1)] = NEAR_YEAR
    levels[known[:, 0] & ((years_apart == 0) | (years_apart == 10))] = SAME_YEAR
    levels[(known_parts < 3) & (equal_parts == known_parts) & (known_parts > 0)] = AS_FAR_AS_KNOWN
    levels[(known_parts == 3) & (equal_parts == 2)] = TWO_PARTS
    crossed = (one[:, 1] == other[:, 2]) & (one[:, 2] == other[:, 1]) & same[:, 0]
    levels[crossed & (known_parts == 3)] = ONE_SLIP
    unsure = np.flatnonzero((equal_parts >= 1) & (equal_parts < 3) & (known_parts == 3))
    if unsure.size:
        slips = edits(values, pairs.left[unsure], pairs.right[unsure], 1)
        levels[unsure[slips <= 1]] = ONE_SLIP
    levels[(pairs.left == pairs.right) & (known_parts == 3)] = EQUAL
    return levels

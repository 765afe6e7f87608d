"""Candidate pairs that were compared: of each only which pattern it shows is kept."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.identity.arrays import Codes, Integers
from orchestration.identity.comparison import chunks, pack
from orchestration.identity.patterns import PatternTable, count_patterns, strata
from orchestration.identity.recordlinkage_adapter import GradedLevels
from orchestration.identity.side_by_side import for_each


@dataclass(frozen=True, slots=True)
class ComparedPairs:
    """Candidate pairs and the pattern each of them shows."""

    left: Codes
    right: Codes
    codes: Codes
    table: PatternTable
    stands_for: int = 1  # so many candidate pairs, where only some were compared


def compare_pairs(
    graded: GradedLevels, pairs: pd.MultiIndex, rules: Integers, chunk: int, *, every: int = 1
) -> ComparedPairs:
    """Compare candidate pairs, or every so-many-th of them, a chunk at a time."""
    pairs, rules = pairs[::every], rules[::every]
    comparer = graded.comparer
    frame = pd.DataFrame(index=pairs.levels[0])
    packed = np.empty(len(pairs), dtype=np.int64)

    def compare(part: slice) -> None:
        levels = graded.compute(pairs[part], frame).to_numpy().T
        packed[part] = pack(levels, comparer.sizes)

    for_each(compare, (slice(*bounds) for bounds in chunks(len(pairs), chunk)))
    left, right = (np.asarray(codes, dtype=np.int32) for codes in pairs.codes)
    stratum = strata(comparer.records.sources, left, right)
    table, codes = count_patterns(packed, rules, stratum, comparer.sizes)
    return ComparedPairs(left, right, codes, table, every)

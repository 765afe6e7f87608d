"""Our engine through recordlinkage's own extension points; the only importer of recordlinkage.

Index, comparison and classifier keep that library's interface, with vectorised bodies: pairs come
from integer blocks, all fields are compared at once in graded levels, and ECM runs on counted
patterns with smoothing, a prior and bounds.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from recordlinkage.base import BaseCompareFeature, BaseIndexAlgorithm
from recordlinkage.classifiers import ECMClassifier

from orchestration.identity.arrays import Codes, Floats, Integers
from orchestration.identity.candidates import CandidatePairs, candidate_pairs, candidate_tasks
from orchestration.identity.chance import Chance
from orchestration.identity.comparison import Comparer, pack
from orchestration.identity.fields import Field
from orchestration.identity.mixture import Mixture, MixtureFitter, class_shares
from orchestration.identity.patterns import PatternTable, count_patterns, weighted_counts
from orchestration.identity.settings import ScoringSettings

_COUNTED_COLUMNS = ("rules", "stratum", "count")


class RuleIndex(BaseIndexAlgorithm):  # type: ignore[misc]  # the library ships no types
    """Candidate pairs of all blocking rules at once, each pair one time."""

    def __init__(
        self,
        blocks: Sequence[Codes],
        chunk: int,
        different_sources: Codes | None = None,
        every: int = 1,
    ) -> None:
        """Take the block of each record of the frame, by position, under each rule.

        With `every` only one pair in so many is brought.
        """
        super().__init__()
        self._every = every
        self._blocks = blocks
        self._chunk = chunk
        self._different_sources = different_sources
        self.rules: Integers = np.empty(0, dtype=np.int64)

    def _dedup_index(self, df_a: pd.DataFrame) -> pd.MultiIndex:
        found = candidate_pairs(self._blocks, self._chunk, self._different_sources, self._every)
        self.rules = found.rules
        return _multi_index(found, df_a.index, df_a.index, 0)

    def chunks(self, df_a: pd.DataFrame) -> Iterator[Callable[[], tuple[pd.MultiIndex, Integers]]]:
        """Yield what brings the pairs of one frame, a bounded number each, with their rules."""

        def bring(task: Callable[[], CandidatePairs]) -> tuple[pd.MultiIndex, Integers]:
            found = task()
            return _multi_index(found, df_a.index, df_a.index, 0), found.rules

        for task in candidate_tasks(self._blocks, self._chunk, self._different_sources):
            yield partial(bring, task)

    def _link_index(self, df_a: pd.DataFrame, df_b: pd.DataFrame) -> pd.MultiIndex:
        """Bring pairs across two frames; the blocks cover the first, then the second."""
        frame = np.repeat(np.array([0, 1], dtype=np.int32), [len(df_a), len(df_b)])
        found = candidate_pairs(self._blocks, self._chunk, frame)
        self.rules = found.rules
        return _multi_index(found, df_a.index, df_b.index, len(df_a))


class GradedLevels(BaseCompareFeature):  # type: ignore[misc]
    """The levels of all fields of each pair, from codes; one column per field."""

    def __init__(self, comparer: Comparer) -> None:
        """Take what compares the records."""
        super().__init__([], [], label=[field.name for field in comparer.fields])
        self.comparer = comparer

    def compute(
        self, pairs: pd.MultiIndex, x: pd.DataFrame, x_link: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Return the levels of pairs of one frame, whose positions are those of the records."""
        if x_link is not None:
            raise ValueError("records of all sources stand in one frame")
        left, right = (np.asarray(codes, dtype=np.int32) for codes in pairs.codes)
        levels = self.comparer.levels(left, right)
        return pd.DataFrame(levels.T, columns=self.label, copy=False)


class CountedMixture:
    """The kernel of the classifier: a mixture fitted on levels, rules, stratum and count."""

    def __init__(
        self, fields: tuple[Field, ...], chance: Chance, structure: str, settings: ScoringSettings
    ) -> None:
        """Take the fields in the order of the feature columns, and the classes to fit."""
        self.classes_ = np.array([0, 1])
        self.mixture: Mixture | None = None
        self._fields = fields
        self._chance = chance
        self._structure = structure
        self._settings = settings
        self.near: Mixture | None = None  # where the climb starts, when that is known

    def fit(self, features: npt.NDArray[np.int64]) -> "CountedMixture":
        """Fit the mixture and return self."""
        table, _ = self._table(features)
        fitter = MixtureFitter(table, self._chance, self._fields, self._settings)
        self.mixture = fitter.fit(self._structure, self.near)
        return self

    def predict_proba(self, features: npt.NDArray[np.int64]) -> Floats:
        """Return the probabilities of two people and of one, without term frequencies."""
        if self.mixture is None:
            raise ValueError("fit the mixture first")
        table, codes = self._table(features)
        shares = class_shares(self.mixture, table, self._chance, self._fields)
        match = shares.match / (shares.match + shares.household + shares.other + 1e-300)
        return np.stack([1 - match, match], axis=1)[codes]

    def predict(self, features: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return 1 for rows that more probably are one person."""
        return (self.predict_proba(features)[:, 1] >= 0.5).astype(np.int64)

    def _table(self, features: npt.NDArray[np.int64]) -> tuple[PatternTable, Codes]:
        rules, stratum, count = (features[:, column] for column in (-3, -2, -1))
        sizes = [len(field.levels) for field in self._fields]
        packed = pack(features[:, :-3].T.astype(np.int8), sizes)
        table, codes = count_patterns(packed, rules, stratum, sizes)
        counts = weighted_counts(codes, count.astype(np.float64), table.size)
        return PatternTable(table.vectors, table.vector, table.rules, table.stratum, counts), codes


class CountedECM(ECMClassifier):  # type: ignore[misc]
    """recordlinkage's unsupervised classifier with our kernel."""

    def __init__(
        self, fields: tuple[Field, ...], chance: Chance, structure: str, settings: ScoringSettings
    ) -> None:
        """Take what the kernel needs."""
        super().__init__(max_iter=settings.iterations, atol=settings.tolerance)
        self.kernel = CountedMixture(fields, chance, structure, settings)

    def fit_table(self, table: PatternTable, near: Mixture | None = None) -> Mixture:
        """Fit on a table of patterns, starting near a mixture if there is one, and return it."""
        self.kernel.near = near
        self.fit(features_of(table, [field.name for field in self.kernel._fields]))
        if self.kernel.mixture is None:
            raise ValueError("the classifier did not fit its kernel")
        return self.kernel.mixture


def features_of(table: PatternTable, names: Sequence[str]) -> pd.DataFrame:
    """Return patterns as features: a level per field, then rules, stratum and count."""
    levels = table.vectors.levels[:, table.vector].astype(np.int64)
    counted = np.stack([table.rules, table.stratum, table.counts.astype(np.int64)])
    return pd.DataFrame(np.vstack([levels, counted]).T, columns=[*names, *_COUNTED_COLUMNS])


def _multi_index(
    pairs: CandidatePairs, left: pd.Index, right: pd.Index, offset: int
) -> pd.MultiIndex:
    codes: list[Any] = [pairs.left, pairs.right - offset]
    levels: list[Any] = [left, right]
    return pd.MultiIndex(levels=levels, codes=codes, verify_integrity=False)

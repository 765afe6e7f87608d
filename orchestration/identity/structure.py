"""Choose, without truth, which classes explain the pairs of a record set best.

Likelihood always wants more classes, so each structure is judged by the expected F1 of the clusters
it leads to.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import Floats
from orchestration.identity.chance import Chance
from orchestration.identity.compared_pairs import ComparedPairs
from orchestration.identity.comparison import Comparer
from orchestration.identity.errors import ModelError
from orchestration.identity.linkage import average_linkage, bounded_components, inner_pairs
from orchestration.identity.mixture import Mixture
from orchestration.identity.recordlinkage_adapter import CountedECM
from orchestration.identity.scoring import PairScorer, probability
from orchestration.identity.settings import EngineSettings

ROUNDS = 2  # fit, take the matches out of the chances, fit again


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A structure, fitted: its mixture, the chances it was fitted with and what it promises."""

    structure: str
    chance: Chance
    mixture: Mixture
    expected_f1: float | None  # None under a model that was fitted elsewhere


ScorerOf = Callable[[Chance, Mixture], PairScorer]


class StructureChooser:
    """Fits each structure of the settings and keeps the one that promises the best clusters."""

    def __init__(
        self,
        comparer: Comparer,
        pairs: ComparedPairs,
        scorer_of: ScorerOf,
        settings: EngineSettings,
    ) -> None:
        """Take the candidate pairs; at most `fitted_pairs`, evenly spread, are fitted on."""
        self._comparer = comparer
        self._settings = settings
        self._scorer_of = scorer_of
        self._all_pairs = pairs
        step = max(1, -(-len(pairs.codes) // settings.scoring.fitted_pairs))
        self._step = step * pairs.stands_for
        self._pairs = ComparedPairs(
            pairs.left[::step], pairs.right[::step], pairs.codes[::step], pairs.table
        )
        counts = np.bincount(self._pairs.codes, minlength=pairs.table.size).astype(np.float64)
        self._fitted_table = pairs.table.with_counts(counts)

    def choose(self, chance: Chance, structures: Sequence[str]) -> FittedModel:
        """Return the structure with the highest expected F1.

        The first, plain one stays unless another promises clearly fewer errors: each judges itself.
        One that has no fit is left out. They are fitted side by side, as numpy lets go of the lock.

        Raises:
            ModelError: no structure has a fit.
        """
        fitted, failed = [], list[ModelError]()
        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            fits = [threads.submit(self.fit, chance, structure) for structure in structures]
        for fit in fits:
            try:
                fitted.append(fit.result())
            except ModelError as error:
                failed.append(error)
        if not fitted:
            raise failed[0]
        plain, *richer = fitted
        best = min(richer, key=_errors, default=plain)
        saved = self._settings.scoring.structure_gain
        return best if _errors(best) < (1 - saved) * _errors(plain) else plain

    def fit(self, chance: Chance, structure: str) -> FittedModel:
        """Return one structure, fitted, with the F1 that it promises."""
        scorer = self.scorer(chance, structure)
        promised = self._expected_f1(scorer)
        return FittedModel(structure, scorer.chance, scorer.mixture, promised)

    def scorer(self, chance: Chance, structure: str) -> PairScorer:
        """Fit one structure, first with the chances as measured, then without its matches."""
        fields = self._comparer.fields
        mixture: Mixture | None = None
        for fitting_round in range(ROUNDS):
            classifier = CountedECM(fields, chance, structure, self._settings.scoring)
            mixture = classifier.fit_table(self._fitted_table, mixture)
            if fitting_round < ROUNDS - 1:
                chance = self._without_matches(chance, mixture)
        if mixture is None:
            raise ValueError("a structure is fitted at least once")
        if not (np.isfinite(mixture.parameters).all() and np.isfinite(mixture.weights).all()):
            raise ModelError(f"structure {structure} has no fit on these records")
        return self._scorer_of(chance, mixture)

    def _without_matches(self, chance: Chance, mixture: Mixture) -> Chance:
        scorer = self._scorer_of(chance, mixture)
        pairs = self._pairs
        odds = scorer.log_odds_of_patterns(pairs.table, pairs.codes, pairs.left, pairs.right)
        per_pattern = np.bincount(
            pairs.codes, weights=probability(odds) * self._step, minlength=pairs.table.size
        )
        vectors = pairs.table.vectors
        per_vector = np.bincount(
            pairs.table.vector, weights=per_pattern, minlength=vectors.levels.shape[1]
        )
        matched_equal = {
            field.name: float(per_vector[vectors.levels[position] == len(field.levels) - 1].sum())
            for position, field in enumerate(self._comparer.fields)
            if field.name in chance.frequency_factors
        }
        return chance.without_matches(matched_equal, scorer.all_pairs, self._comparer.sizes)

    def _expected_f1(self, scorer: PairScorer) -> float:
        """Return 2 x expected true pairs inside clusters / (pairs inside + expected true pairs)."""
        clustering = self._settings.clustering
        pairs = self._all_pairs
        odds = scorer.log_odds_of_patterns(pairs.table, pairs.codes, pairs.left, pairs.right)
        probabilities = probability(odds)
        labels = bounded_components(
            self._comparer.records.size,
            (pairs.left, pairs.right, probabilities),
            clustering.threshold,
            clustering.component_records,
        )
        inside = inner_pairs(labels, clustering.component_records)
        inner_odds = scorer.log_odds(inside.left, inside.right)
        clusters = average_linkage(labels, inside, inner_odds, clustering.threshold)
        return expected_f1(
            clusters[inside.left] == clusters[inside.right], inner_odds, probabilities
        )


def _errors(fitted: FittedModel) -> float:
    return 1 - (fitted.expected_f1 or 0.0)


def expected_f1(is_inside: np.ndarray, inner_odds: Floats, probabilities: Floats) -> float:
    """Return the expected pairwise F1 of clusters from the probabilities of all pairs."""
    inside = float(is_inside.sum())
    expected = float(probability(inner_odds[is_inside]).sum())
    everywhere = max(float(probabilities.sum()), expected)
    return 2 * expected / (inside + everywhere) if inside and everywhere else 0.0

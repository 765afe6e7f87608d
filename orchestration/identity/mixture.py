"""Fit the mixture that explains candidate pairs: one person, household, namesakes, junk, chance.

EM on counted patterns. The match class has bounds and a prior, so that where there are hardly any
duplicates it cannot turn into a class of people who merely resemble each other (decision 0005).
"""

from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import Floats
from orchestration.identity.chance import Chance
from orchestration.identity.class_characters import HOUSEHOLD
from orchestration.identity.fields import Field
from orchestration.identity.guards import impossible
from orchestration.identity.match_bounds import MATCH, ClassShapes
from orchestration.identity.patterns import STRATA, PatternTable, weighted_counts
from orchestration.identity.settings import ScoringSettings

JUNK = "J"
_TINY = 1e-300
_IMPOSSIBLE = 1e-9


@dataclass(frozen=True, slots=True)
class Mixture:
    """A fitted mixture: probabilities of levels per class, and weights of classes per stratum."""

    classes: tuple[str, ...]  # the free classes, the match class first
    parameters: Floats  # class x (field, level)
    weights: Floats  # (free classes, then one chance class per rule) x stratum
    raw_match: Floats  # what the match class would be without prior and bounds
    matched_pairs: float
    iterations: int

    @property
    def free(self) -> int:
        """Number of free classes."""
        return len(self.classes)


@dataclass(frozen=True, slots=True)
class ClassShares:
    """For each pattern the unnormalised shares of what may explain it."""

    match: Floats
    household: Floats
    other: Floats  # chance, namesakes and junk


class MixtureFitter:
    """Fits one structure of classes to one table of patterns."""

    def __init__(
        self,
        table: PatternTable,
        chance: Chance,
        fields: tuple[Field, ...],
        settings: ScoringSettings,
    ) -> None:
        """Prepare what stays the same over all iterations."""
        self._table = table
        self._settings = settings
        self._shapes = ClassShapes(fields, chance.overall, settings)
        self._chance = rule_likelihoods(table, chance)
        self._match_chances = match_chances(table, fields)
        self._rules = self._chance.shape[1]
        self._in_stratum = [np.flatnonzero(table.stratum == number) for number in range(STRATA)]

    def fit(self, structure: str) -> Mixture:
        """Return the fitted mixture of the classes that the structure names.

        When the data push the match class past its bounds, what pushes is given a junk class of its
        own.
        """
        kinds = [MATCH, *(kind for kind in structure if self._shapes.allows(kind))]
        starts = [self._shapes.start(kind) for kind in kinds]
        fitted = self._expectation_maximisation(tuple(kinds), np.stack(starts))
        for _ in range(self._settings.junk_classes):
            if fitted.matched_pairs < 1 or not self._shapes.is_past_bounds(fitted.raw_match):
                break
            kinds.append(JUNK)
            starts.append(fitted.raw_match.copy())
            fitted = self._expectation_maximisation(tuple(kinds), np.stack(starts))
        return fitted

    def _expectation_maximisation(self, classes: tuple[str, ...], parameters: Floats) -> Mixture:
        table, free = self._table, len(classes)
        weights = self._starting_weights(free)
        raw = parameters[0].copy()
        iterations, matched = 0, 0.0
        while iterations < self._settings.iterations:
            iterations += 1
            likelihood = table.vectors.likelihood(parameters)[table.vector]
            likelihood[:, 0] *= self._match_chances
            scale, updated = self._expect(likelihood, weights)
            parameters, raw = self._maximise(classes, likelihood, weights, scale)
            matched = float((likelihood[:, 0] * weights[0, table.stratum] * scale).sum())
            change = np.abs(updated - weights).max()
            weights = updated
            if change < self._settings.tolerance:
                break
        return Mixture(classes, parameters, weights, raw, matched, iterations)

    def _starting_weights(self, free: int) -> Floats:
        shares = np.concatenate(
            [[0.3], np.full(free - 1, 0.1), np.full(self._rules, 0.5 / max(self._rules, 1))]
        )
        return np.tile((shares / shares.sum())[:, None], (1, STRATA))

    def _expect(self, likelihood: Floats, weights: Floats) -> tuple[Floats, Floats]:
        """Return count / total likelihood of each pattern, and the new class weights."""
        free = likelihood.shape[1]
        scale = np.empty(self._table.size)
        updated = np.zeros_like(weights)
        for number, members in enumerate(self._in_stratum):
            if not members.size:
                updated[:, number] = weights[:, number]
                continue
            own, by_rule = likelihood[members], self._chance[members]
            total = own @ weights[:free, number] + by_rule @ weights[free:, number] + _TINY
            part = self._table.counts[members] / total
            scale[members] = part
            updated[:free, number] = weights[:free, number] * (part @ own)
            updated[free:, number] = weights[free:, number] * (part @ by_rule)
            updated[:, number] /= updated[:, number].sum()
        return scale, updated

    def _maximise(
        self, classes: tuple[str, ...], likelihood: Floats, weights: Floats, scale: Floats
    ) -> tuple[Floats, Floats]:
        """Return the new parameters, and those of the match class before its bounds."""
        table, free = self._table, len(classes)
        explained = likelihood * weights[:free, table.stratum].T * scale[:, None]
        parameters = np.empty((free, sum(table.vectors.sizes)))
        raw = parameters[0]
        for number, kind in enumerate(classes):
            vectors = table.vectors.levels.shape[1]
            per_vector = weighted_counts(table.vector, explained[:, number], vectors)
            sums = table.vectors.level_sums(per_vector)
            if kind == MATCH:
                raw = self._shapes.normalised(sums)
            parameters[number] = self._shapes.shaped(kind, sums)
        return parameters, raw


def match_chances(table: PatternTable, fields: tuple[Field, ...]) -> Floats:
    """Return a factor per pattern: one person cannot show levels that break a hard guard."""
    levels = table.vectors.levels
    named = {field.name: levels[row] for row, field in enumerate(fields)}
    return np.where(impossible(named, levels.shape[1]), _IMPOSSIBLE, 1.0)[table.vector]


def rule_likelihoods(table: PatternTable, chance: Chance) -> Floats:
    """Return how likely each rule brings each pattern by chance; 0 where it did not."""
    rules = chance.by_rule.shape[0]
    if not rules:
        return np.zeros((table.size, 0))
    likelihood = table.vectors.likelihood(chance.by_rule)[table.vector]
    brought = (table.rules[:, None] >> np.arange(rules)[None, :]) & 1
    return likelihood * brought


def class_shares(
    mixture: Mixture, table: PatternTable, chance: Chance, fields: tuple[Field, ...]
) -> ClassShares:
    """Return what explains each pattern under a fitted mixture."""
    likelihood = table.vectors.likelihood(mixture.parameters)[table.vector]
    own = likelihood * mixture.weights[: mixture.free, table.stratum].T
    by_rule = rule_likelihoods(table, chance) * mixture.weights[mixture.free :, table.stratum].T
    other, household = by_rule.sum(axis=1), np.zeros(table.size)
    for number, kind in enumerate(mixture.classes):
        if kind == HOUSEHOLD:
            household = household + own[:, number]
        elif kind != MATCH:
            other = other + own[:, number]
    return ClassShares(own[:, 0] * match_chances(table, fields), household, other)

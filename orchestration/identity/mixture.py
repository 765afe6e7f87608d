"""Fit the mixture that explains candidate pairs: one person, family, namesakes, junk, chance.

EM on counted patterns. The match class has bounds and a prior, so that where there are hardly any
duplicates it cannot turn into a class of people who merely resemble each other (decision 0005).
"""

from dataclasses import dataclass, replace

import numpy as np

from orchestration.identity.arrays import Floats
from orchestration.identity.chance import Chance
from orchestration.identity.class_characters import RELATIVES
from orchestration.identity.expectation import Expectation, rule_likelihoods
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
        self._settings = settings
        self._shapes = ClassShapes(fields, chance.overall, settings)
        self._expectation = Expectation(table, chance, match_factors(table, fields))
        self._pairs = weighted_counts(table.stratum, table.counts, STRATA)

    def fit(self, structure: str, near: Mixture | None = None) -> Mixture:
        """Return the fitted mixture of the classes that the structure names.

        When the data push the match class past its bounds, what pushes is given a junk class of its
        own; a few pairs push by chance. With `near`, a mixture fitted to almost the same chances,
        the climb starts there.
        """
        if near is not None:
            return self._expectation_maximisation(near.classes, near.parameters, near.weights)
        kinds = [MATCH, *(kind for kind in structure if self._shapes.allows(kind))]
        starts = [self._shapes.start(kind) for kind in kinds]
        fitted = self._expectation_maximisation(tuple(kinds), np.stack(starts))
        for _ in range(self._settings.junk_classes):
            is_clear = fitted.matched_pairs >= self._settings.junk_from_pairs
            if not is_clear or not self._shapes.is_past_bounds(fitted.raw_match):
                break
            kinds.append(JUNK)
            starts.append(fitted.raw_match.copy())
            fitted = self._expectation_maximisation(tuple(kinds), np.stack(starts))
        return fitted

    def _expectation_maximisation(
        self, classes: tuple[str, ...], parameters: Floats, weights: Floats | None = None
    ) -> Mixture:
        """Climb from a start until the weights of the classes stand still.

        Every third step is a leap along the last two (Varadhan and Roland's SQUAREM), kept only
        while the pairs become no less likely: EM alone creeps for hundreds of steps.
        """
        if weights is None:
            weights = self._starting_weights(len(classes))
        now = _Point(parameters, weights, parameters[0], -np.inf)
        steps = 0
        while steps < self._settings.iterations:
            one = self._step(classes, now)
            two = self._step(classes, one)
            steps += 2
            if np.abs(two.weights - one.weights).max() < self._settings.tolerance:
                now = two
                break
            leap = self._step(classes, _leap(now, one, two))
            steps += 1
            now = leap if leap.log_likelihood >= two.log_likelihood else two
        matched = float(now.weights[0] @ self._pairs)
        return Mixture(classes, now.parameters, now.weights, now.raw_match, matched, steps)

    def _starting_weights(self, free: int) -> Floats:
        rules = self._expectation.rules
        shares = np.concatenate(
            [[0.3], np.full(free - 1, 0.1), np.full(rules, 0.5 / max(rules, 1))]
        )
        return np.tile((shares / shares.sum())[:, None], (1, STRATA))

    def _step(self, classes: tuple[str, ...], point: "_Point") -> "_Point":
        """Return where one EM step leads, with the likelihood of where it came from."""
        found = self._expectation.explain(point.parameters, point.weights)
        shaped = [
            self._shapes.shaped(kind, sums)
            for kind, sums in zip(classes, found.level_sums, strict=True)
        ]
        raw = self._shapes.normalised(found.level_sums[0])
        return _Point(np.stack(shaped), found.weights, raw, found.log_likelihood)


@dataclass(frozen=True, slots=True)
class _Point:
    """Where EM stands; the likelihood is that of the point before, which is known for free."""

    parameters: Floats
    weights: Floats
    raw_match: Floats  # the match class before prior and bounds
    log_likelihood: float


def _leap(start: _Point, one: _Point, two: _Point) -> _Point:
    """Return the point that two steps point to, kept inside the probabilities."""
    step = _flat(one) - _flat(start)
    bend = _flat(two) - _flat(one) - step
    length = -max(1.0, float(np.linalg.norm(step)) / max(float(np.linalg.norm(bend)), _TINY))
    there = _flat(start) - 2 * length * step + length**2 * bend
    there = np.clip(np.where(there > 0, there, _flat(two)), _TINY, 1.0)
    size = two.parameters.size
    weights = there[size:].reshape(two.weights.shape)
    return replace(
        two,
        parameters=there[:size].reshape(two.parameters.shape),
        weights=weights / weights.sum(axis=0),
    )


def _flat(point: _Point) -> Floats:
    return np.concatenate([point.parameters.ravel(), point.weights.ravel()])


def match_factors(table: PatternTable, fields: tuple[Field, ...]) -> Floats:
    """Return a factor per vector: one person cannot show levels that break a hard guard."""
    levels = table.vectors.levels
    named = {field.name: levels[row] for row, field in enumerate(fields)}
    return np.where(impossible(named, levels.shape[1]), _IMPOSSIBLE, 1.0)


def class_shares(
    mixture: Mixture, table: PatternTable, chance: Chance, fields: tuple[Field, ...]
) -> ClassShares:
    """Return what explains each pattern under a fitted mixture."""
    likelihood = table.vectors.likelihood(mixture.parameters)
    likelihood[:, 0] *= match_factors(table, fields)
    own = likelihood[table.vector] * mixture.weights[: mixture.free, table.stratum].T
    by_rule = rule_likelihoods(table, chance) @ mixture.weights[mixture.free :]
    other, household = by_rule[np.arange(table.size), table.stratum], np.zeros(table.size)
    for number, kind in enumerate(mixture.classes):
        if kind in RELATIVES:
            household = household + own[:, number]
        elif kind != MATCH:
            other = other + own[:, number]
    return ClassShares(own[:, 0], household, other)

"""Correct probabilities by what people said of a sample of pairs; never needed, and never far.

The log odds are shifted and stretched, which keeps their order. A prior holds the correction near
none while few pairs are judged.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import Flags, Floats, Integers
from orchestration.identity.judged_sample import BOUNDS, stratum_of
from orchestration.identity.scoring import LARGEST_LOG_ODDS, probability

# How far from no correction at all an unjudged model may be, as standard deviations.
_SHIFT_SPREAD, _STRETCH_SPREAD = 1.0, 0.3
_LEAST_STRETCH = 0.2
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Correction:
    """What log odds become: shift + stretch x log odds."""

    shift: float = 0.0
    stretch: float = 1.0

    def of(self, log_odds: Floats) -> Floats:
        """Return corrected log odds."""
        corrected = self.shift + self.stretch * log_odds
        return np.asarray(np.clip(corrected, -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS))


def correction_from(log_odds: Floats, judged: Integers, verdicts: Flags) -> Correction:
    """Return the correction that the verdicts on pairs ask for.

    `judged` are places among the pairs. Unsure pairs were asked about more often, so each verdict
    counts for the pairs of its stratum.
    """
    if not len(judged):
        return Correction()
    strata = stratum_of(probability(log_odds))
    asked = np.bincount(strata[judged], minlength=len(BOUNDS)).astype(np.float64)
    pairs = np.bincount(strata, minlength=len(BOUNDS))
    weights = (pairs / np.maximum(asked, 1.0))[strata[judged]]
    weights *= len(judged) / weights.sum()
    known = np.stack([np.ones(len(judged)), log_odds[judged]], axis=1)
    start = np.array([0.0, 1.0])
    precision = np.array([_SHIFT_SPREAD, _STRETCH_SPREAD]) ** -2.0
    found = start.copy()
    for _ in range(_STEPS):
        chance = probability(known @ found)
        slope = known.T @ (weights * (verdicts - chance)) - precision * (found - start)
        bend = (known * (weights * chance * (1 - chance))[:, None]).T @ known + np.diag(precision)
        step = np.linalg.solve(bend, slope)
        found = found + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-9:
            break
    return Correction(float(found[0]), max(float(found[1]), _LEAST_STRETCH))

"""Estimate precision and recall from judgements of a stratified sample of pairs, with intervals.

Pairs are drawn by strata of probability, more where the model is unsure; what people say of them
counts for all pairs of their stratum. The model's own probabilities only decide what is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import Codes, Flags, Floats, Integers

# Lower bounds of the strata; the first stratum holds all pairs below as well.
BOUNDS = (0.05, 0.2, 0.3, 0.5, 0.7, 0.9, 0.99)
LEAST_PER_STRATUM = 5
DRAWS = 4_000
INTERVAL = (0.025, 0.975)
SEED = 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated share with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class EstimatedQuality:
    """What the judgements say of the pairs at or above a threshold."""

    threshold: float
    pairs: int
    judged: int
    precision: Estimate
    recall: Estimate  # of all true pairs among those that were scored


def stratum_of(probability: Floats) -> Integers:
    """Return the stratum of each pair."""
    return np.maximum(np.searchsorted(BOUNDS, probability, side="right") - 1, 0).astype(np.int64)


def sample_to_judge(probability: Floats, size: int, seed: int = SEED) -> Integers:
    """Return the places of pairs to judge, in order: every stratum some, unsure ones most."""
    strata = stratum_of(probability)
    counts = np.bincount(strata, minlength=len(BOUNDS))
    spread = np.sqrt(np.maximum(probability * (1 - probability), 1e-4))
    unsure = np.bincount(strata, weights=spread, minlength=len(BOUNDS))
    share = unsure / max(float(unsure.sum()), 1e-9)
    wanted = np.minimum(counts, np.maximum(np.round(size * share), LEAST_PER_STRATUM))
    random = np.random.default_rng(seed)
    drawn = [
        random.choice(np.flatnonzero(strata == number), int(many), replace=False)
        for number, many in enumerate(wanted)
        if many
    ]
    return np.sort(np.concatenate(drawn)) if drawn else np.empty(0, dtype=np.int64)


def estimated_quality(
    probability: Floats, judged: Integers, verdicts: Flags
) -> tuple[EstimatedQuality, ...]:
    """Return precision and recall at each bound of a stratum.

    `judged` are places among the pairs, `verdicts` whether each is one person. A stratum of which
    nothing is judged is as uncertain as can be, and the intervals say so.
    """
    strata = stratum_of(probability)
    pairs, asked, true = (
        np.bincount(places, weights, minlength=len(BOUNDS)).astype(np.float64)
        for places, weights in ((strata, None), (strata[judged], None), (strata[judged], verdicts))
    )
    return quality_of_strata(BOUNDS, pairs, asked, true)


def quality_of_strata(
    bounds: Sequence[float], pairs: Floats, asked: Floats, true: Floats
) -> tuple[EstimatedQuality, ...]:
    """Return precision and recall at each bound, from how many pairs of each stratum there are.

    `asked` says how many of them are judged, `true` how many of those are one person.
    """
    random = np.random.default_rng(SEED)
    # Jeffreys' prior: with few judgements the interval stays wide, also where all agree.
    rates = random.beta(true + 0.5, asked - true + 0.5, size=(DRAWS, len(bounds)))
    matches = rates * pairs
    everywhere = np.maximum(matches.sum(axis=1), 1e-9)
    found = []
    for number, bound in enumerate(bounds):
        above = float(pairs[number:].sum())
        taken = matches[:, number:].sum(axis=1)
        found.append(
            EstimatedQuality(
                threshold=bound,
                pairs=int(above),
                judged=int(asked[number:].sum()),
                precision=_estimate(taken / max(above, 1.0)),
                recall=_estimate(taken / everywhere),
            )
        )
    return tuple(found)


def most_telling(probability: Floats, left: Codes, right: Codes, labels: Codes) -> Integers:
    """Return the places of all pairs, those first whose verdict would change the result most.

    For two clusters that is the chance of being one person times the pairs a merge would make; for
    a pair inside a cluster the chance of being two times the pairs that hang on one record.
    """
    sizes = np.bincount(labels, minlength=1)
    together = labels[left] == labels[right]
    merged = sizes[labels[left]] * sizes[labels[right]]
    change = np.where(together, (1 - probability) * (sizes[labels[left]] - 1), probability * merged)
    return np.argsort(-change, kind="stable")


def _estimate(draws: Floats) -> Estimate:
    low, high = np.quantile(draws, INTERVAL)
    return Estimate(*(round(float(value), 4) for value in (np.median(draws), low, high)))

"""Judgements of a sample tell how right all pairs are, and how sure that is."""

import numpy as np
import pytest

from orchestration.identity.judged_sample import (
    BOUNDS,
    LEAST_PER_STRATUM,
    estimated_quality,
    most_telling,
    sample_to_judge,
    stratum_of,
)


def world(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities that a model is too sure of, and which pairs truly are one person."""
    random = np.random.default_rng(seed)
    probability = random.beta(0.3, 0.3, 20_000)
    return probability, random.random(20_000) < probability**1.5


def test_the_sample_covers_every_stratum_and_asks_most_where_the_model_is_unsure() -> None:
    probability, _ = world(1)
    drawn = sample_to_judge(probability, 300)
    counts = np.bincount(stratum_of(probability[drawn]), minlength=len(BOUNDS))
    assert counts.min() >= LEAST_PER_STRATUM
    assert 290 <= len(drawn) <= 340
    assert len(set(drawn.tolist())) == len(drawn)
    rate = counts / np.bincount(stratum_of(probability))
    assert rate[BOUNDS.index(0.3)] > 3 * rate[BOUNDS.index(0.99)]


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    held = []
    for seed in range(40):
        probability, is_match = world(seed)
        judged = sample_to_judge(probability, 300, seed=seed)
        for quality in estimated_quality(probability, judged, is_match[judged]):
            taken = probability >= quality.threshold
            if quality.threshold == BOUNDS[0]:
                taken = np.ones_like(taken)
            precision = is_match[taken].mean()
            recall = is_match[taken].sum() / is_match.sum()
            held.append(quality.precision.low <= precision <= quality.precision.high)
            held.append(
                quality.recall.low <= recall + 1e-9 and recall <= quality.recall.high + 1e-9
            )
    assert np.mean(held) >= 0.9


def test_more_judgements_make_narrower_intervals() -> None:
    probability, is_match = world(3)
    widths = []
    for size in (60, 600):
        judged = sample_to_judge(probability, size)
        precision = estimated_quality(probability, judged, is_match[judged])[3].precision
        widths.append(precision.high - precision.low)
    assert widths[1] < widths[0] / 2


def test_without_judgements_nothing_is_claimed() -> None:
    probability, _ = world(4)
    none = np.empty(0, dtype=np.int64)
    found = estimated_quality(probability, none, none.astype(bool))
    assert all(quality.precision.high - quality.precision.low > 0.3 for quality in found)
    assert all(quality.judged == 0 for quality in found)


@pytest.mark.parametrize("pairs", [0, 3])
def test_few_pairs_are_all_asked_about(pairs: int) -> None:
    assert sample_to_judge(np.linspace(0.4, 0.45, pairs), 100).tolist() == list(range(pairs))


def test_a_pair_that_would_join_two_large_clusters_is_asked_about_first() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1, 2, 3], dtype=np.int32)
    left, right = np.array([0, 6, 0], dtype=np.int32), np.array([3, 7, 1], dtype=np.int32)
    assert most_telling(np.array([0.2, 0.5, 0.99]), left, right, labels).tolist() == [0, 1, 2]

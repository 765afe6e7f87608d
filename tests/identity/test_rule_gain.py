"""Rules are kept for the true pairs they bring, and what all of them miss is estimated."""

import numpy as np
import pytest

from orchestration.identity.rule_gain import BroughtPairs, gains, share_missed, worthwhile_rules

# Rule 0 brings sure pairs, rule 1 the same and others, rule 2 hardly a true one.
BROUGHT = BroughtPairs(
    np.array([0b001, 0b011, 0b010, 0b100]),
    np.array([10.0, 10.0, 40.0, 1000.0]),
    np.array([10.0, 10.0, 20.0, 1.0]),
)


@pytest.mark.parametrize(
    ("most_pairs", "least_share", "kept"),
    [(5000, 0.01, (0, 1)), (5000, 0.0, (0, 1, 2)), (30, 0.0, (0,))],
)
def test_rules_are_kept_while_their_new_pairs_are_worth_it(
    most_pairs: float, least_share: float, kept: tuple[int, ...]
) -> None:
    assert worthwhile_rules(BROUGHT, 3, most_pairs=most_pairs, least_share=least_share) == kept


def test_what_a_rule_brings_alone_is_told_apart() -> None:
    first, second, _ = gains(BROUGHT, ["a", "b", "c"])
    assert (first.pairs, first.true_pairs, first.alone) == (20, 20.0, 10.0)
    assert (second.pairs, second.true_pairs, second.alone) == (50, 30.0, 20.0)


def test_pairs_that_only_one_rule_brings_tell_of_pairs_that_none_brings() -> None:
    assert share_missed(BROUGHT) == pytest.approx((31**2 / 20) / (41 + 31**2 / 20))


def test_counts_of_parts_add_up() -> None:
    rules, probabilities = np.array([1, 3, 1, 2, 3]), np.array([0.5, 1.0, 0.25, 0.0, 1.0])
    parts = [BroughtPairs.of(rules[part], probabilities[part]) for part in (slice(2), slice(2, 5))]
    together, whole = BroughtPairs.together(parts), BroughtPairs.of(rules, probabilities)
    assert together.rules.tolist() == whole.rules.tolist()
    assert together.pairs.tolist() == whole.pairs.tolist()
    assert together.true_pairs.tolist() == whole.true_pairs.tolist()

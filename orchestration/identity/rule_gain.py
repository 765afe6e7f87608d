"""Say what each blocking rule brings, keep those worth their pairs, and estimate what all miss."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import Flags, Floats, Integers
from orchestration.identity.patterns import weighted_counts


@dataclass(frozen=True, slots=True)
class RuleGain:
    """What a rule brings: candidate pairs, expected true ones, and those no other rule brings."""

    rule: str
    pairs: int
    true_pairs: float
    alone: float


@dataclass(frozen=True, slots=True)
class BroughtPairs:
    """Pairs counted by which rules bring them (bits), with the expected true pairs among them."""

    rules: Integers
    pairs: Floats
    true_pairs: Floats

    @classmethod
    def of(cls, rules: Integers, probabilities: Floats) -> "BroughtPairs":
        """Count pairs."""
        distinct, places = np.unique(rules, return_inverse=True)
        return cls(
            distinct,
            np.bincount(places, minlength=len(distinct)).astype(np.float64),
            weighted_counts(places, probabilities, len(distinct)),
        )

    @classmethod
    def together(cls, parts: Sequence["BroughtPairs"]) -> "BroughtPairs":
        """Add up counts."""
        distinct, places = np.unique(
            np.concatenate([part.rules for part in parts]), return_inverse=True
        )
        pairs = np.concatenate([part.pairs for part in parts])
        true_pairs = np.concatenate([part.true_pairs for part in parts])
        return cls(
            distinct,
            weighted_counts(places, pairs, len(distinct)),
            weighted_counts(places, true_pairs, len(distinct)),
        )

    def by(self, rule: int) -> Flags:
        """Tell which of the counted kinds of pairs a rule brings."""
        return np.asarray(self.rules >> rule & 1, dtype=np.bool_)


def worthwhile_rules(
    brought: BroughtPairs, rules: int, *, most_pairs: float, least_share: float
) -> tuple[int, ...]:
    """Return the rules worth their pairs, in their order.

    The rule whose new pairs are most often true comes first, and so on, until the pairs are used up
    or fewer than `least_share` of the new pairs of any rule left would be true.
    """
    members = np.array([brought.by(rule) for rule in range(rules)]).reshape(rules, -1)
    left = np.ones(len(brought.rules), dtype=np.bool_)
    chosen: list[int] = []
    used = 0.0
    while len(chosen) < rules:
        pairs = (members & left) @ brought.pairs
        true_pairs = (members & left) @ brought.true_pairs
        share = np.where(pairs > 0, true_pairs / np.maximum(pairs, 1e-9), -1.0)
        share[chosen] = -1.0
        share[used + pairs > most_pairs] = -1.0
        best = int(np.argmax(share))
        if share[best] < least_share and chosen:
            break
        chosen.append(best)
        used += float(pairs[best])
        left &= ~members[best]
    return tuple(sorted(chosen))


def gains(brought: BroughtPairs, labels: Sequence[str]) -> tuple[RuleGain, ...]:
    """Return what each rule brings, and brings alone."""
    found = []
    for number, label in enumerate(labels):
        mine = brought.by(number)
        alone = brought.rules == 1 << number
        found.append(
            RuleGain(
                label,
                int(brought.pairs[mine].sum()),
                round(float(brought.true_pairs[mine].sum()), 1),
                round(float(brought.true_pairs[alone].sum()), 1),
            )
        )
    return tuple(found)


def share_missed(brought: BroughtPairs) -> float:
    """Estimate the share of true pairs that no rule brings, from how many only one or two bring.

    Chao's lower bound, as for species that no trap caught: rules that fail together hide pairs from
    it.
    """
    bits = np.array([int(rules).bit_count() for rules in brought.rules.tolist()])
    once = float(brought.true_pairs[bits == 1].sum())
    twice = float(brought.true_pairs[bits == 2].sum())
    seen = float(brought.true_pairs[bits > 0].sum())
    missed = once**2 / (2 * twice) if twice > 0 else 0.0
    return missed / (seen + missed) if seen else 0.0

"""Choose blocking rules by counting: the loosest keys whose candidate pairs stay within the budget.

For every column, and every two of them, the loosest combination of keys becomes a rule; three
together where no two of them can. Chance pairs must stay visible, or the model cannot tell them
from matches (decision 0005).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pandas as pd

from orchestration.identity.arrays import MISSING, Codes, Integers
from orchestration.identity.blocking_keys import Key, blocking_key, blocking_keys, combined
from orchestration.identity.encoding import EncodedRecords
from orchestration.identity.settings import BlockingSettings
from orchestration.identity.side_by_side import side_by_side

_MOST_RULES = 60  # each is one bit of an integer


@dataclass(frozen=True, slots=True)
class Rule:
    """A blocking rule: records whose keys all agree become candidate pairs."""

    keys: tuple[Key, ...]
    expected_pairs: int

    @property
    def label(self) -> str:
        """Readable name, such as `family_name.sound & birth_date.year`."""
        return " & ".join(key.label for key in self.keys)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the rule looks at."""
        return tuple(key.column for key in self.keys)


class RuleChooser:
    """Counts pairs per combination of keys and keeps what the budget allows."""

    def __init__(
        self, pilot: EncodedRecords, settings: BlockingSettings, population: int, across_only: bool
    ) -> None:
        """Take the records to count on, out of a population of so many.

        `across_only` counts only pairs of different sources.
        """
        self._settings = settings
        self._ladders = blocking_keys(pilot)
        self._share = pilot.size / max(population, 1)
        self._sources = pilot.sources if across_only else None
        self._population = population
        self._budget = settings.pairs_per_record_per_rule * population
        self._alone: dict[str, int] = {}
        self._counts: dict[tuple[str, ...], int | None] = {}

    def choose(self, tightness: float = 1.0) -> tuple[Rule, ...]:
        """Return the rules, those with fewest pairs first.

        A `tightness` below 1 makes each rule stay under that share of its usual pairs.
        """
        self._budget = self._settings.pairs_per_record_per_rule * self._population * tightness
        self._alone = {}
        rules = self._single_rules()
        columns = list(self._ladders)
        unpaired: set[frozenset[str]] = set()
        pairs = list(combinations(columns, 2))
        for pair, rule in zip(pairs, side_by_side(self._loosest, pairs), strict=True):
            if rule:
                rules.append(rule)
            elif all(self._looser_keys(column) for column in pair):
                unpaired.add(frozenset(pair))
        triples = [
            triple
            for triple in combinations(columns, 3)
            if all(frozenset(pair) in unpaired for pair in combinations(triple, 2))
        ]
        rules.extend(rule for rule in side_by_side(self._loosest, triples) if rule)
        return self._within_budget(rules)

    def _single_rules(self) -> list[Rule]:
        rules = []
        for column, ladder in self._ladders.items():
            for step, key in enumerate(ladder):
                pairs = self._count((key,))
                if pairs is not None and 0 < pairs <= self._budget:
                    rules.append(Rule((key,), pairs))
                    self._alone[column] = step
                    break
        return rules

    def _looser_keys(self, column: str) -> tuple[Key, ...]:
        """Return the keys of a column that are too loose to stand alone."""
        return self._ladders[column][: self._alone.get(column, len(self._ladders[column]))]

    def _loosest(self, columns: tuple[str, ...]) -> Rule | None:
        best: Rule | None = None
        for keys in product(*(self._looser_keys(column) for column in columns)):
            pairs = self._count(keys)
            if pairs is None or not 0 < pairs <= self._budget:
                continue
            if best is None or pairs > best.expected_pairs:
                best = Rule(keys, pairs)
        return best

    def _count(self, keys: tuple[Key, ...]) -> int | None:
        """Return the expected pairs of a rule; None if oversized blocks swallow too much."""
        label = tuple(key.label for key in keys)
        if label not in self._counts:
            self._counts[label] = self._counted(keys)
        return self._counts[label]

    def _counted(self, keys: tuple[Key, ...]) -> int | None:
        codes = combined(keys)
        present = codes != MISSING
        if not present.any():
            return 0
        blocks = _block_sizes(codes[present])
        oversized = blocks > largest_block(self._settings, self._share)
        if blocks[oversized].sum() > self._settings.oversized_share * blocks.sum():
            return None
        pairs = _pairs(blocks[~oversized])
        if self._sources is not None:
            numbers = pd.factorize(codes[present])[0].astype(np.int64)
            within = numbers * (int(self._sources.max()) + 1) + self._sources[present]
            pairs -= _pairs(_block_sizes(within))
        return int(max(pairs, 0) / self._share**2)

    def _within_budget(self, rules: list[Rule]) -> tuple[Rule, ...]:
        """Keep the rules with fewest pairs until the budget of the whole is used."""
        chosen: list[Rule] = []
        total = 0
        for rule in sorted(rules, key=lambda rule: (rule.expected_pairs, rule.label)):
            total += rule.expected_pairs
            over = total > self._settings.pairs_per_record * self._population
            if len(chosen) == self._settings.rules or (over and chosen):
                break
            chosen.append(rule)
        return tuple(chosen)


def choose_rules(
    pilot: EncodedRecords,
    settings: BlockingSettings,
    *,
    population: int | None = None,
    across_only: bool = False,
) -> tuple[Rule, ...]:
    """Return the blocking rules for a population of records (by default the pilot is all).

    Where they bring more pairs than can be compared, tighter ones stand beside them to choose from.
    """
    if pilot.size < 2:
        return ()
    size = pilot.size if population is None else population
    chooser = RuleChooser(pilot, settings, size, across_only)
    rules = chooser.choose()
    if expected_pairs(rules) <= affordable_pairs(settings, size):
        return rules
    tighter = [rule for tightness in settings.tighter for rule in chooser.choose(tightness)]
    by_label = {rule.label: rule for rule in (*rules, *tighter)}
    kept = list(by_label.values())[:_MOST_RULES]  # the tightest go first: the loose bring most
    return tuple(sorted(kept, key=lambda rule: (rule.expected_pairs, rule.label)))


def expected_pairs(rules: Sequence[Rule]) -> int:
    """Return how many pairs rules bring, those of several counted as often."""
    return sum(rule.expected_pairs for rule in rules)


def affordable_pairs(settings: BlockingSettings, population: int) -> float:
    """Return how many pairs of a population are compared at most."""
    return max(settings.pairs_before_choosing, settings.pairs_per_record_beyond * population)


def same_rules(rules: Sequence[Rule], records: EncodedRecords) -> tuple[Rule, ...]:
    """Return rules with their keys made for other records."""
    parts = {(key.column, key.name) for rule in rules for key in rule.keys}
    made = {part: blocking_key(records, *part) for part in sorted(parts)}
    return tuple(
        Rule(tuple(made[key.column, key.name] for key in rule.keys), rule.expected_pairs)
        for rule in rules
    )


def rule_codes(rule: Rule, settings: BlockingSettings, share: float = 1.0) -> Codes:
    """Return the block of each record under a rule, -1 for none; oversized blocks are dropped.

    With a `share` the records are a pilot of so large a part of all.
    """
    codes = combined(rule.keys)
    numbers = pd.factorize(codes)[0].astype(np.int32)
    sizes = np.bincount(numbers)
    too_large = sizes > largest_block(settings, share)
    unusable = (codes == MISSING) | (too_large | (sizes < 2))[numbers]
    return np.where(unusable, MISSING, numbers).astype(np.int32)


def largest_block(settings: BlockingSettings, share: float) -> float:
    """Return how many of the records a block may hold when they are a part of all."""
    return max(settings.block_records * share, 1.0)


def _block_sizes(codes: Integers) -> Integers:
    """Return how many records carry each code: by sorting, which is faster than hashing here."""
    ordered = np.sort(codes)
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return np.diff(starts, append=len(ordered))


def _pairs(blocks: Integers) -> int:
    return int((blocks * (blocks - 1) // 2).sum())

"""Choose blocking rules by counting: the loosest keys whose candidate pairs stay within the budget.

For every column, and every two of them, the loosest combination of keys becomes a rule; three
together where no two of them can. Chance pairs must stay visible, or the model cannot tell them
from matches (decision 0005).
"""

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import pandas as pd

from orchestration.identity.arrays import MISSING, Codes, Integers
from orchestration.identity.blocking_keys import Key, blocking_keys, combined
from orchestration.identity.encoding import EncodedRecords
from orchestration.identity.settings import BlockingSettings


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
        self, records: EncodedRecords, settings: BlockingSettings, *, across_only: bool
    ) -> None:
        """Take the records to count on; `across_only` counts only pairs of different sources."""
        self._settings = settings
        self._ladders = blocking_keys(records)
        self._sample = _sample(records.size, settings.counted_records)
        self._scale = (records.size / max(len(self._sample), 1)) ** 2
        self._sources = records.sources[self._sample] if across_only else None
        self._budget = settings.pairs_per_record_per_rule * records.size
        self._total_budget = settings.pairs_per_record * records.size
        self._alone: dict[str, int] = {}

    def choose(self) -> tuple[Rule, ...]:
        """Return the rules, those with fewest pairs first."""
        rules = self._single_rules()
        columns = list(self._ladders)
        unpaired: set[frozenset[str]] = set()
        for pair in combinations(columns, 2):
            rule = self._loosest(pair)
            if rule:
                rules.append(rule)
            elif all(self._looser_keys(column) for column in pair):
                unpaired.add(frozenset(pair))
        for triple in combinations(columns, 3):
            if all(frozenset(pair) in unpaired for pair in combinations(triple, 2)):
                rule = self._loosest(triple)
                rules.extend([rule] if rule else [])
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
        sampled = tuple(Key(key.column, key.name, key.codes[self._sample]) for key in keys)
        codes = combined(sampled)
        present = codes != MISSING
        if not present.any():
            return 0
        blocks = np.bincount(pd.factorize(codes[present])[0]).astype(np.int64)
        limit = self._settings.block_records / np.sqrt(self._scale)
        oversized = blocks > max(limit, 1)
        if blocks[oversized].sum() > self._settings.oversized_share * blocks.sum():
            return None
        pairs = _pairs(blocks[~oversized])
        if self._sources is not None:
            within = codes[present] * (int(self._sources.max()) + 1) + self._sources[present]
            pairs -= _pairs(np.bincount(pd.factorize(within)[0]).astype(np.int64))
        return int(max(pairs, 0) * self._scale)

    def _within_budget(self, rules: list[Rule]) -> tuple[Rule, ...]:
        """Keep the rules with fewest pairs until the budget of the whole is used."""
        chosen: list[Rule] = []
        total = 0
        for rule in sorted(rules, key=lambda rule: (rule.expected_pairs, rule.label)):
            total += rule.expected_pairs
            if len(chosen) == self._settings.rules or (total > self._total_budget and chosen):
                break
            chosen.append(rule)
        return tuple(chosen)


def choose_rules(
    records: EncodedRecords, settings: BlockingSettings, *, across_only: bool = False
) -> tuple[Rule, ...]:
    """Return the blocking rules for these records."""
    if records.size < 2:
        return ()
    return RuleChooser(records, settings, across_only=across_only).choose()


def rule_codes(rule: Rule, settings: BlockingSettings) -> Codes:
    """Return the block of each record under a rule, -1 for none; oversized blocks are dropped."""
    codes = combined(rule.keys)
    numbers = pd.factorize(codes)[0].astype(np.int32)
    sizes = np.bincount(numbers)
    unusable = (codes == MISSING) | (sizes[numbers] > settings.block_records) | (sizes[numbers] < 2)
    return np.where(unusable, MISSING, numbers).astype(np.int32)


def _pairs(blocks: Integers) -> int:
    return int((blocks * (blocks - 1) // 2).sum())


def _sample(size: int, at_most: int) -> Integers:
    """Return evenly spread positions, so that the choice does not hang on a random draw."""
    step = max(1.0, size / at_most)
    return np.arange(0, size, step).astype(np.int64)

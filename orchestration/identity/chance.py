"""Measure how often unrelated records agree: at random, given a rule, and by value frequency.

A pair that a rule brought agrees on the rule's keys because the rule made it agree, so each rule
has its own chances.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from orchestration.identity.arrays import MISSING, Codes, Flags, Floats
from orchestration.identity.blocking import Rule
from orchestration.identity.blocking_keys import Key, combined
from orchestration.identity.candidates import in_blocks
from orchestration.identity.comparison import Comparer
from orchestration.identity.encoding import EncodedRecords
from orchestration.identity.fields import Field, FieldKind
from orchestration.identity.patterns import offsets
from orchestration.identity.settings import ChanceSettings

_UNSEEN = 0.3  # pseudo count of a level that no random pair shows
_IMPOSSIBLE = 1e-6
_COMMON_STREET = 50.0  # a street of a whole town is no more common than this in its area


@dataclass(frozen=True, slots=True)
class Chance:
    """Probabilities of levels between unrelated records, flat over fields and levels."""

    overall: Floats
    by_rule: Floats  # one row per rule
    fixed_by_rule: Flags  # rule x field: the rule itself decides this field
    frequency_factors: dict[
        str, Floats
    ]  # field -> factor per code of its value; the last is for missing
    present: dict[str, float]  # field -> share of records that have it

    def without_matches(
        self, matched_equal: dict[str, float], pairs: float, sizes: Sequence[int]
    ) -> "Chance":
        """Return the chances after taking found matches out of the share of equal values.

        Matters for small sets and for identifiers, where most equal pairs are matches.
        """
        overall, by_rule = self.overall.copy(), self.by_rule.copy()
        starts = offsets(sizes)
        for position, name in enumerate(self.present):
            if name not in matched_equal:
                continue
            last = starts[position + 1] - 1
            comparable = max(self.present[name] ** 2 * pairs, 1.0)
            old = overall[last]
            overall[last] = max(
                old - matched_equal[name] / comparable, old * 0.02, 0.5 / comparable
            )
            by_rule[~self.fixed_by_rule[:, position], last] = overall[last]
        return replace(self, overall=overall, by_rule=by_rule)


class ChanceMeasurer:
    """Samples pairs of one record set and grades them."""

    def __init__(self, comparer: Comparer, settings: ChanceSettings) -> None:
        """Take the records to sample from."""
        self._comparer = comparer
        self._settings = settings
        self._random = np.random.default_rng(settings.seed)
        self._known: dict[tuple[str, ...], Floats] = {}

    def measure(self, rules: Sequence[Rule]) -> Chance:
        """Return the chances for these rules."""
        fields, sizes = self._comparer.fields, self._comparer.sizes
        overall = self._overall()
        starts = offsets(sizes)
        by_rule = np.tile(overall, (len(rules), 1))
        fixed = np.zeros((len(rules), len(fields)), dtype=np.bool_)
        for number, rule in enumerate(rules):
            for position, field in enumerate(fields):
                keys = tuple(key for key in rule.keys if key.column in field.columns)
                given = self._given_keys(field, keys) if keys else None
                if given is not None:
                    by_rule[number, starts[position] + 1 : starts[position + 1]] = given
                    fixed[number, position] = True
        return Chance(overall, by_rule, fixed, frequency_factors(self._comparer), self._present())

    def _overall(self) -> Floats:
        size = self._comparer.records.size
        left = self._random.integers(0, size, self._settings.random_pairs).astype(np.int32)
        right = self._random.integers(0, size, self._settings.random_pairs).astype(np.int32)
        apart = left != right
        levels = self._comparer.levels(left[apart], right[apart])
        rows = []
        for row, field, count in zip(
            levels, self._comparer.fields, self._comparer.sizes, strict=True
        ):
            shares = _shares(row, count)
            if field.kind is not FieldKind.ADDRESS:
                floor = _UNSEEN / self._settings.random_pairs
                shares[-1] = max(self._equal_by_chance(field), floor)
            rows.append(np.concatenate([[1.0], shares]))
        return np.concatenate(rows) if rows else np.empty(0)

    def _equal_by_chance(self, field: Field) -> float:
        """Return the share of equal pairs exactly, from the counts of values."""
        counts = _carriers(self._comparer.records, field)
        columns = [self._comparer.records.columns[name] for name in field.value_columns]
        total = float(np.logical_or.reduce([one.codes != MISSING for one in columns]).sum())
        return float((counts * (counts - 1)).sum() / max(total * (total - 1), 1.0))

    def _given_keys(self, field: Field, keys: tuple[Key, ...]) -> Floats | None:
        """Return the chances of a field's levels among records that agree on the keys."""
        count = len(field.levels)
        if field.kind is not FieldKind.ADDRESS and any(key.name == "exact" for key in keys):
            certain = np.full(count - 1, _IMPOSSIBLE)
            certain[-1] = 1.0
            return certain
        label = tuple(key.label for key in keys)
        if label not in self._known:
            pairs = self._sharing(keys)
            if pairs is None:
                return None
            self._known[label] = _shares(self._comparer.levels(*pairs, fields=[field])[0], count)
        return self._known[label]

    def _sharing(self, keys: tuple[Key, ...]) -> tuple[Codes, Codes] | None:
        """Draw pairs of records that share the keys, each pair equally likely."""
        codes = combined(keys)
        numbers = np.where(codes == MISSING, MISSING, pd.factorize(codes)[0])
        order, blocks = in_blocks(numbers.astype(np.int32))
        starts, sizes = np.repeat(np.cumsum(blocks) - blocks, blocks), np.repeat(blocks, blocks)
        chances = (sizes - 1).astype(np.float64)
        if chances.sum() <= 0:
            return None
        drawn = self._settings.pairs_per_rule
        one = self._random.choice(len(order), drawn, p=chances / chances.sum())
        other = starts[one] + (self._random.random(drawn) * sizes[one]).astype(np.int64)
        apart = one != other
        return order[one[apart]], order[other[apart]]

    def _present(self) -> dict[str, float]:
        records = self._comparer.records
        return {
            field.name: float(
                np.logical_or.reduce(
                    [records.columns[name].codes != MISSING for name in field.columns]
                ).mean()
            )
            for field in self._comparer.fields
        }


def frequency_factors(comparer: Comparer) -> dict[str, Floats]:
    """Return per value how much more or less often than usual it agrees by chance."""
    factors: dict[str, Floats] = {}
    for field in comparer.fields:
        if field.name == "sex":
            continue
        counts = _carriers(comparer.records, field)
        shares = np.maximum(counts - 0.5, 0.5)
        total = shares.sum()
        if total <= 0:
            continue
        usual = (shares / total * counts / max(counts.sum(), 1.0)).sum()
        factor = shares / total / max(usual, 1e-12)
        if field.kind is FieldKind.ADDRESS:
            factor = np.minimum(factor, _COMMON_STREET)
        factors[field.name] = np.append(factor, 1.0)
    return factors


def _shares(levels: np.ndarray, count: int) -> Floats:
    seen = np.bincount(levels, minlength=count)[1:] + _UNSEEN
    return np.asarray(seen / seen.sum(), dtype=np.float64)


def _carriers(records: EncodedRecords, field: Field) -> Floats:
    """Return how many records carry each value of a field, in whichever of its columns."""
    columns = [records.columns[name] for name in field.value_columns]
    counts = np.zeros(len(columns[0].values))
    for position, column in enumerate(columns):
        counted = column.codes != MISSING
        for before in columns[:position]:
            counted &= column.codes != before.codes
        counts += np.bincount(column.codes[counted], minlength=len(counts))
    return counts

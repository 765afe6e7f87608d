"""Score pairs of records under a fitted mixture: log odds, probability, weight of each field."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import MISSING, Codes, Flags, Floats, Integers, Levels
from orchestration.identity.candidates import rules_of_pairs
from orchestration.identity.chance import Chance
from orchestration.identity.class_characters import RELATIVES
from orchestration.identity.comparison import Comparer, chunks, pack
from orchestration.identity.fields import Field, is_shared_at_home
from orchestration.identity.mixture import (
    ClassShares,
    Mixture,
    class_shares,
    match_factors,
)
from orchestration.identity.patterns import (
    WITHIN_SOURCE,
    PatternTable,
    count_patterns,
    offsets,
    strata,
)
from orchestration.identity.side_by_side import for_each

LARGEST_LOG_ODDS = 30.0
# Floating-point noise of other machines must not reach the tables (decision D8).
DECIMALS = 6
# Pairs that stay below this whatever their values are not looked at one by one.
HOPELESS = -9.0


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """What scoring finds of pairs, in their order."""

    log_odds: Floats
    levels: Levels
    rules: Integers  # which rules bring each pair, as bits


@dataclass(frozen=True, slots=True)
class PairScorer:
    """Scores any pair of one record set, also pairs that no rule brought."""

    comparer: Comparer
    blocks: Sequence[Codes]
    chance: Chance
    mixture: Mixture
    stratum_pairs: Floats  # candidate pairs within and across sources
    all_pairs: float
    are_sources_clean: bool  # in a link task two records of one source are two people
    chunk: int

    def log_odds(self, left: Codes, right: Codes) -> Floats:
        """Return the natural log odds that pairs of record positions are one person."""
        return self.scored(left, right).log_odds

    def scored(self, left: Codes, right: Codes) -> ScoredPairs:
        """Return log odds, levels and rules of any pairs of record positions, in their order."""
        count = len(left)
        found = ScoredPairs(
            np.empty(count),
            np.empty((len(self.comparer.fields), count), dtype=np.int8),
            np.empty(count, dtype=np.int64),
        )

        def score(part: slice) -> None:
            levels = self.comparer.levels(left[part], right[part])
            rules = rules_of_pairs(self.blocks, left[part], right[part])
            found.levels[:, part], found.rules[part] = levels, rules
            found.log_odds[part] = self._chunk_log_odds(levels, rules, left[part], right[part])

        for_each(score, (slice(*bounds) for bounds in chunks(count, self.chunk)))
        return found

    def log_odds_of_patterns(
        self, table: PatternTable, codes: Codes, left: Codes, right: Codes
    ) -> Floats:
        """Return the log odds of candidate pairs whose patterns are known."""
        shares = class_shares(self.mixture, table, self.chance, self.comparer.fields)
        usual = _log_odds(shares.match, shares.other + shares.household)
        result = usual[codes]
        promising = np.flatnonzero((self._best_log_odds(shares, table) >= HOPELESS)[codes])
        for start, stop in chunks(len(promising), self.chunk):
            part = promising[start:stop]
            ends = left[part], right[part]
            result[part] = self._with_frequencies(shares, table, codes[part], ends)
        return result

    def _best_log_odds(self, shares: ClassShares, table: PatternTable) -> Floats:
        """Return the log odds that patterns reach with the rarest values there are."""
        rarest = [
            self.chance.frequency_factors.get(field.name, np.ones(1)).min(initial=1.0)
            for field in self.comparer.fields
        ]
        equal = self._equal_fields(table)[:, table.vector]
        often = np.where(equal, np.array(rarest)[:, None], 1.0).prod(axis=0)
        return _log_odds(shares.match, (shares.other + shares.household) * often)

    def _chunk_log_odds(self, levels: Levels, rules: Integers, left: Codes, right: Codes) -> Floats:
        stratum = strata(self.comparer.records.sources, left, right)
        packed = pack(levels, self.comparer.sizes)
        table, codes = count_patterns(packed, rules, stratum, self.comparer.sizes)
        usual = class_shares(self.mixture, table, self.chance, self.comparer.fields)
        result = self._with_frequencies(usual, table, codes, (left, right))
        unblocked = np.flatnonzero(rules == 0)
        if unblocked.size:
            shares, ends = self._unblocked_shares(table), (left[unblocked], right[unblocked])
            result[unblocked] = self._with_frequencies(shares, table, codes[unblocked], ends)
        if self.are_sources_clean:
            result[stratum == WITHIN_SOURCE] = -LARGEST_LOG_ODDS
        return result

    def _unblocked_shares(self, table: PatternTable) -> ClassShares:
        """Return what explains pairs no rule brought: chance is any two records meeting."""
        likelihood = table.vectors.likelihood(self.mixture.parameters)[table.vector]
        weights = self.mixture.weights[: self.mixture.free] * self.stratum_pairs
        own = likelihood * weights[:, table.stratum].T
        other = table.vectors.likelihood(self.chance.overall)[table.vector] * self.all_pairs
        household = np.zeros(table.size)
        for number, kind in enumerate(self.mixture.classes[1:], 1):
            if kind in RELATIVES:
                household = household + own[:, number]
            else:
                other = other + own[:, number]
        match = own[:, 0] * match_factors(table, self.comparer.fields)[table.vector]
        return ClassShares(match, household, other)

    def _with_frequencies(
        self, shares: ClassShares, table: PatternTable, codes: Codes, ends: tuple[Codes, Codes]
    ) -> Floats:
        equal = self._equal_fields(table)
        often, often_at_home = self._frequencies(equal[:, table.vector[codes]], *ends)
        against = shares.other[codes] * often + shares.household[codes] * often_at_home
        return _log_odds(shares.match[codes], against)

    def _equal_fields(self, table: PatternTable) -> Flags:
        last = np.array(self.comparer.sizes, dtype=np.int8)[:, None] - 1
        return np.asarray(table.vectors.levels == last)

    def _frequencies(self, equal: Flags, left: Codes, right: Codes) -> tuple[Floats, Floats]:
        """Return how often the equal values of each pair agree by chance, against usual."""
        often, often_at_home = np.ones(len(left)), np.ones(len(left))
        for position, field in enumerate(self.comparer.fields):
            factors = self.chance.frequency_factors.get(field.name)
            if factors is None:
                continue
            places = np.flatnonzero(equal[position])
            factor = self._agreed(field, factors, (left, right), places)
            often[places] *= factor
            if not is_shared_at_home(field):
                often_at_home[places] *= factor
        return often, often_at_home

    def _agreed(
        self, field: Field, factors: Floats, ends: tuple[Codes, Codes], places: Integers
    ) -> Floats:
        """Return the factor of the value in which pairs agree; of several values, of the rarest."""
        columns = [self.comparer.records.columns[name].codes for name in field.value_columns]
        telling = [codes for codes in columns[1:] if (codes != MISSING).any()]
        left = ends[0][places]
        if not telling:
            return factors[columns[0][left]]
        telling, right = [columns[0], *telling], ends[1][places]
        rarest = np.full(len(left), np.inf)
        for one in telling:
            for other in telling:
                agreed = one[left]
                is_equal = (agreed == other[right]) & (agreed != MISSING)
                np.minimum(rarest, factors[agreed], out=rarest, where=is_equal)
        return np.where(np.isinf(rarest), 1.0, rarest)

    def field_weights(self, levels: Levels, left: Codes, right: Codes) -> dict[str, Floats]:
        """Return per field how many bits its level speaks for one person, against chance."""
        starts = offsets(self.comparer.sizes)
        match, chance = self.mixture.parameters[0], self.chance.overall
        table = np.log2(np.maximum(match, 1e-12) / np.maximum(chance, 1e-12))
        table[starts[:-1]] = 0.0  # a missing value says nothing
        weights: dict[str, Floats] = {}
        for position, field in enumerate(self.comparer.fields):
            bits = table[starts[position] + levels[position]]
            factors = self.chance.frequency_factors.get(field.name)
            if factors is not None:
                equal = np.flatnonzero(levels[position] == len(field.levels) - 1)
                bits[equal] -= np.log2(self._agreed(field, factors, (left, right), equal))
            weights[field.name] = bits
        return weights


def _log_odds(match: Floats, against: Floats) -> Floats:
    odds = np.log(match + 1e-300) - np.log(against + 1e-300)
    return np.asarray(np.clip(odds, -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS))


def probability(log_odds: Floats) -> Floats:
    """Return probabilities for log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))

"""Choose blocking rules and fit the model, on all records or on a pilot of them.

What follows for all records (bringing their pairs and scoring them) is in streaming.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from orchestration.identity.arrays import Codes
from orchestration.identity.blocking import (
    Rule,
    affordable_pairs,
    choose_rules,
    expected_pairs,
    rule_codes,
)
from orchestration.identity.candidates import pairs_in_blocks
from orchestration.identity.chance import Chance, ChanceMeasurer, frequency_factors
from orchestration.identity.compared_pairs import ComparedPairs, compare_pairs
from orchestration.identity.comparison import Comparer
from orchestration.identity.mixture import Mixture
from orchestration.identity.patterns import STRATA, weighted_counts
from orchestration.identity.recordlinkage_adapter import GradedLevels, RuleIndex
from orchestration.identity.rule_gain import BroughtPairs, worthwhile_rules
from orchestration.identity.scoring import PairScorer, probability
from orchestration.identity.settings import EngineSettings
from orchestration.identity.side_by_side import side_by_side
from orchestration.identity.structure import FittedModel, StructureChooser


@dataclass(frozen=True, slots=True)
class FittedPilot:
    """Rules and a model, with the pilot's own pairs."""

    rules: tuple[Rule, ...]
    pairs: ComparedPairs
    model: FittedModel
    scorer: PairScorer


@dataclass(frozen=True, slots=True)
class PilotFitting:
    """Chooses rules and fits the model on the records of a comparer, a share of all."""

    comparer: Comparer
    population: int
    settings: EngineSettings
    are_sources_clean: bool
    measurer: ChanceMeasurer = field(init=False)  # what it measured once it knows

    def __post_init__(self) -> None:
        """Take the measurer of these records."""
        object.__setattr__(self, "measurer", ChanceMeasurer(self.comparer, self.settings.chance))

    @property
    def _share(self) -> float:
        return self.comparer.records.size / max(self.population, 1)

    def rules(self) -> tuple[Rule, ...]:
        """Return the blocking rules; beyond the budget only those worth their pairs."""
        blocking = self.settings.blocking
        rules = choose_rules(
            self.comparer.records,
            blocking,
            population=self.population,
            across_only=self.are_sources_clean,
        )
        most = affordable_pairs(blocking, self.population)
        if expected_pairs(rules) <= most:
            return rules
        pairs, blocks = self._compared(rules, blocking.tried_pairs)
        chance = self.measurer.measure(rules)
        plain = self.settings.scoring.structures[0]
        scorer = self._chooser(pairs, blocks).scorer(chance, plain)
        odds = scorer.log_odds_of_patterns(pairs.table, pairs.codes, pairs.left, pairs.right)
        brought = BroughtPairs.of(pairs.table.rules[pairs.codes], probability(odds))
        chosen = worthwhile_rules(
            brought,
            len(rules),
            most_pairs=most * self._share**2 / pairs.stands_for,
            least_share=blocking.least_true_share,
        )
        return tuple(rules[number] for number in chosen)

    def fit(self, rules: tuple[Rule, ...]) -> FittedPilot | None:
        """Return the structure that promises the best clusters, fitted; None without pairs."""
        pairs, blocks = self._compared(rules)
        if not len(pairs.codes):
            return None
        chance = self.measurer.measure(rules)
        chooser = self._chooser(pairs, blocks)
        model = chooser.choose(chance, self.settings.scoring.structures)
        scorer = self._scorers(pairs, blocks)(model.chance, model.mixture)
        return FittedPilot(rules, pairs, model, scorer)

    def _compared(
        self, rules: tuple[Rule, ...], at_most: int | None = None
    ) -> tuple[ComparedPairs, list[Codes]]:
        """Return the pairs that rules bring, compared, or at most so many, evenly spread."""
        blocks = list(
            side_by_side(lambda rule: rule_codes(rule, self.settings.blocking, self._share), rules)
        )
        apart = self.comparer.records.sources if self.are_sources_clean else None
        chunk = self.settings.comparison.chunk_pairs
        # Most of them are left out before it is known which rules bring them, which costs most.
        early = 1 if at_most is None else max(1, pairs_in_blocks(blocks) // (2 * at_most))
        index = RuleIndex(blocks, chunk, apart, early)
        pairs = index.index(pd.DataFrame(index=pd.RangeIndex(self.comparer.records.size)))
        step = 1 if at_most is None else max(1, -(-len(pairs) // at_most))
        graded = GradedLevels(self.comparer)
        found = compare_pairs(graded, pairs, index.rules, chunk, every=step)
        return replace(found, stands_for=step * early), blocks

    def _chooser(self, pairs: ComparedPairs, blocks: list[Codes]) -> StructureChooser:
        return StructureChooser(self.comparer, pairs, self._scorers(pairs, blocks), self.settings)

    def _scorers(
        self, pairs: ComparedPairs, blocks: list[Codes]
    ) -> Callable[[Chance, Mixture], PairScorer]:
        size, table = self.comparer.records.size, pairs.table
        stratum_pairs = weighted_counts(table.stratum, table.counts, STRATA) * pairs.stands_for

        def scorer(chance: Chance, mixture: Mixture) -> PairScorer:
            return PairScorer(
                self.comparer,
                blocks,
                chance,
                mixture,
                stratum_pairs,
                size * (size - 1) / 2,
                self.are_sources_clean,
                self.settings.comparison.chunk_pairs,
            )

        return scorer


def for_all(fitted: PairScorer, comparer: Comparer, blocks: list[Codes]) -> PairScorer:
    """Return the scorer of a pilot for all records: only how often values occur is known better."""
    size = comparer.records.size
    grown = size * (size - 1) / 2 / fitted.all_pairs
    return replace(
        fitted,
        comparer=comparer,
        blocks=blocks,
        chance=replace(fitted.chance, frequency_factors=frequency_factors(comparer)),
        stratum_pairs=fitted.stratum_pairs * grown,
        all_pairs=fitted.all_pairs * grown,
    )

"""Resolve one set of person records: block, compare, fit, score. Knows no warehouse and no files.

The pipeline and the `resolve` verb both run this; clusters are made from its edges in clustering.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.identity.arrays import Codes, Integers
from orchestration.identity.blocking import Rule, choose_rules, rule_codes
from orchestration.identity.chance import Chance, ChanceMeasurer
from orchestration.identity.comparison import Comparer, chunks, pack
from orchestration.identity.edges import Edges, no_edges, scored_edges
from orchestration.identity.encoding import EncodedRecords, encode
from orchestration.identity.mixture import Mixture
from orchestration.identity.patterns import STRATA, count_patterns, weighted_counts
from orchestration.identity.recordlinkage_adapter import GradedLevels, RuleIndex
from orchestration.identity.scoring import PairScorer, strata
from orchestration.identity.settings import EngineSettings
from orchestration.identity.structure import ComparedPairs, FittedModel, StructureChooser

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the engine found: the edges, and everything needed to explain and to repeat them."""

    records: EncodedRecords
    comparer: Comparer
    rules: tuple[Rule, ...]
    model: FittedModel | None  # None when there was nothing to compare
    edges: Edges
    candidate_pairs: int
    seconds: dict[str, float]
    scorer: PairScorer | None = None  # scores any pair of these records as the edges were scored


@dataclass(slots=True)
class _Stages:
    """Times stages and tells about them."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)
    _started: float = field(default_factory=perf_counter)

    def done(self, stage: str, what: str) -> None:
        """Note the time since the last stage and say what came out."""
        now = perf_counter()
        self.seconds[stage] = round(now - self._started, 3)
        self._started = now
        self.progress(f"{stage}: {what}")


def resolve_records(
    records: pa.Table,
    settings: EngineSettings,
    *,
    are_sources_clean: bool = False,
    progress: Progress | None = None,
) -> Resolution:
    """Return the scored edges among records in the shape and order of `person_records`.

    With `are_sources_clean` (a link task) two records of one source are two people.
    """
    stages = _Stages(progress or (lambda _: None))
    encoded = encode(records, settings.placeholders)
    comparer = Comparer.of(encoded)
    stages.done("encode", f"{encoded.size:,} records, {len(comparer.fields)} fields")
    rules = choose_rules(encoded, settings.blocking, across_only=are_sources_clean)
    blocks = [rule_codes(rule, settings.blocking) for rule in rules]
    apart = encoded.sources if are_sources_clean else None
    index = RuleIndex(blocks, settings.comparison.chunk_pairs, apart)
    frame = pd.DataFrame(index=pd.RangeIndex(encoded.size))
    pairs = index.index(frame)
    stages.done("block", f"{len(rules)} rules, {len(pairs):,} candidate pairs")
    if not len(pairs):
        return Resolution(encoded, comparer, rules, None, no_edges(comparer), 0, stages.seconds)
    compared = _compare(comparer, pairs, index.rules, settings)
    stages.done("compare", f"{compared.table.size:,} patterns")
    fitting = _Fitting(comparer, rules, blocks, compared, settings, are_sources_clean)
    model = fitting.fit()
    stages.done("fit", f"structure {model.structure}, expected F1 {model.expected_f1:.3f}")
    scorer = fitting.scorer(model.chance, model.mixture)
    edges = scored_edges(scorer, compared, settings.clustering)
    stages.done("score", f"{len(edges.left):,} edges")
    return Resolution(encoded, comparer, rules, model, edges, len(pairs), stages.seconds, scorer)


def _compare(
    comparer: Comparer, pairs: pd.MultiIndex, rules: Integers, settings: EngineSettings
) -> ComparedPairs:
    """Compare candidate pairs a chunk at a time and keep of each only which pattern it shows."""
    graded = GradedLevels(comparer)
    frame = pd.DataFrame(index=pairs.levels[0])
    packed = np.empty(len(pairs), dtype=np.int64)
    for start, stop in chunks(len(pairs), settings.comparison.chunk_pairs):
        levels = graded.compute(pairs[start:stop], frame).to_numpy().T
        packed[start:stop] = pack(levels, comparer.sizes)
    left, right = (np.asarray(codes, dtype=np.int32) for codes in pairs.codes)
    stratum = strata(comparer.records.sources, left, right)
    table, codes = count_patterns(packed, rules, stratum, comparer.sizes)
    return ComparedPairs(left, right, codes, table)


@dataclass(frozen=True, slots=True)
class _Fitting:
    """Fits the model to compared pairs."""

    comparer: Comparer
    rules: tuple[Rule, ...]
    blocks: list[Codes]
    compared: ComparedPairs
    settings: EngineSettings
    are_sources_clean: bool

    def fit(self) -> FittedModel:
        """Return the structure that promises the best clusters, fitted."""
        chance = ChanceMeasurer(self.comparer, self.settings.chance).measure(self.rules)
        chooser = StructureChooser(self.comparer, self.compared, self.scorer, self.settings)
        return chooser.choose(chance, self.settings.scoring.structures)

    def scorer(self, chance: Chance, mixture: Mixture) -> PairScorer:
        """Return the scorer of a fitted mixture."""
        size, table = self.comparer.records.size, self.compared.table
        return PairScorer(
            self.comparer,
            self.blocks,
            chance,
            mixture,
            weighted_counts(table.stratum, table.counts, STRATA),
            size * (size - 1) / 2,
            self.are_sources_clean,
            self.settings.comparison.chunk_pairs,
        )

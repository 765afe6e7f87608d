"""Resolve one set of person records: block, compare, fit, score. Knows no warehouse and no files.

The pipeline and the `resolve` verb both run this; clusters are made from its edges in clustering.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter

import pyarrow as pa

from orchestration.identity.blocking import Rule, rule_codes, same_rules
from orchestration.identity.comparison import Comparer
from orchestration.identity.edges import Edges, no_edges, scored_edges
from orchestration.identity.encoding import EncodedRecords, encode
from orchestration.identity.fields import Holding
from orchestration.identity.fitting import PilotFitting, for_all
from orchestration.identity.pilot import pilot_of
from orchestration.identity.rule_gain import RuleGain, gains, share_missed
from orchestration.identity.scoring import PairScorer
from orchestration.identity.settings import EngineSettings
from orchestration.identity.side_by_side import side_by_side
from orchestration.identity.streaming import promising_of, promising_pairs
from orchestration.identity.structure import FittedModel

Progress = Callable[[str], None]
RulesOf = Callable[[EncodedRecords], tuple[Rule, ...]]


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
    rule_gains: tuple[RuleGain, ...] = ()
    share_missed: float = 0.0  # of true pairs that no rule brings, at least


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
    holdings: Mapping[str, Holding] | None = None,
    progress: Progress | None = None,
    rules: RulesOf | None = None,
) -> Resolution:
    """Return the scored edges among records in the shape and order of `person_records`.

    With `are_sources_clean` (a link task) two records of one source are two people; `holdings` say
    how people hold an identifier. Blocking rules are chosen from the data, unless `rules` makes
    them for encoded records.
    """
    stages = _Stages(progress or (lambda _: None))
    encoded = encode(records, settings.placeholders)
    del records  # where nobody else holds the table, its texts make room for what follows
    pa.default_memory_pool().release_unused()
    comparer = Comparer.of(encoded, holdings)
    stages.done("encode", f"{encoded.size:,} records, {len(comparer.fields)} fields")
    pilot = pilot_of(comparer, settings.pilot)
    fitting = PilotFitting(pilot, encoded.size, settings, are_sources_clean)
    chosen = fitting.rules() if rules is None else rules(pilot.records)
    stages.done("choose rules", f"{len(chosen)} rules")
    fitted = fitting.fit(chosen)
    if fitted is None:
        return Resolution(encoded, comparer, chosen, None, no_edges(comparer), 0, stages.seconds)
    model = fitted.model
    stages.done("fit", f"structure {model.structure}, expected F1 {model.expected_f1 or 0:.3f}")
    kept_from = settings.clustering.kept_from
    if pilot is comparer:
        scorer, pairs = fitted.scorer, promising_of(fitted.scorer, fitted.pairs, kept_from)
    else:
        chosen = same_rules(chosen, encoded) if rules is None else rules(encoded)
        blocks = list(side_by_side(lambda rule: rule_codes(rule, settings.blocking), chosen))
        scorer = for_all(fitted.scorer, comparer, blocks)
        stages.done("block", f"{len(blocks)} rules for all records")
        pairs = promising_pairs(scorer, kept_from)
    stages.done("score", f"{pairs.candidates:,} candidate pairs, {len(pairs.left):,} promising")
    edges = scored_edges(scorer, pairs, settings.clustering)
    stages.done("edges", f"{len(edges.left):,} edges")
    return Resolution(
        encoded,
        comparer,
        chosen,
        replace(model, chance=scorer.chance),
        edges,
        pairs.candidates,
        stages.seconds,
        scorer,
        gains(pairs.brought, [rule.label for rule in chosen]),
        share_missed(pairs.brought),
    )

"""Resolve records under a model that was fitted before, on the same people or on others."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import perf_counter

import numpy as np
import pyarrow as pa

from orchestration.identity.edges import scored_edges
from orchestration.identity.encoding import EncodedColumn
from orchestration.identity.engine import Resolution
from orchestration.identity.errors import ModelError
from orchestration.identity.fields import Field, Holding
from orchestration.identity.mixture import JUNK
from orchestration.identity.rule_gain import gains, share_missed
from orchestration.identity.state.applied_model import apply_to, encode_under, rules_of
from orchestration.identity.state.model_store import ModelInUse
from orchestration.identity.state.value_hashes import NONE, Hashes
from orchestration.identity.streaming import promising_pairs
from orchestration.identity.structure import FittedModel


def resolve_under(
    in_use: ModelInUse,
    records: pa.Table,
    *,
    are_sources_clean: bool = False,
    holdings: Mapping[str, Holding] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Resolution:
    """Return the scored edges among records under a kept model; nothing is fitted.

    What too many different people among these records carry is a placeholder, beside those that
    the model knows.

    Raises:
        ModelError: the records have none of the fields that the model compares.
    """
    model, settings, started = in_use.model, in_use.settings, perf_counter()
    tell = progress or (lambda _: None)
    encoded = encode_under(model, records, settings.placeholders)
    del records  # where nobody else holds the table, its texts make room for what follows
    pa.default_memory_pool().release_unused()
    applied = apply_to(model, encoded, settings)
    if not any(_has(applied.records.columns, field) for field in model.fields):
        raise ModelError(
            f"model {model.version} compares {', '.join(model.field_names)}, and these records"
            " have none of them: resolve them without a model, which fits one"
        )
    oversized = {
        number: _oversized(keys, settings.blocking.block_records)
        for number, keys in enumerate(applied.keys)
    }
    scorer = applied.without_blocks(oversized).scorer
    held = holdings or {}
    fields = tuple(field.held_as(held.get(field.name)) for field in scorer.comparer.fields)
    scorer = replace(
        scorer,
        comparer=replace(scorer.comparer, fields=fields),
        are_sources_clean=are_sources_clean,
    )
    tell(f"apply: {applied.records.size:,} records under model {model.version}")
    applied_at = perf_counter()
    pairs = promising_pairs(scorer, settings.clustering.kept_from)
    edges = scored_edges(scorer, pairs, settings.clustering)
    tell(f"score: {pairs.candidates:,} candidate pairs, {len(edges.left):,} edges")
    rules = rules_of(model)
    match, *others = scorer.mixture.classes
    structure = "".join((match, "C", *(kind for kind in others if kind != JUNK)))
    return Resolution(
        applied.records,
        scorer.comparer,
        rules,
        FittedModel(structure, scorer.chance, scorer.mixture, None),
        edges,
        pairs.candidates,
        {
            "apply": round(applied_at - started, 3),
            "score": round(perf_counter() - applied_at, 3),
        },
        scorer,
        gains(pairs.brought, [rule.label for rule in rules]),
        share_missed(pairs.brought),
    )


def _has(columns: Mapping[str, EncodedColumn], field: Field) -> bool:
    return any(bool((columns[name].codes >= 0).any()) for name in field.columns)


def _oversized(keys: Hashes, block_records: int) -> Hashes:
    distinct, counts = np.unique(keys[keys != NONE], return_counts=True)
    return distinct[counts > block_records]

"""Look at two records under the model in use: evidence by field, and what each rule made of them.

Whether they are one customer is not looked at here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.identity.arrays import Codes
from orchestration.identity.explaining.explanation import FieldEvidence, KeyState, RuleOutcome
from orchestration.identity.fields import Field
from orchestration.identity.guards import GUARDS, NO_GUARD, Guard, broken_guards
from orchestration.identity.scoring import DECIMALS, probability
from orchestration.identity.settings import EngineSettings
from orchestration.identity.state.applied_model import AppliedModel, apply_model
from orchestration.identity.state.frozen_model import FrozenModel
from orchestration.identity.state.value_hashes import (
    NONE,
    Hashes,
    key_hashes,
    value_hashes,
)

BlockSizes = Callable[[Mapping[int, int]], dict[int, int]]

_LEFT, _RIGHT = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class PairView:
    """What the model sees in two records."""

    probability: float
    match_weight: float
    evidence: tuple[FieldEvidence, ...]
    other_weight: float
    rules: tuple[RuleOutcome, ...]
    guard: Guard | None
    test_records: tuple[str, ...]


def view_pair(
    block_sizes: BlockSizes,
    model: FrozenModel,
    settings: EngineSettings,
    records: pa.Table,
) -> PairView:
    """Return what the model sees in the two records of a table, in the order of their ids.

    `block_sizes` tells by rule how many records have the one key that is given for it.
    """
    applied = apply_model(model, records, settings)
    sizes = _shared_block_sizes(block_sizes, applied.keys)
    limit = settings.blocking.block_records
    oversized = {
        number: np.array([key], dtype=np.uint64)
        for number, (key, size) in sizes.items()
        if size > limit
    }
    applied = applied.without_blocks(oversized)
    scorer = applied.scorer
    levels = scorer.comparer.levels(_LEFT, _RIGHT)
    odds = scorer.log_odds(_LEFT, _RIGHT)
    weights = scorer.field_weights(levels, _LEFT, _RIGHT)
    chance = np.round(probability(odds), DECIMALS)
    named = {field.name: levels[row] for row, field in enumerate(model.fields)}
    guard = int(broken_guards(named, chance)[0])
    bits = round(float(odds[0] / np.log(2.0)), DECIMALS)
    evidence = tuple(
        _evidence(model, applied, records, field, levels[row, 0], weights[field.name][0])
        for row, field in enumerate(model.fields)
    )
    return PairView(
        probability=float(chance[0]),
        match_weight=bits,
        evidence=evidence,
        other_weight=round(bits - sum(part.weight for part in evidence), DECIMALS),
        rules=_outcomes(model, applied, {number: size for number, (_, size) in sizes.items()}),
        guard=None if guard == NO_GUARD else GUARDS[guard],
        test_records=tuple(_ids(applied, applied.records.is_test_record)),
    )


def _shared_block_sizes(block_sizes: BlockSizes, keys: Hashes) -> dict[int, tuple[int, int]]:
    """Return per rule whose keys agree the shared key and how many records have it."""
    shared = {
        number: int(row[0])
        for number, row in enumerate(keys)
        if row[0] == row[1] and row[0] != NONE
    }
    sizes = block_sizes(shared)
    return {number: (key, sizes[number]) for number, key in shared.items()}


def _evidence(  # noqa: PLR0913  one row of a table of six columns
    model: FrozenModel,
    applied: AppliedModel,
    records: pa.Table,
    field: Field,
    level: int,
    weight: float,
) -> FieldEvidence:
    columns = [applied.records.columns[name].codes for name in field.columns]
    lacks = np.logical_and.reduce([codes < 0 for codes in columns])
    placeholder = np.zeros(2, dtype=np.bool_)
    for name in field.columns:
        known = model.placeholders_of(name)
        if len(known):
            shown = records[name].fill_null("").to_numpy(zero_copy_only=False)
            placeholder |= np.isin(value_hashes(shown), known)
    return FieldEvidence(
        field.name,
        field.levels[level],
        round(float(weight), DECIMALS),
        tuple(_ids(applied, lacks & ~placeholder)),
        tuple(_ids(applied, placeholder)),
    )


def _ids(applied: AppliedModel, chosen: np.ndarray) -> list[str]:
    return [str(applied.records.ids[place]) for place in np.flatnonzero(chosen).tolist()]


def _outcomes(
    model: FrozenModel, applied: AppliedModel, sizes: Mapping[int, int]
) -> tuple[RuleOutcome, ...]:
    parts = {part: key_hashes(applied.records, *part) for rule in model.rules for part in rule}
    return tuple(
        _outcome(label, {part: parts[part] for part in rule}, sizes.get(number), blocks)
        for number, (label, rule, blocks) in enumerate(
            zip(model.rule_labels, model.rules, applied.scorer.blocks, strict=True)
        )
    )


def _outcome(
    label: str, keys: Mapping[tuple[str, str], Hashes], size: int | None, blocks: Codes
) -> RuleOutcome:
    missing = tuple(".".join(part) for part, key in keys.items() if (key == NONE).any())
    different = tuple(
        ".".join(part) for part, key in keys.items() if not (key == NONE).any() and key[0] != key[1]
    )
    if size is not None:
        is_usable = bool((blocks >= 0).all())
        state = KeyState.SHARED if is_usable else KeyState.BLOCK_TOO_LARGE
        return RuleOutcome(label, state, block_records=size)
    state = KeyState.MISSING if missing else KeyState.DIFFERENT
    return RuleOutcome(label, state, missing, different)

"""Score any records under a frozen model: a day's changes, one record at the desk, one pair."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from orchestration.identity.arrays import MISSING, Codes
from orchestration.identity.blocking import Rule
from orchestration.identity.blocking_keys import Key
from orchestration.identity.comparison import Comparer
from orchestration.identity.encoding import (
    EncodedRecords,
    encode,
    kind_of_value,
    without_values,
)
from orchestration.identity.scoring import PairScorer
from orchestration.identity.settings import EngineSettings, PlaceholderSettings
from orchestration.identity.state.frozen_model import FrozenModel
from orchestration.identity.state.value_hashes import NONE, Hashes, rule_hashes, value_hashes


def encode_under(
    model: FrozenModel, records: pa.Table, settings: PlaceholderSettings | None = None
) -> EncodedRecords:
    """Encode records in the shape and order of `person_records` as the model's records were.

    With settings, placeholders that the model has not met are looked for too: a whole table can
    tell them, a few records cannot.
    """
    encoded = encode(records, settings)
    known = {
        kind: np.isin(value_hashes(encoded.columns[kind].values), hashes)
        for kind, hashes in model.placeholders.items()
    }
    found = dict(encoded.placeholder_values)
    for kind, is_known in known.items():
        met = encoded.columns[kind].values[is_known]
        if len(met):
            found[kind] = np.union1d(found.get(kind, met), met)
    columns = {}
    for name, column in encoded.columns.items():
        unwanted = known.get(kind_of_value(name))
        cleaned = column if unwanted is None else without_values(column, unwanted)
        columns[name] = replace(cleaned, known_telling=name in model.telling_columns)
    return replace(encoded, columns=columns, placeholder_values=found)


@dataclass(frozen=True, slots=True)
class AppliedModel:
    """A model and the records it is applied to."""

    records: EncodedRecords
    keys: Hashes  # rule x record
    scorer: PairScorer

    def without_blocks(self, oversized: Mapping[int, Hashes]) -> "AppliedModel":
        """Return the same, where blocks of these keys, by rule, are too large to bring pairs."""
        blocks = [_blocks(row, oversized.get(number)) for number, row in enumerate(self.keys)]
        return replace(self, scorer=replace(self.scorer, blocks=blocks))


def keys_under(model: FrozenModel, records: pa.Table) -> Hashes:
    """Return the key of each record under each rule of a model, one row per rule."""
    return rule_hashes(encode_under(model, records), model.rules)


def apply_model(
    model: FrozenModel,
    records: pa.Table,
    settings: EngineSettings,
    keys: Hashes | None = None,
) -> AppliedModel:
    """Return what scores pairs of these records as the model's own pairs were scored.

    `keys` are those of the records where they are known already.
    """
    return apply_to(model, encode_under(model, records), settings, keys)


def apply_to(
    model: FrozenModel,
    encoded: EncodedRecords,
    settings: EngineSettings,
    keys: Hashes | None = None,
) -> AppliedModel:
    """Return the same for records that were encoded under the model."""
    keys = rule_hashes(encoded, model.rules) if keys is None else keys
    comparer = replace(Comparer.of(encoded), fields=model.fields)
    factors = {}
    for field in model.fields:
        held = model.frequencies.get(field.name)
        if held is not None:
            values = encoded.columns[field.columns[0]].values
            factors[field.name] = np.append(held.of(value_hashes(values)), 1.0)
    scorer = PairScorer(
        comparer,
        [_blocks(row, None) for row in keys],
        replace(model.chance, frequency_factors=factors),
        model.mixture,
        model.stratum_pairs,
        model.all_pairs,
        are_sources_clean=False,
        chunk=settings.comparison.chunk_pairs,
    )
    return AppliedModel(encoded, keys, scorer)


def rules_of(model: FrozenModel) -> tuple[Rule, ...]:
    """Return the rules of a model by their labels; their keys belong to no records."""
    none = np.empty(0, dtype=np.int32)
    return tuple(Rule(tuple(Key(*part, none) for part in rule), 0) for rule in model.rules)


def _blocks(keys: Hashes, oversized: Hashes | None) -> Codes:
    """Return codes of the blocks of one rule, -1 for none."""
    unusable = keys == NONE
    if oversized is not None and len(oversized):
        unusable |= np.isin(keys, oversized)
    codes = np.unique(keys, return_inverse=True)[1]
    return np.where(unusable, MISSING, codes).astype(np.int32)

"""A fitted model, taken out of the records it was fitted on.

Holds all that a score depends on besides the two records: fields, rules, classes, chances, how
often values occur, which values are placeholders. Any record can be scored under it at any later
time with the same result (decision 0016). How it is kept is not decided here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from orchestration.identity.arrays import Floats
from orchestration.identity.chance import Chance
from orchestration.identity.encoding import kind_of_value
from orchestration.identity.engine import Resolution
from orchestration.identity.errors import ModelError
from orchestration.identity.fields import FIELDS, Field
from orchestration.identity.mixture import Mixture
from orchestration.identity.scoring import PairScorer
from orchestration.identity.state.value_hashes import Hashes, RuleParts, value_hashes

NO_HASHES = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How much more or less often than usual values of a field agree by chance."""

    hashes: Hashes  # sorted; values that occur once are left out
    factors: Floats
    once: float  # of a value that occurred once or never

    def of(self, hashes: Hashes) -> Floats:
        """Return the factor of each value."""
        if not len(self.hashes):
            return np.full(len(hashes), self.once)
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[places] == hashes, self.factors[places], self.once)


@dataclass(frozen=True, slots=True)
class FrozenModel:
    """All that scores depend on besides the records."""

    version: str
    field_names: tuple[str, ...]
    telling_columns: frozenset[str]
    rules: tuple[RuleParts, ...]
    mixture: Mixture
    chance: Chance  # without frequency factors, which belong to the codes of one set of records
    frequencies: Mapping[str, Frequencies]
    placeholders: Mapping[str, Hashes]  # kind of value -> sorted
    stratum_pairs: Floats
    all_pairs: float
    records: int

    @property
    def fields(self) -> tuple[Field, ...]:
        """The compared fields."""
        return tuple(field for field in FIELDS if field.name in self.field_names)

    def placeholders_of(self, column: str) -> Hashes:
        """Return the values of a column that the model takes for placeholders."""
        return self.placeholders.get(kind_of_value(column), NO_HASHES)

    @property
    def rule_labels(self) -> tuple[str, ...]:
        """Readable names of the rules."""
        return tuple(" & ".join(f"{column}.{step}" for column, step in r) for r in self.rules)


def freeze(resolution: Resolution, version: str) -> FrozenModel | None:
    """Return the model of a resolution, or None when there was nothing to compare."""
    scorer = resolution.scorer
    if scorer is None:
        return None
    records = resolution.records
    return FrozenModel(
        version=version,
        field_names=tuple(field.name for field in scorer.comparer.fields),
        telling_columns=records.telling_columns,
        rules=tuple(tuple((k.column, k.name) for k in rule.keys) for rule in resolution.rules),
        mixture=scorer.mixture,
        chance=_without_factors(scorer.chance),
        frequencies=_frequencies(scorer),
        placeholders={
            name: np.sort(value_hashes(values))
            for name, values in records.placeholder_values.items()
        },
        stratum_pairs=scorer.stratum_pairs,
        all_pairs=scorer.all_pairs,
        records=records.size,
    )


def _without_factors(chance: Chance) -> Chance:
    return Chance(chance.overall, chance.by_rule, chance.fixed_by_rule, {}, chance.present)


def _frequencies(scorer: PairScorer) -> dict[str, Frequencies]:
    found = {}
    for field in scorer.comparer.fields:
        factors = scorer.chance.frequency_factors.get(field.name)
        if factors is None:
            continue
        column = scorer.comparer.records.columns[field.columns[0]]
        own = factors[:-1]  # the last one is for missing values
        once = float(own.min(initial=1.0)) if len(own) else 1.0
        often = np.flatnonzero(own != once)
        hashes = value_hashes(column.values[often])
        order = np.argsort(hashes)
        found[field.name] = Frequencies(hashes[order], own[often][order], once)
    return found


def as_document(model: FrozenModel) -> dict[str, Any]:
    """Return the small parts of a model as plain data; floats keep every bit."""
    mixture, chance = model.mixture, model.chance
    return {
        "fields": list(model.field_names),
        "telling_columns": sorted(model.telling_columns),
        "rules": [[list(part) for part in rule] for rule in model.rules],
        "classes": list(mixture.classes),
        "parameters": mixture.parameters.tolist(),
        "weights": mixture.weights.tolist(),
        "raw_match": mixture.raw_match.tolist(),
        "matched_pairs": mixture.matched_pairs,
        "iterations": mixture.iterations,
        "overall": chance.overall.tolist(),
        "by_rule": chance.by_rule.tolist(),
        "fixed_by_rule": chance.fixed_by_rule.tolist(),
        "present": chance.present,
        "stratum_pairs": model.stratum_pairs.tolist(),
        "all_pairs": model.all_pairs,
        "records": model.records,
        "once": {name: held.once for name, held in model.frequencies.items()},
    }


def from_document(
    version: str,
    document: Mapping[str, Any],
    frequencies: Mapping[str, tuple[Hashes, Floats]],
    placeholders: Mapping[str, Hashes],
) -> FrozenModel:
    """Return the model that a document and its tables describe.

    Raises:
        ModelError: it was written by an engine that compares other fields.
    """
    names = tuple(document["fields"])
    if set(names) - {field.name for field in FIELDS}:
        raise ModelError(f"model {version} compares fields this engine does not know: fit it anew")
    levels = sum(len(field.levels) for field in FIELDS if field.name in names)
    parameters = np.array(document["parameters"], dtype=np.float64)
    if parameters.shape[1] != levels:
        raise ModelError(f"model {version} grades fields in another way: fit it anew")
    rules = tuple(tuple((part[0], part[1]) for part in rule) for rule in document["rules"])
    none = (NO_HASHES, np.empty(0))
    return FrozenModel(
        version=version,
        field_names=names,
        telling_columns=frozenset(document["telling_columns"]),
        rules=rules,
        mixture=Mixture(
            tuple(document["classes"]),
            parameters,
            np.array(document["weights"], dtype=np.float64),
            np.array(document["raw_match"], dtype=np.float64),
            document["matched_pairs"],
            document["iterations"],
        ),
        chance=Chance(
            np.array(document["overall"], dtype=np.float64),
            np.array(document["by_rule"], dtype=np.float64).reshape(len(rules), levels),
            np.array(document["fixed_by_rule"], dtype=np.bool_).reshape(len(rules), len(names)),
            {},
            document["present"],
        ),
        frequencies={
            name: Frequencies(*frequencies.get(name, none), once)
            for name, once in document["once"].items()
        },
        placeholders=placeholders,
        stratum_pairs=np.array(document["stratum_pairs"], dtype=np.float64),
        all_pairs=document["all_pairs"],
        records=document["records"],
    )

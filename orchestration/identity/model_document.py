"""Write a fitted model down as a document that people and programs can read, with a version.

The version is a hash of the content, so the same model has the same version wherever it was fitted.
"""

import hashlib
import json
from typing import Any

import numpy as np

from orchestration.identity.arrays import Floats
from orchestration.identity.engine import Resolution
from orchestration.identity.fields import Field
from orchestration.identity.patterns import offsets
from orchestration.identity.settings import EngineSettings

_DECIMALS = 9
_CLASS_NAMES = {
    "M": "match",
    "H": "household",
    "K": "family",
    "N": "namesake",
    "S": "strangers",
    "J": "junk",
}


def model_parameters(resolution: Resolution) -> dict[str, Any]:
    """Return classes, level probabilities, rules and weights of the model of a resolution."""
    document: dict[str, Any] = {
        "fields": [field.name for field in resolution.comparer.fields],
        "rules": [rule.label for rule in resolution.rules],
        "placeholders": dict(resolution.records.placeholders),
        "structure": None,
    }
    model = resolution.model
    if model is None:
        return document
    fields = resolution.comparer.fields
    free, promised = model.mixture.free, model.expected_f1
    document |= {
        "structure": model.structure,
        "expected_f1": None if promised is None else round(promised, _DECIMALS),
        "levels": {field.name: list(field.levels) for field in fields},
        "chance": _by_field(fields, model.chance.overall),
        "classes": [
            {
                "class": _CLASS_NAMES[kind],
                "levels": _by_field(fields, model.mixture.parameters[number]),
                "weight_within_source": round(float(model.mixture.weights[number, 0]), _DECIMALS),
                "weight_across_sources": round(float(model.mixture.weights[number, 1]), _DECIMALS),
            }
            for number, kind in enumerate(model.mixture.classes)
        ],
        "rule_weights": np.round(model.mixture.weights[free:], _DECIMALS).tolist(),
        "rule_chances": [_by_field(fields, row) for row in model.chance.by_rule],
        "iterations": model.mixture.iterations,
    }
    return document


def model_version(parameters: dict[str, Any], settings: EngineSettings) -> str:
    """Return the version of a model: a hash of its parameters and settings."""
    content = json.dumps([parameters, settings.model_dump(mode="json")], sort_keys=True)
    return hashlib.blake2b(content.encode("utf-8"), digest_size=6).hexdigest()


def _by_field(fields: tuple[Field, ...], row: Floats) -> dict[str, list[float]]:
    """Return a flat row of parameters by field, without the level for missing."""
    starts = offsets([len(field.levels) for field in fields])
    return {
        field.name: np.round(row[starts[place] + 1 : starts[place + 1]], _DECIMALS).tolist()
        for place, field in enumerate(fields)
    }

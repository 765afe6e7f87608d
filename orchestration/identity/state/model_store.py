"""Keep the model and the keys of all records in the warehouse, and read them back.

Only the model in use is kept; `identity.models` tells of those before it. Keys and contents are
numbers; no value of a person is kept here.
"""

import json
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from orchestration.identity.errors import ModelError
from orchestration.identity.identity_tables import read_table, replace_table
from orchestration.identity.settings import EngineSettings
from orchestration.identity.state.changes import engine_fingerprint
from orchestration.identity.state.frozen_model import FrozenModel, as_document, from_document
from orchestration.identity.state.value_hashes import Hashes

MODEL_IN_USE = pa.schema(
    [("model_version", pa.string()), ("settings", pa.string()), ("document", pa.string())]
)
MODEL_FREQUENCIES = pa.schema(
    [("field", pa.string()), ("value_hash", pa.uint64()), ("factor", pa.float64())]
)
MODEL_PLACEHOLDERS = pa.schema([("column_name", pa.string()), ("value_hash", pa.uint64())])
TABLES = (
    "model_in_use",
    "model_frequencies",
    "model_placeholders",
    "record_keys",
    "large_blocks",
)


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """The model that scores are made with, and the settings it was fitted with."""

    model: FrozenModel
    settings: EngineSettings
    engine: str  # fingerprint of the engine that fitted it


def write_model(
    connection: duckdb.DuckDBPyConnection, model: FrozenModel, settings: EngineSettings
) -> None:
    """Keep a model as the one in use; call inside a transaction."""
    whole = {**as_document(model), "engine": engine_fingerprint()}
    document = json.dumps(whole, sort_keys=True)
    row = [[model.version], [settings.model_dump_json()], [document]]
    replace_table(connection, "model_in_use", pa.table(row, schema=MODEL_IN_USE))
    replace_table(connection, "model_frequencies", _frequencies(model))
    replace_table(connection, "model_placeholders", _placeholders(model))


def read_model(connection: duckdb.DuckDBPyConnection) -> ModelInUse:
    """Return the model in use.

    Raises:
        ModelError: there is none yet, or an engine that grades otherwise wrote it.
    """
    rows = read_table(connection, "model_in_use", MODEL_IN_USE).to_pylist()
    if not rows:
        raise ModelError("no model is kept in this warehouse yet: `c360 run` fits one")
    frequencies = read_table(connection, "model_frequencies", MODEL_FREQUENCIES)
    placeholders = read_table(connection, "model_placeholders", MODEL_PLACEHOLDERS)
    fields = frequencies["field"].to_numpy(zero_copy_only=False)
    hashes, factors = (frequencies[name].to_numpy() for name in ("value_hash", "factor"))
    columns = placeholders["column_name"].to_numpy(zero_copy_only=False)
    known = placeholders["value_hash"].to_numpy()
    model = from_document(
        rows[0]["model_version"],
        json.loads(rows[0]["document"]),
        {name: _sorted(hashes[fields == name], factors[fields == name]) for name in set(fields)},
        {name: np.sort(known[columns == name]) for name in set(columns)},
    )
    engine = str(json.loads(rows[0]["document"]).get("engine"))
    return ModelInUse(model, _settings(rows[0]["settings"]), engine)


def read_usable_model(connection: duckdb.DuckDBPyConnection) -> ModelInUse:
    """Return the model in use, to score values that this engine normalises.

    Raises:
        ModelError: there is none, or another engine fitted it, which normalised otherwise.
    """
    in_use = read_model(connection)
    if in_use.engine != engine_fingerprint():
        raise ModelError(
            "another engine fitted the kept model, and it would score wrongly here: fit it anew"
            " (`c360 resolve`, or `c360 run` for the warehouse)"
        )
    return in_use


def _settings(text: str) -> EngineSettings:
    try:
        return EngineSettings.model_validate_json(text)
    except ValidationError as error:
        raise ModelError("the kept model was fitted with other settings: fit it anew") from error


def _sorted(hashes: Hashes, factors: np.ndarray) -> tuple[Hashes, np.ndarray]:
    order = np.argsort(hashes)
    return hashes[order], factors[order]


def _frequencies(model: FrozenModel) -> pa.Table:
    parts = [
        pa.table(
            [pa.array([name] * len(held.hashes), pa.string()), held.hashes, held.factors],
            schema=MODEL_FREQUENCIES,
        )
        for name, held in sorted(model.frequencies.items())
    ]
    return pa.concat_tables([MODEL_FREQUENCIES.empty_table(), *parts])


def _placeholders(model: FrozenModel) -> pa.Table:
    parts = [
        pa.table([pa.array([name] * len(hashes), pa.string()), hashes], schema=MODEL_PLACEHOLDERS)
        for name, hashes in sorted(model.placeholders.items())
    ]
    return pa.concat_tables([MODEL_PLACEHOLDERS.empty_table(), *parts])

"""Keep the model and the keys of all records in the warehouse, and read them back.

`identity.model_states` holds one row per model that was ever used, the other tables belong to the
model in use. Keys and contents are numbers; no value of a person is kept here.
"""

import json

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.errors import ModelError
from orchestration.identity.identity_tables import append_rows, read_table, replace_table
from orchestration.identity.state.frozen_model import FrozenModel, as_document, from_document
from orchestration.identity.state.value_hashes import Hashes

MODEL_STATES = pa.schema(
    [("model_version", pa.string()), ("settings", pa.string()), ("document", pa.string())]
)
MODEL_FREQUENCIES = pa.schema(
    [("field", pa.string()), ("value_hash", pa.uint64()), ("factor", pa.float64())]
)
MODEL_PLACEHOLDERS = pa.schema([("column_name", pa.string()), ("value_hash", pa.uint64())])
TABLES = ("model_states", "model_frequencies", "model_placeholders", "record_keys")


def write_model(connection: duckdb.DuckDBPyConnection, model: FrozenModel, settings: str) -> None:
    """Keep a model as the one in use; call inside a transaction."""
    document = json.dumps(as_document(model), sort_keys=True)
    state = pa.table([[model.version], [settings], [document]], schema=MODEL_STATES)
    append_rows(connection, "model_states", MODEL_STATES.empty_table())
    connection.execute("delete from identity.model_states where model_version = ?", [model.version])
    append_rows(connection, "model_states", state)
    replace_table(connection, "model_frequencies", _frequencies(model))
    replace_table(connection, "model_placeholders", _placeholders(model))


def read_model(connection: duckdb.DuckDBPyConnection, version: str) -> FrozenModel:
    """Return the model in use.

    Raises:
        ModelError: it is not kept here, or another engine wrote it.
    """
    states = read_table(connection, "model_states", MODEL_STATES).to_pylist()
    found = [state for state in states if state["model_version"] == version]
    if not found:
        raise ModelError(f"model {version} is not kept in this warehouse: `c360 run` fits one")
    frequencies = read_table(connection, "model_frequencies", MODEL_FREQUENCIES)
    placeholders = read_table(connection, "model_placeholders", MODEL_PLACEHOLDERS)
    fields = frequencies["field"].to_numpy(zero_copy_only=False)
    hashes, factors = (frequencies[name].to_numpy() for name in ("value_hash", "factor"))
    columns = placeholders["column_name"].to_numpy(zero_copy_only=False)
    known = placeholders["value_hash"].to_numpy()
    return from_document(
        version,
        json.loads(found[0]["document"]),
        {name: _sorted(hashes[fields == name], factors[fields == name]) for name in set(fields)},
        {name: np.sort(known[columns == name]) for name in set(columns)},
    )


def settings_of(connection: duckdb.DuckDBPyConnection, version: str) -> str | None:
    """Return the settings, as JSON, that a kept model was fitted with."""
    states = read_table(connection, "model_states", MODEL_STATES).to_pylist()
    return next((s["settings"] for s in states if s["model_version"] == version), None)


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

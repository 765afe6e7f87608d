"""Keep a model in a file of its own, for `c360 resolve` without a warehouse.

The file is a small DuckDB database; it holds hashes and figures, and no value of a person.
"""

from pathlib import Path

import duckdb

from orchestration.identity.errors import ModelError
from orchestration.identity.identity_tables import one_transaction
from orchestration.identity.settings import EngineSettings
from orchestration.identity.state.frozen_model import FrozenModel
from orchestration.identity.state.model_store import ModelInUse, read_usable_model, write_model

MODEL_FILE = "model.duckdb"


def write_model_file(path: Path, model: FrozenModel, settings: EngineSettings) -> None:
    """Write a model to a file, in place of what was there."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection, one_transaction(connection):
        write_model(connection, model, settings)


def read_model_file(path: Path) -> ModelInUse:
    """Return the model in a file, or in the file of that name in a folder.

    Raises:
        ModelError: there is none, or another engine fitted it.
    """
    place = path / MODEL_FILE if path.is_dir() else path
    if not place.is_file():
        raise ModelError(f"{place.name} is not there: `c360 resolve` writes it into its folder")
    try:
        with duckdb.connect(str(place), read_only=True) as connection:
            return read_usable_model(connection)
    except duckdb.Error as error:
        raise ModelError(f"{place.name} is no model that `c360 resolve` wrote") from error

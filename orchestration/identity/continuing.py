"""Decide whether scores can be continued from the last run, or everybody has to be scored anew.

A model is kept while the engine and its settings stay, few records changed, and the people it was
fitted on are still about as many; else a full run fits a new one.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.identity.errors import ModelError
from orchestration.identity.identity_tables import one_transaction
from orchestration.identity.incremental import IncrementalScores, score_changes
from orchestration.identity.settings import EngineSettings
from orchestration.identity.state.changes import engine_fingerprint, record_changes
from orchestration.identity.state.model_store import ModelInUse, read_model

# Beyond these shares what is usual may have changed, and a full run costs little more.
LARGEST_CHANGE = 0.05
LARGEST_GROWTH = 0.2


@dataclass(frozen=True, slots=True)
class Continued:
    """Scores that were brought up to date under the model in use."""

    in_use: ModelInUse
    scores: IncrementalScores
    records: int


def continue_scores(
    connection: duckdb.DuckDBPyConnection, settings: EngineSettings, *, as_of: datetime
) -> Continued | None:
    """Bring scores up to date after few changes; None where a full run has to make them."""
    try:
        in_use = read_model(connection)
    except ModelError:
        return None
    if in_use.settings != settings or in_use.engine != engine_fingerprint():
        return None
    changes = record_changes(connection)
    fitted = in_use.model.records
    if changes.share > LARGEST_CHANGE or abs(changes.present - fitted) > LARGEST_GROWTH * fitted:
        return None
    scores = IncrementalScores(0, 0, 0, 0, 0)
    if len(changes.written) or len(changes.gone):
        with one_transaction(connection):
            scores = score_changes(connection, in_use, changes, as_of=as_of)
    return Continued(in_use, scores, changes.present)

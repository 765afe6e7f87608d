"""Keep what a full run found out, so that later questions and small changes need no full run."""

import duckdb

from orchestration.identity.engine import Resolution
from orchestration.identity.settings import EngineSettings
from orchestration.identity.state.frozen_model import freeze
from orchestration.identity.state.large_blocks import find_large_blocks
from orchestration.identity.state.model_store import TABLES, write_model
from orchestration.identity.state.record_keys import write_record_keys
from orchestration.identity.state.value_hashes import rule_hashes


def write_state(
    connection: duckdb.DuckDBPyConnection,
    resolution: Resolution,
    version: str,
    settings: EngineSettings,
) -> None:
    """Write model and keys; call inside a transaction.

    Where there was nothing to compare there is no model, and nothing of an earlier one remains.
    """
    model = freeze(resolution, version)
    if model is None:
        for table in TABLES:
            connection.execute(f"drop table if exists identity.{table}")
        return
    write_model(connection, model, settings)
    keys = rule_hashes(resolution.records, model.rules)
    write_record_keys(connection, resolution.records.ids, keys)
    find_large_blocks(connection, len(model.rules), settings.blocking.block_records)

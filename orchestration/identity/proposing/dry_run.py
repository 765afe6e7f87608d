"""Try settings, judgements or a new model on a copy of the identity layer, and say what changes.

The steps are those of the daily run, so that it will do what the dry run says. The warehouse is
only read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from orchestration.identity.errors import RecordsError
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.proposing.proposed_changes import (
    ORDERS,
    ChangeSummary,
    propose_changes,
)
from orchestration.identity.record_clusters import build_clusters
from orchestration.identity.settings import EngineSettings
from orchestration.identity.state.model_store import TABLES
from orchestration.identity.state.noted_changes import NOTES
from orchestration.identity.warehouse_records import SOURCE_TABLE
from orchestration.steward.decisions import Decision
from orchestration.warehouse import Warehouse

_COPIED = (
    "scored_edges",
    "models",
    "model_comparisons",
    "clusters",
    "review_queue",
    "identity_map",
    "judgements",
    "judged_pairs",
    *NOTES,
    "record_contents",
    "renamed_records",
    *TABLES,
)
_VIEWS = (SOURCE_TABLE, f"conformed.{ORDERS}")


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a run with these settings, judgements and this model would change."""

    summary: ChangeSummary
    largest: list[dict[str, Any]]  # the changes with most at stake, as `proposed_changes` has them
    sizes: list[dict[str, Any]]  # how many changes concern how many records
    threshold: float
    model_version: str
    is_new_model: bool


def dry_run(  # noqa: PLR0913  what a run depends on
    live: Warehouse,
    settings: EngineSettings,
    *,
    as_of: datetime,
    decisions: Iterable[Decision],
    new_model: bool,
    shown: int,
) -> DryRun:
    """Return what would change; works in a file beside the warehouse's, under the same limits.

    Raises:
        RecordsError: no run has linked anybody in this warehouse yet.
    """
    live.temp_dir.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix="dry-run-", dir=live.temp_dir) as folder,
        replace(live, path=Path(folder) / "scratch.duckdb").connect() as connection,
    ):
        _copy(connection, live.path)
        if new_model:
            connection.execute("drop table if exists identity.model_in_use")
        scores = score_pairs(connection, as_of=as_of, settings=settings)
        build_clusters(connection, as_of=as_of, decisions=decisions, settings=settings)
        summary = propose_changes(connection)
        largest = connection.sql(f"select * from identity.proposed_changes limit {shown}")
        rows = largest.to_arrow_table().to_pylist()
        sizes = connection.sql(
            "select change, records, count(*) as changes, sum(value_usd) as value_usd"
            " from identity.proposed_changes group by all order by all"
        )
        return DryRun(
            summary,
            rows,
            sizes.to_arrow_table().to_pylist(),
            settings.clustering.threshold,
            scores.model_version,
            scores.changed_records is None,
        )


def _copy(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    place = str(warehouse).replace("'", "''")
    if not warehouse.is_file():
        raise RecordsError("nobody has been linked here yet: `c360 run` comes first")
    try:
        connection.execute(f"attach '{place}' as live (read_only)")
    except duckdb.IOException as error:
        if "lock" not in str(error).lower():
            raise
        message = f"{warehouse.name} is held by another process: wait for its run to end"
        raise RecordsError(message) from error
    known = {
        f"{schema}.{name}"
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'live'"
        ).fetchall()
    }
    if "identity.identity_map" not in known or SOURCE_TABLE not in known:
        raise RecordsError("nobody has been linked here yet: `c360 run` comes first")
    for view in _VIEWS:
        if view in known:
            connection.execute(f"create view {view} as select * from live.{view}")
    for name in _COPIED:
        if f"identity.{name}" in known:
            connection.execute(f"create table identity.{name} as from live.identity.{name}")

"""Read the published snapshot for the dashboard: one version at a time, and nothing else.

No Streamlit here: what is kept between two clicks is decided by `app_state.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.dashboard.errors import MissingFromSnapshotError, SnapshotUnavailableError
from orchestration.dashboard.query_files import dashboard_sql
from orchestration.publishing.versions import named_version
from orchestration.warehouse import DAMAGED

RUN_FIRST = "Run `c360 run`: it lands what the sources delivered and publishes the first snapshot."
PUBLISH_AGAIN = (
    "Run `c360 run` to publish it anew, or `c360 rollback` to go back to the one before."
)


@dataclass(frozen=True, slots=True)
class ReadSnapshot:
    """An open snapshot: its connection, and what it says about itself."""

    version: str
    as_of: datetime
    run_id: str
    customers: int
    connection: duckdb.DuckDBPyConnection

    def answer(self, page: str, name: str, parameters: Mapping[str, object]) -> pd.DataFrame:
        """Return the answer to one query of one page.

        Raises:
            MissingFromSnapshotError: the snapshot is older than what the query asks for.
            SnapshotUnavailableError: the file is damaged where the answer lies.
        """
        sql = dashboard_sql(page, name)
        try:
            with self.connection.cursor() as cursor:
                return cursor.execute(sql, dict(parameters)).df()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise MissingFromSnapshotError(
                f"Snapshot {self.version} was published before this was part of the marts. "
                "The next `c360 run` brings it."
            ) from error
        except duckdb.Error as error:
            if DAMAGED.search(str(error).lower()):
                raise SnapshotUnavailableError(
                    f"Snapshot {self.version} cannot be read: the file is damaged.", PUBLISH_AGAIN
                ) from error
            raise


def current_database(serving_dir: Path) -> Path:
    """Return the file that readers see now, by its version and not by the name that moves.

    Raises:
        SnapshotUnavailableError: nothing is published, or it is gone.
    """
    version = named_version(serving_dir)
    if version is None:
        raise SnapshotUnavailableError("Nothing is published yet.", RUN_FIRST)
    if not version.database.exists():
        raise SnapshotUnavailableError(f"Snapshot {version.name} is gone.", PUBLISH_AGAIN)
    return version.database


def open_snapshot(database: Path, *, threads: int, memory_limit: str) -> ReadSnapshot:
    """Open one version for reading.

    Raises:
        SnapshotUnavailableError: the file is no snapshot, or holds no customers.
    """
    version = database.parent.name
    try:
        connection = duckdb.connect(
            str(database),
            read_only=True,
            config={"threads": threads, "memory_limit": memory_limit},
        )
        connection.execute("set TimeZone = 'UTC'")
        row = connection.execute(
            "select as_of, run_id, (select count(*) from marts.customer_360) from about.snapshot"
        ).fetchone()
    except duckdb.Error as error:
        raise SnapshotUnavailableError(
            f"Snapshot {version} cannot be read: the file is damaged.", PUBLISH_AGAIN
        ) from error
    if row is None or not row[2]:
        connection.close()
        raise SnapshotUnavailableError(
            f"Snapshot {version} holds no customers.",
            "Look at `c360 status`: have the sources delivered into the inbox?",
        )
    return ReadSnapshot(version, row[0], str(row[1]), int(row[2]), connection)

"""Write the published marts as Parquet files, for tools and machines that prefer files."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.publishing.contents import TableContents, quoted
from orchestration.publishing.errors import PublishingError
from orchestration.publishing.published import Snapshot

ATTACHED = "snapshot_being_exported"
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Export:
    """Where the files of a version are, and how many."""

    folder: Path
    version: str
    tables: int
    is_new: bool


def export_parquet(snapshot: Snapshot, folder: Path) -> Export:
    """Write one file per table into `folder/<version>`, whole or not at all.

    `folder/latest` leads there afterwards; a version that is there already is left as it is.

    Raises:
        PublishingError: the files cannot be written.
    """
    target = folder / snapshot.version
    is_new = not target.exists()
    try:
        if is_new:
            with duckdb.connect(config={"temp_directory": ""}) as connection:  # nothing spills here
                write_parquet(connection, snapshot.path, snapshot.tables, target)
        beside = folder / f".{LATEST}.next"
        beside.unlink(missing_ok=True)
        beside.symlink_to(snapshot.version)
        beside.replace(folder / LATEST)
    except (OSError, duckdb.Error) as error:
        message = f"the Parquet files cannot be written ({type(error).__name__})"
        raise PublishingError(message) from error
    return Export(target, snapshot.version, len(snapshot.tables), is_new)


def write_parquet(
    connection: duckdb.DuckDBPyConnection,
    database: Path,
    tables: Sequence[TableContents],
    target: Path,
) -> None:
    """Write one file per table of a snapshot's database into a new folder, whole or not at all.

    The connection lends its limits to memory and threads; what it is connected to is left alone.

    Raises:
        PublishingError: a file does not hold as many rows as its table.
    """
    preparing = target.with_name(f".{target.name}.next")
    shutil.rmtree(preparing, ignore_errors=True)  # what a killed export has left
    preparing.mkdir(parents=True)
    connection.execute(f"attach {_literal(database)} as {ATTACHED} (read_only)")
    try:
        for contents in tables:
            file = preparing / f"{contents.table}.parquet"
            place = quoted(ATTACHED, "marts", contents.table)
            connection.execute(
                f"copy {place} to {_literal(file)} (format parquet, compression zstd)"
            )
            held = connection.execute(f"select count(*) from {_literal(file)}").fetchone()
            if held != (contents.rows,):
                raise PublishingError(f"{file.name} does not hold the rows of its table")
    finally:
        connection.execute(f"detach {ATTACHED}")
    preparing.rename(target)


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"

"""Write the published marts as Parquet files, for tools and machines that prefer files."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.publishing.contents import quoted
from orchestration.publishing.errors import PublishingError
from orchestration.publishing.published import Snapshot

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
    tables = [contents.table for contents in snapshot.tables]
    is_new = not target.exists()
    try:
        if is_new:
            _write(snapshot.path, tables, target)
        beside = folder / f".{LATEST}.next"
        beside.unlink(missing_ok=True)
        beside.symlink_to(snapshot.version)
        beside.replace(folder / LATEST)
    except (OSError, duckdb.Error) as error:
        message = f"the Parquet files cannot be written ({type(error).__name__})"
        raise PublishingError(message) from error
    return Export(target, snapshot.version, len(tables), is_new)


def _write(database: Path, tables: list[str], target: Path) -> None:
    preparing = target.with_name(f".{target.name}.next")
    shutil.rmtree(preparing, ignore_errors=True)  # what a killed export has left
    preparing.mkdir(parents=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in tables:
            file = str(preparing / f"{table}.parquet").replace("'", "''")
            connection.execute(
                f"copy marts.{quoted(table)} to '{file}' (format parquet, compression zstd)"
            )
    preparing.rename(target)

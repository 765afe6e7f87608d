"""Publish the marts as an immutable snapshot (decision D1).

Readers open one stable name and keep the version they opened. The name is moved only after the new
file was written, written through to the disk, and read again. How it lies on disk: `versions.py`.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.publishing import versions
from orchestration.publishing.contents import TableContents
from orchestration.publishing.documentation import Documentation
from orchestration.publishing.errors import PublishingError
from orchestration.publishing.gate_results import refuse_unless_passed
from orchestration.publishing.parquet_export import write_parquet
from orchestration.publishing.published import Snapshot, describe
from orchestration.publishing.serving_folder import exclusive, reason
from orchestration.publishing.snapshot_file import (
    Origin,
    marts_contents,
    read_snapshot_file,
    verify_snapshot_file,
    write_snapshot_file,
)
from orchestration.warehouse import Warehouse


def publish(  # noqa: PLR0913  the run's identity, its source and its target are all needed
    warehouse: Warehouse,
    *,
    serving_dir: Path,
    run_id: str,
    as_of: datetime,
    kept: int,
    days_kept: int = 0,
    tables: Sequence[str],
    documentation: Documentation | None = None,
    has_parquet: bool = False,
) -> Snapshot:
    """Publish the marts, unless readers already see the same contents as of the same moment.

    Contents that a rollback took back are not shown again either: the withdrawn snapshot is
    returned, and stays withdrawn. `is_new` tells whether anything was published. The version
    that was current before is always kept, also with `kept` = 1: a reader may be opening it. With
    `has_parquet` a version holds the marts as Parquet files too, and is not shown without them.

    Raises:
        PublishingError: nothing was published; readers keep what they have.
    """
    with exclusive(serving_dir):
        try:
            with warehouse.connect() as connection:
                refuse_unless_passed(connection)
                contents = marts_contents(connection, tables)
                if same := _same_as_before(serving_dir, as_of, contents):
                    if has_parquet and not same.is_withdrawn:
                        _add_parquet(connection, versions.Version(same.path.parent), contents)
                    return same
                version = _write(
                    connection,
                    serving_dir,
                    run_id,
                    as_of,
                    contents,
                    documentation or {},
                    has_parquet=has_parquet,
                )
            before = versions.current_version(serving_dir)
            versions.switch(serving_dir, version)
            also = frozenset({before} if before else ())
            versions.prune(serving_dir, kept=kept, also=also, days=days_kept)
        except (OSError, duckdb.Error) as error:
            raise PublishingError(reason(error)) from error
        return describe(serving_dir, version, read_snapshot_file(version.database), is_new=True)


def _write(  # noqa: PLR0913  what is written, about whom, and in which forms
    connection: duckdb.DuckDBPyConnection,
    serving_dir: Path,
    run_id: str,
    as_of: datetime,
    contents: tuple[TableContents, ...],
    documentation: Documentation,
    *,
    has_parquet: bool,
) -> versions.Version:
    """Write, verify and name a new version that readers do not see yet."""
    prepared = versions.prepare(serving_dir, as_of)
    try:
        name = prepared.name.removeprefix(versions.PREPARING)
        origin = Origin(run_id, as_of, name, int(name.rsplit("-", 1)[1]))
        write_snapshot_file(
            connection,
            prepared.database,
            origin=origin,
            contents=contents,
            documentation=documentation,
        )
        if verify_snapshot_file(prepared.database).tables != contents:
            raise PublishingError(f"snapshot {name} does not hold what the warehouse holds")
        if has_parquet:
            _add_parquet(connection, prepared, contents)
        return versions.finish(prepared)
    except (OSError, duckdb.Error, PublishingError):
        versions.discard(prepared)
        raise


def _add_parquet(
    connection: duckdb.DuckDBPyConnection,
    version: versions.Version,
    contents: tuple[TableContents, ...],
) -> None:
    if not version.parquet.exists():
        write_parquet(connection, version.database, contents, version.parquet)
    versions.harden_parquet(version)  # also of a run that was killed before it came to this


def _same_as_before(
    serving_dir: Path, as_of: datetime, contents: tuple[TableContents, ...]
) -> Snapshot | None:
    """Return the current or a withdrawn snapshot of exactly these contents."""
    current = versions.current_version(serving_dir)
    published = versions.published_versions(serving_dir)
    for version in sorted(published, key=lambda version: version != current):
        if version != current and not version.is_withdrawn:
            continue
        try:
            found = read_snapshot_file(version.database)
            if (found.origin.as_of, found.tables) == (as_of, contents):
                return describe(serving_dir, version, verify_snapshot_file(version.database))
        except PublishingError:
            continue  # damaged: publishing anew is what mends it
    return None

"""Publish the marts as an immutable snapshot, and go back to an earlier one (decision D1).

Readers open one stable name and keep the version they opened. The name is moved only after the new
file was written, written through to the disk, and read again. How it lies on disk: `versions.py`.
"""

import errno
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.publishing import versions
from orchestration.publishing.contents import TableContents
from orchestration.publishing.documentation import Documentation
from orchestration.publishing.errors import PublishingError, SnapshotNotFoundError
from orchestration.publishing.gate_results import refuse_unless_passed
from orchestration.publishing.snapshot_file import (
    FileContents,
    Origin,
    marts_contents,
    read_snapshot_file,
    verify_snapshot_file,
    write_snapshot_file,
)
from orchestration.warehouse import Warehouse

LOCK_NAME = ".publishing.lock"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published version of the marts."""

    version: str
    path: Path
    run_id: str
    as_of: datetime
    published_order: int
    tables: tuple[TableContents, ...]
    is_current: bool
    is_withdrawn: bool
    is_new: bool = False


def publish(  # noqa: PLR0913  the run's identity, its source and its target are all needed
    warehouse: Warehouse,
    *,
    serving_dir: Path,
    run_id: str,
    as_of: datetime,
    kept: int,
    tables: Sequence[str],
    documentation: Documentation | None = None,
) -> Snapshot:
    """Publish the marts, unless readers already see the same contents as of the same moment.

    Contents that a rollback took back are not shown again either: the withdrawn snapshot is
    returned, and stays withdrawn. `is_new` tells whether anything was published. The version
    that was current before is always kept, also with `kept` = 1: a reader may be opening it.

    Raises:
        PublishingError: nothing was published; readers keep what they have.
    """
    with _exclusive(serving_dir):
        try:
            with warehouse.connect() as connection:
                refuse_unless_passed(connection)
                contents = marts_contents(connection, tables)
                if same := _same_as_before(serving_dir, as_of, contents):
                    return same
                version = _write(
                    connection, serving_dir, run_id, as_of, contents, documentation or {}
                )
            before = versions.current_version(serving_dir)
            versions.switch(serving_dir, version)
            versions.prune(serving_dir, kept=kept, also=frozenset({before} if before else ()))
        except (OSError, duckdb.Error) as error:
            raise PublishingError(_reason(error)) from error
        return _snapshot(serving_dir, version, is_new=True)


def rollback(serving_dir: Path, to: str | None = None) -> Snapshot:
    """Lead readers back to an earlier version: the one before the current one, or the one named.

    Every newer version is marked as withdrawn, so that a run which comes to the same contents
    does not bring them back unseen. Naming a newer version goes forward again.

    Raises:
        SnapshotNotFoundError: there is no such version.
        PublishingError: the version is damaged; readers keep what they have.
    """
    if not serving_dir.is_dir():
        raise SnapshotNotFoundError("nothing is published yet")
    with _exclusive(serving_dir):
        published = versions.published_versions(serving_dir)
        target = _target(published, versions.current_version(serving_dir), to)
        verify_snapshot_file(target.database)
        try:
            # Marked first: killed in between, the worst is a current version that is marked, and
            # repeating the rollback mends it.
            for version in published:
                if version.order > target.order:
                    versions.mark_withdrawn(version, withdrawn=True)
            versions.mark_withdrawn(target, withdrawn=False)
            versions.switch(serving_dir, target)
        except OSError as error:
            raise PublishingError(_reason(error)) from error
        return _snapshot(serving_dir, target)


def list_snapshots(serving_dir: Path) -> list[Snapshot]:
    """Return the snapshots that are kept, oldest first."""
    return [_snapshot(serving_dir, version) for version in versions.published_versions(serving_dir)]


def current_snapshot(serving_dir: Path) -> Snapshot | None:
    """Return the snapshot that readers see, or nothing before the first was published."""
    current = versions.current_version(serving_dir)
    return _snapshot(serving_dir, current) if current else None


def _write(
    connection: duckdb.DuckDBPyConnection,
    serving_dir: Path,
    run_id: str,
    as_of: datetime,
    contents: tuple[TableContents, ...],
    documentation: Documentation,
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
        return versions.finish(prepared)
    except (OSError, duckdb.Error, PublishingError):
        versions.discard(prepared)
        raise


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
        except PublishingError:
            continue  # damaged: publishing anew is what mends it
        if (found.origin.as_of, found.tables) == (as_of, contents):
            return _describe(serving_dir, version, found)
    return None


def _target(
    published: Sequence[versions.Version], current: versions.Version | None, to: str | None
) -> versions.Version:
    if to is not None:
        for version in published:
            if version.name == to:
                return version
        raise SnapshotNotFoundError(f"there is no snapshot {to}: `c360 snapshots` lists them")
    earlier = [
        version
        for version in published
        if current and version.order < current.order and not version.is_withdrawn
    ]
    if not earlier:
        raise SnapshotNotFoundError("there is no earlier snapshot to go back to")
    return earlier[-1]


def _snapshot(serving_dir: Path, version: versions.Version, *, is_new: bool = False) -> Snapshot:
    return _describe(serving_dir, version, read_snapshot_file(version.database), is_new=is_new)


def _describe(
    serving_dir: Path, version: versions.Version, found: FileContents, *, is_new: bool = False
) -> Snapshot:
    return Snapshot(
        version=version.name,
        path=version.database,
        run_id=found.origin.run_id,
        as_of=found.origin.as_of,
        published_order=found.origin.published_order,
        tables=found.tables,
        is_current=version == versions.current_version(serving_dir),
        is_withdrawn=version.is_withdrawn,
        is_new=is_new,
    )


@contextmanager
def _exclusive(serving_dir: Path) -> Iterator[None]:
    """Keep a rollback and a publish apart; the kernel frees the lock of a killed process."""
    try:
        serving_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(serving_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise PublishingError(_reason(error)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _reason(error: OSError | duckdb.Error) -> str:
    """Say what failed without the words of the engine: they may quote a row."""
    kept = "nothing was published, readers keep the snapshot they have"
    text = str(error).lower()
    if getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT} or "no space" in text:
        return f"the disk is full: {kept}; make room and run again"
    if isinstance(error, OSError):
        return f"the serving folder cannot be written ({error.strerror}): {kept}"
    return f"the snapshot could not be written ({type(error).__name__}): {kept}"

"""What is published: the snapshots that are kept, and the one that readers see.

Making one, and going back to one, is done elsewhere (`snapshots.py`, `rollback.py`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from orchestration.publishing import versions
from orchestration.publishing.contents import TableContents
from orchestration.publishing.errors import (
    PublishingError,
    SnapshotDamagedError,
    SnapshotNotFoundError,
)
from orchestration.publishing.snapshot_file import (
    FileContents,
    read_snapshot_file,
    verify_snapshot_file,
)

WAY_OUT = (
    "`c360 rollback` leads readers to the version before it, `c360 run` publishes a new one; "
    "`c360 snapshots --check` tells which ones are whole"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published version of the marts; of a damaged one nothing is known but its name."""

    version: str
    path: Path
    run_id: str
    as_of: datetime
    published_order: int
    tables: tuple[TableContents, ...]
    is_current: bool
    is_withdrawn: bool
    is_new: bool = False
    is_damaged: bool = False


def list_snapshots(serving_dir: Path, *, check: bool = False) -> list[Snapshot]:
    """Return the snapshots that are kept, oldest first; `check` reads every row of each."""
    return [
        _described_or_damaged(serving_dir, version, check=check)
        for version in versions.published_versions(serving_dir)
    ]


def snapshot_known_on(serving_dir: Path, day: date) -> Snapshot:
    """Return what readers had been told by the end of a day: the last version as of it or before.

    Withdrawn and damaged versions do not count.

    Raises:
        SnapshotNotFoundError: none of the versions that are kept is as old.
    """
    published = list_snapshots(serving_dir) if serving_dir.is_dir() else []
    known = [one for one in published if one.as_of.date() <= day and _is_good(one)]
    if not known:
        oldest = min((one.as_of.date() for one in published), default=None)
        there = f"the oldest that is kept is of {oldest}" if oldest else "nothing is published yet"
        raise SnapshotNotFoundError(f"no snapshot is kept of {day} or before: {there}")
    return max(known, key=lambda one: (one.as_of, one.published_order))


def _is_good(one: Snapshot) -> bool:
    return not one.is_withdrawn and not one.is_damaged


def current_snapshot(serving_dir: Path) -> Snapshot | None:
    """Return the snapshot that readers see, or nothing before the first was published.

    Raises:
        SnapshotDamagedError: readers cannot read it.
    """
    named = versions.named_version(serving_dir)
    if named is None:
        return None
    if not named.database.exists():
        raise SnapshotDamagedError(
            f"the published snapshot {named.name} is gone from serving/: {WAY_OUT}"
        )
    try:
        return describe(serving_dir, named, read_snapshot_file(named.database))
    except PublishingError as error:
        raise SnapshotDamagedError(
            f"the published snapshot {named.name} is damaged: {WAY_OUT}"
        ) from error


def describe(
    serving_dir: Path, version: versions.Version, found: FileContents, *, is_new: bool = False
) -> Snapshot:
    """Return a version together with what its file says about itself."""
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


def _described_or_damaged(serving_dir: Path, version: versions.Version, *, check: bool) -> Snapshot:
    look = verify_snapshot_file if check else read_snapshot_file
    try:
        return describe(serving_dir, version, look(version.database))
    except PublishingError:
        return Snapshot(
            version=version.name,
            path=version.database,
            run_id="",
            as_of=datetime.fromisoformat(version.name[:10]),
            published_order=version.order,
            tables=(),
            is_current=version == versions.current_version(serving_dir),
            is_withdrawn=version.is_withdrawn,
            is_damaged=True,
        )

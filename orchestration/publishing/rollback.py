"""Lead readers back to an earlier snapshot, also when the one they see is damaged or gone."""

from collections.abc import Sequence
from pathlib import Path

from orchestration.publishing import versions
from orchestration.publishing.errors import PublishingError, SnapshotNotFoundError
from orchestration.publishing.published import Snapshot, describe
from orchestration.publishing.serving_folder import exclusive, reason
from orchestration.publishing.snapshot_file import FileContents, verify_snapshot_file


def rollback(serving_dir: Path, to: str | None = None) -> Snapshot:
    """Lead readers back to an earlier version: the newest whole one before, or the one named.

    Every newer version is marked as withdrawn, so that a run which comes to the same contents
    does not bring them back unseen. Naming a newer version goes forward again.

    Raises:
        SnapshotNotFoundError: there is no such version.
        PublishingError: the version is damaged; readers keep what they have.
    """
    if not serving_dir.is_dir():
        raise SnapshotNotFoundError("nothing is published yet")
    with exclusive(serving_dir):
        published = versions.published_versions(serving_dir)
        if to is None:
            target, found = _newest_before(published, versions.named_version(serving_dir))
        else:
            target = _named(published, to)
            found = verify_snapshot_file(target.database)
        try:
            # Marked first: killed in between, the worst is a current version that is marked, and
            # repeating the rollback mends it.
            for version in published:
                if version.order > target.order:
                    versions.mark_withdrawn(version, withdrawn=True)
            versions.mark_withdrawn(target, withdrawn=False)
            versions.switch(serving_dir, target)
        except OSError as error:
            raise PublishingError(reason(error)) from error
        return describe(serving_dir, target, found)


def _newest_before(
    published: Sequence[versions.Version], named: versions.Version | None
) -> tuple[versions.Version, FileContents]:
    """Return the newest version before the one readers see that is whole and not taken back."""
    damaged: PublishingError | None = None
    for version in reversed(published):
        if named and version.order < named.order and not version.is_withdrawn:
            try:
                return version, verify_snapshot_file(version.database)
            except PublishingError as error:
                damaged = damaged or error
    if damaged:
        raise damaged
    raise SnapshotNotFoundError("there is no earlier snapshot to go back to")


def _named(published: Sequence[versions.Version], name: str) -> versions.Version:
    for version in published:
        if version.name == name:
            return version
    raise SnapshotNotFoundError(f"there is no snapshot {name}: `c360 snapshots` lists them")

"""The folder `serving/`: one folder per version, and a link to the one that readers see.

    serving/current -> versions/2026-11-22-000007
    serving/customer_360.duckdb -> current/customer_360.duckdb  the stable name, which never moves
    serving/versions/2026-11-22-000007/customer_360.duckdb      read-only, never written again
                                       /parquet/*.parquet       the same marts, where wanted
                                       /unswitched              written, but not yet current
                                       /withdrawn               taken back by a rollback

Only names and folders: what is inside a snapshot does not belong here (decision record 0007).
"""

import os
import re
import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

STABLE_NAME = "customer_360.duckdb"
PARQUET = "parquet"
VERSIONS = "versions"
CURRENT = "current"
NEXT_LINK = ".customer_360.next"
PREPARING = ".preparing-"
REMOVING = ".removing-"
UNSWITCHED = "unswitched"
WITHDRAWN = "withdrawn"
VERSION_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-\d{6,}")


@dataclass(frozen=True, slots=True)
class Version:
    """One version on disk."""

    folder: Path

    @property
    def name(self) -> str:
        """Date and sequence number, sortable as text within a day."""
        return self.folder.name

    @property
    def day(self) -> date:
        """The day as of which it was published."""
        return date.fromisoformat(self.name[: len("2026-11-22")])

    @property
    def order(self) -> int:
        """The sequence number: versions were published in this order."""
        return int(self.name.rsplit("-", 1)[1])

    @property
    def database(self) -> Path:
        """The DuckDB file; its name is the catalog's name, and so the same in every version."""
        return self.folder / STABLE_NAME

    @property
    def parquet(self) -> Path:
        """The folder of the same marts as Parquet files, if they were wanted."""
        return self.folder / PARQUET

    @property
    def is_withdrawn(self) -> bool:
        """Whether a rollback took this version back."""
        return (self.folder / WITHDRAWN).exists()

    @property
    def is_unswitched(self) -> bool:
        """Whether publishing ended before readers could see this version."""
        return (self.folder / UNSWITCHED).exists()


def stable_path(serving_dir: Path) -> Path:
    """Return the path that readers open."""
    return serving_dir / STABLE_NAME


def named_version(serving_dir: Path) -> Version | None:
    """Return the version that the stable name leads to, also when its file is gone."""
    link = stable_path(serving_dir)
    if not link.is_symlink():
        return None
    folder = serving_dir / link.readlink().parent
    # Until the link `current` there was one link alone, from the stable name to the file.
    return Version(serving_dir / folder.readlink() if folder.is_symlink() else folder)


def current_version(serving_dir: Path) -> Version | None:
    """Return the version that the stable name leads to, if it is there."""
    named = named_version(serving_dir)
    return named if named and named.database.exists() else None


def published_versions(serving_dir: Path) -> list[Version]:
    """Return every version that readers have been able to see, oldest first."""
    current = current_version(serving_dir)
    return [
        version
        for version in _all_versions(serving_dir)
        if version == current or not version.is_unswitched
    ]


def prepare(serving_dir: Path, as_of: datetime) -> Version:
    """Make the empty folder of the next version, under a name that nobody reads."""
    sweep(serving_dir)
    orders = [version.order for version in _all_versions(serving_dir)]
    name = f"{as_of:%Y-%m-%d}-{max(orders, default=0) + 1:06d}"
    folder = serving_dir / VERSIONS / f"{PREPARING}{name}"
    folder.mkdir(parents=True)
    return Version(folder)


def finish(prepared: Version) -> Version:
    """Write a prepared version through to the disk and give it its name."""
    _harden(prepared.database)
    harden_parquet(prepared)
    (prepared.folder / UNSWITCHED).touch()
    _sync(prepared.folder)
    folder = prepared.folder.with_name(prepared.name.removeprefix(PREPARING))
    prepared.folder.rename(folder)
    _sync(folder.parent)
    return Version(folder)


def harden_parquet(version: Version) -> None:
    """Write the Parquet files of a version, if it has any, through to the disk for good."""
    if version.parquet.is_dir():
        for file in version.parquet.iterdir():
            _harden(file)
        _sync(version.parquet)


def switch(serving_dir: Path, version: Version) -> None:
    """Lead readers to a version, its database and its files alike, by one atomic rename."""
    _lead(serving_dir / CURRENT, version.folder.relative_to(serving_dir))
    stable, target = stable_path(serving_dir), Path(CURRENT, STABLE_NAME)
    if not stable.is_symlink() or stable.readlink() != target:
        _lead(stable, target)
    _sync(serving_dir)
    _mark_switched(version)


def mark_withdrawn(version: Version, *, withdrawn: bool) -> None:
    """Note on a version that it was taken back, or that it may be shown again."""
    mark = version.folder / WITHDRAWN
    if withdrawn:
        mark.touch()
    else:
        mark.unlink(missing_ok=True)
    _sync(version.folder)


def prune(serving_dir: Path, *, kept: int, also: frozenset[Version], days: int = 0) -> None:
    """Remove all but the newest versions, the current one, and those named in `also`.

    Of each of the last `days` days up to the newest version, the day's last version stays too.
    """
    versions = published_versions(serving_dir)
    keep = {*versions[-kept:], *also, current_version(serving_dir)}
    if versions:
        since = max(version.day for version in versions) - timedelta(days=days)
        last = {version.day: version for version in versions if not version.is_withdrawn}
        keep |= {version for day, version in last.items() if day > since}
    for version in versions:
        if version not in keep:
            remove(version)


def discard(prepared: Version) -> None:
    """Remove a prepared version that came to nothing, as far as the disk allows."""
    shutil.rmtree(prepared.folder, ignore_errors=True)  # what stays is swept away next time


def remove(version: Version) -> None:
    """Remove a version; it is gone from the list at once, even if the removal is cut short."""
    doomed = version.folder.with_name(f"{REMOVING}{version.name}")
    version.folder.rename(doomed)
    shutil.rmtree(doomed)


def sweep(serving_dir: Path) -> None:
    """Clear away what a killed publish or removal has left behind."""
    (serving_dir / NEXT_LINK).unlink(missing_ok=True)
    folder = serving_dir / VERSIONS
    if not folder.is_dir():
        return
    for leftover in sorted(folder.iterdir()):
        if leftover.name.startswith((PREPARING, REMOVING)):
            shutil.rmtree(leftover)
    current = current_version(serving_dir)
    for version in _all_versions(serving_dir):
        if version == current:
            _mark_switched(version)
        elif version.is_unswitched:
            remove(version)


def _all_versions(serving_dir: Path) -> list[Version]:
    folder = serving_dir / VERSIONS
    if not folder.is_dir():
        return []
    named = [Version(path) for path in folder.iterdir() if VERSION_NAME.fullmatch(path.name)]
    return sorted(named, key=lambda version: version.order)


def _harden(file: Path) -> None:
    """Write a file through, and let nobody write it: who opened it so would lock others out."""
    file.chmod(0o444)
    _sync(file)


def _lead(link: Path, target: Path) -> None:
    beside = link.with_name(NEXT_LINK)
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)


def _mark_switched(version: Version) -> None:
    if version.is_unswitched:
        (version.folder / UNSWITCHED).unlink()
        # Written through: if the mark came back after a power cut, a later sweep would remove
        # a version that readers know.
        _sync(version.folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

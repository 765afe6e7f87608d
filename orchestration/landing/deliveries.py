"""Find delivered files, tell when one is still being written, and name its content.

What is inside a file is the readers' concern.
"""

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

UNFINISHED_SUFFIXES = (".part", ".tmp", ".partial", ".crdownload")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file as it stood when it was found; `file` is its path below the inbox, printable."""

    path: Path
    file: str
    size: int
    modified_ns: int
    moved_ns: int  # when its place, name or content last changed

    @classmethod
    def at(cls, path: Path, below: Path) -> "Delivery":
        """Look at a file now."""
        status = path.stat()
        name = printable_name(path, below)
        return cls(path, name, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def has_changed(self) -> bool:
        """Say whether the file is no longer as it was found."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return True
        return (status.st_size, status.st_mtime_ns) != (self.size, self.modified_ns)


def find_deliveries(below: Path, pattern: str) -> tuple[Delivery, ...]:
    """Return the files a pattern names, sorted by name, without hidden and unfinished ones."""
    found = (path for path in below.glob(pattern) if path.is_file())
    whole = (path for path in found if not _is_unfinished(path.relative_to(below)))
    deliveries = []
    for path in sorted(whole, key=lambda path: path.as_posix()):
        with suppress(FileNotFoundError):  # taken away since it was listed
            deliveries.append(Delivery.at(path, below))
    return tuple(deliveries)


def find_oddities(below: Path, pattern: str) -> tuple[str, ...]:
    """Return what a pattern names and nothing can be read from: folders, dead links, pipes."""
    odd = (path for path in below.glob(pattern) if not path.is_file())
    whole = (path for path in odd if not _is_unfinished(path.relative_to(below)))
    return tuple(sorted(printable_name(path, below) for path in whole))


def printable_name(path: Path, below: Path) -> str:
    """Return the path below a folder, with signs that are no text or steer a terminal escaped.

    A name is bytes: it may hold no UTF-8, a line break that forges a message, or marks that turn
    the direction of a line. It is stored and shown, so it must be text of one line.
    """
    name = path.relative_to(below).as_posix()
    if name.isprintable() and "\\" not in name:
        return name
    return "".join(sign if sign.isprintable() and sign != "\\" else _escaped(sign) for sign in name)


def split_settled(
    deliveries: tuple[Delivery, ...], settle_seconds: float
) -> tuple[tuple[Delivery, ...], tuple[Delivery, ...]]:
    """Part the files that rest from those that are still being written.

    A file younger than `settle_seconds` is looked at again when it has reached that age.
    """
    if settle_seconds <= 0 or not deliveries:
        return deliveries, ()
    youngest = max(delivery.modified_ns for delivery in deliveries) / 1e9
    # The age of a file can only be told by the clock its time stamp comes from.
    time.sleep(max(0.0, min(settle_seconds, youngest + settle_seconds - time.time())))
    writing = tuple(delivery for delivery in deliveries if delivery.has_changed())
    return tuple(delivery for delivery in deliveries if delivery not in writing), writing


def content_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load_id(landing_name: str, file: str, content: str, repetition: int) -> str:
    """Return the id of a load: the same file and content of a table give the same id."""
    parts = "\n".join((landing_name, file, content, str(repetition)))
    return hashlib.sha256(parts.encode("utf-8")).hexdigest()[:32]


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _is_unfinished(path: Path) -> bool:
    hidden = any(part.startswith((".", "~")) for part in path.parts)
    return hidden or path.name.lower().endswith(UNFINISHED_SUFFIXES)

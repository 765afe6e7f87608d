"""Write to the folder `serving/`: one at a time, and with a reason a person can act on if not."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from orchestration.publishing.errors import PublishingError

LOCK_NAME = ".publishing.lock"


@contextmanager
def exclusive(serving_dir: Path) -> Iterator[None]:
    """Keep a rollback and a publish apart; the kernel frees the lock of a killed process.

    Raises:
        PublishingError: the folder cannot be written.
    """
    try:
        serving_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(serving_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise PublishingError(reason(error)) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def reason(error: OSError | duckdb.Error) -> str:
    """Say what failed without the words of the engine: they may quote a row."""
    kept = "nothing was published, readers keep the snapshot they have"
    text = str(error).lower()
    if getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT} or "no space" in text:
        return f"the disk is full: {kept}; make room and run again"
    if isinstance(error, OSError):
        return f"the serving folder cannot be written ({error.strerror}): {kept}"
    return f"the snapshot could not be written ({type(error).__name__}): {kept}"

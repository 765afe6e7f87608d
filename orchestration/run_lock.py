"""Let one run at a time at the warehouse, over all processes of this machine.

The lock is the kernel's (`flock`), so a run that is killed gives it back by dying. What a run does
with the warehouse does not belong here.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOCK_NAME = "run.lock"
PROBE_SECONDS = 0.5  # `holder` takes the lock for an instant: a starting run must outlast that


class RunLockedError(RuntimeError):
    """Another run is at work on the same warehouse."""


@dataclass(frozen=True, slots=True)
class LockHolder:
    """The process that holds the lock, and the run it holds it for."""

    process_id: int
    run_id: str


@dataclass(slots=True)
class _Held:
    run_id: str
    descriptor: int
    depth: int


_held: dict[Path, _Held] = {}
_registry_lock = threading.Lock()


class RunLock:
    """The lock of one home folder, re-entrant for the same run within a process."""

    def __init__(self, home_dir: Path) -> None:
        """Name the lock; nothing is taken yet."""
        self.path = home_dir.resolve() / LOCK_NAME

    @contextmanager
    def acquire(self, run_id: str) -> Iterator[None]:
        """Hold the lock for a run.

        Raises:
            RunLockedError: another run holds it.
        """
        self._enter(run_id)
        try:
            yield
        finally:
            self._leave()

    def holder(self) -> LockHolder | None:
        """Return who holds the lock now, or nothing when it is free."""
        if not self.path.exists():
            return None
        descriptor = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        try:
            if _try_lock(descriptor):
                return None
            return _read_holder(descriptor)
        finally:
            os.close(descriptor)

    def _enter(self, run_id: str) -> None:
        with _registry_lock:
            held = _held.get(self.path)
            if held is None:
                _held[self.path] = _Held(run_id, self._take(run_id), 1)
            elif held.run_id == run_id:
                held.depth += 1
            else:
                raise RunLockedError(_refusal(LockHolder(os.getpid(), held.run_id)))

    def _leave(self) -> None:
        with _registry_lock:
            held = _held[self.path]
            held.depth -= 1
            if held.depth:
                return
            del _held[self.path]
            os.ftruncate(held.descriptor, 0)
            # Closing is enough, and unlocking would be wrong: it would also end the lock that a
            # forked child shares with its parent.
            os.close(held.descriptor)

    def _take(self, run_id: str) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        deadline = time.monotonic() + PROBE_SECONDS
        while not _try_lock(descriptor):
            if time.monotonic() >= deadline:
                holder = _read_holder(descriptor)
                os.close(descriptor)
                raise RunLockedError(_refusal(holder))
            time.sleep(PROBE_SECONDS / 10)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {run_id}\n".encode(), 0)
        return descriptor


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_holder(descriptor: int) -> LockHolder:
    words = os.pread(descriptor, 4096, 0).decode("utf-8").split()
    # The holder writes its name just after it took the lock: for an instant the file is empty.
    return LockHolder(int(words[0]), words[1]) if len(words) == 2 else LockHolder(0, "unknown")


def _refusal(holder: LockHolder) -> str:
    return (
        f"run {holder.run_id} is at work here (process {holder.process_id}), and one run at a time "
        "may write the warehouse: wait for it to end; `c360 status` shows how far it is"
    )

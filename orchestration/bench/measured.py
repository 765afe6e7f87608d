"""Measure a command from outside: its time and the memory of its whole process tree."""

import json
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psutil

SAMPLING_SECONDS = 0.2
MEGABYTE = 1024 * 1024


class BenchmarkError(RuntimeError):
    """A measured command failed, so there is no figure."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall time (seconds), peak resident memory of the process tree (MB), what was printed."""

    seconds: float
    peak_rss_mb: int
    printed: dict[str, Any]


def peak_rss_mb() -> int:
    """Return the peak resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def resident_bytes(root: psutil.Process) -> int:
    """Return the resident memory of a process and its descendants, in bytes."""
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.Error:  # it ended between the listing and the question
            continue
    return total


def measure(command: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Run a command that prints one JSON object, and measure it.

    Raises:
        BenchmarkError: the command failed; its last lines are in the message.
    """
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603  the command is our own verb
        list(command),
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak = 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        root = psutil.Process(process.pid)
        while not ended.wait(SAMPLING_SECONDS):
            try:
                peak = max(peak, resident_bytes(root))
            except psutil.Error:
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    printed, errors = process.communicate()
    seconds = time.perf_counter() - started
    ended.set()
    watcher.join()
    if process.returncode != 0:
        tail = "\n".join((printed + errors).splitlines()[-15:])
        raise BenchmarkError(f"{' '.join(command[1:5])} ended with {process.returncode}:\n{tail}")
    return Measured(round(seconds, 2), peak // MEGABYTE, json.loads(printed))

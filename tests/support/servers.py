"""Start a server in a process group of its own, wait until it answers, and end it again."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

LOOK_SECONDS = 0.3


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    url: str,
    status: int = 200,
    patience: float = 120,
    output: int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[str]]:
    """Yield the process once it answers the address with the status; end it with the block.

    Who wants to read what it prints gives `subprocess.PIPE`, and has to read all of it.
    """
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=output,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + patience
        while _answer(url) != status:
            assert process.poll() is None, f"{command[:4]} ended by itself"
            assert time.monotonic() < deadline, f"{command[:4]} did not come up in {patience} s"
            time.sleep(LOOK_SECONDS)
        yield process
    finally:
        end_group(process)


def end_group(process: subprocess.Popen[str]) -> None:
    """Ask a process and all it started to end, and make them if they do not."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answer(url: str) -> int | None:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return None

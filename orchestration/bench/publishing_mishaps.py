"""What `c360 bench bi` does to runs while readers ask: kill them, and take the disk away."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from orchestration.bench.reader_crowd import answers_whole
from orchestration.publishing.versions import current_version, stable_path

KILLED_AT = (0.05, 0.5, 0.95)  # of the time that publishing takes
POLL_SECONDS = 0.02


def kill_while_publishing(
    folder: Path, tables: Sequence[str], number: int, publishing_seconds: float
) -> int:
    """Kill runs in the middle of publishing; count how often there was no whole day after it."""
    broken = 0
    serving = folder / "serving"
    command = [sys.executable, "-m", "orchestration.bench.publish_once", str(folder), *tables]
    for kill, share in enumerate(KILLED_AT):
        process = subprocess.Popen([*command, str(number + kill)], stdout=subprocess.DEVNULL)  # noqa: S603
        while process.poll() is None and not list((serving / "versions").glob(".preparing-*")):
            time.sleep(POLL_SECONDS)
        time.sleep(share * publishing_seconds)
        process.kill()
        process.wait()
        is_whole = current_version(serving) is not None and answers_whole(stable_path(serving))
        broken += not is_whole
    return broken


def fill_the_disk(folder: Path, tables: Sequence[str], readers: int) -> dict[str, int] | None:
    """Publish on a small disk that is full, in a process that has it to itself.

    Returns how often publishing was refused for that, the errors that readers met meanwhile, and
    how often it went well when there was room again; nothing where nobody may mount a disk.
    """
    mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--mount", *mapped, sys.executable, "-m", "orchestration.bench.full_disk"]
    done = subprocess.run(  # noqa: S603  the command is our own
        [*command, str(folder), str(readers), *tables],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        if "unshare" in done.stderr or "mount" in done.stderr:
            return None
        raise RuntimeError(done.stderr)
    figures: dict[str, int] = json.loads(done.stdout)
    return figures

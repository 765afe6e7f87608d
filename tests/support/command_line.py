"""Run the command line as a user does: in a process of its own, over a home of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    output: str
    errors: str

    def json(self) -> dict:
        """Return the JSON object that the command printed."""
        return json.loads(self.output)


def environment_of(home: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a process whose state lies below `home`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("C360_")}
    return {**own, "C360_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "1", **settings}


def c360(home: Path, *arguments: str, timeout: float = 900, **settings: str) -> Outcome:
    """Run `c360 ARGUMENTS` with its state below `home`."""
    command = [sys.executable, "-m", "orchestration.cli.main", *arguments]
    done = subprocess.run(
        command,
        env=environment_of(home, **settings),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)

"""What was last heard of a target beside the snapshot, kept so that `c360 status` can tell.

Kept in a file below home, one object a target: the server itself may not answer when somebody asks.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "targets.json"


@dataclass(frozen=True, slots=True)
class TargetReport:
    """The last attempt to load a target: what it should hold, what it holds, what went wrong."""

    target: str
    wanted: str  # versions of the snapshot
    held: str | None
    tables: int
    rows: int
    seconds: float
    problem: str | None = None


def read_target_reports(home: Path) -> tuple[TargetReport, ...]:
    """Return what was last heard of each target."""
    path = home / FILE
    if not path.exists():
        return ()
    return tuple(TargetReport(**report) for report in json.loads(path.read_text(encoding="utf-8")))


def keep_target_report(home: Path, report: TargetReport) -> None:
    """Keep a report in place of the one before, whole or not at all."""
    others = [known for known in read_target_reports(home) if known.target != report.target]
    reports = sorted([*others, report], key=lambda known: known.target)
    beside = home / f".{FILE}.next"
    home.mkdir(parents=True, exist_ok=True)
    beside.write_text(json.dumps([asdict(each) for each in reports], indent=1), encoding="utf-8")
    beside.replace(home / FILE)


def held_before(home: Path, target: str) -> str | None:
    """Return the version that a target was last known to hold."""
    return next((each.held for each in read_target_reports(home) if each.target == target), None)

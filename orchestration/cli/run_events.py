"""What can happen during a run, in words free of Dagster.

`dagster_runs.py` says it, `progress.py` shows it, `run_outcome.py` keeps it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CHECKS = "checks"
STAGES = (
    "landing",
    "quality",
    "staging",
    "conformed",
    "identity",
    "marts",
    CHECKS,
    "publishing",
)

RunStatus = Literal["success", "failed", "stopped by a gate", "interrupted"]


@dataclass(frozen=True, slots=True)
class RunPlanned:
    """The run exists: which stage each step belongs to, and how much each stage will make.

    `continues` names the failed runs that it takes up, newest first.
    """

    run_id: str
    as_of: datetime
    step_stages: Mapping[str, str]
    planned: Mapping[str, int]
    continues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepBegun:
    """A step is at work."""

    step: str


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step has ended."""

    step: str


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step came to nothing; `reason` holds no value out of the data."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepRetried:
    """A step failed and will be tried again."""

    step: str


@dataclass(frozen=True, slots=True)
class TableMade:
    """A table was made."""

    layer: str
    table: str


@dataclass(frozen=True, slots=True)
class CheckEvaluated:
    """A gate or a dbt test has spoken; a failure of the severe kind stops the run."""

    layer: str
    table: str
    check: str
    passed: bool
    stops_the_run: bool


@dataclass(frozen=True, slots=True)
class RunInterrupted:
    """Somebody ended the run."""


RunEvent = (
    RunPlanned
    | StepBegun
    | StepEnded
    | StepFailed
    | StepRetried
    | TableMade
    | CheckEvaluated
    | RunInterrupted
)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of the past, or the one at work now, as the Dagster instance knows it."""

    run_id: str
    status: str
    as_of: datetime
    started_at: datetime | None
    seconds: float | None
    continues_run_id: str | None


def stage_of(layers: set[str]) -> str:
    """Return the stage of a step that makes tables of these layers: the last one it reaches."""
    return max(layers, key=STAGES.index, default=CHECKS)

"""Keep what a run did while it goes by: how long each stage took, and what stopped it."""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from orchestration.cli.run_events import (
    STAGES,
    CheckEvaluated,
    RunEvent,
    RunInterrupted,
    RunPlanned,
    RunStatus,
    StepBegun,
    StepEnded,
    StepFailed,
)

GATE_STEP = "_gate"


@dataclass(slots=True)
class RunOutcome:
    """The account of one run, written from its events."""

    clock: Callable[[], float] = time.monotonic
    run_id: str = ""
    as_of: datetime | None = None
    continued: tuple[str, ...] = ()
    failures: list[StepFailed] = field(default_factory=list)
    stopped_by: list[CheckEvaluated] = field(default_factory=list)
    is_interrupted: bool = False
    _step_stages: dict[str, str] = field(default_factory=dict)
    _begun: dict[str, float] = field(default_factory=dict)
    _stage_seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _started: float = 0.0
    _ended: float | None = None

    def __post_init__(self) -> None:
        """Start the clock."""
        self._started = self.clock()

    def note(self, event: RunEvent) -> None:
        """Take an event into account."""
        match event:
            case RunPlanned():
                self.run_id, self.as_of = event.run_id, event.as_of
                self.continued = event.continues
                self._step_stages = dict(event.step_stages)
            case StepBegun():
                self._begun[event.step] = self.clock()
            case StepEnded():
                self._end(event.step)
            case StepFailed():
                self._end(event.step)
                self.failures.append(event)
            case CheckEvaluated(stops_the_run=True):
                self.stopped_by.append(event)
            case RunInterrupted():
                self.is_interrupted = True

    def end(self) -> None:
        """Stop the clock."""
        self._ended = self.clock()

    @property
    def status(self) -> RunStatus:
        """How the run ended."""
        if self.is_interrupted:
            return "interrupted"
        if self.stopped_by:
            return "stopped by a gate"
        return "failed" if self.failures else "success"

    @property
    def failures_beside_gates(self) -> list[StepFailed]:
        """What failed for another reason than that a gate said no."""
        return [failure for failure in self.failures if not failure.step.endswith(GATE_STEP)]

    @property
    def seconds(self) -> float:
        """How long the run took, or has taken up to now."""
        ended = self.clock() if self._ended is None else self._ended
        return round(ended - self._started, 2)

    @property
    def stages(self) -> dict[str, float]:
        """Seconds per stage, in their order; `orchestration` is what lies between the steps."""
        spent = sorted(self._stage_seconds.items(), key=lambda item: STAGES.index(item[0]))
        stages = {stage: round(seconds, 2) for stage, seconds in spent}
        stages["orchestration"] = round(max(self.seconds - sum(stages.values()), 0.0), 2)
        return stages

    def _end(self, step: str) -> None:
        begun = self._begun.pop(step, None)
        if begun is not None:
            self._stage_seconds[self._step_stages[step]] += self.clock() - begun

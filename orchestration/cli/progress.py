"""Show a run while it is at work: bars per stage on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from orchestration.cli.run_events import (
    CHECKS,
    STAGES,
    CheckEvaluated,
    RunEvent,
    RunPlanned,
    StepBegun,
    StepEnded,
    StepFailed,
    StepRetried,
    TableMade,
)


class Display(Protocol):
    """Something that shows the events of a run."""

    def show(self, event: RunEvent) -> None:
        """Show one event."""


class NoDisplay:
    """Show nothing: machines read the JSON object at the end."""

    def show(self, event: RunEvent) -> None:
        """Pass the event over."""


class PlainDisplay:
    """Print a line when the run reaches a stage, and when something goes wrong."""

    def __init__(self, stream: TextIO) -> None:
        """Start the clock."""
        self._stream = stream
        self._started = time.monotonic()
        self._stages: dict[str, str] = {}
        self._reached: set[str] = set()

    def show(self, event: RunEvent) -> None:
        """Print the line of an event, if it has one."""
        match event:
            case RunPlanned():
                self._stages = dict(event.step_stages)
                tables = sum(count for stage, count in event.planned.items() if stage != CHECKS)
                checks = event.planned.get(CHECKS, 0)
                self._print(f"{tables} tables to make, {checks} checks to pass")
            case StepBegun() if (stage := self._stages.get(event.step, "")) not in self._reached:
                self._reached.add(stage)
                self._print(stage)
            case StepRetried():
                self._print(f"{event.step} failed and is tried again")
            case StepFailed():
                self._print(f"{event.step} failed")
            case CheckEvaluated(passed=False):
                kind = "stops the run" if event.stops_the_run else "warns"
                self._print(f"check {event.check} of {event.layer}.{event.table} {kind}")

    def _print(self, line: str) -> None:
        seconds = time.monotonic() - self._started
        self._stream.write(f"{seconds:7.1f} s  {line}\n")
        self._stream.flush()


class LiveDisplay:
    """Draw one bar per stage, and the step at work."""

    def __init__(self) -> None:
        """Lay out the bars; nothing is drawn yet."""
        self._bars = Progress(
            TextColumn("  {task.description:<12}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._line = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), transient=True
        )
        self._line.add_task("in all", total=None)
        self._current = self._line.add_task("starting", total=None)
        self._tasks: dict[str, TaskID] = {}
        self._stages: dict[str, str] = {}
        self.picture = Group(self._bars, self._line)

    @property
    def tasks(self) -> list[Task]:
        """The bars, in the order of the stages."""
        return self._bars.tasks

    def show(self, event: RunEvent) -> None:
        """Redraw what an event changes."""
        match event:
            case RunPlanned():
                self._plan(event)
            case StepBegun():
                self._begin(event.step)
            case StepEnded() | StepFailed():
                self._line.update(self._current, description="")
            case TableMade():
                self._advance(event.layer)
            case CheckEvaluated():
                self._advance(CHECKS)
            case StepRetried():
                self._bars.print(f"  {event.step} failed and is tried again")

    def _plan(self, event: RunPlanned) -> None:
        self._stages = dict(event.step_stages)
        for stage in sorted(event.planned, key=STAGES.index):
            if total := event.planned[stage]:
                self._tasks[stage] = self._bars.add_task(stage, total=total, start=False)

    def _begin(self, step: str) -> None:
        self._line.reset(self._current, description=step, total=None)
        if (task := self._tasks.get(self._stages.get(step, ""))) is not None:
            self._start(task)

    def _advance(self, stage: str) -> None:
        if (task := self._tasks.get(stage)) is not None:
            self._start(task)
            self._bars.advance(task)

    def _start(self, task: TaskID) -> None:
        if not self._bars.tasks[task].started:
            self._bars.start_task(task)


@contextmanager
def display_on(stream: TextIO | None) -> Iterator[Display]:
    """Yield the display that fits where the output goes; none for no stream."""
    if stream is None:
        yield NoDisplay()
    elif not stream.isatty():
        yield PlainDisplay(stream)
    else:
        live = LiveDisplay()
        with Live(live.picture, console=Console(file=stream), refresh_per_second=8):
            yield live

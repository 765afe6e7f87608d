"""Run the job `daily` on the Dagster instance that the UI opens, and look up its past runs.

Verbs import this module late, since importing Dagster takes seconds. What comes out of it is free
of Dagster; nothing is printed here.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg  # noqa: TID251  the command line drives Dagster here, and nowhere else
from dagster._core.definitions.reconstruct import (  # noqa: TID251
    ReconstructableJob,
    ReconstructableRepository,
)
from dagster._core.execution.api import (  # noqa: TID251
    create_execution_plan,
    execute_run_iterator,
)
from dagster._core.execution.plan.plan import ExecutionPlan  # noqa: TID251
from dagster._core.execution.plan.state import KnownExecutionState  # noqa: TID251
from dagster._core.remote_origin import RemoteJobOrigin, RemoteRepositoryOrigin  # noqa: TID251
from dagster._core.storage.tags import (  # noqa: TID251
    PARENT_RUN_ID_TAG,
    RESUME_RETRY_TAG,
    ROOT_RUN_ID_TAG,
)
from dagster._core.workspace.load import location_origins_from_yaml_paths  # noqa: TID251
from sqlalchemy.exc import DatabaseError

from orchestration.cli.dagster_events import AS_OF_TAG, planned_event, translated
from orchestration.cli.errors import HistoryDamagedError, NothingToResumeError
from orchestration.cli.redone_steps import steps_to_redo
from orchestration.cli.run_events import PastRun, RunEvent
from orchestration.settings import PROJECT_DIR

JOB = "daily"
DAMAGED = re.compile(r"malformed|not a database")
COMMAND_LINE_TAG = "c360/command_line"

# Dagster logs every event to the terminal unless told otherwise; the instance keeps them all.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

OVER = (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
AT_WORK = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def _nothing(_moment: datetime) -> tuple[str, ...]:
    """Say that nobody has decided anything."""
    return ()


class DagsterRuns:
    """The runs of the daily job on one Dagster instance."""

    def __init__(self, dagster_dir: Path, module: str = "orchestration.definitions") -> None:
        """Open the instance whose home is this folder; the module holds the definitions."""
        self._dagster_dir = dagster_dir
        with self._known_damage():
            self._instance = dg.DagsterInstance.from_config(str(dagster_dir))
        self._module = module

    def __enter__(self) -> "DagsterRuns":
        """Return itself; the instance is open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the instance."""
        self._instance.dispose()

    @contextmanager
    def _known_damage(self) -> Iterator[None]:
        """Say it in our words when one of Dagster's SQLite files is broken: opening reads each."""
        try:
            yield
        except DatabaseError as error:
            if not DAMAGED.search(str(error)):
                raise
            raise HistoryDamagedError(
                f"a database of Dagster in {self._dagster_dir} is damaged: put back your copy, or "
                "move the folder away and start again. It holds the history of runs; the "
                "warehouse and the published snapshots are not touched"
            ) from error

    def recent(self, limit: int = 5) -> list[PastRun]:
        """Return the last runs, newest first."""
        records = self._instance.get_run_records(dg.RunsFilter(job_name=JOB), limit=limit)
        return [_past_run(record) for record in records]

    def close_orphans(self) -> list[str]:
        """Mark runs whose process is gone as failed, so that they can be resumed; name them.

        Call it while holding the run lock: then nobody can be at work, whatever the instance says.
        """
        never_begun = dg.RunsFilter(
            job_name=JOB,
            statuses=[dg.DagsterRunStatus.NOT_STARTED],
            tags={COMMAND_LINE_TAG: "true"},
        )
        begun = dg.RunsFilter(job_name=JOB, statuses=AT_WORK)
        orphans = [*self._instance.get_runs(begun), *self._instance.get_runs(never_begun)]
        for run in orphans:
            self._instance.report_run_failed(run, "The process of this run ended without a word.")
        return [run.run_id for run in orphans]

    def run(self, run_id: str, as_of: datetime) -> Iterator[RunEvent]:
        """Execute the daily job, and yield what happens."""
        job = self._daily_job()
        tags = {AS_OF_TAG: as_of.isoformat(), COMMAND_LINE_TAG: "true"}
        plan = create_execution_plan(job, QUIET, tags=tags)
        yield from self._execute(job, plan, run_id, tags)

    def resume(
        self, run_id: str, decided_since: Callable[[datetime], Collection[str]] = _nothing
    ) -> Iterator[RunEvent]:
        """Continue the last run from its failure: what failed or was not reached is done.

        Args:
            run_id: the id of the run that continues it.
            decided_since: says in which areas stewards have decided since a moment; what their
                decisions change is done again as well.

        Raises:
            NothingToResumeError: the last run did not fail, or the pipeline has changed since.
        """
        last = next(
            iter(self._instance.get_run_records(dg.RunsFilter(job_name=JOB), limit=1)), None
        )
        if last is None or last.dagster_run.status not in OVER:
            raise NothingToResumeError("the last run did not fail: start a new one with `c360 run`")
        parent = last.dagster_run
        if parent.execution_plan_snapshot_id is None:
            raise NothingToResumeError("the last run failed before it began: use `c360 run`")
        steps, known = KnownExecutionState.build_resume_retry_reexecution(self._instance, parent)
        job = self._daily_job()
        steps = self._with_redone(job, steps, decided_since(last.create_timestamp))
        tags = {
            AS_OF_TAG: _as_of(last).isoformat(),
            COMMAND_LINE_TAG: "true",
            PARENT_RUN_ID_TAG: parent.run_id,
            ROOT_RUN_ID_TAG: parent.root_run_id or parent.run_id,
            RESUME_RETRY_TAG: "true",
        }
        try:
            plan = create_execution_plan(
                job, QUIET, step_keys_to_execute=steps, known_state=known, tags=tags
            )
        except dg.DagsterError as error:
            raise NothingToResumeError(
                "the pipeline has changed since the last run failed: start anew with `c360 run`"
            ) from error
        yield from self._execute(job, plan, run_id, tags)

    def _execute(
        self, job: ReconstructableJob, plan: ExecutionPlan, run_id: str, tags: Mapping[str, str]
    ) -> Iterator[RunEvent]:
        run = self._instance.create_run_for_job(
            job_def=job.get_definition(),
            execution_plan=plan,
            run_id=run_id,
            run_config=QUIET,
            tags=tags,
            parent_run_id=tags.get(PARENT_RUN_ID_TAG),
            root_run_id=tags.get(ROOT_RUN_ID_TAG),
            remote_job_origin=_remote_origin(),
            job_code_origin=job.get_python_origin(),
        )
        yield planned_event(plan, run_id, tags, self._continued(tags.get(PARENT_RUN_ID_TAG)))
        for event in execute_run_iterator(job, run, self._instance):
            yield from translated(event)

    def _with_redone(
        self, job: ReconstructableJob, steps: Collection[str], areas: Collection[str]
    ) -> list[str]:
        if not areas:
            return list(steps)
        whole = create_execution_plan(job, QUIET)
        wanted = {*steps, *steps_to_redo(areas, whole.get_executable_step_deps())}
        return [step.key for step in whole.steps if step.key in wanted]

    def _daily_job(self) -> ReconstructableJob:
        repository = ReconstructableRepository.for_module(
            self._module, "defs", working_directory=str(PROJECT_DIR)
        )
        return repository.get_reconstructable_job(JOB)

    def _continued(self, parent_id: str | None) -> tuple[str, ...]:
        chain: list[str] = []
        while parent_id is not None:
            chain.append(parent_id)
            parent = self._instance.get_run_by_id(parent_id)
            parent_id = parent.parent_run_id if parent else None
        return tuple(chain)


def _remote_origin() -> RemoteJobOrigin:
    """Name the code location as `workspace.yaml` does: the UI links runs to jobs by that name."""
    origins = location_origins_from_yaml_paths([str(PROJECT_DIR / "workspace.yaml")])
    location = next(iter(origins))
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), JOB)


def _as_of(record: dg.RunRecord) -> datetime:
    tag = record.dagster_run.tags.get(AS_OF_TAG)
    created = record.create_timestamp.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return datetime.fromisoformat(tag) if tag else created


def _past_run(record: dg.RunRecord) -> PastRun:
    run = record.dagster_run
    started = datetime.fromtimestamp(record.start_time, UTC) if record.start_time else None
    seconds = None
    if record.start_time and record.end_time:
        seconds = round(record.end_time - record.start_time, 1)
    return PastRun(
        run_id=run.run_id,
        status=run.status.value.lower(),
        as_of=_as_of(record),
        started_at=started,
        seconds=seconds,
        continues_run_id=run.parent_run_id,
    )

"""Translate Dagster's plan and events into those of `run_events.py`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

import dagster as dg  # noqa: TID251  the command line meets Dagster here and in dagster_runs.py
from dagster._core.events import DagsterEvent, RunFailureReason  # noqa: TID251
from dagster._core.execution.plan.plan import ExecutionPlan  # noqa: TID251
from dagster_shared.error import SerializableErrorInfo

from orchestration.cli.failures import describe_messages
from orchestration.cli.run_events import (
    CHECKS,
    CheckEvaluated,
    RunEvent,
    RunInterrupted,
    RunPlanned,
    StepBegun,
    StepEnded,
    StepFailed,
    StepRetried,
    TableMade,
    stage_of,
)

AS_OF_TAG = "c360/as_of"


def planned_event(
    plan: ExecutionPlan, run_id: str, tags: Mapping[str, str], continues: tuple[str, ...]
) -> RunPlanned:
    """Return what a run is going to do."""
    stages: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for step in plan.get_steps_to_execute_in_topo_order():
        outputs = [output.properties for output in step.step_outputs]
        layers = [output.asset_key.path[0] for output in outputs if output.asset_key]
        checks = sum(output.asset_check_key is not None for output in outputs)
        stages[step.key] = stage_of(set(layers))
        counted.update(layers)
        counted[CHECKS] += checks
    as_of = datetime.fromisoformat(tags[AS_OF_TAG])
    return RunPlanned(run_id, as_of, stages, dict(counted), continues)


def translated(event: DagsterEvent) -> Iterator[RunEvent]:
    """Yield what a Dagster event means for somebody who waits for the run, if anything."""
    match event.event_type_value:
        case "STEP_START" | "STEP_RESTARTED":
            yield StepBegun(str(event.step_key))
        case "STEP_SUCCESS" | "STEP_SKIPPED":
            yield StepEnded(str(event.step_key))
        case "STEP_UP_FOR_RETRY":
            yield StepRetried(str(event.step_key))
        case "STEP_FAILURE":
            yield StepFailed(str(event.step_key), _reason(event.step_failure_data.error))
        case "ASSET_MATERIALIZATION" if event.asset_key:
            yield TableMade(event.asset_key.path[0], event.asset_key.path[-1])
        case "ASSET_CHECK_EVALUATION":
            yield _check(event.asset_check_evaluation_data)
        case "PIPELINE_FAILURE" if not _is_of_a_step(event):
            yield StepFailed("start", _reason(event.job_failure_data.error))
        case "PIPELINE_CANCELED":
            yield RunInterrupted()


def _check(evaluation: dg.AssetCheckEvaluation) -> CheckEvaluated:
    is_error = evaluation.severity == dg.AssetCheckSeverity.ERROR
    return CheckEvaluated(
        layer=evaluation.asset_key.path[0],
        table=evaluation.asset_key.path[-1],
        check=evaluation.check_name,
        passed=evaluation.passed,
        stops_the_run=is_error and not evaluation.passed,
    )


def _is_of_a_step(failure: DagsterEvent) -> bool:
    return failure.job_failure_data.failure_reason == RunFailureReason.STEP_FAILURE


def _reason(error: SerializableErrorInfo | None) -> str:
    messages = []
    while error is not None:
        messages.append(error.message)
        error = error.cause or error.context
    return describe_messages(messages)

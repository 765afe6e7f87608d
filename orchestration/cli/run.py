"""The verb `run`: the daily run, with its progress and its summary."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, TextIO

import typer

from orchestration.cli.default_sample import deliver_sample_if_empty
from orchestration.cli.environment import prepare_home
from orchestration.cli.figures import run_figures
from orchestration.cli.incidents import known_incidents
from orchestration.cli.progress import display_on
from orchestration.cli.published import seen_by_readers
from orchestration.cli.redone_steps import areas_decided_since
from orchestration.cli.run_events import RunEvent
from orchestration.cli.run_outcome import RunOutcome
from orchestration.cli.summary import RunSummary, finding_line, summary_as_json, summary_lines
from orchestration.cli.terminal import complain, print_json, say, tools_write_to
from orchestration.identity.settings import read_settings
from orchestration.landing.contract import load_contracts
from orchestration.landing.unclaimed import unclaimed_files
from orchestration.publishing.published import list_snapshots
from orchestration.publishing.target_report import read_target_reports
from orchestration.run_lock import RunLock
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.warehouse import Warehouse

WAREHOUSE_PATIENCE_SECONDS = 20
FARTHEST_AHEAD = timedelta(days=366)

EXIT_CODES = {"success": 0, "failed": 1, "interrupted": 1, "stopped by a gate": 3}


def run(
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The moment the run stands for, in UTC. [default: now]"),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue the last run from its failure.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Land, gate, build, resolve, gate, publish: the daily run.

    Reads the inbox (C360_INBOX) and the contracts. Writes the warehouse, the data docs and, when
    every gate holds, a new snapshot in serving/; all below C360_HOME. With an empty inbox it makes
    a sample company first. Exit code 3: a gate stopped it, and nothing was published.
    """
    if resume and as_of:
        raise typer.BadParameter("--resume keeps the --as-of of the run it continues")
    moment = moment_of(as_of)
    settings = Settings()
    read_settings(settings.identity_settings_path)  # a slip in it is told before anything is landed
    prepare_home(settings)
    if not resume:
        deliver_sample_if_empty(settings, moment, quiet=as_json)
    run_id = str(uuid.uuid4())
    with RunLock(settings.home_dir).acquire(run_id):
        _wait_for_warehouse(settings)
        outcome = _execute(settings, None if resume else moment, run_id, quiet=as_json)
        summary = _summarise(settings, outcome)
    if as_json:
        print_json(summary_as_json(summary))
    else:
        say(*summary_lines(summary, settings))
        _explain(summary)
    raise typer.Exit(EXIT_CODES[outcome.status])


def moment_of(text: str | None) -> datetime:
    """Return the moment (naive UTC, whole seconds) that an `--as-of` names; without one, now.

    Raises:
        BadParameter: the text is no moment, or one so far ahead that it can only be a slip.
    """
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    if text is None:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"'{text}' is not a date such as 2026-11-22 or 2026-11-22T03:00"
        raise typer.BadParameter(message, param_hint="--as-of") from error
    moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    if moment > now + FARTHEST_AHEAD:
        message = (
            f"'{text}' is more than a year ahead: history written then would stand before every "
            "day to come"
        )
        raise typer.BadParameter(message, param_hint="--as-of")
    return moment


def _wait_for_warehouse(settings: Settings) -> None:
    """Give the last child of a killed run a moment to let go of the warehouse."""
    with Warehouse.of(settings).connect(patience_seconds=WAREHOUSE_PATIENCE_SECONDS):
        return


def _execute(settings: Settings, as_of: datetime | None, run_id: str, *, quiet: bool) -> RunOutcome:
    outcome = RunOutcome()
    log = settings.dagster_dir / "command_line.log"
    with tools_write_to(log) as stream:
        _show(settings, as_of, run_id, outcome, stream=None if quiet else stream)
    outcome.end()
    return outcome


def _show(
    settings: Settings,
    as_of: datetime | None,
    run_id: str,
    outcome: RunOutcome,
    *,
    stream: TextIO | None,
) -> None:
    with display_on(stream) as display:
        for event in _events(settings, as_of, run_id):
            outcome.note(event)
            display.show(event)


def _events(settings: Settings, as_of: datetime | None, run_id: str) -> Iterator[RunEvent]:
    """Yield what happens in a new run, or in the continued one when there is no `as_of`."""
    from orchestration.cli.dagster_runs import DagsterRuns

    with DagsterRuns(settings.dagster_dir) as runs:
        runs.close_orphans()
        if as_of:
            yield from runs.run(run_id, as_of)
        else:
            store = DecisionStore.of(settings)
            yield from runs.resume(run_id, lambda moment: areas_decided_since(store, moment))


def _summarise(settings: Settings, outcome: RunOutcome) -> RunSummary:
    run_ids = [outcome.run_id, *outcome.continued]
    with Warehouse.of(settings).connect() as connection:
        figures = run_figures(connection, run_ids)
    seen = seen_by_readers(settings.serving_dir)
    snapshot = seen.snapshot
    held_back = None
    if outcome.status == "success" and snapshot and snapshot.as_of != outcome.as_of:
        withdrawn = [item for item in list_snapshots(settings.serving_dir) if item.is_withdrawn]
        same = [item for item in withdrawn if item.as_of == outcome.as_of]
        held_back = same[-1] if same else None
    unclaimed = unclaimed_files(load_contracts(settings.sources_dir), settings.inbox_dir)
    targets = read_target_reports(settings.home_dir)
    return RunSummary(outcome, figures, snapshot, held_back, unclaimed, seen.problem, targets)


def _explain(summary: RunSummary) -> None:
    """Say what stopped the run, and the way out."""
    outcome = summary.outcome
    if outcome.status == "stopped by a gate":
        gates = sorted({f"{check.layer}.{check.table}" for check in outcome.stopped_by})
        complain(f"A gate stopped the run, and nothing was published: {', '.join(gates)}.")
        for finding in summary.figures.gates.critical if summary.figures else ():
            complain(finding_line(finding))
        found = [each for each in known_incidents() if each.is_open]
        for incident in (each for each in found if each.severity == "critical"):
            complain(
                f"Incident {incident.incident_id}, about {incident.customers:,} customers: "
                f"{incident.title}. {incident.what_to_do}"
            )
        for failure in outcome.failures_beside_gates:
            complain(f"Step {failure.step} failed as well: {failure.reason}.")
        complain(
            "Decide (`c360 incidents show ID`; rows set aside: `c360 quarantine list`), then "
            "continue with `c360 run --resume`; after a new delivery, start with `c360 run`."
        )
    elif outcome.status == "interrupted":
        complain("The run was interrupted: `c360 run --resume` continues it.")
    elif outcome.status == "failed":
        for failure in outcome.failures:
            complain(f"Step {failure.step} failed: {failure.reason}.")
        complain(
            "What was done before is kept: remove the cause and continue with `c360 run --resume`. "
            "The full log is in `c360 ui`."
        )

"""The verb `status`: the last runs, what readers see, what the gates found, what is set aside."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from orchestration.cli.environment import prepare_home
from orchestration.cli.figures import Gates, Quarantine, gates_of, last_run_id, quarantine
from orchestration.cli.incidents import incident_as_json, incident_table, known_incidents
from orchestration.cli.published import Seen, seen_by_readers
from orchestration.cli.run_events import PastRun
from orchestration.cli.summary import finding_line, snapshot_as_json, target_line, unclaimed_lines
from orchestration.cli.terminal import print_json, say
from orchestration.gates.incidents import Incident
from orchestration.landing.contract import load_contracts
from orchestration.landing.unclaimed import unclaimed_files
from orchestration.publishing.target_report import TargetReport, read_target_reports
from orchestration.run_lock import LockHolder, RunLock
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse, WarehouseLockedError

SHOWN_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand; gates and quarantine are unknown while a run holds the warehouse."""

    holder: LockHolder | None
    runs: list[PastRun]
    seen: Seen
    targets: tuple[TargetReport, ...]
    is_warehouse_free: bool
    gates: Gates | None
    quarantine: tuple[Quarantine, ...]
    incidents: list[Incident]
    unclaimed: tuple[str, ...]


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the last runs, the published snapshot, open incidents, findings, and the quarantine.

    Reads the Dagster instance, the decision store, serving/, what was last heard of targets and,
    unless a run holds it, the warehouse, all below C360_HOME; writes nothing into them.
    """
    settings = Settings()
    found = _look(settings)
    if as_json:
        print_json(_as_json(found))
    else:
        say(*_lines(found))


def _look(settings: Settings) -> Status:
    holder = RunLock(settings.home_dir).holder()
    # Between two steps of a run the file is free, and must not be taken from the next.
    is_free, gates, set_aside = (False, None, ()) if holder else _warehouse(settings)
    return Status(
        holder=holder,
        runs=_runs(settings),
        seen=seen_by_readers(settings.serving_dir),
        targets=read_target_reports(settings.home_dir),
        is_warehouse_free=is_free,
        gates=gates,
        quarantine=set_aside,
        incidents=[each for each in known_incidents() if each.is_open],
        unclaimed=unclaimed_files(load_contracts(settings.sources_dir), settings.inbox_dir),
    )


def _runs(settings: Settings) -> list[PastRun]:
    if not settings.dagster_dir.is_dir():
        return []
    prepare_home(settings)
    from orchestration.cli.dagster_runs import DagsterRuns

    with DagsterRuns(settings.dagster_dir) as runs:
        return runs.recent()


def _warehouse(settings: Settings) -> tuple[bool, Gates | None, tuple[Quarantine, ...]]:
    if not settings.warehouse_path.exists():
        return True, None, ()
    try:
        with Warehouse.of(settings).connect(read_only=True) as connection:
            run_id = last_run_id(connection)
            gates = gates_of(connection, [run_id]) if run_id else None
            return True, gates, quarantine(connection)
    except WarehouseLockedError:
        return False, None, ()


def _as_json(found: Status) -> dict[str, Any]:
    gates = found.gates
    return {
        "running": asdict(found.holder) if found.holder else None,
        "runs": [asdict(past) for past in found.runs],
        "snapshot": snapshot_as_json(found.seen.snapshot),
        "snapshot_problem": found.seen.problem,
        "targets": [asdict(report) for report in found.targets],
        "warehouse": "free" if found.is_warehouse_free else "held by a run",
        "findings": [asdict(finding) for finding in gates.findings] if gates else [],
        "quarantine": [asdict(rows) for rows in found.quarantine],
        "incidents": [incident_as_json(each) for each in found.incidents],
        "unclaimed_files": found.unclaimed,
    }


def _lines(found: Status) -> Iterator[RenderableType]:
    if not found.runs and found.seen == Seen(None):
        yield "Nothing has run here yet: `c360 run` starts the daily run, on a sample if need be."
        return
    if found.holder:
        yield f"Run {found.holder.run_id[:8]} is at work (process {found.holder.process_id})."
    yield _runs_table(found.runs)
    yield ""
    yield from _snapshot_lines(found.seen)
    yield from (target_line(report) for report in found.targets)
    if found.incidents:
        yield f"Open incidents: {len(found.incidents)} (`c360 incidents show ID`)"
        yield incident_table(found.incidents[:SHOWN_FINDINGS])
    yield from unclaimed_lines(found.unclaimed)
    if not found.is_warehouse_free:
        yield "Gates and quarantine can be shown when the warehouse is free again."
        return
    yield from _finding_lines(found.gates)
    for rows in found.quarantine:
        yield f"Quarantine: {rows.rows:,} rows of {rows.table} ({rows.rule})"


def _runs_table(runs: list[PastRun]) -> Table:
    table = Table("run", "as of", "started (UTC)", "status", box=None, header_style="dim")
    table.padding = (0, 2)
    table.add_column("seconds", justify="right")
    for past in runs:
        table.add_row(
            past.run_id[:8],
            f"{past.as_of:%Y-%m-%d %H:%M}",
            f"{past.started_at:%Y-%m-%d %H:%M}" if past.started_at else "",
            past.status + (" (continued)" if past.continues_run_id else ""),
            f"{past.seconds:,.0f}" if past.seconds is not None else "",
        )
    return table


def _snapshot_lines(seen: Seen) -> Iterator[RenderableType]:
    snapshot = seen.snapshot
    if seen.problem:
        yield Text(f"Readers: {seen.problem}.", style="bold red")
    elif snapshot is None:
        yield "Nothing is published yet."
    else:
        yield (
            f"Readers see snapshot {snapshot.version}, as of {snapshot.as_of:%Y-%m-%d %H:%M}, "
            f"made by run {snapshot.run_id[:8]}."
        )


def _finding_lines(gates: Gates | None) -> Iterator[str]:
    if gates is None:
        return
    held = gates.evaluated - len(gates.findings)
    yield f"Gates of the last run: {held:,} of {gates.evaluated:,} expectations hold."
    for finding in gates.findings[:SHOWN_FINDINGS]:
        yield finding_line(finding)
    if len(gates.findings) > SHOWN_FINDINGS:
        yield f"  and {len(gates.findings) - SHOWN_FINDINGS} more in the data docs"

"""What a run ends with: the same facts as tables for people and as one JSON object for machines."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from orchestration.cli.figures import Finding, NotCarriedOut, RunFigures
from orchestration.cli.run_outcome import RunOutcome
from orchestration.publishing.published import Snapshot
from orchestration.publishing.target_report import TargetReport
from orchestration.settings import Settings

SHOWN_FINDINGS = 10
SHOWN_FILES = 5


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run, what it left in the warehouse, and what readers see after it."""

    outcome: RunOutcome
    figures: RunFigures | None
    snapshot: Snapshot | None
    held_back: Snapshot | None
    unclaimed: tuple[str, ...] = ()
    problem: str | None = None  # why readers see no snapshot, if they do not
    targets: tuple[TargetReport, ...] = ()

    @property
    def has_published(self) -> bool:
        """Whether readers see something this run, or the one it continued, has made."""
        runs = (self.outcome.run_id, *self.outcome.continued)
        return self.snapshot is not None and self.snapshot.run_id in runs


def summary_as_json(summary: RunSummary) -> dict[str, Any]:
    """Return the facts for machines."""
    outcome, figures = summary.outcome, summary.figures
    return {
        "run_id": outcome.run_id,
        "as_of": outcome.as_of,
        "status": outcome.status,
        "seconds": outcome.seconds,
        "stages": outcome.stages,
        "failures": [asdict(failure) for failure in outcome.failures],
        "rows": figures.rows if figures else {},
        "loads": asdict(figures.loads) if figures else {},
        "refused": [asdict(load) for load in figures.refused] if figures else [],
        "not_carried_out": [asdict(each) for each in figures.not_carried_out] if figures else [],
        "unclaimed_files": summary.unclaimed,
        "person_records": figures.person_records if figures else None,
        "customers": figures.customers if figures else None,
        "merges": figures.id_events.get("merged", 0) if figures else None,
        "id_events": figures.id_events if figures else {},
        "gates": gates_as_json(figures) if figures else {},
        "snapshot": snapshot_as_json(summary.snapshot, is_new=summary.has_published),
        "held_back": snapshot_as_json(summary.held_back),
        "snapshot_problem": summary.problem,
        "targets": [asdict(report) for report in summary.targets],
    }


def gates_as_json(figures: RunFigures) -> dict[str, Any]:
    """Return the findings of the gates for machines."""
    gates = figures.gates
    return {
        "evaluated": gates.evaluated,
        "critical_failed": len(gates.critical),
        "warnings": len(gates.warnings),
        "findings": [asdict(finding) for finding in gates.findings],
    }


def snapshot_as_json(snapshot: Snapshot | None, **more: object) -> dict[str, Any] | None:
    """Return a snapshot for machines."""
    if snapshot is None:
        return None
    return {
        "version": snapshot.version,
        "path": str(snapshot.path),
        "run_id": snapshot.run_id,
        "as_of": snapshot.as_of,
        "is_current": snapshot.is_current,
        "is_withdrawn": snapshot.is_withdrawn,
        "tables": {table.table: table.rows for table in snapshot.tables},
        **more,
    }


def summary_lines(summary: RunSummary, settings: Settings) -> Iterator[RenderableType]:
    """Yield the facts for people."""
    outcome, figures = summary.outcome, summary.figures
    yield ""
    title = f"Run {outcome.run_id[:8]} as of {outcome.as_of}: {outcome.status}"
    yield Text(f"{title}, {_duration(outcome.seconds)}", style="bold")
    if figures:
        yield ""
        yield stages_table(outcome, figures)
        yield ""
        yield from _customer_lines(figures)
        yield from _gate_lines(figures)
        yield from _refused_lines(figures)
        yield from not_carried_out_lines(figures.not_carried_out)
    yield from unclaimed_lines(summary.unclaimed)
    yield from _published_lines(summary, settings)


def stages_table(outcome: RunOutcome, figures: RunFigures) -> Table:
    """Return rows and seconds per layer."""
    table = Table("stage", box=None, padding=(0, 2), header_style="dim")
    table.add_column("rows", justify="right")
    table.add_column("seconds", justify="right")
    stages = outcome.stages
    # What a stopped run has not reached is of the day before.
    counted = [stage for stage in figures.rows if stage in stages or outcome.status == "success"]
    for stage in dict.fromkeys([*counted, *stages]):
        rows = f"{figures.rows[stage]:,}" if stage in figures.rows else ""
        seconds = f"{stages[stage]:,.1f}" if stage in stages else ""
        table.add_row(stage, rows, seconds)
    return table


def finding_line(finding: Finding) -> str:
    """Return one expectation that does not hold, in a line."""
    column = f" of {finding.column}" if finding.column else ""
    return (
        f"  {finding.severity}: {finding.layer}.{finding.table}: {finding.expectation}{column}, "
        f"{finding.rows_failing:,} rows ({finding.why})"
    )


def unclaimed_lines(files: tuple[str, ...]) -> Iterator[str]:
    """Yield a line about files that nobody reads, if there are any."""
    if files:
        more = f" and {len(files) - SHOWN_FILES} more" if len(files) > SHOWN_FILES else ""
        yield (
            f"No contract names {len(files)} files of the inbox, so nobody reads them: "
            f"{', '.join(files[:SHOWN_FILES])}{more}. Add a contract, or stop collecting them."
        )


def not_carried_out_lines(found: Sequence[NotCarriedOut]) -> Iterator[str]:
    """Yield a line for each decision on rows in quarantine that came to nothing."""
    yield from (f"  decided and not carried out: {each.subject}: {each.reason}" for each in found)


def target_line(report: TargetReport) -> str:
    """Return in a line what a target holds, or why it does not hold what was published."""
    if report.problem is None:
        return f"{report.target} holds snapshot {report.held}: {report.rows:,} rows."
    if report.held == report.wanted:
        held = f"held snapshot {report.held} when it last answered"
    elif report.held:
        held = f"still holds snapshot {report.held}, not {report.wanted}"
    else:
        held = f"does not hold snapshot {report.wanted}"
    return f"{report.target} {held}: {report.problem} (`c360 targets` tries again)."


def _customer_lines(figures: RunFigures) -> Iterator[str]:
    loads = figures.loads
    yield (
        f"Received {loads.received:,} rows: {loads.landed:,} landed, "
        f"{loads.quarantined:,} in quarantine, {loads.refused:,} refused."
    )
    if figures.person_records:
        events = ", ".join(f"{count:,} {event}" for event, count in figures.id_events.items())
        yield (
            f"{figures.person_records:,} person records are {figures.customers:,} customers "
            f"(ids in this run: {events or 'unchanged'})."
        )


def _gate_lines(figures: RunFigures) -> Iterator[str]:
    gates = figures.gates
    held = gates.evaluated - len(gates.findings)
    yield (
        f"{held:,} of {gates.evaluated:,} expectations hold; "
        f"{len(gates.critical)} critical and {len(gates.warnings)} warnings do not."
    )
    for finding in gates.findings[:SHOWN_FINDINGS]:
        yield finding_line(finding)
    if len(gates.findings) > SHOWN_FINDINGS:
        yield f"  and {len(gates.findings) - SHOWN_FINDINGS} more: `c360 status`"


def _refused_lines(figures: RunFigures) -> Iterator[str]:
    for load in figures.refused:
        yield f"  refused: {load.table}: {load.file}: {load.reason}"


def _published_lines(summary: RunSummary, settings: Settings) -> Iterator[str]:
    snapshot = summary.snapshot
    stable = settings.serving_dir / "customer_360.duckdb"
    yield ""
    if summary.held_back:
        yield (
            f"Nothing published: a rollback took these contents back (version "
            f"{summary.held_back.version}); `c360 rollback --to` shows them again."
        )
    if snapshot is None:
        yield f"Readers: {summary.problem}." if summary.problem else "Nothing is published yet."
        return
    news = "Published" if summary.has_published else "Nothing new published; readers see"
    yield f"{news} snapshot {snapshot.version}: {len(snapshot.tables)} tables."
    yield from (f"  {target_line(report)}" for report in summary.targets)
    yield f"  BI tools   {stable} (read-only: `duckdb -readonly`)"
    yield "  lineage    `c360 ui`"
    yield f"  data docs  {settings.docs_dir / 'index.html'}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"

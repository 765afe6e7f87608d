"""The verb `sample`: make the sample company, or let one more day of it pass."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orchestration.cli.terminal import print_json, say
from orchestration.sample.company import Progress as Report
from orchestration.sample.company import SampleSummary, add_day, make_sample
from orchestration.settings import Settings

CUSTOMERS, DAYS, SEED = 20_000, 3, 7


def sample(  # noqa: PLR0913 - one parameter per option
    customers: Annotated[
        int | None, typer.Option(min=50, help=f"People on the first day. [default: {CUSTOMERS}]")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, help=f"Days of deliveries. [default: {DAYS}]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help=f"Seed of all chance. [default: {SEED}]")] = None,
    end_date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Date of the last day. [default: today, UTC]"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="Where to. [default: C360_HOME]")
    ] = None,
    next_day: Annotated[
        bool, typer.Option("--add-day", help="Add the next day to the sample that is there.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make Duka, the sample company: what its systems deliver, and apart from it the truth.

    Writes inbox/, truth/ and sample.json below C360_HOME or --out, in the place of an older sample
    and never of a real inbox. With --add-day reads sample.json and adds a day of new, changed and
    deleted records. The same seed, size and dates give the same files.
    """
    folder = out.expanduser().resolve() if out else Settings().home_dir
    if next_day and any(option is not None for option in (customers, days, seed, end_date)):
        raise typer.BadParameter("--add-day takes size, seed and dates from the sample itself")
    begun = time.monotonic()
    with _progress(quiet=as_json) as report:
        if next_day:
            summary = add_day(folder, progress=report)
        else:
            summary = make_sample(
                folder,
                customers=customers or CUSTOMERS,
                days=days or DAYS,
                seed=SEED if seed is None else seed,
                end_date=end_date.date() if end_date else _today(),
                progress=report,
            )
    _show(summary, time.monotonic() - begun, as_json=as_json)


def _today() -> date:
    return datetime.now(UTC).date()


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Report]:
    """Show what is being made, on standard error."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=quiet) as display:
        task = display.add_task("people", total=None)
        yield lambda message: display.update(task, description=message)


def _show(summary: SampleSummary, seconds: float, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "folder": summary.folder,
                "first_day": summary.first_day,
                "last_day": summary.last_day,
                "customers": summary.customers,
                "person_records": summary.person_records,
                "rows": summary.rows,
                "seconds": round(seconds, 1),
            }
        )
        return
    say(
        f"{summary.customers:,} people in {summary.person_records:,} records, "
        f"{sum(summary.rows.values()):,} rows written in {seconds:.1f} s.",
        f"Days    {summary.first_day} to {summary.last_day}",
        f"Inbox   {summary.folder / 'inbox'}",
        f"Truth   {summary.folder / 'truth'} (read by nothing but `c360 evaluate` and tests)",
        *_when_to_run(summary),
    )


def _when_to_run(summary: SampleSummary) -> Iterator[str]:
    """Say on which day a run belongs whose deliveries are of a day to come: gates refuse those."""
    if summary.last_day > _today():
        yield f"Run     `c360 run --as-of {summary.last_day}`: the last day is still to come"

"""The verb `snapshots`: which versions of the marts are kept, and which one readers see."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from orchestration.cli.published import seen_by_readers
from orchestration.cli.summary import snapshot_as_json
from orchestration.cli.terminal import print_json, say
from orchestration.publishing.published import Snapshot, list_snapshots, snapshot_known_on
from orchestration.settings import Settings


def snapshots(
    check: Annotated[
        bool, typer.Option("--check", help="Read every row, and say which snapshots are whole.")
    ] = False,
    known_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only the version that was known on this day."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the published snapshots, newest first; or say which was known on a day, and where it is.

    Any mart can be read there as it was known then. Reads serving/ below C360_HOME; writes nothing.
    """
    serving_dir = Settings().serving_dir
    if known_on is not None:
        snapshot = snapshot_known_on(serving_dir, known_on.date())
        if as_json:
            print_json({"snapshot": snapshot_as_json(snapshot)})
        else:
            say(f"Known on {known_on:%Y-%m-%d}: {snapshot.version}", str(snapshot.path))
        return
    kept = list_snapshots(serving_dir, check=check)[::-1]
    problem = seen_by_readers(serving_dir).problem
    if as_json:
        listed = [snapshot_as_json(each, is_damaged=each.is_damaged) for each in kept]
        print_json({"snapshots": listed, "problem": problem})
        return
    if problem:
        say(Text(f"Readers: {problem}.", style="bold red"), "")
    if kept:
        say(_table(kept, check=check))
    elif not problem:
        say("Nothing is published yet: `c360 run` makes and publishes the first snapshot.")


def _table(kept: list[Snapshot], *, check: bool) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    for title in ("version", "as of", "run"):
        table.add_column(title, no_wrap=True)
    table.add_column("tables", justify="right")
    table.add_column("rows", justify="right")
    table.add_column("")
    for snapshot in kept:
        table.add_row(
            snapshot.version,
            f"{snapshot.as_of:%Y-%m-%d %H:%M}",
            snapshot.run_id[:8],
            f"{len(snapshot.tables):,}",
            f"{sum(contents.rows for contents in snapshot.tables):,}",
            _state(snapshot, check=check),
        )
    return table


def _state(snapshot: Snapshot, *, check: bool) -> str:
    words = ["damaged"] if snapshot.is_damaged else ["whole"] if check else []
    words += ["current"] if snapshot.is_current else []
    words += ["withdrawn"] if snapshot.is_withdrawn else []
    return ", ".join(words)

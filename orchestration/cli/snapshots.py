"""The verb `snapshots`: which versions of the marts are kept, and which one readers see."""

from typing import Annotated

import typer
from rich.table import Table

from orchestration.cli.summary import snapshot_as_json
from orchestration.cli.terminal import print_json, say
from orchestration.publishing.snapshots import Snapshot, list_snapshots
from orchestration.settings import Settings


def snapshots(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the published snapshots, newest first.

    Reads serving/ below C360_HOME; writes nothing.
    """
    kept = list_snapshots(Settings().serving_dir)[::-1]
    if as_json:
        print_json({"snapshots": [snapshot_as_json(snapshot) for snapshot in kept]})
    elif kept:
        say(_table(kept))
    else:
        say("Nothing is published yet: `c360 run` makes and publishes the first snapshot.")


def _table(kept: list[Snapshot]) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    for title in ("version", "as of", "run"):
        table.add_column(title, no_wrap=True)
    table.add_column("tables", justify="right")
    table.add_column("rows", justify="right")
    table.add_column("")
    for snapshot in kept:
        state = "current" if snapshot.is_current else ""
        table.add_row(
            snapshot.version,
            f"{snapshot.as_of:%Y-%m-%d %H:%M}",
            snapshot.run_id[:8],
            f"{len(snapshot.tables):,}",
            f"{sum(contents.rows for contents in snapshot.tables):,}",
            "withdrawn" if snapshot.is_withdrawn else state,
        )
    return table

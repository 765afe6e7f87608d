"""The verb `segments`: hold the segment files against what is published."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.table import Table

from orchestration.cli.errors import CommandLineError
from orchestration.cli.terminal import print_json, say
from orchestration.publishing.published import current_snapshot
from orchestration.segments.definition import segment_folders
from orchestration.segments.evaluation import ReadSegment, member_counts, read_segments
from orchestration.settings import Settings

REFUSED = 2


class Action(StrEnum):
    """What can be done with segments."""

    CHECK = "check"


def segments(
    action: Annotated[Action, typer.Argument(help="What to do.")] = Action.CHECK,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check every segment file: who is in it by the published marts, or why it is refused.

    Reads the segment files and the published snapshot, never the warehouse: it works while a run
    is at work, and writes nothing. Ends with 2 when a file is refused.
    """
    settings = Settings()
    snapshot = current_snapshot(settings.serving_dir)
    if snapshot is None:
        raise CommandLineError("nothing is published yet to hold segments against: `c360 run`")
    with duckdb.connect(str(snapshot.path), read_only=True) as connection:
        read = read_segments(connection, settings.company_dir)
        counts = member_counts(connection, read)
    if as_json:
        found = [_described(each, counts) for each in read]
        print_json({"action": action.value, "version": snapshot.version, "segments": found})
    else:
        _say(read, counts, segment_folders(settings.company_dir))
    if any(each.reason for each in read):
        raise typer.Exit(REFUSED)


def _described(each: ReadSegment, counts: dict[str, int]) -> dict[str, object]:
    return {
        "segment": each.name,
        "owner": each.segment.owner if each.segment else None,
        "purpose": each.segment.purpose if each.segment else None,
        "status": "refused" if each.reason else "in_use",
        "members": counts.get(each.name),
        "reason": each.reason,
    }


def _say(read: list[ReadSegment], counts: dict[str, int], folders: tuple[Path, ...]) -> None:
    table = Table("segment", "purpose", "members today", box=None, padding=(0, 2))
    for each in read:
        if each.segment and not each.reason:
            table.add_row(each.name, each.segment.purpose, f"{counts[each.name]:,}")
    refused = [str(each.reason) for each in read if each.reason]
    files = ", ".join(str(folder) for folder in folders)
    say(f"{len(read)} segments in {files}, {len(refused)} refused.", table)
    say(*(f"refused: {reason}" for reason in refused))

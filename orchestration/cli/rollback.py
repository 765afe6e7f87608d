"""The verb `rollback`: lead readers back to an earlier snapshot."""

from typing import Annotated

import typer

from orchestration.cli.summary import snapshot_as_json
from orchestration.cli.terminal import print_json, say
from orchestration.publishing import rollback as publishing
from orchestration.settings import Settings


def rollback(
    to: Annotated[
        str | None,
        typer.Option(metavar="VERSION", help="The version to show. [default: the one before]"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Lead readers back to an earlier snapshot; newer ones are marked as withdrawn.

    Reads and writes serving/ below C360_HOME; the warehouse is not touched. A later run publishes
    again as soon as it comes to other contents. Naming a newer version goes forward again.
    """
    snapshot = publishing.rollback(Settings().serving_dir, to)
    if as_json:
        print_json({"snapshot": snapshot_as_json(snapshot)})
    else:
        say(
            f"Readers now see snapshot {snapshot.version} (as of {snapshot.as_of:%Y-%m-%d %H:%M}, "
            f"run {snapshot.run_id[:8]}); those at work keep what they opened."
        )

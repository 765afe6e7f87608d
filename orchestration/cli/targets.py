"""The verb `targets`: load the published snapshot where else it is wanted, and say how it went."""

from dataclasses import asdict
from typing import Annotated

import typer

from orchestration.cli.errors import CommandLineError
from orchestration.cli.summary import target_line
from orchestration.cli.terminal import print_json, say
from orchestration.publishing.postgres_delivery import deliver
from orchestration.publishing.published import current_snapshot
from orchestration.settings import Settings


def targets(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Load the published snapshot into PostgreSQL, if C360_POSTGRES_TARGET names one.

    Reads the published snapshot; writes the schema customer_360 of that database, switched in by
    one transaction. Tried three times; what goes wrong there changes nothing of the snapshot. When
    the setting is there, every `c360 run` does it too; `c360 status` tells what came of it.
    """
    settings = Settings()
    snapshot = current_snapshot(settings.serving_dir)
    if snapshot is None:
        raise CommandLineError("nothing is published yet: `c360 run` publishes the first snapshot")
    if settings.postgres_target is None:
        raise CommandLineError("C360_POSTGRES_TARGET is not set: postgresql://user@host/database")
    address = settings.postgres_target.get_secret_value()
    report = deliver(snapshot, address, settings.home_dir)
    if as_json:
        print_json({"targets": [asdict(report)]})
    else:
        say(target_line(report))
    if report.problem:
        raise typer.Exit(1)

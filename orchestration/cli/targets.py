"""The verb `targets`: load the published snapshot where else it is wanted, and say how it went."""

from typing import Annotated

import typer

from orchestration.cli.errors import CommandLineError
from orchestration.cli.terminal import print_json, say
from orchestration.publishing.postgres_target import load_with_retries
from orchestration.publishing.snapshots import current_snapshot
from orchestration.settings import Settings


def targets(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Load the published snapshot into PostgreSQL, if C360_POSTGRES_TARGET names one.

    Reads the published snapshot; writes the schema customer_360 of that database, switched in by
    one transaction. Tried three times; what goes wrong there changes nothing of the snapshot.
    """
    settings = Settings()
    snapshot = current_snapshot(settings.serving_dir)
    if snapshot is None:
        raise CommandLineError("nothing is published yet: `c360 run` publishes the first snapshot")
    if settings.postgres_target is None:
        raise CommandLineError("C360_POSTGRES_TARGET is not set: postgresql://user@host/database")
    load = load_with_retries(snapshot.path, settings.postgres_target.get_secret_value())
    if as_json:
        print_json(
            {"postgres": {"version": load.version, "rows": load.rows, "is_new": load.is_new}}
        )
    elif load.is_new:
        say(
            f"PostgreSQL holds snapshot {load.version}: {load.tables} tables, {load.rows:,} rows,"
            f" {load.seconds:.1f} s."
        )
    else:
        say(f"PostgreSQL holds snapshot {load.version} already.")

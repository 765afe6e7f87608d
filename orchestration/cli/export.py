"""The verb `export`: the published marts as Parquet files."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.errors import CommandLineError
from orchestration.cli.terminal import print_json, say
from orchestration.publishing.parquet_export import export_parquet
from orchestration.publishing.published import current_snapshot
from orchestration.settings import Settings


def export(
    folder: Annotated[Path, typer.Argument(help="Folder of the files; made if it is not there.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Write every published mart as one Parquet file, for tools that prefer files.

    Reads the published snapshot; writes FOLDER/<version>/ and leads FOLDER/latest there.
    """
    snapshot = current_snapshot(Settings().serving_dir)
    if snapshot is None:
        raise CommandLineError("nothing is published yet: `c360 run` publishes the first snapshot")
    done = export_parquet(snapshot, folder.expanduser().resolve())
    if as_json:
        print_json({"folder": done.folder, "version": done.version, "tables": done.tables})
    else:
        say(f"Snapshot {done.version} is {done.tables} Parquet files in {done.folder}.")

"""`c360 bench bi`: readers of the snapshot while runs publish."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestration.bench.business_intelligence import bench_business_intelligence
from orchestration.cli.errors import CommandLineError
from orchestration.cli.terminal import print_json, say
from orchestration.publishing.published import current_snapshot
from orchestration.settings import Settings

QUIET_SECONDS = 60  # readers with nothing beside them


def bi(
    rows: Annotated[int, typer.Option(help="Customers in the marts.")] = 100_000,
    readers: Annotated[int, typer.Option(help="Reader processes.")] = 50,
    runs: Annotated[int, typer.Option(help="Runs that publish meanwhile.")] = 20,
    mishaps: Annotated[
        bool, typer.Option(help="Also kill runs, fill a disk, and read the bare file.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure readers through runs that publish, through kills, and on the bare warehouse file.

    Reads the published snapshot of this home, whose customers are multiplied; works in a temporary
    folder that is deleted afterwards.
    """
    snapshot = current_snapshot(Settings().serving_dir)
    if snapshot is None:
        raise CommandLineError("nothing is published yet: `c360 run` publishes the first snapshot")
    with tempfile.TemporaryDirectory(prefix="c360-bench-") as folder:
        figures = bench_business_intelligence(
            snapshot.path,
            Path(folder),
            customers=rows,
            readers=readers,
            runs=runs,
            quiet_seconds=QUIET_SECONDS,
            has_mishaps=mishaps,
            progress=Console(stderr=True).print,
        )
    if as_json:
        print_json(figures)
        return
    table = Table("figure", "value", title=f"{rows:,} customers, {readers} readers")
    by_query = figures.pop("p95_ms_by_query")
    for name, value in figures.items():
        table.add_row(name.replace("_", " "), f"{value:,}")
    for name, found in by_query.items():
        words = (
            f"{found['alone']:,} ({found['during_runs']:,} during runs; "
            f"{found['processor']:,} of processor time)"
        )
        table.add_row(f"p95 ms of {name}", words)
    say(table)

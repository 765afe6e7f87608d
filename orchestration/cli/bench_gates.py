"""`c360 bench gates`: faults caught, false stops, and GX on DuckDB beside its pandas batch."""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from orchestration.bench.company_layers import CompanyLayers
from orchestration.bench.gate_speed import bench_speed
from orchestration.bench.gates import bench_faults
from orchestration.bench.inner_faults import FAULTS

ROWS = (1_000_000,)


def gates(
    rows: Annotated[
        list[int] | None,
        typer.Option(help="Rows of the comparison with pandas; may be given again. 0: none."),
    ] = None,
    customers: Annotated[int, typer.Option(help="Customers of the simulated company.")] = 8_000,
    days: Annotated[int, typer.Option(min=0, help="Clean days before the faults. 0: none.")] = 60,
    keep: Annotated[
        Path | None,
        typer.Option(help="Folder of the measurement: one that was cut short goes on there."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Break a clean day in many ways, and see which the gates catch, name rightly, and in time.

    Sixty days take about half an hour. Works in a temporary folder that is deleted afterwards, or
    in the one that `--keep` names; reads nothing of yours.
    """
    progress = Console(stderr=True)
    figures: dict[str, Any] = {}
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="c360-")))
        folder.mkdir(parents=True, exist_ok=True)
        speeds = [bench_speed(folder, number, os.environ) for number in rows or ROWS if number]
        if days:
            figures |= bench_faults(
                folder,
                customers=customers,
                clean_days=days,
                faults=FAULTS,
                layers=CompanyLayers(os.environ),
                progress=progress.print,
            )
    if speeds:
        figures["seconds_gx"] = speeds[0]["duckdb"]["seconds"]
        figures["seconds_pandas"] = speeds[0]["pandas"]["seconds"]
        figures["speed"] = speeds
    _print(figures, as_json=as_json)


def _print(figures: dict[str, Any], *, as_json: bool) -> None:
    console = Console(soft_wrap=True)
    if as_json:
        console.print_json(data=figures)
        return
    for name, value in figures.items():
        if name not in ("verdicts", "speed"):
            console.print(f"{name:<20}{value}")
    for speed in figures.get("speed", ()):
        took = {name: speed[name] for name in ("duckdb", "pandas")}
        for name, engine in took.items():
            console.print(
                f"{speed['rows']:,} rows, {name}: {engine['seconds']} s, "
                f"{engine['processor_seconds']} processor s, {engine['added_mb']:,} MB"
            )
        console.print(
            f"{speed['rows']:,} rows: {speed['times_faster']} times as fast as pandas, "
            f"with {speed['memory_share']} of its memory"
        )
    for verdict in figures.get("verdicts", ()):
        word = "caught" if verdict["caught"] else "MISSED"
        console.print(f"  {word:<8}{verdict['fault']}")

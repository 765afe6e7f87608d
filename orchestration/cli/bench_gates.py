"""`c360 bench gates`: faults caught, false stops, and GX on DuckDB beside its pandas batch."""

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration.bench.gate_speed import bench_speed
from orchestration.bench.gates import bench_faults


def gates(
    rows: Annotated[int, typer.Option(help="Rows of the comparison with pandas.")] = 1_000_000,
    customers: Annotated[int, typer.Option(help="Customers of the simulated company.")] = 8_000,
    days: Annotated[int, typer.Option(min=7, help="Clean days before the faults.")] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Break a clean day in many ways, and see which the gates of landing catch, and name rightly.

    Works in a temporary folder that is deleted afterwards; reads nothing of yours. `--days 0` is
    refused: without a history there are no bands.
    """
    progress = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="c360-bench-") as folder:
        speed = bench_speed(Path(folder), rows, os.environ)
        figures = bench_faults(
            Path(folder), customers=customers, clean_days=days, progress=progress.print
        )
    figures |= {
        "seconds_gx": speed["duckdb"]["seconds"],
        "seconds_pandas": speed["pandas"]["seconds"],
        "speed": speed,
    }
    console = Console(soft_wrap=True)
    if as_json:
        console.print_json(data=figures)
        return
    for name, value in figures.items():
        if name not in ("verdicts", "speed"):
            console.print(f"{name:<20}{value}")
    for verdict in figures["verdicts"]:
        word = "caught" if verdict["caught"] else "MISSED"
        console.print(f"  {word:<8}{verdict['fault']}")

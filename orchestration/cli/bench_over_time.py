"""The verb `bench over-time`: what days, undos, changes and questions do to identity."""

import os
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from orchestration.bench.over_time.everything import PARTS, bench_over_time
from orchestration.cli.terminal import print_json


def over_time(
    rows: Annotated[int, typer.Option(help="Person records of the thirty days.")] = 20_000,
    sequences: Annotated[int, typer.Option(help="Sequences of merges and undos.")] = 10_000,
    sizes: Annotated[
        str, typer.Option(help="Person records at which costs are measured, with commas.")
    ] = "100000,1000000",
    pairs: Annotated[int, typer.Option(help="Pairs to explain and hold to the oracle.")] = 10_000,
    only: Annotated[
        str, typer.Option(help=f"Parts to measure, with commas: {', '.join(PARTS)}.")
    ] = ",".join(PARTS),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure whether ids change without a cause over thirty days, and whether undos leave nothing.

    Works on made people in a temporary folder that is deleted afterwards; reads nothing of yours.
    """
    chosen = [part.strip() for part in only.split(",")]
    if unknown := sorted(set(chosen) - set(PARTS)):
        raise typer.BadParameter(f"unknown parts: {', '.join(unknown)}", param_hint="--only")
    found = bench_over_time(
        rows=rows,
        sequences=sequences,
        sizes=[int(size) for size in sizes.split(",")],
        pairs=pairs,
        parts=chosen,
        environment=os.environ,
        progress=Console(stderr=True).print,
    )
    if as_json:
        print_json(found)
        return
    table = Table("figure", "value", title="Identity over time")
    for name, value in _lines("", found):
        table.add_row(name, value)
    Console().print(table)


def _lines(prefix: str, found: dict[str, Any]) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for name, value in found.items():
        words = f"{prefix}{name.replace('_', ' ')}"
        if isinstance(value, dict):
            lines += _lines(f"{words}: ", value)
        else:
            lines.append((words, f"{value:,}" if isinstance(value, int | float) else str(value)))
    return lines

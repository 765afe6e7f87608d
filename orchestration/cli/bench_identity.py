"""The verb `bench identity`: our engine beside Splink and stock recordlinkage."""

import importlib.util
import os
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from orchestration.bench.identity import bench_identity
from orchestration.bench.splink_rules import FOR_MANY
from orchestration.cli.terminal import print_json

_FIGURES = (
    "seconds",
    "processor_seconds",
    "peak_rss_mb",
    "pairs",
    "precision",
    "recall",
    "f1_default",
    "f1_best",
    "calibration_error",
)
_TOOLS = ("ours", "ours_same_pairs", "splink", "recordlinkage")


def identity(  # noqa: PLR0913  what to measure, on what, against whom
    rows: Annotated[int, typer.Option(help="Records to make; 0 for none.")] = 100_000,
    sets: Annotated[
        Path | None, typer.Option(help="Folder of public sets: */resolve.yml with truth.csv.")
    ] = None,
    stock: Annotated[
        bool, typer.Option("--stock", help="Run stock recordlinkage too, which takes minutes.")
    ] = False,
    home: Annotated[
        Path | None,
        typer.Option(help="C360_HOME of a sample company: warehouse.duckdb, truth/."),
    ] = None,
    rounds: Annotated[
        int, typer.Option(help="So often at this size, in turns; the least disturbed counts.")
    ] = 1,
    narrow: Annotated[
        bool, typer.Option("--narrow", help="Give Splink its narrow rules only, not both sets.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure time, memory and F1 of the identity engine and its peers on the same records.

    Needs Splink (`uv sync --group bench`). Works in a temporary folder; writes nothing of yours.
    """
    if importlib.util.find_spec("splink") is None:
        raise typer.BadParameter("Splink is not installed: `uv sync --group bench`")
    progress = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="c360-bench-") as folder:
        found = bench_identity(
            Path(folder),
            rows=rows,
            sets=sets,
            home=home,
            stock=stock,
            rounds=rounds,
            rule_sets=("narrow",) if narrow else FOR_MANY,
            environment=os.environ,
            progress=progress.print,
        )
    if as_json:
        print_json(found)
        return
    table = Table("records", "tool", *(name.replace("_", " ") for name in _FIGURES))
    _add(table, f"{rows:,} made", found)
    for name, measured in found.get("sets", {}).items():
        _add(table, name, measured)
    Console().print(table)


def _add(table: Table, name: str, found: dict[str, Any]) -> None:
    for tool in _TOOLS:
        if tool in found:
            figures = [str(found[tool].get(figure, "")) for figure in _FIGURES]
            table.add_row(name, tool.replace("_", " "), *figures)

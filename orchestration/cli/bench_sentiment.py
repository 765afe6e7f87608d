"""The verb `bench sentiment`: our rating of texts held against that of people."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestration.bench.sentiment import PATTERN, bench_sentiment
from orchestration.cli.errors import CommandLineError
from orchestration.cli.terminal import print_json


def sentiment(
    ratings: Annotated[
        Path, typer.Option(help=f"Folder with {PATTERN}: number, mean rating, text.", exists=True)
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure how far the sentiment of English texts agrees with what people said of them.

    The ratings that VADER was published with are in the source package of vaderSentiment 0.5.
    Reads the folder and writes nothing.
    """
    figures = bench_sentiment(ratings)
    if not figures:
        raise CommandLineError(f"no {PATTERN} in {ratings}")
    if as_json:
        print_json(figures)
        return
    table = Table("texts of", *next(iter(figures.values())))
    for name, found in figures.items():
        table.add_row(name, *(f"{value:,}" for value in found.values()))
    Console().print(table)

"""The verb `bench names`: names across scripts, measured on pairs that nothing was learned from."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestration.bench.names import bench_names, learn_letter_evidence
from orchestration.cli.terminal import print_json

_COLUMNS = {
    "held_out": "held-out pairs",
    "recall_plain": "plain + Jaro-Winkler",
    "recall_spelled": "our spelling + Jaro-Winkler",
    "recall_learned": "learned",
    "recall_learned_by_use": "learned, by use",
    "pair_f1": "pair F1",
    "blocking_recall": "blocking recall",
    "blocking_chance": "of random pairs",
}


def names(
    pairs: Annotated[Path, typer.Option(help="Folder of attested pairs, a CSV per script.")],
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn the letter evidence anew first.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure how well names of other scripts find their Latin writing.

    Recall is at 1 % false positives on random pairs. Reads the folder; with --learn it also writes
    the letter evidence of the package (a few minutes), otherwise nothing.
    """
    console = Console(stderr=True)
    if learn:
        console.print(f"{learn_letter_evidence(pairs):,} correspondences learned")
    figures = bench_names(pairs)
    if as_json:
        print_json(figures)
        return
    table = Table("script", *_COLUMNS.values(), title="Names across scripts")
    for script, measured in figures.items():
        table.add_row(script, *(f"{measured[name]:,}" for name in _COLUMNS))
    Console().print(table)

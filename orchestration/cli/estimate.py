"""The verb `estimate`: precision and recall of a resolution, from judgements of a sample."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestration.cli.identity_input import exit_on_wrong_input
from orchestration.cli.terminal import print_json
from orchestration.identity.judged_sample import Estimate
from orchestration.identity.judgement_files import estimate_from_files


def estimate(
    edges: Annotated[Path, typer.Argument(help="edges.parquet that `c360 resolve` wrote.")],
    judged: Annotated[Path, typer.Argument(help="to_judge.csv with verdicts: yes or no.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Estimate precision and recall at each threshold from judged pairs, with 95 % intervals.

    Reads both files and writes nothing. Pairs without a verdict do not count; the fewer are judged,
    the wider the intervals. Recall is that among pairs that were scored.
    """
    with exit_on_wrong_input(as_json):
        found = estimate_from_files(edges, judged)
    if as_json:
        print_json({"thresholds": [asdict(quality) for quality in found]})
        return
    table = Table("threshold", "pairs", "judged", "precision", "recall")
    for quality in found:
        table.add_row(
            f"{quality.threshold:g}",
            f"{quality.pairs:,}",
            f"{quality.judged:,}",
            _with_interval(quality.precision),
            _with_interval(quality.recall),
        )
    Console().print(table)


def _with_interval(estimated: Estimate) -> str:
    return f"{estimated.value:.3f} ({estimated.low:.3f} to {estimated.high:.3f})"

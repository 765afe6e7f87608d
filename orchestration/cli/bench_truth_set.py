"""The verb `bench truth-set`: the adversarial truth set, test group by test group."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration.bench.truth_set import measure_truth_set
from orchestration.cli.evaluate import segment_table
from orchestration.cli.terminal import print_json, say


def truth_set(
    folder: Annotated[Path, typer.Option(help="Folder of the truth set: records and answer key.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure people and organisations of Senzing's truth set, test group by test group.

    Works in a temporary folder; writes nothing of yours.
    """
    with tempfile.TemporaryDirectory(prefix="c360-bench-") as work:
        found, segments = measure_truth_set(folder, Path(work))
    if as_json:
        print_json({**asdict(found), "segments": [asdict(segment) for segment in segments]})
        return
    pairs = found.pairwise
    say(f"pairs: precision {pairs.precision:.3f}, recall {pairs.recall:.3f}, F1 {pairs.f1:.3f}")
    Console().print(segment_table(segments))

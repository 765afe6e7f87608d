"""The verb `evaluate`: clusters against truth."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestration.cli.identity_input import exit_on_wrong_input
from orchestration.cli.terminal import print_json, say
from orchestration.identity.evaluate import (
    Blunder,
    Evaluation,
    Quality,
    evaluate_files,
    read_clusters,
    read_truth,
)
from orchestration.identity.evaluate_segments import Segment, evaluate_segments, read_segments


def evaluate(
    clusters: Annotated[
        Path,
        typer.Argument(help="Clusters: source, record_id, cluster_id; or a warehouse.duckdb."),
    ],
    truth: Annotated[Path, typer.Argument(help="Truth: source, record_id, entity_id.")],
    segments: Annotated[
        Path | None,
        typer.Option(help="What records (source, record_id) or people (entity_id) are like."),
    ] = None,
    by: Annotated[
        str, typer.Option(help="Columns of the segments file to measure by, between commas.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure clusters against truth: precision, recall and F1 of pairs, B-cubed, worst blunders.

    Reads CSV or Parquet files and writes nothing. Blunders are shown as keys. With `--segments`
    also by segment, where both records of a pair lie in it, and between each two sources.
    """
    if by and segments is None:
        raise typer.BadParameter("--by names columns of a file: give it with --segments")
    measured: tuple[Segment, ...] = ()
    with exit_on_wrong_input(as_json):
        found = evaluate_files(clusters, truth)
        if segments is not None:
            columns = [name.strip() for name in by.split(",") if name.strip()]
            described = read_segments(segments, columns)
            made, wanted = read_clusters(clusters), read_truth(truth)
            measured = evaluate_segments(made, wanted, described, columns)
    if as_json:
        print_json({**asdict(found), "segments": [asdict(segment) for segment in measured]})
        return
    say(*_lines(found))
    if measured:
        Console().print(segment_table(measured))


def segment_table(segments: tuple[Segment, ...]) -> Table:
    """Return segments as a table for the terminal."""
    table = Table("segment", "", "records", "true pairs", "precision", "recall", "F1")
    for segment in segments:
        figures = (segment.quality.precision, segment.quality.recall, segment.quality.f1)
        table.add_row(
            segment.name,
            segment.value,
            f"{segment.records:,}",
            f"{segment.true_pairs:,}",
            *(f"{figure:.3f}" for figure in figures),
        )
    return table


def _lines(found: Evaluation) -> list[str]:
    lines = [
        f"{found.records:,} records, {found.clusters:,} clusters of {found.entities:,} people",
        f"pairs    {_figures(found.pairwise)}",
        f"B-cubed  {_figures(found.b_cubed)}",
        f"{found.wrong_clusters:,} clusters mix people (the largest has "
        f"{found.largest_wrong_cluster} records), {found.torn_entities:,} people are torn apart",
    ]
    if found.not_clustered:
        lines.append(f"{found.not_clustered:,} records of the truth have no cluster")
    lines += [f"mixed: {_blunder(blunder)}" for blunder in found.worst_merges]
    lines += [f"torn: {_blunder(blunder)}" for blunder in found.worst_misses]
    return lines


def _figures(quality: Quality) -> str:
    return f"precision {quality.precision:.4f}  recall {quality.recall:.4f}  F1 {quality.f1:.4f}"


def _blunder(blunder: Blunder) -> str:
    more = " ..." if blunder.records > len(blunder.keys) else ""
    return f"{blunder.wrong_pairs:,} pairs, {', '.join(blunder.keys)}{more}"

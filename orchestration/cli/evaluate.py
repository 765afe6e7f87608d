"""The verb `evaluate`: clusters against truth."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.identity_input import exit_on_wrong_input
from orchestration.cli.terminal import print_json, say
from orchestration.identity.evaluate import Blunder, Evaluation, Quality, evaluate_files


def evaluate(
    clusters: Annotated[Path, typer.Argument(help="Clusters: source, record_id, cluster_id.")],
    truth: Annotated[Path, typer.Argument(help="Truth: source, record_id, entity_id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure clusters against truth: precision, recall and F1 of pairs, B-cubed, worst blunders.

    Reads two CSV or Parquet files and writes nothing. Blunders are shown as keys.
    """
    with exit_on_wrong_input(as_json):
        found = evaluate_files(clusters, truth)
    if as_json:
        print_json(asdict(found))
    else:
        say(*_lines(found))


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

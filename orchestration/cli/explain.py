"""The verb `explain`: why two records are, or are not, one person."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestration.cli.identity_input import exit_on_wrong_input
from orchestration.cli.terminal import print_json, say
from orchestration.identity.explaining.explainer import Explainer
from orchestration.identity.explaining.explanation import Explanation
from orchestration.identity.explaining.waterfall import waterfall_steps, write_waterfall
from orchestration.identity.explaining.words import sentences
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse

CHART_ENDINGS = (".svg", ".png", ".html")
BAR_WIDTH = 48


def explain(
    one: Annotated[str, typer.Argument(help="A record, such as crm:1042, or a customer id.")],
    other: Annotated[str, typer.Argument(help="Another record or customer.")],
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Write the waterfall to .svg, .png or .html.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say why two records are, or are not, one person, field by field and rule by rule.

    Reads the warehouse (not while a run writes it); writes nothing but the chart. Shows keys,
    levels and weights, never a value. Of two customers the likeliest pair of records is explained.
    """
    if chart is not None and chart.suffix not in CHART_ENDINGS:
        raise typer.BadParameter(f"a chart ends in {', '.join(CHART_ENDINGS)}")
    with exit_on_wrong_input(as_json):
        with Warehouse.of(Settings()).connect(read_only=True) as connection:
            found = Explainer(connection).explain(one, other)
        if chart is not None:
            write_waterfall(found, chart)
    if as_json:
        was = {"weakest_link": asdict(found.weakest_link) if found.weakest_link else None}
        print_json({**asdict(found), **was, "sentences": sentences(found)})
        return
    say(*sentences(found))
    Console().print(_table(found))
    if chart is not None:
        say(f"Chart: {chart}")


def _table(found: Explanation) -> Table:
    """Draw the waterfall with the characters of a terminal."""
    steps = waterfall_steps(found)
    edges = [edge for step in steps for edge in (step.begins, step.ends)]
    scale = BAR_WIDTH / max(max(edges) - min(edges), 1e-9)
    table = Table("evidence", "bits", "", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for step in steps:
        start, end = sorted((step.begins, step.ends))
        before, length = int((start - min(edges)) * scale), max(int((end - start) * scale), 1)
        colour = "green" if step.bits >= 0 else "red"
        table.add_row(step.step, f"{step.bits:+.1f}", f"{' ' * before}[{colour}]{'█' * length}[/]")
    return table

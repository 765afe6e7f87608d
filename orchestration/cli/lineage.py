"""The verb `lineage`: from any column back to the source columns, and forward to who uses it."""

from typing import Annotated, Any

import typer
from rich.table import Table

from orchestration.cli.terminal import print_json, say
from orchestration.lineage.columns import ROWS, ColumnName
from orchestration.lineage.graph import ColumnGraph, Direction, Walk
from orchestration.lineage.page import address_of, write_page
from orchestration.lineage.pipeline_graph import pipeline_graph
from orchestration.settings import Settings

PAGE = "lineage.html"


def lineage(
    column: Annotated[
        str, typer.Argument(metavar="TABLE.COLUMN", help="For example customer_360.revenue_usd.")
    ],
    up: Annotated[bool, typer.Option("--up", help="What it is made of. [default]")] = False,
    down: Annotated[bool, typer.Option("--down", help="What is made of it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show which source columns a column is made of, or who uses it in the end.

    Follows a value through contracts, landing, dbt's models, the identity step and the marts to
    metrics, dashboard and clients. What merely filters, joins or chooses is no part of a value.
    Reads the contracts and what dbt last ran, never the warehouse: it works while a run is at
    work. Writes docs/lineage.html below C360_HOME, which draws the way as a graph.
    """
    settings = Settings()
    graph = pipeline_graph(settings.sources_dir, settings.home_dir / "dbt")
    start = graph.find(column)
    page = write_page(graph, settings.docs_dir / PAGE)
    directions: list[Direction] = ["down"] if down and not up else ["up"]
    if up and down:
        directions = ["up", "down"]
    walks = {direction: graph.walk(start, direction) for direction in directions}
    if as_json:
        print_json(_as_json(graph, start, walks))
        return
    for direction, walk in walks.items():
        say(_sentence(walk, direction), _table(graph, walk))
    if graph.unread:
        say(f"Not followed, being Python without `meta.made_of`: {', '.join(graph.unread)}.")
    say(f"Drawn: {address_of(page, start, directions[0])}")


def _sentence(walk: Walk, direction: Direction) -> str:
    ends = len(walk.ends)
    if not walk.edges:
        nothing = "made of no other column" if direction == "up" else "used by nothing"
        return f"{_shown(walk.start)} is {nothing}."
    verb = "is made of" if direction == "up" else "ends in"
    return f"{_shown(walk.start)} {verb} {ends} column{'s' if ends > 1 else ''} (marked •):"


def _table(graph: ColumnGraph, walk: Walk) -> Table:
    table = Table(box=None, padding=(0, 2), header_style="dim")
    for title in ("", "layer", "column"):
        table.add_column(title, no_wrap=True)
    table.add_column("meaning", overflow="ellipsis", no_wrap=True)
    ends = set(walk.ends)
    for name in walk.columns:
        if name != walk.start:
            about = graph.about.get(name, {})
            words = [about.get(key, "") for key in ("meaning", "sensitivity")]
            mark = "•" if name in ends else ""
            shown = _shown(name).partition(".")[2]
            table.add_row(mark, name.layer, shown, " · ".join(word for word in words if word))
    return table


def _shown(name: ColumnName) -> str:
    return f"{name.table_name} (rows)" if name.column == ROWS else str(name)


def _as_json(graph: ColumnGraph, start: ColumnName, walks: dict[Direction, Walk]) -> dict[str, Any]:
    return {
        "column": str(start),
        **{
            direction: {
                "ends": [str(name) for name in walk.ends],
                "columns": [
                    {"name": str(name), **name._asdict(), **graph.about.get(name, {})}
                    for name in walk.columns
                ],
                "edges": [[str(made_of), str(made)] for made_of, made in walk.edges],
            }
            for direction, walk in walks.items()
        },
        "unread": graph.unread,
    }

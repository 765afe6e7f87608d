"""Write the column graph as one page of HTML that draws the way of any column.

The page holds the whole graph and needs no server and no network; a column is named behind `#` in
its address, so that a link leads straight to the way of one figure.
"""

import json
from pathlib import Path

from orchestration.lineage.columns import ROWS, ColumnName
from orchestration.lineage.graph import LAYERS, ColumnGraph, Direction, in_order

TEMPLATE = Path(__file__).with_name("lineage_page.html")
PLACE_OF_DATA = "/*GRAPH*/null"


def write_page(graph: ColumnGraph, path: Path) -> Path:
    """Write the page, whole or not at all, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.next")
    beside.write_text(page_of(graph), encoding="utf-8")
    return beside.replace(path)


def page_of(graph: ColumnGraph) -> str:
    """Return the page of a graph."""
    columns = sorted(graph.upstream, key=in_order)
    place = {column: index for index, column in enumerate(columns)}
    data = {
        "layers": LAYERS,
        "rows": ROWS,
        "columns": [
            [column.layer, column.table, column.column, _words(graph, column)] for column in columns
        ],
        "edges": [
            [place[name], place[column]] for column in columns for name in graph.upstream[column]
        ],
    }
    # "</" would end the script that holds the data.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return TEMPLATE.read_text(encoding="utf-8").replace(PLACE_OF_DATA, text)


def address_of(page: Path, column: ColumnName, direction: Direction) -> str:
    """Return the address that shows the way of one column."""
    return f"{page.as_uri()}#{direction}:{column}"


def _words(graph: ColumnGraph, column: ColumnName) -> str:
    about = graph.about.get(column, {})
    parts = [about.get(name, "") for name in ("meaning", "purpose", "sensitivity")]
    return " · ".join(part for part in parts if part)

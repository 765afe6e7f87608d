"""A graph of columns: which is made of which, and the walk from one of them to its origins or uses.

What the columns are and how they are found out does not matter here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from orchestration.lineage.columns import ROWS, ColumnName
from orchestration.lineage.errors import UnknownColumnError

Direction = Literal["up", "down"]
# The way of a row; a page draws the layers in this order, a list names them in it.
LAYERS = (
    "source",
    "landing",
    "quality",
    "staging",
    "conformed",
    "identity",
    "marts",
    "metrics",
    "exposure",
)

UNKNOWN_TYPE = "VARCHAR"  # types play no part in lineage, but sqlglot wants one


@dataclass(frozen=True, slots=True)
class Walk:
    """What was met on the way from one column: columns, and the edges between them."""

    start: ColumnName
    columns: tuple[ColumnName, ...]
    edges: tuple[tuple[ColumnName, ColumnName], ...]  # (made of, made)

    @property
    def ends(self) -> tuple[ColumnName, ...]:
        """Return the columns where the walk ended, from which it led no further."""
        inner = {upstream for upstream, _ in self.edges} & {made for _, made in self.edges}
        return tuple(
            column for column in self.columns if column not in inner and column != self.start
        )


@dataclass(slots=True)
class ColumnGraph:
    """Every column of the pipeline, what it is made of, and what is said about it."""

    upstream: dict[ColumnName, tuple[ColumnName, ...]] = field(default_factory=dict)
    about: dict[ColumnName, Mapping[str, str]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)  # tables whose SQL could not be followed
    _columns: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def add(
        self,
        column: ColumnName,
        made_of: Iterable[ColumnName] = (),
        about: Mapping[str, str] | None = None,
    ) -> None:
        """Add a column; one that others are made of is added with them if it is not there yet."""
        found = tuple(sorted(set(made_of) - {column}))
        self.upstream[column] = found
        for name in (column, *found):
            self.upstream.setdefault(name, ())
            if name.column != ROWS:
                self._columns.setdefault(name[:2], {})[name.column] = UNKNOWN_TYPE
        kept = {key: text for key, text in (about or {}).items() if text}
        if kept:
            self.about[column] = kept

    def schema(self, tables: Iterable[tuple[str, str]]) -> dict[str, dict[str, dict[str, str]]]:
        """Return the columns of tables in the form in which sqlglot is told of them."""
        found: dict[str, dict[str, dict[str, str]]] = {}
        for layer, table in tables:
            found.setdefault(layer, {})[table] = self._columns.get((layer, table), {})
        return found

    def tables(self, layer: str) -> list[tuple[str, str]]:
        """Return the tables of a layer."""
        return sorted(name for name in self._columns if name[0] == layer)

    def downstream(self) -> dict[ColumnName, tuple[ColumnName, ...]]:
        """Return, for every column, those that are made of it."""
        made: dict[ColumnName, list[ColumnName]] = {column: [] for column in self.upstream}
        for column in sorted(self.upstream):
            for name in self.upstream[column]:
                made[name].append(column)
        return {column: tuple(found) for column, found in made.items()}

    def walk(self, start: ColumnName, direction: Direction) -> Walk:
        """Return everything a column is made of, or everything that is made of it."""
        following = self.upstream if direction == "up" else self.downstream()
        seen, waiting, edges = {start}, [start], []
        while waiting:
            column = waiting.pop()
            for name in following[column]:
                edges.append((name, column) if direction == "up" else (column, name))
                if name not in seen:
                    seen.add(name)
                    waiting.append(name)
        columns = sorted(seen, key=in_order)
        return Walk(start, tuple(columns), tuple(sorted(edges, key=_edge_order)))

    def find(self, text: str) -> ColumnName:
        """Return the column a person means by `table.column` or `layer.table.column`.

        Raises:
            UnknownColumnError: no column is called so, or several are.
        """
        wanted = text.strip().lower()
        found = [
            column
            for column in self.upstream
            if wanted in (str(column), f"{column.table}.{column.column}")
        ]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(str(column) for column in sorted(found, key=in_order))
            raise UnknownColumnError(f"{text} may be any of {names}: name the layer as well")
        raise UnknownColumnError(f"there is no column {text}{self._hint(wanted)}")

    def _hint(self, wanted: str) -> str:
        table, _, name = wanted.rpartition(".")
        of_table = sorted(
            column.column
            for column in self.upstream
            if table and table in (column.table_name, column.table) and column.column != ROWS
        )
        near = get_close_matches(name, of_table, n=5, cutoff=0.4) or of_table[:8]
        if near:
            return f"; {table} has {len(of_table)} columns, among them {', '.join(near)}"
        return "; name it as TABLE.COLUMN, for example marts.customer_360.revenue_usd"


def in_order(column: ColumnName) -> tuple[int, ColumnName]:
    """Sort columns along the way of a row, then by name."""
    place = LAYERS.index(column.layer) if column.layer in LAYERS else len(LAYERS)
    return place, column


def _edge_order(
    edge: tuple[ColumnName, ColumnName],
) -> tuple[tuple[int, ColumnName], tuple[int, ColumnName]]:
    return in_order(edge[0]), in_order(edge[1])

"""Which source columns a query's columns are made of, read from its SQL.

Only what a column's value is computed from counts; columns that merely filter, join or choose do
not (`values.py`). A count of rows is made of the rows of the table it counts, written `*`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope, traverse_scope

from orchestration.lineage.values import Part, Parts, all_parts, value_parts

ROWS = "*"
DIALECT = "duckdb"

Schema = Mapping[str, Mapping[str, Mapping[str, str]]]


class ColumnName(NamedTuple):
    """A column and where it stands: [layer].[table].[column]."""

    layer: str
    table: str
    column: str

    def __str__(self) -> str:
        """Return the name as people write it."""
        return ".".join(self)

    @property
    def table_name(self) -> str:
        """Return the table with its layer."""
        return f"{self.layer}.{self.table}"


class QueryLineage:
    """Answers, for one qualified query, which table columns each of its columns is made of."""

    def __init__(self, query: exp.Expr, parts: Parts = value_parts) -> None:
        """Index the scopes of the query: each select, and the columns that stand in it.

        `parts` says which columns of an expression count.
        """
        root = build_scope(query)
        if root is None:
            raise ValueError("the statement is not a query")
        self._root: Scope = root
        self._parts = parts
        self._scope_of_column = {
            id(column): scope for scope in traverse_scope(query) for column in scope.columns
        }
        self._scope_of_query = {id(scope.expression): scope for scope in traverse_scope(query)}
        self._known: dict[tuple[int, int], frozenset[ColumnName]] = {}

    def columns(self) -> dict[str, tuple[ColumnName, ...]]:
        """Return the sources of every output column, sorted."""
        names = _select_names(self._root)
        return {
            name: tuple(sorted(self._at(self._root, position)))
            for position, name in enumerate(names)
        }

    def rows(self) -> tuple[ColumnName, ...]:
        """Return the tables whose rows the rows of the query are, sorted."""
        return tuple(sorted(self._rows_of(self._root)))

    def _rows_of(self, scope: Scope) -> frozenset[ColumnName]:
        """Follow what stands behind FROM; a join adds columns to a row, or takes rows away."""
        if scope.set_operation_scopes:
            return frozenset().union(*(self._rows_of(part) for part in scope.set_operation_scopes))
        first = scope.expression.args.get("from_")
        source = scope.sources.get(first.this.alias_or_name) if first else None
        if isinstance(source, exp.Table):
            return frozenset({ColumnName(source.db, source.name, ROWS)})
        is_new = isinstance(source, Scope) and source is not scope
        return self._rows_of(source) if is_new and isinstance(source, Scope) else frozenset()

    def _at(self, scope: Scope, position: int) -> frozenset[ColumnName]:
        key = (id(scope), position)
        if key not in self._known:
            self._known[key] = frozenset()  # a recursive query meets itself here
            self._known[key] = self._found(scope, position)
        return self._known[key]

    def _found(self, scope: Scope, position: int) -> frozenset[ColumnName]:
        if scope.set_operation_scopes:
            branches = [self._at(branch, position) for branch in scope.set_operation_scopes]
            return frozenset().union(*branches)
        projection = _query(scope).selects[position]
        parts = [self._of_part(scope, part) for part in self._parts(projection)]
        return frozenset().union(*parts)

    def _of_part(self, scope: Scope, part: Part) -> frozenset[ColumnName]:
        if isinstance(part, exp.Column):
            return self._of_column(scope, part)
        select = part.find_ancestor(exp.Select)
        return self._rows_of(self._scope_of_query.get(id(select), scope))

    def _of_column(self, scope: Scope, column: exp.Column) -> frozenset[ColumnName]:
        inner = self._scope_of_column.get(id(column), scope)
        source = inner.sources.get(column.table) or scope.sources.get(column.table)
        if isinstance(source, exp.Table):
            return frozenset({ColumnName(source.db, source.name, column.name)})
        if not isinstance(source, Scope):
            return frozenset()
        names = _select_names(source)
        if column.name not in names:
            return frozenset()
        return self._at(source, names.index(column.name))


def _query(scope: Scope) -> exp.Query:
    query = scope.expression
    if not isinstance(query, exp.Query):
        raise TypeError("a scope of a query is a query")
    return query


def _select_names(scope: Scope) -> list[str]:
    return list(_query(scope).named_selects)


def query_lineage(sql: str, schema: Schema, *, deciding: bool = False) -> QueryLineage:
    """Return the lineage of a query; with `deciding`, what only chooses among values counts too.

    `schema` gives the columns of every table the query reads, as {layer: {table: {column: type}}}.

    Raises:
        sqlglot.errors.SqlglotError: the query cannot be parsed or its columns not be resolved.
    """
    query = qualify(
        parse_one(sql, dialect=DIALECT),
        dialect=DIALECT,
        schema={layer: dict(tables) for layer, tables in schema.items()},
        quote_identifiers=False,
        validate_qualify_columns=False,
        identify=False,
    )
    return QueryLineage(query, all_parts if deciding else value_parts)


def column_lineage(sql: str, schema: Schema) -> dict[str, tuple[ColumnName, ...]]:
    """Return, for every column of a query, the table columns its value is computed from.

    Raises:
        sqlglot.errors.SqlglotError: the query cannot be parsed or its columns not be resolved.
    """
    return query_lineage(sql, schema).columns()

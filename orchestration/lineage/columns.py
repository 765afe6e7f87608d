"""Which source columns a query's columns are made of, read from its SQL.

Only what a column's value is computed from counts; columns that merely filter or join do not.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlglot import exp, parse_one
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope, traverse_scope

DIALECT = "duckdb"

Schema = Mapping[str, Mapping[str, Mapping[str, str]]]


class SourceColumn(NamedTuple):
    """A column of a table that a query reads."""

    layer: str
    table: str
    column: str


class QueryLineage:
    """Answers, for one qualified query, which table columns each of its columns is made of."""

    def __init__(self, query: exp.Expr) -> None:
        """Index the scopes of the query: each select, and the columns that stand in it."""
        root = build_scope(query)
        if root is None:
            raise ValueError("the statement is not a query")
        self._root: Scope = root
        self._scope_of_column = {
            id(column): scope for scope in traverse_scope(query) for column in scope.columns
        }
        self._known: dict[tuple[int, int], frozenset[SourceColumn]] = {}

    def columns(self) -> dict[str, tuple[SourceColumn, ...]]:
        """Return the sources of every output column, sorted."""
        names = _select_names(self._root)
        return {
            name: tuple(sorted(self._at(self._root, position)))
            for position, name in enumerate(names)
        }

    def _at(self, scope: Scope, position: int) -> frozenset[SourceColumn]:
        key = (id(scope), position)
        if key not in self._known:
            self._known[key] = frozenset()  # a recursive query meets itself here
            self._known[key] = self._found(scope, position)
        return self._known[key]

    def _found(self, scope: Scope, position: int) -> frozenset[SourceColumn]:
        if scope.set_operation_scopes:
            branches = [self._at(branch, position) for branch in scope.set_operation_scopes]
            return frozenset().union(*branches)
        projection = _query(scope).selects[position]
        parts = [self._of_column(scope, column) for column in projection.find_all(exp.Column)]
        return frozenset().union(*parts)

    def _of_column(self, scope: Scope, column: exp.Column) -> frozenset[SourceColumn]:
        inner = self._scope_of_column.get(id(column), scope)
        source = inner.sources.get(column.table) or scope.sources.get(column.table)
        if isinstance(source, exp.Table):
            return frozenset({SourceColumn(source.db, source.name, column.name)})
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


def column_lineage(sql: str, schema: Schema) -> dict[str, tuple[SourceColumn, ...]]:
    """Return, for every column of a query, the table columns its value is computed from.

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
    return QueryLineage(query).columns()

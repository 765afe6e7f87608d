"""Turn the condition of a segment into SQL over the marts, or say what is wrong with it.

A condition is one yes-or-no expression over columns of the marts that have a row per customer. It
may compare, combine and call plain functions; it may not select, so that a segment cannot reach a
table that was not meant for it.
"""

from collections.abc import Mapping, Sequence

import sqlglot
from rapidfuzz import fuzz, process
from sqlglot import exp

from orchestration.segments.errors import SegmentError

# Tables with a row per customer, in the order in which a bare column name is looked for.
TABLES = (
    "customer_360",
    "customer_traits",
    "customer_sales",
    "customer_service",
    "customer_freshness",
    "customer_households",
)
NEAREST_NAMES = 3
LEAST_LIKENESS = 50

Columns = Mapping[str, Sequence[str]]


def membership_query(name: str, condition: str, columns: Columns) -> str:
    """Return the query for the customers that meet the condition.

    Raises:
        SegmentError: it cannot be read, selects, or names a column that no table has.
    """
    expression = _parsed(name, condition)
    for column in list(expression.find_all(exp.Column)):
        table = _table_of(name, column, columns)
        column.set("table", exp.to_identifier(table))
    joins = " ".join(
        f"left join marts.{table} as {table} on {TABLES[0]}.customer_id = {table}.customer_id"
        for table in TABLES[1:]
        if any(column.table == table for column in expression.find_all(exp.Column))
    )
    return (
        f"select {TABLES[0]}.customer_id from marts.{TABLES[0]} as {TABLES[0]} {joins} "
        f"where {expression.sql(dialect='duckdb')}"
    )


def _parsed(name: str, condition: str) -> exp.Expr:
    try:
        statements = sqlglot.parse(f"select 1 where {condition}", dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise SegmentError(f"{name}: the condition is not readable as SQL") from error
    statement = statements[0] if len(statements) == 1 else None
    where = statement.args.get("where") if statement else None
    plain = isinstance(statement, exp.Select) and set(
        key for key, value in statement.args.items() if value
    ) <= {"expressions", "where", "kind"}
    if not plain or where is None or where.find(exp.Query, exp.Command):
        raise SegmentError(f"{name}: the condition must be one expression, without select")
    expression = where.this
    if not isinstance(expression, exp.Expr):
        raise SegmentError(f"{name}: the condition is empty")
    return expression


def _table_of(name: str, column: exp.Column, columns: Columns) -> str:
    if column.table:
        if column.name in columns.get(column.table, ()):
            return column.table
        raise SegmentError(_unknown(name, f"{column.table}.{column.name}", _qualified(columns)))
    for table in TABLES:
        if column.name in columns.get(table, ()):
            return table
    raise SegmentError(_unknown(name, column.name, _bare(columns)))


def _qualified(columns: Columns) -> list[str]:
    return [f"{table}.{column}" for table in TABLES for column in columns.get(table, ())]


def _bare(columns: Columns) -> list[str]:
    return sorted({column for table in TABLES for column in columns.get(table, ())})


def _unknown(name: str, missing: str, known: Sequence[str]) -> str:
    near = process.extract(
        missing, known, scorer=fuzz.WRatio, limit=NEAREST_NAMES, score_cutoff=LEAST_LIKENESS
    )
    nearest = ", ".join(found for found, _, _ in near)
    hint = f"; the nearest are {nearest}" if near else ""
    return f"{name}: there is no column {missing}{hint}"

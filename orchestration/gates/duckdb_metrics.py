"""GX's metrics that need another body on DuckDB: column types, uniqueness, regular expressions.

GX finds a metric by the name of the execution engine's class, so defining these classes registers
them; GX's own stay in force for every other engine.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import sqlalchemy
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_map_metric_provider import (
    ColumnMapMetricProvider,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (  # noqa: E501
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (  # noqa: E501
    MulticolumnMapMetricProvider,
)
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.util import get_sqlalchemy_selectable

from orchestration.gates import duckdb_pair_metrics
from orchestration.gates.duckdb_engine import DuckDBExecutionEngine
from orchestration.gates.regular_expressions import to_re2

Column = sqlalchemy.ColumnElement[Any]
Condition = sqlalchemy.ColumnElement[bool]
# Defining a metric registers it, so an engine needs both modules.
REGISTERED = (duckdb_pair_metrics.__name__, __name__)
OCCURS_ONCE = "_occurs_once"


def execution_engine(connection: duckdb.DuckDBPyConnection) -> DuckDBExecutionEngine:
    """Return GX's execution engine over an open connection; its metrics are registered here."""
    return DuckDBExecutionEngine(connection)


def matches(column: Column, pattern: str) -> Condition:
    """Return whether the text of a column contains a match, as Python's `re.search` says it."""
    text = sqlalchemy.cast(column, sqlalchemy.VARCHAR)
    return sqlalchemy.func.regexp_matches(text, sqlalchemy.literal(to_re2(pattern)))


class ColumnTypes(TableMetricProvider):
    """Columns of the batch as DuckDB describes them: no reflection over the whole catalogue."""

    metric_name = "table.column_types"
    value_keys = ("include_nested",)
    default_kwarg_values = {"include_nested": True}

    @metric_value(engine=DuckDBExecutionEngine)
    def _duckdb(cls, execution_engine: DuckDBExecutionEngine, **_: object) -> list[dict[str, Any]]:
        return execution_engine.columns_of_batch()


def occurs_once(value: Column, table: sqlalchemy.FromClause) -> Condition:
    """Return whether a value occurs once in a table.

    Repeated values are few where data is sound, so this costs one aggregation, and it stands in the
    one query in which GX computes a whole suite.
    """
    repeated = (
        sqlalchemy.select(value)
        .select_from(get_sqlalchemy_selectable(table))
        .group_by(value)
        .having(sqlalchemy.func.count() > 1)
    )
    return value.not_in(repeated)


class ColumnValuesUnique(ColumnMapMetricProvider):
    """Values that occur once."""

    condition_metric_name = "column_values.unique"

    @column_condition_partial(engine=DuckDBExecutionEngine)
    def _duckdb(cls, column: Column, _table: sqlalchemy.FromClause, **_: object) -> Condition:
        return occurs_once(column, _table)


class CompoundColumnsUnique(MulticolumnMapMetricProvider):
    """Combinations of values that occur once."""

    condition_metric_name = "compound_columns.unique"
    condition_domain_keys = (
        "batch_id",
        "table",
        "column_list",
        "row_condition",
        "condition_parser",
        "ignore_row_if",
    )

    @multicolumn_condition_partial(engine=DuckDBExecutionEngine)  # type: ignore[untyped-decorator]
    def _duckdb(
        cls,
        column_list: list[Column],
        _table: sqlalchemy.FromClause,
        _metrics: Mapping[str, Any],
        **_: object,
    ) -> Condition:
        # A row is one value in which nulls are equal, as pandas takes them. GX asks of this metric
        # that its condition brings its own FROM.
        once = occurs_once(sqlalchemy.func.row(*column_list), _table)
        columns: list[Column] = [sqlalchemy.column(name) for name in _metrics["table.columns"]]
        marked = sqlalchemy.select(*columns, once.label(OCCURS_ONCE)).select_from(
            get_sqlalchemy_selectable(_table)
        )
        return marked.subquery("marked").c[OCCURS_ONCE]


class ColumnValuesMatchRegex(ColumnMapMetricProvider):
    """Values that contain a match of a pattern."""

    condition_metric_name = "column_values.match_regex"
    condition_value_keys = ("regex",)

    @column_condition_partial(engine=DuckDBExecutionEngine)
    def _duckdb(cls, column: Column, regex: str, **_: object) -> Condition:
        return matches(column, regex)


class ColumnValuesNotMatchRegex(ColumnMapMetricProvider):
    """Values that contain no match of a pattern."""

    condition_metric_name = "column_values.not_match_regex"
    condition_value_keys = ("regex",)

    @column_condition_partial(engine=DuckDBExecutionEngine)
    def _duckdb(cls, column: Column, regex: str, **_: object) -> Condition:
        return sqlalchemy.not_(matches(column, regex))


class ColumnValuesMatchRegexList(ColumnMapMetricProvider):
    """Values that contain a match of any, or of all, of some patterns."""

    condition_metric_name = "column_values.match_regex_list"
    condition_value_keys = ("regex_list", "match_on")
    default_kwarg_values = {"match_on": "any"}

    @column_condition_partial(engine=DuckDBExecutionEngine)
    def _duckdb(
        cls,
        column: Column,
        regex_list: list[str],
        match_on: str = "any",
        **_: object,
    ) -> Condition:
        conditions = [matches(column, regex) for regex in regex_list]
        return sqlalchemy.and_(*conditions) if match_on == "all" else sqlalchemy.or_(*conditions)


class ColumnValuesNotMatchRegexList(ColumnMapMetricProvider):
    """Values that contain no match of any of some patterns."""

    condition_metric_name = "column_values.not_match_regex_list"
    condition_value_keys = ("regex_list",)

    @column_condition_partial(engine=DuckDBExecutionEngine)
    def _duckdb(cls, column: Column, regex_list: list[str], **_: object) -> Condition:
        return sqlalchemy.and_(*(sqlalchemy.not_(matches(column, regex)) for regex in regex_list))

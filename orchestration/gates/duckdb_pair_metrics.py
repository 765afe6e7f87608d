"""GX's metrics over several columns, where SQL's null would pass a row that pandas fails.

A comparison with a missing value is false in pandas and null in SQL, and a null condition counts no
row as failing. So the verdict would depend on the engine; here it is pandas'.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy
from great_expectations.expectations.metrics.map_metric_provider.column_pair_condition_partial import (  # noqa: E501
    column_pair_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_pair_map_metric_provider import (  # noqa: E501
    ColumnPairMapMetricProvider,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (  # noqa: E501
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (  # noqa: E501
    MulticolumnMapMetricProvider,
)

from orchestration.gates.duckdb_engine import DuckDBExecutionEngine

Column = sqlalchemy.ColumnElement[Any]
Condition = sqlalchemy.ColumnElement[bool]

PAIR = ("batch_id", "table", "column_A", "column_B")
ROW_FILTER = ("row_condition", "condition_parser", "ignore_row_if")


def holds(condition: Condition) -> Condition:
    """Return a condition that is false where it would be null."""
    return sqlalchemy.func.coalesce(condition, sqlalchemy.false())


class ColumnPairValuesGreater(ColumnPairMapMetricProvider):
    """Pairs whose first value is greater than the second."""

    condition_metric_name = "column_pair_values.a_greater_than_b"
    condition_domain_keys = PAIR + ROW_FILTER
    condition_value_keys = ("or_equal",)

    @column_pair_condition_partial(engine=DuckDBExecutionEngine)  # type: ignore[untyped-decorator]
    def _duckdb(
        cls, first: Column, second: Column, *, or_equal: bool | None = None, **_: object
    ) -> Condition:
        return holds(first >= second if or_equal else first > second)


class ColumnPairValuesInSet(ColumnPairMapMetricProvider):
    """Pairs of values that are among some pairs."""

    condition_metric_name = "column_pair_values.in_set"
    condition_domain_keys = (*PAIR, "ignore_row_if")
    condition_value_keys = ("value_pairs_set",)

    @column_pair_condition_partial(engine=DuckDBExecutionEngine)  # type: ignore[untyped-decorator]
    def _duckdb(
        cls,
        first: Column,
        second: Column,
        *,
        value_pairs_set: Sequence[tuple[Any, Any]] | None = None,
        **_: object,
    ) -> Condition:
        if value_pairs_set is None:
            return sqlalchemy.true()
        return sqlalchemy.or_(
            sqlalchemy.false(),
            *(
                sqlalchemy.and_(first.is_not_distinct_from(a), second.is_not_distinct_from(b))
                for a, b in value_pairs_set
            ),
        )


class MulticolumnSumEqual(MulticolumnMapMetricProvider):
    """Rows whose values add up to a total."""

    condition_metric_name = "multicolumn_sum.equal"
    condition_domain_keys = ("batch_id", "table", "column_list", *ROW_FILTER)
    condition_value_keys = ("sum_total",)

    @multicolumn_condition_partial(engine=DuckDBExecutionEngine)  # type: ignore[untyped-decorator]
    def _duckdb(cls, column_list: list[Column], *, sum_total: float, **_: object) -> Condition:
        total = sum(column_list[1:], start=column_list[0])
        return holds(total == sum_total)

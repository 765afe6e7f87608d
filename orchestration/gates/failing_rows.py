"""Find the rows that fail an expectation, in SQL, by the condition GX itself has computed with.

GX can write such a query too, but fills in constants the Python way and stops at 200 rows. Only the
columns that name a row are selected. Importing this module imports Great Expectations.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.registry import get_expectation_impl, get_metric_kwargs
from great_expectations.util import get_sqlalchemy_selectable
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import Validator

from orchestration.gates.duckdb_engine import DuckDBExecutionEngine
from orchestration.gates.failing_keys import POSITION, index_columns
from orchestration.gates.outcomes import is_told_by_key
from orchestration.gates.relations import Batch
from orchestration.gates.suites import Suite

BRINGS_ITS_OWN_FROM = frozenset({"compound_columns.unique"})
NOT_ABOUT_ROWS_IN_SQL = frozenset({"column_values.of_type", "column_values.in_type_list"})
SQL_EXPECTATION = "unexpected_rows_expectation"
ROWS_AT_A_TIME = 10_000


def failing_rows(
    validator: Validator,
    engine: DuckDBExecutionEngine,
    configuration: ExpectationConfiguration,
    batch: Batch,
    suite: Suite,
    limit: int | None,
) -> Iterator[dict[str, Any]]:
    """Yield the columns that name the rows which fail, in order and without repetition.

    Nothing comes back where an expectation isn't about rows, or nothing names its rows. Read them
    to the end before the connection is asked anything else.
    """
    names = _naming_columns(configuration, suite, batch.columns)
    if configuration.type == SQL_EXPECTATION:
        yield from _rows_of_sql_expectation(engine, configuration, batch, suite, limit)
        return
    metric = getattr(get_expectation_impl(configuration.type), "map_metric", None)
    if metric is None or metric in NOT_ABOUT_ROWS_IN_SQL or not names:
        return
    condition_metric = f"{metric}.condition"
    condition, compute_domain, accessor_domain = validator.get_metric(
        MetricConfiguration(condition_metric, **_domain_and_value(condition_metric, configuration))
    )
    records = engine.get_domain_records({**compute_domain, **accessor_domain})
    columns: list[sqlalchemy.ColumnClause[Any]] = [sqlalchemy.column(name) for name in names]
    query = sqlalchemy.select(*columns).where(condition).distinct()
    if metric not in BRINGS_ITS_OWN_FROM:
        query = query.select_from(get_sqlalchemy_selectable(records))
    query = query.order_by(*(column.asc() for column in columns)).limit(limit)
    yield from _one_by_one(engine.execute_query(query), names)


def _rows_of_sql_expectation(
    engine: DuckDBExecutionEngine,
    configuration: ExpectationConfiguration,
    batch: Batch,
    suite: Suite,
    limit: int | None,
) -> Iterator[dict[str, Any]]:
    query = configuration.kwargs["unexpected_rows_query"].format(batch=batch.relation)
    with engine.get_connection() as connection:
        described = connection.exec_driver_sql(f"describe {query}").fetchall()
        selected = _naming_columns(configuration, suite, [row[0] for row in described])
        if not selected:
            return
        listed = ", ".join(f'"{name}"' for name in selected)
        top = "" if limit is None else f" limit {int(limit)}"
        rows = connection.exec_driver_sql(
            f"select distinct {listed} from ({query}\n) as failing order by {listed}{top}"
        )
        yield from _one_by_one(rows, selected)


def _naming_columns(
    configuration: ExpectationConfiguration, suite: Suite, columns: Sequence[str]
) -> list[str]:
    """Return the columns that name a row; what is an incident by its key goes by nothing else."""
    names = index_columns(suite, columns)
    if is_told_by_key(configuration):
        return [name for name in names if name not in POSITION]
    return names


def _one_by_one(
    rows: sqlalchemy.CursorResult[Any], names: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Yield rows without holding all of them: a whole table may fail."""
    while part := rows.fetchmany(ROWS_AT_A_TIME):
        for row in part:
            yield dict(zip(names, row, strict=True))


def _domain_and_value(name: str, configuration: ExpectationConfiguration) -> dict[str, Any]:
    kwargs = get_metric_kwargs(metric_name=name, configuration=configuration)
    return {part: kwargs[part] for part in ("metric_domain_kwargs", "metric_value_kwargs")}

"""Estimate how many customers a failing expectation touches: the first thing a steward asks.

Exact where failing rows carry their number (`records_touched` in a query of a suite), else the
failing rows, else, where an expectation judges the table as a whole, everybody in it.
"""

import duckdb

from orchestration.gates.causes import Cause
from orchestration.gates.relations import Batch
from orchestration.gates.suites import Suite

OWN_COUNT = "records_touched"
PEOPLE = ("customer_id", "source_record_id")


def customers_touched(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch | None, cause: Cause
) -> int:
    """Return about how many customers a cause touches."""
    if batch is None or not batch.rows:
        return 0
    own = [
        count
        for outcome in cause.outcomes
        if (count := _own_count(connection, suite, batch, outcome.position)) is not None
    ]
    if own:
        return max(own)
    per_row = [
        outcome.rows_failing
        for outcome in cause.outcomes
        if outcome.rows_failing and outcome.type != "unexpected_rows_expectation"
    ]
    people = _people(connection, batch)
    return min(max(per_row), people) if per_row else people


def _own_count(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch, position: int
) -> int | None:
    query = suite.expectations[position]["kwargs"].get("unexpected_rows_query", "")
    if OWN_COUNT not in query:
        return None
    failing = query.format(batch=batch.relation)
    counted = connection.execute(f"select sum({OWN_COUNT}) from ({failing}\n) as failing")
    return int(counted.fetchall()[0][0] or 0)


def _people(connection: duckdb.DuckDBPyConnection, batch: Batch) -> int:
    column = next((name for name in PEOPLE if name in batch.columns), None)
    if column is None:
        return batch.rows
    counted = connection.execute(f"select count(distinct {column}) from {batch.relation}")
    return int(counted.fetchall()[0][0])

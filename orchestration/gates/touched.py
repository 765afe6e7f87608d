"""Estimate how many customers a failing expectation touches: the first thing a steward asks.

Exact where failing rows carry their number (`records_touched` in a query of a suite), else the
failing rows, else, where an expectation judges the table as a whole, everybody in it. Where that
can't be computed either, the rows of the table stand in: an incident must not get lost by it.
"""

from collections.abc import Sequence

import duckdb

from orchestration.gates.causes import Cause
from orchestration.gates.outcomes import ExpectationOutcome
from orchestration.gates.relations import Batch
from orchestration.gates.suites import Suite

OWN_COUNT = "records_touched"
PEOPLE = ("customer_id", "source_record_id")


def customers_touched(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    batch: Batch | None,
    causes: Sequence[Cause],
) -> dict[str, int]:
    """Return about how many customers each cause touches, by the id of its incident."""
    if batch is None or not batch.rows or not causes:
        return {cause.incident_id: 0 for cause in causes}
    failing = {each.position: each for cause in causes for each in cause.outcomes}
    own = {
        position: count
        for position, outcome in failing.items()
        if (count := _own_count(connection, suite, batch, outcome)) is not None
    }
    people = _people(connection, batch)
    return {cause.incident_id: _touched_by(cause, own, people) for cause in causes}


def _touched_by(cause: Cause, own: dict[int, int], people: int) -> int:
    told = [own[outcome.position] for outcome in cause.outcomes if outcome.position in own]
    if told:
        return max(told)
    per_row = [
        outcome.rows_failing
        for outcome in cause.outcomes
        if outcome.rows_failing and outcome.type != "unexpected_rows_expectation"
    ]
    return min(max(per_row), people) if per_row else people


def _own_count(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch, outcome: ExpectationOutcome
) -> int | None:
    query = suite.expectations[outcome.position]["kwargs"].get("unexpected_rows_query", "")
    if outcome.reason or OWN_COUNT not in query:
        return None
    failing = query.format(batch=batch.relation)
    try:
        counted = connection.execute(f"select sum({OWN_COUNT}) from ({failing}\n) as failing")
        return int(counted.fetchall()[0][0] or 0)
    except duckdb.Error:
        return None


def _people(connection: duckdb.DuckDBPyConnection, batch: Batch) -> int:
    column = next((name for name in PEOPLE if name in batch.columns), None)
    if column is None:
        return batch.rows
    try:
        counted = connection.execute(f"select count(distinct {column}) from {batch.relation}")
        return int(counted.fetchall()[0][0])
    except duckdb.Error:
        return batch.rows

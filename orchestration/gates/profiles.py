"""Measure the rows that a run has landed, column by column, as shares and middles, never values.

What is measured of a column is in `column_measures`, of rows that come again in `known_rows`, of
values that used to come in `recent_values`.
"""

import math
from collections.abc import Sequence
from datetime import datetime

import duckdb

from orchestration.gates.column_measures import Measure, measures_of
from orchestration.gates.errors import GateConfigurationError
from orchestration.gates.failure_reasons import reason_of_error
from orchestration.gates.known_rows import changes_of_known_rows
from orchestration.gates.measures import create_measure_tables, store_measures
from orchestration.gates.recent_values import against_recent_values
from orchestration.gates.relations import Batch, open_batch
from orchestration.gates.suite_figures import Measured, figures_of
from orchestration.gates.suites import Suite
from orchestration.landing.sql_text import identifier

SAMPLED_ROWS = 20_000  # enough for a share to a hundredth


def profile_landing(
    connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str, as_of: datetime
) -> int:
    """Measure what a run has landed of one table, and return how many figures that makes.

    A run that has landed nothing of it has nothing to measure.

    Raises:
        GateConfigurationError: a figure that the suite names can't be computed.
    """
    landed = connection.execute(
        "select count(*) from quality.loads "
        "where run_id = ? and source || '_' || table_name = ? and rows_landed > 0",
        [run_id, suite.table],
    ).fetchall()[0][0]
    if not landed:
        return 0
    batch = open_batch(connection, suite, run_id)
    every = max(1, batch.rows // SAMPLED_ROWS)
    measured = _measured(connection, list(measures_of(connection, suite, batch)), batch, every)
    measured.append(("", "rows", "unusual volume", math.log(batch.rows), batch.rows))
    measured += changes_of_known_rows(connection, suite, batch, every)
    measured += against_recent_values(connection, suite, batch, as_of)
    try:
        measured += figures_of(connection, suite.figures, batch)
    except duckdb.Error as error:
        problem = f"{suite.label}: a figure of its suite {reason_of_error(error)}"
        raise GateConfigurationError((problem,)) from None  # the cause may quote a value
    return store_measures(connection, ("landing", suite.table), (run_id, as_of), measured)


def _measured(
    connection: duckdb.DuckDBPyConnection, wanted: Sequence[Measure], batch: Batch, every: int
) -> list[Measured]:
    """Return figures with how many values each was taken from: chance depends on that."""
    columns = sorted({column for column, *_ in wanted if column})
    filled = [f"count({identifier(column)})" for column in columns]
    picked = ", ".join(["count(*)", *filled, *(sql for *_, sql in wanted)])
    rows, *found = connection.execute(
        f"select {picked} from {batch.relation} where hash(_row) % {every} = 0"
    ).fetchall()[0]
    values = dict(zip(columns, found, strict=False))
    return [
        (
            column,
            measure,
            family,
            float(value),
            int(rows if measure == "missing" else values.get(column, rows)),
        )
        for (column, measure, family, _), value in zip(wanted, found[len(columns) :], strict=True)
        if value is not None
    ]


def measure_run(
    connection: duckdb.DuckDBPyConnection, suites: tuple[Suite, ...], run_id: str, as_of: datetime
) -> int:
    """Measure everything that a run has landed, and return how many figures that makes."""
    create_measure_tables(connection)
    return sum(
        profile_landing(connection, suite, run_id, as_of)
        for suite in suites
        if suite.layer == "landing" and suite.tolerance
    )

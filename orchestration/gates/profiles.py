"""Measure the rows that a run has landed, column by column, as shares and middles, never values.

What is measured of a column is in `column_measures`, of rows that come again in `known_rows`.
"""

import math
from contextlib import suppress
from datetime import datetime

import duckdb

from orchestration.gates.column_measures import measures_of
from orchestration.gates.known_rows import changes_of_known_rows
from orchestration.gates.measures import create_measure_tables, store_measures
from orchestration.gates.relations import open_batch
from orchestration.gates.suite_figures import figures_of
from orchestration.gates.suites import Suite

SAMPLED_ROWS = 20_000  # enough for a share to a hundredth


def profile_landing(
    connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str, as_of: datetime
) -> int:
    """Measure what a run has landed of one table, and return how many figures that makes.

    A run that has landed nothing of it has nothing to measure.
    """
    landed = connection.execute(
        "select count(*) from quality.loads "
        "where run_id = ? and source || '_' || table_name = ? and rows_landed > 0",
        [run_id, suite.table],
    ).fetchall()[0][0]
    if not landed:
        return 0
    batch = open_batch(connection, suite, run_id)
    wanted = list(measures_of(connection, suite, batch))
    every = max(1, batch.rows // SAMPLED_ROWS)
    picked = ", ".join(f"{sql} as m{number}" for number, (*_, sql) in enumerate(wanted))
    counted = connection.execute(
        f"select count(*), {picked} from {batch.relation} where hash(_row) % {every} = 0"
    ).fetchall()[0]
    rows, values = int(counted[0]), counted[1:]
    measured = [
        (column, measure, family, float(value), rows)
        for (column, measure, family, _), value in zip(wanted, values, strict=True)
        if value is not None
    ]
    measured.append(("", "rows", "unusual volume", math.log(batch.rows), batch.rows))
    measured += changes_of_known_rows(connection, suite, batch, every)
    for figure in suite.figures:
        # A figure that ties two tables says nothing where a company has only one of them.
        with suppress(duckdb.CatalogException):
            measured += figures_of(connection, [figure], batch)
    return store_measures(connection, ("landing", suite.table), (run_id, as_of), measured)


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

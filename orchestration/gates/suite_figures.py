"""Figures that a suite names itself, to be held against their history like those of every column.

`meta.figures` of a suite: a name, a family (`measure_families`) and a query over `{batch}` that
returns rows of subject, value and the number of rows that the value was taken from. A figure that
ties two tables names the other one as what it `needs`: not every company has both.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import duckdb

from orchestration.gates.measures import create_measure_tables, store_measures
from orchestration.gates.relations import Batch, columns_of
from orchestration.gates.suites import Suite

Measured = tuple[str, str, str, float, int]


def figures_of(
    connection: duckdb.DuckDBPyConnection, figures: Iterable[Mapping[str, str]], batch: Batch
) -> list[Measured]:
    """Return figures of a suite: subject, name, family, value, rows.

    A figure without a value (there is nothing to take it from) is left out, and so is one that
    needs a table which is not there.
    """
    return [
        (str(subject), figure["name"], figure["family"], value, int(rows))
        for figure in figures
        if _has_what_it_needs(connection, figure)
        for subject, value, rows in connection.execute(
            "select subject, try_cast(value as double), rows from ("
            f"{figure['sql'].replace('{batch}', batch.relation)}) as figure (subject, value, rows)"
        ).fetchall()
        if value is not None
    ]


def _has_what_it_needs(connection: duckdb.DuckDBPyConnection, figure: Mapping[str, str]) -> bool:
    needed = figure.get("needs")
    return needed is None or bool(columns_of(connection, *needed.split(".")))


def measure_figures(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch, run: tuple[str, datetime]
) -> None:
    """Measure what a suite names, where nobody measures its table otherwise.

    What lands is measured before its gates (`profiles`), and identity with its own figures.
    """
    if not suite.figures or suite.layer == "landing":
        return
    create_measure_tables(connection)
    found = figures_of(connection, suite.figures, batch)
    store_measures(connection, (suite.layer, suite.table), run, found)

"""Figures that are compared with their own history: one row per run, table, column and measure.

A fixed threshold would be a guess where every company differs. So a figure of today is held against
a robust band over the last accepted runs: their median, and a width of what they usually vary by,
what so many rows vary by from chance alone, and a floor below which nobody cares. What is measured
is in `profiles` (landing) and `identity_measures`.
"""

from collections.abc import Iterable
from datetime import datetime

import duckdb

from orchestration.gates.measure_families import FLOORS, VARIATION, VARIATIONS
from orchestration.gates.quarantine_tables import ACCEPTED_RUNS

RUNS_REMEMBERED = 20
RUNS_NEEDED = 5  # before, there is no history to speak of, and no verdict
ROWS_NEEDED = 10  # fewer say nothing, whatever chance allows for
FEW_RUNS = 3.0  # few days of history understate what is usual: with three the band is twice as wide
CHANCE_VARIATION = 4.0  # in standard errors of a share: a false word in some ten thousand figures
ROBUST = 1.4826  # a median distance, as a standard deviation of normal figures

MEASURES = """
    create table if not exists quality.measures (
        run_id varchar,
        layer varchar,
        table_name varchar,
        column_name varchar,
        measure varchar,
        family varchar,
        value double,
        rows_seen bigint,
        as_of timestamp
    )
"""

# Grain: one row per figure of the current run.
MEASURE_FACTS = f"""
    create or replace view quality.measure_facts as
    with bands as (
        select
            unnest({list(FLOORS)}) as family,
            unnest({list(FLOORS.values())}) as floor,
            unnest({[VARIATIONS.get(family, VARIATION) for family in FLOORS]}) as variation
    ),
    -- A run that was continued has measured some tables under its first id: the last word counts.
    per_moment as (
        select measures.*, runs.started_order
        from quality.measures as measures
        inner join quality.runs as runs
            on measures.run_id = runs.run_id
        qualify row_number() over (
            partition by
                measures.as_of, measures.layer, measures.table_name, measures.column_name,
                measures.measure
            order by runs.started_order desc
        ) = 1
    ),
    current_run as (
        select max_by(as_of, started_order) as as_of from quality.runs
    ),
    accepted as (
        select per_moment.*
        from per_moment
        where
            per_moment.as_of in (select as_of from quality.accepted_runs)
            and per_moment.as_of < (select as_of from current_run)
        qualify row_number() over (
            partition by
                per_moment.layer, per_moment.table_name, per_moment.column_name,
                per_moment.measure
            order by per_moment.as_of desc
        ) <= {RUNS_REMEMBERED}
    ),
    usual as (
        select
            layer, table_name, column_name, measure,
            count(*) as runs_before,
            median(value) as usual_value,
            mad(value) * {ROBUST} as usual_deviation
        from accepted
        group by layer, table_name, column_name, measure
    ),
    banded as (
        select
            today.*,
            usual.runs_before,
            usual.usual_value,
            greatest(
                bands.floor,
                bands.variation * (1 + {FEW_RUNS} / usual.runs_before) * usual.usual_deviation,
                {CHANCE_VARIATION} * sqrt(
                    greatest(usual.usual_value * (1 - least(usual.usual_value, 1)), 0.01)
                    / greatest(today.rows_seen, 1)
                )
            ) as width
        from per_moment as today
        inner join current_run
            on today.as_of = current_run.as_of
        inner join bands
            on today.family = bands.family
        left join usual
            on
                today.layer = usual.layer
                and today.table_name = usual.table_name
                and today.column_name = usual.column_name
                and today.measure = usual.measure
    )
    select
        * exclude (run_id, started_order, width),
        usual_value - width as lowest_usual,
        usual_value + width as highest_usual,
        -- How many widths it lies outside the usual: up to 1 is usual, null is not known yet.
        case
            when runs_before >= {RUNS_NEEDED} and rows_seen >= {ROWS_NEEDED}
                then abs(value - usual_value) / width
        end as widths_off
    from banded
"""


def create_measure_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the table and the view of the figures."""
    connection.execute(MEASURES)
    connection.execute(ACCEPTED_RUNS)
    connection.execute(MEASURE_FACTS)


def store_measures(
    connection: duckdb.DuckDBPyConnection,
    place: tuple[str, str],
    run: tuple[str, datetime],
    measured: Iterable[tuple[str, str, str, float, int]],
) -> int:
    """Keep the figures of a table (layer, name) in a run; replace those of the same run.

    `measured` holds column, measure, family, value and the rows it was taken from.
    """
    rows = [
        [run[0], *place, column, measure, family, value, seen, run[1]]
        for column, measure, family, value, seen in measured
    ]
    connection.execute(
        "delete from quality.measures where run_id = ? and layer = ? and table_name = ?",
        [run[0], *place],
    )
    if rows:
        # One statement for all rows: DuckDB takes a millisecond for each one given alone.
        names = ("run_id", "layer", "table_name", "column_name", "measure", "family", "value")
        columns = list(zip(*rows, strict=True))
        parts = ", ".join(f"unnest(${number})" for number in range(1, len(columns) + 1))
        connection.execute(
            f"insert into quality.measures ({', '.join([*names, 'rows_seen', 'as_of'])}) "
            f"select {parts}",
            {str(number): list(column) for number, column in enumerate(columns, start=1)},
        )
    return len(rows)

"""Loads that a gate has stopped and nobody has decided on: no later run may carry them through.

What a stopped run has landed stays in landing, and a landing suite judges only what its own run has
landed. So a critical expectation on `quality.loads` asks for the loads that are listed here: those
of tables that closed a gate since the last accepted run, as long as their rows still count.
"""

from datetime import datetime

import duckdb

from orchestration.gates.held_loads import HELD_LOADS
from orchestration.gates.history import ensure_source_tables
from orchestration.gates.quarantine_tables import ACCEPTED_RUNS
from orchestration.gates.relations import LAST_ACCEPTED, columns_of
from orchestration.landing.sql_text import identifier

UNDECIDED_LOADS = """
    create or replace table quality.undecided_loads (
        load_id varchar, source_table varchar, rows_landed bigint, as_of timestamp
    )
"""
# Grain: one row per load of a table that closed a gate in an earlier run which was not accepted. A
# verdict names its table, or tables and loads in its failing keys; one without speaks of all.
STOPPED = f"""
    with stopped as (
        select run_id, as_of
        from quality.runs
        where
            as_of <> $as_of
            and started_order > coalesce(({LAST_ACCEPTED}), 0)
            and started_order < (select started_order from quality.runs where run_id = $run_id)
    ),
    closed as (
        select run_id, layer, table_name, from_json(failing_keys, '["varchar"]') as failing_keys
        from quality.gate_results
        where severity = 'critical' and not success and not coalesce(is_waived, false)
    ),
    verdicts as (
        select run_id, layer, table_name as said_of from closed where layer = 'landing'
        union
        select run_id, layer, split_part(unnest(failing_keys), '|', 1)
        from closed where layer = 'quality'
        union
        select run_id, layer, null from closed where layer = 'quality' and len(failing_keys) = 0
    )
    select distinct
        loads.load_id,
        loads.load_order,
        loads.source || '_' || loads.table_name as source_table,
        loads.rows_landed,
        stopped.as_of,
        tables.delivery,
        tables.key_columns,
        tables.cursor_column
    from quality.loads as loads
    inner join stopped
        on loads.run_id = stopped.run_id
    inner join verdicts
        on
            loads.run_id = verdicts.run_id
            and (
                verdicts.said_of is null
                or verdicts.said_of in (loads.load_id, loads.source || '_' || loads.table_name)
            )
    inner join quality.source_tables as tables
        on loads.source = tables.source and loads.table_name = tables.table_name
    where
        loads.rows_landed > 0
        and loads.load_id not in (select load_id from quality.held_loads)
        -- the gate of a table where nothing new has landed judges it again by itself
        and (verdicts.layer = 'quality' or exists (
            select 1 from quality.loads as newer
            where
                newer.source = loads.source
                and newer.table_name = loads.table_name
                and newer.run_id <> loads.run_id
                and newer.load_order > loads.load_order
                and newer.rows_landed > 0
        ))
    order by loads.load_order asc
"""
# The rows of later loads, which win where they replace an earlier one (`current_rows` in dbt).
LATER = """
    select landed.*
    from {table} as landed
    inner join quality.loads as loads
        on landed._load_id = loads.load_id
    where loads.load_order > $load_order
"""


def record_undecided_loads(
    connection: duckdb.DuckDBPyConnection, run_id: str, as_of: datetime
) -> None:
    """Write `quality.undecided_loads` anew, as it stands in a run; needs `quality.gate_results`."""
    ensure_source_tables(connection)
    connection.execute(ACCEPTED_RUNS)
    connection.execute(HELD_LOADS)
    connection.execute(UNDECIDED_LOADS)
    if not all(columns_of(connection, "quality", name) for name in ("runs", "loads")):
        return
    stopped = connection.execute(STOPPED, {"run_id": run_id, "as_of": as_of}).fetchall()
    for load_id, load_order, source_table, rows, moment, *delivered in stopped:
        if _counts(connection, (load_id, load_order), source_table, *delivered):
            connection.execute(
                "insert into quality.undecided_loads values (?, ?, ?, ?)",
                [load_id, source_table, rows, moment],
            )


def _counts(
    connection: duckdb.DuckDBPyConnection,
    load: tuple[str, int],
    source_table: str,
    delivery: str,
    key: list[str],
    cursor: str | None,
) -> bool:
    """Say whether any row of a load still counts, or later loads have replaced them all."""
    if delivery == "append":
        return True  # the first row of a key wins
    table = f"landing.{identifier(source_table)}"
    later = LATER.format(table=table)
    if delivery == "full":
        query = f"select not exists ({later}) and $load_id is not null"
    else:
        names = [identifier(name) for name in key]
        same = " and ".join(f"later.{name} = landed.{name}" for name in names)
        moment = identifier(cursor or key[0])
        query = f"""
            select exists (
                select 1 from {table} as landed
                where landed._load_id = $load_id and not exists (
                    select 1 from ({later}) as later
                    where {same} and (landed.{moment} is null or later.{moment} >= landed.{moment})
                )
            )
        """
    values = {"load_id": load[0], "load_order": load[1]}
    return bool(connection.execute(query, values).fetchall()[0][0])

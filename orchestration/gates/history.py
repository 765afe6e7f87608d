"""What came before: one row per source table with its volume against its own history.

Suites ask their questions of `quality.load_facts` in plain SQL, so a threshold stays in the suite
and the arithmetic stays here. What the contracts promise about freshness is recorded as
`quality.source_tables`: SQL can't read YAML.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import duckdb

from orchestration.gates.quarantine_tables import ACCEPTED_RUNS
from orchestration.gates.relations import columns_of
from orchestration.warehouse import Warehouse

if TYPE_CHECKING:
    from orchestration.landing.contract import Contract

# Enough runs for a median that one odd day doesn't move, few enough to follow a growing business.
RUNS_REMEMBERED = 20
RUNS_NEEDED = 3

SOURCE_TABLES = (
    """
    create table if not exists quality.source_tables (
        source varchar,
        table_name varchar,
        delivery varchar,
        freshness_hours double
    )
    """,
    "alter table quality.source_tables add column if not exists key_columns varchar[]",
    "alter table quality.source_tables add column if not exists cursor_column varchar",
)

# Grain: one row per source table that has a contract or was ever loaded, as of the current run.
LOAD_FACTS = f"""
    create or replace view quality.load_facts as
    with current_run as (
        select max_by(run_id, started_order) as run_id, max_by(as_of, started_order) as as_of
        from quality.runs
    ),
    per_run as (
        select
            source,
            table_name,
            run_id,
            max(load_order) as last_load_order,
            max(loaded_at) filter (where rows_landed > 0) as last_landed_at,
            max(loaded_at) filter (where reason = 'repeated file') as last_repeated_at,
            count(*) filter (where status = 'landed') as files_landed,
            count(*) filter (where status = 'refused') as files_refused,
            sum(rows_received) as rows_received,
            sum(rows_landed) as rows_landed,
            sum(rows_quarantined) as rows_quarantined,
            sum(rows_refused) as rows_refused
        from quality.loads
        group by source, table_name, run_id
    ),
    recent as (
        select per_run.source, per_run.table_name, per_run.rows_landed
        from per_run
        cross join current_run
        where
            per_run.run_id <> current_run.run_id
            and per_run.rows_landed > 0
            and per_run.run_id in (select run_id from quality.accepted_runs)
        qualify row_number() over (
            partition by per_run.source, per_run.table_name order by per_run.last_load_order desc
        ) <= {RUNS_REMEMBERED}
    ),
    usual as (
        select source, table_name, count(*) as runs_before, median(rows_landed) as usual_rows
        from recent
        group by source, table_name
    ),
    last_landed as (
        select
            source,
            table_name,
            max(last_landed_at) as last_landed_at,
            max(last_repeated_at) as last_repeated_at
        from per_run
        group by source, table_name
    ),
    listed as (
        select source, table_name from quality.source_tables
        union
        -- A steward decides when there is something to decide: no day is too quiet.
        select source, table_name from quality.loads where source <> 'steward'
    )
    select
        listed.source || '_' || listed.table_name as source_table,
        current_run.run_id,
        coalesce(today.files_landed, 0) as files_landed,
        coalesce(today.files_refused, 0) as files_refused,
        coalesce(today.rows_received, 0) as rows_received,
        coalesce(today.rows_landed, 0) as rows_landed,
        coalesce(today.rows_quarantined, 0) as rows_quarantined,
        coalesce(today.rows_refused, 0) as rows_refused,
        today.rows_quarantined / nullif(today.rows_received, 0) as share_quarantined,
        coalesce(usual.runs_before, 0) as runs_before,
        usual.usual_rows,
        -- Without enough runs there is no history to compare with, so no verdict.
        case when usual.runs_before >= {RUNS_NEEDED} then today.rows_landed / usual.usual_rows end
            as volume_ratio,
        date_diff(
            'minute',
            -- A full export that is the same again has come: it says that nothing has changed.
            case when source_tables.delivery = 'full'
                then greatest(last_landed.last_landed_at, last_landed.last_repeated_at)
                else last_landed.last_landed_at
            end,
            current_run.as_of
        ) / 60.0 as hours_since_last_load,
        source_tables.freshness_hours
    from listed
    cross join current_run
    left join per_run as today
        on listed.source = today.source
        and listed.table_name = today.table_name
        and current_run.run_id = today.run_id
    left join usual
        on listed.source = usual.source and listed.table_name = usual.table_name
    left join last_landed
        on listed.source = last_landed.source and listed.table_name = last_landed.table_name
    left join quality.source_tables as source_tables
        on listed.source = source_tables.source and listed.table_name = source_tables.table_name
"""


def record_source_tables(warehouse: Warehouse, contracts: "Iterable[Contract]") -> None:
    """Write what the contracts promise into `quality.source_tables`, in place of what was there."""
    rows = [
        [
            *(contract.source, contract.table, contract.delivery, contract.freshness_hours),
            *(list(contract.key), contract.cursor),
        ]
        for contract in contracts
    ]
    with warehouse.connect() as connection:
        ensure_source_tables(connection)
        connection.execute("begin")
        connection.execute("delete from quality.source_tables")
        if rows:
            connection.executemany(
                "insert into quality.source_tables values (?, ?, ?, ?, ?, ?)", rows
            )
        connection.execute("commit")


def ensure_source_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `quality.source_tables`, or give an older one the columns that it lacks."""
    for statement in SOURCE_TABLES:
        connection.execute(statement)


def create_history_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `quality.load_facts`, where the tables that it reads exist."""
    ensure_source_tables(connection)
    connection.execute(ACCEPTED_RUNS)
    if all(columns_of(connection, "quality", table) for table in ("runs", "loads")):
        connection.execute(LOAD_FACTS)

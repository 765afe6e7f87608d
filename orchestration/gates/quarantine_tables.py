"""What became of rows in quarantine: one append-only row per step, and the views that sum them up.

`quality.quarantine` keeps every row that was ever set aside, as it was. A row waits there as long
as its last step did not put it back or refuse it. A step may also say of a decision that it is
void: then it names what was decided on, a row or a load, and moves nothing.
"""

import duckdb

from orchestration.gates.golden_values import remember_golden_values
from orchestration.gates.relations import columns_of
from orchestration.landing.reading import RuleName

QUARANTINE_EVENTS = """
    create table if not exists quality.quarantine_events (
        quarantine_id varchar,
        decision_order bigint,
        outcome varchar,
        reason varchar,
        waived_until date,
        load_id varchar,
        landing_row bigint,
        run_id varchar,
        happened_at timestamp,
        event_order bigint
    )
"""

ACCEPTED_RUNS = """
    create table if not exists quality.accepted_runs (run_id varchar, as_of timestamp)
"""

BY_A_GATE = "expectation "  # how the rule of a row begins that a gate has set aside
# What a gate has set aside was typed already, and so were rows of one key. What else the door sets
# aside is in the form of its file.
IS_TYPED = f"starts_with(entries.rule, '{BY_A_GATE}') or entries.rule = '{RuleName.DUPLICATE_KEY}'"

# Grain: one row per row that was ever set aside.
QUARANTINE_ROWS = f"""
    create or replace view quality.quarantine_rows as
    with entries as (
        select
            'Q' || left(sha256(concat_ws('|', load_id, line, rule, column_name)), 10)
                as quarantine_id,
            quarantine.*
        from quality.quarantine as quarantine
    ),
    steps as (
        select
            quarantine_id,
            max_by(outcome, event_order) filter (where outcome <> 'void') as outcome,
            arg_max_null(reason, event_order) filter (where outcome <> 'void')
                as outcome_reason,
            max(decision_order) as decision_order
        from quality.quarantine_events
        group by quarantine_id
    )
    select
        entries.*,
        coalesce({IS_TYPED}, false) as is_typed,
        coalesce(steps.outcome, 'waiting') as state,
        steps.outcome_reason,
        coalesce(steps.decision_order, 0) as decided_order,
        coalesce(steps.outcome, 'waiting') not in ('replayed', 'waived', 'refused') as is_waiting
    from entries
    left join steps
        on entries.quarantine_id = steps.quarantine_id
    qualify row_number() over (
        partition by entries.quarantine_id order by entries.quarantined_at asc
    ) = 1
"""


def create_quarantine_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables and the view where their base is there."""
    connection.execute(QUARANTINE_EVENTS)
    connection.execute(ACCEPTED_RUNS)
    if columns_of(connection, "quality", "quarantine"):
        connection.execute(QUARANTINE_ROWS)


def accept_run(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Remember that every gate has let a run pass, with the runs that it continued."""
    connection.execute(ACCEPTED_RUNS)
    connection.execute(
        """
        insert into quality.accepted_runs
        select run_id, as_of from quality.runs
        where as_of = (select as_of from quality.runs where run_id = $run_id)
            and run_id not in (select run_id from quality.accepted_runs)
        order by started_order asc
        """,
        {"run_id": run_id},
    )
    remember_golden_values(connection)

"""Ask the gate results whether the marts may be shown, and carry them into the snapshot.

Evaluating a gate belongs to `orchestration/gates`.
"""

from datetime import datetime

import duckdb

from orchestration.publishing.errors import GateNotPassedError

EVALUATIONS = """
    from quality.gate_results as results
    left join (
        select run_id, max(started_order) as started_order
        from quality.runs
        group by run_id
    ) as runs
        on results.run_id = runs.run_id
"""

# The newest evaluation of each layer decides: a suite that was removed since then cannot block.
# What a steward has waived does not block either: its gate has let the run pass.
STANDING_FAILURES = f"""
    with evaluations as (

        select
            results.layer,
            results.table_name,
            results.expectation_type,
            results.severity,
            results.success,
            {{is_waived}} as is_waived,
            dense_rank() over (
                partition by results.layer
                order by runs.started_order desc nulls last, results.run_id desc
            ) as age
        {EVALUATIONS}

    )

    select distinct layer, table_name, expectation_type
    from evaluations
    where age = 1 and severity = 'critical' and not success and not is_waived
    order by layer asc, table_name asc, expectation_type asc
"""

# A run that was continued from its failure has evaluated some gates under its first run id.
GATES_OF_THE_DAY = f"""
    with evaluations as (

        select
            results.run_id,
            results.layer,
            results.table_name,
            results.expectation_type,
            results.column_name,
            results.severity,
            results.success,
            results.rows_seen,
            results.rows_failing,
            results.why,
            dense_rank() over (
                partition by results.layer, results.table_name
                order by runs.started_order desc nulls last, results.run_id desc
            ) as age
        {EVALUATIONS}
        where results.as_of = ?

    )

    select distinct * exclude (age)
    from evaluations
    where age = 1
    order by all
"""

NO_GATES = """
    (
        run_id varchar, layer varchar, table_name varchar, expectation_type varchar,
        column_name varchar, severity varchar, success boolean, rows_seen bigint,
        rows_failing bigint, why varchar
    )
"""


def refuse_unless_passed(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse when a critical expectation failed the last time its layer was looked at.

    Unless a steward has waived what it found.

    The orchestrator stops such a run before it comes here; this holds when somebody publishes
    by hand afterwards.

    Raises:
        GateNotPassedError: naming the gates.
    """
    if not _has_results(connection):
        return
    failures = connection.execute(_standing_failures(connection)).fetchall()
    if failures:
        gates = sorted({f"{layer}.{table}" for layer, table, _ in failures})
        raise GateNotPassedError(
            f"critical expectations do not hold on {', '.join(gates)}: nothing is published, "
            "readers keep the snapshot they have"
        )


def copy_gate_results(connection: duckdb.DuckDBPyConnection, target: str, as_of: datetime) -> None:
    """Create a table of the gates that were passed for this `as_of`.

    Failing keys stay in the warehouse: they lead to single people.
    """
    if _has_results(connection):
        connection.execute(f"create table {target} as {GATES_OF_THE_DAY}", [as_of])
    else:
        connection.execute(f"create table {target} {NO_GATES}")


def _standing_failures(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the query for a warehouse as it is: one of before knows of no waiver."""
    columns = connection.execute("describe quality.gate_results").fetchall()
    is_known = any(column[0] == "is_waived" for column in columns)
    is_waived = "coalesce(results.is_waived, false)" if is_known else "false"
    return STANDING_FAILURES.format(is_waived=is_waived)


def _has_results(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = current_catalog() and schema_name = 'quality' "
        "and table_name in ('gate_results', 'runs')"
    ).fetchone()
    return found is not None and found[0] == 2

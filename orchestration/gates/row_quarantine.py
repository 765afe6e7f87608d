"""Set single bad rows of a landing table aside, so that the rest of a good day can go on.

Only rows that fail a critical expectation about rows, and only within the tolerance of the suite:
many bad rows are a bad day, and close the gate.
"""

from collections.abc import Sequence
from datetime import datetime

import duckdb

from orchestration.gates.outcomes import Judged
from orchestration.gates.quarantine_tables import BY_A_GATE, create_quarantine_tables
from orchestration.gates.relations import Batch, columns_of
from orchestration.gates.suites import Suite
from orchestration.landing.sql_text import identifier, literal
from orchestration.landing.transaction import transaction

POSITION = ("_load_id", "_row")
BOOKKEEPING = frozenset({"_load_id", "_loaded_at", "_source_file", "_row"})
ALWAYS_TOLERATED = 3  # a share of a small file is less than one row
SET_ASIDE = "gate_rows_set_aside"


def tolerated_rows(suite: Suite, rows: int) -> int:
    """Return how many rows of a batch may be set aside before the gate closes instead."""
    if not suite.tolerance:
        return 0
    return min(max(ALWAYS_TOLERATED, int(suite.tolerance * rows)), rows // 2)


def rows_to_set_aside(
    judged: Sequence[Judged], suite: Suite, batch: Batch
) -> dict[tuple[str, int], Judged]:
    """Return the rows to take out, each with the first expectation it fails; often none.

    None as well, where something else fails that taking rows out would not mend.
    """
    found: dict[tuple[str, int], Judged] = {}
    if any(name not in batch.columns for name in POSITION):
        return {}
    for each in judged:
        if each.result.success or each.severity != "critical":
            continue
        if not each.is_about_rows or not each.failing_rows:
            return {}
        for row in each.failing_rows:
            found.setdefault((str(row["_load_id"]), int(row["_row"])), each)
    return found if len(found) <= tolerated_rows(suite, batch.rows) else {}


def set_rows_aside(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    rows: dict[tuple[str, int], Judged],
    *,
    run_id: str,
    as_of: datetime,
) -> None:
    """Move rows from a landing table to quarantine, with their loads' accounts, all or none."""
    create_quarantine_tables(connection)
    connection.execute(
        f"""
        create or replace temp table {SET_ASIDE} as
        select
            unnest($loads::varchar[]) as _load_id,
            unnest($rows::bigint[]) as _row,
            unnest($columns::varchar[]) as column_name,
            unnest($rules::varchar[]) as rule,
            unnest($reasons::varchar[]) as reason
        """,
        {
            "loads": [load_id for load_id, _ in rows],
            "rows": [row for _, row in rows],
            "columns": [each.column for each in rows.values()],
            "rules": [BY_A_GATE + each.type for each in rows.values()],
            "reasons": [each.why for each in rows.values()],
        },
    )
    table = f"landing.{identifier(suite.table)}"
    with transaction(connection):
        connection.execute(_return_replayed(), {"run_id": run_id, "as_of": as_of})
        connection.execute(_quarantine(connection, suite, table), {"as_of": as_of})
        connection.execute(
            f"delete from {table} where (_load_id, _row) in "
            f"(select (_load_id, _row) from {SET_ASIDE})"
        )
        connection.execute(
            f"""
            update quality.loads
            set
                rows_landed = rows_landed - taken.rows,
                rows_quarantined = rows_quarantined + taken.rows
            from (select _load_id, count(*) as rows from {SET_ASIDE} group by all) as taken
            where loads.load_id = taken._load_id
            """
        )


def _return_replayed() -> str:
    """Return the SQL by which a row that came back from quarantine goes there again."""
    return f"""
        insert into quality.quarantine_events
        select
            latest.quarantine_id, latest.decision_order, 'returned', aside.reason, null,
            latest.load_id, latest.landing_row, $run_id, $as_of,
            (select max(event_order) from quality.quarantine_events)
                + row_number() over (order by latest.quarantine_id)
        from (
            select quarantine_id, load_id, landing_row, max(decision_order) as decision_order
            from quality.quarantine_events
            where outcome in ('replayed', 'waived')
            group by all
        ) as latest
        inner join {SET_ASIDE} as aside
            on latest.load_id = aside._load_id and latest.landing_row = aside._row
    """


def _quarantine(connection: duckdb.DuckDBPyConnection, suite: Suite, table: str) -> str:
    """Return the SQL that writes rows to quarantine, unless they are there from before."""
    names = [
        name for name in columns_of(connection, "landing", suite.table) if name not in BOOKKEEPING
    ]
    content = ", ".join(f"{literal(name)}: cast({identifier(name)} as varchar)" for name in names)
    return f"""
        insert into quality.quarantine
        select
            landed._load_id, loads.source, loads.table_name, landed._source_file, landed._row,
            aside.column_name, aside.rule, aside.reason,
            cast(to_json({{{content}}}) as varchar), $as_of
        from {table} as landed
        inner join {SET_ASIDE} as aside
            on landed._load_id = aside._load_id and landed._row = aside._row
        inner join quality.loads as loads
            on landed._load_id = loads.load_id
        where (landed._load_id, landed._row) not in (
            select (load_id, landing_row) from quality.quarantine_events
            where outcome in ('replayed', 'waived')
        )
        order by landed._load_id asc, landed._row asc
    """  # noqa: S608 - names of contracts, which are checked when they are read

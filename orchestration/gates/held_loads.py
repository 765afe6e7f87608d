"""Take a whole load out of the flow, as a steward decides: its rows wait in quarantine as they are.

The kind of decision is `load.hold`, its subject `load:<load id>`. From then on they are rows like
all others there: `accept` puts them back, `refuse` keeps them out, each can be corrected.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.gates.quarantine_tables import BY_A_GATE, create_quarantine_tables
from orchestration.gates.relations import columns_of
from orchestration.gates.row_quarantine import BOOKKEEPING
from orchestration.landing.sql_text import identifier, literal
from orchestration.landing.transaction import transaction

KIND = "load.hold"
LOAD_PREFIX = "load:"
HELD_LOADS = """
    create table if not exists quality.held_loads (
        load_id varchar, decision_order bigint, rows_held bigint, run_id varchar, held_at timestamp
    )
"""
DECIDED = """
    select loads.load_id, loads.source || '_' || loads.table_name, made.decision_order, made.reason
    from landing.steward_decisions as made
    inner join quality.loads as loads
        on made.subject = $prefix || loads.load_id
    where
        made.kind = $kind
        and made.decision_order not in (select decision_order from quality.held_loads)
    order by made.decision_order asc, loads.load_id asc
"""
# What was decided on the load before it was held is not meant for rows that wait since then.
HELD_ROWS = """
    insert into quality.quarantine_events
    select
        quarantine_id, $order, 'held', reason, null, load_id, null, $run_id, $as_of,
        (select coalesce(max(event_order), 0) from quality.quarantine_events)
            + row_number() over (order by quarantine_id asc)
    from quality.quarantine_rows
    where load_id = $load_id and rule = $rule
"""


@dataclass(frozen=True, slots=True)
class HeldLoad:
    """A load that was taken out, and how many rows it had in landing."""

    load_id: str
    rows: int


def hold_loads(
    connection: duckdb.DuckDBPyConnection, *, run_id: str, as_of: datetime
) -> list[HeldLoad]:
    """Carry out the landed decisions to hold loads, each once; all rows of a load move, or none."""
    create_quarantine_tables(connection)
    connection.execute(HELD_LOADS)
    decided = connection.execute(DECIDED, {"prefix": LOAD_PREFIX, "kind": KIND}).fetchall()
    held: list[HeldLoad] = []
    for load_id, source_table, order, reason in decided:
        with transaction(connection):
            rows = _move(connection, load_id, source_table, (order, reason), as_of)
            connection.execute(
                HELD_ROWS,
                {
                    "load_id": load_id,
                    "rule": _rule(order),
                    "order": order,
                    "run_id": run_id,
                    "as_of": as_of,
                },
            )
            connection.execute(
                "insert into quality.held_loads values (?, ?, ?, ?, ?)",
                [load_id, order, rows, run_id, as_of],
            )
        held.append(HeldLoad(load_id, rows))
    return held


def _rule(decision_order: int) -> str:
    """Return the rule by which the rows wait; a load that is held twice has two."""
    return f"{BY_A_GATE}of a steward (decision {decision_order})"


def _move(
    connection: duckdb.DuckDBPyConnection,
    load_id: str,
    source_table: str,
    decision: tuple[int, str],
    as_of: datetime,
) -> int:
    """Move the rows of a load to quarantine and return how many they are."""
    table = f"landing.{identifier(source_table)}"
    names = [
        name for name in columns_of(connection, "landing", source_table) if name not in BOOKKEEPING
    ]
    content = ", ".join(f"{literal(name)}: cast({identifier(name)} as varchar)" for name in names)
    order, reason = decision
    moved = connection.execute(
        f"""
        insert into quality.quarantine
        select
            landed._load_id, loads.source, loads.table_name, landed._source_file, landed._row,
            null, $rule, $reason, cast(to_json({{{content}}}) as varchar), $as_of
        from {table} as landed
        inner join quality.loads as loads
            on landed._load_id = loads.load_id
        where landed._load_id = $load_id
        order by landed._row asc
        """,
        {
            "rule": _rule(order),
            "reason": f"held: {reason}",
            "as_of": as_of,
            "load_id": load_id,
        },
    ).fetchall()[0][0]
    connection.execute(f"delete from {table} where _load_id = ?", [load_id])
    connection.execute(
        "update quality.loads set rows_landed = 0, rows_quarantined = rows_quarantined + ? "
        "where load_id = ?",
        [moved, load_id],
    )
    return int(moved)

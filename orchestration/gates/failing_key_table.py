"""Keep the keys of all rows that fail a critical expectation: `quality.failing_keys`.

Pages, messages and Dagster tell the first few; whoever mends a day needs them all. The table holds
those of the latest run of every gate. Which incident a key belongs to is known when its gate has
been judged: until then the keys wait in a temporary table.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.gates.causes import Cause
from orchestration.gates.failing_keys import shown_keys
from orchestration.gates.outcomes import ExpectationOutcome
from orchestration.gates.suites import Suite
from orchestration.landing.transaction import transaction

FAILING_KEYS = """
    create table if not exists quality.failing_keys (
        incident_id varchar,
        layer varchar,
        table_name varchar,
        expectation_order bigint,
        expectation_type varchar,
        column_name varchar,
        failing_key varchar,
        run_id varchar,
        as_of timestamp
    )
"""
FOUND = "gate_failing_keys"
KEYS_AT_A_TIME = 50_000


def forget_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Begin a gate: nothing has been found yet."""
    connection.execute(
        f"create or replace temp table {FOUND} (expectation_order bigint, failing_key varchar)"
    )


def note_keys(
    connection: duckdb.DuckDBPyConnection,
    position: int,
    rows: Iterator[Mapping[str, Any]],
    suite: Suite,
) -> None:
    """Take down the keys of all rows that fail the expectation at a position of the suite."""
    keys = shown_keys(rows, suite)
    parts: list[pa.Array] = []
    while part := list(islice(keys, KEYS_AT_A_TIME)):
        parts.append(pa.array(part, pa.string()))
    if not parts:
        return
    # Only now: the rows come from this connection, which answers one question at a time.
    connection.register("noted_keys", pa.table({"failing_key": pa.chunked_array(parts)}))
    connection.execute(
        f"insert into {FOUND} select distinct $position, failing_key from noted_keys",
        {"position": position},
    )
    connection.unregister("noted_keys")


def store_keys(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    causes: Sequence[Cause],
    run_id: str,
    as_of: datetime,
) -> None:
    """Replace the keys of this gate in `quality.failing_keys` by those of its latest run."""
    connection.execute(FAILING_KEYS)
    run = {"run_id": run_id, "as_of": as_of, "layer": suite.layer, "table_name": suite.table}
    with transaction(connection):
        connection.execute(
            "delete from quality.failing_keys where layer = ? and table_name = ?",
            [suite.layer, suite.table],
        )
        for cause in causes:
            for outcome in cause.outcomes:
                # What was set aside is a warning by now, and its rows are in quarantine.
                if outcome.severity == "critical" and outcome.failing_keys:
                    connection.execute(_insert(), {**run, **_expectation(cause, outcome)})


def _expectation(cause: Cause, outcome: ExpectationOutcome) -> dict[str, Any]:
    is_own_key = outcome.is_told_by_key and cause.column in outcome.failing_keys
    told_elsewhere = set(outcome.failing_keys) - set(cause.keys_of(outcome))
    return {
        "incident_id": cause.incident_id,
        "position": outcome.position,
        "type": outcome.type,
        "column_name": outcome.column,
        "own_key": cause.column if is_own_key else None,
        "others": sorted(told_elsewhere),
    }


def _insert() -> str:
    return f"""
        insert into quality.failing_keys
        select
            $incident_id, $layer, $table_name, $position, $type, $column_name, failing_key,
            $run_id, $as_of
        from {FOUND}
        where expectation_order = $position
            and coalesce(failing_key = $own_key, not list_contains($others, failing_key))
    """

"""Look at rows in quarantine, and at what is decided on them already.

Nobody opens the warehouse while a run is at work, also not when the file is free between two steps:
the next step would find it taken.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from orchestration.cli.errors import CommandLineError, WarehouseHeldError
from orchestration.cli.stewarding import store_of_home
from orchestration.gates.held_loads import LOAD_PREFIX
from orchestration.gates.quarantine_tables import BY_A_GATE
from orchestration.gates.rulings import AREA
from orchestration.run_lock import RunLock
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse, WarehouseLockedError

COLUMNS = (
    *("quarantine_id", "source", "table_name", "load_id", "file", "line", "column_name"),
    *("rule", "reason", "state", "outcome_reason", "quarantined_at", "is_waiting"),
)
HELD = (
    "a run is at work and has the warehouse to itself: rows can be shown when it has ended; "
    "decisions can be made meanwhile"
)
NEXT = "`c360 quarantine replay`, `c360 run --resume` or the next run carries it out."
UNCHECKED = (
    "A run is at work, so that nobody could look: the run that is to carry it out says so if it "
    "can't, and so does `c360 quarantine list` after it."
)
HAS_ROWS = """
    select 1 from duckdb_views() where schema_name = 'quality' and view_name = 'quarantine_rows'
"""
Row = dict[str, Any]


@contextmanager
def looking() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to look at the warehouse, or at nothing where nothing has run yet.

    Raises:
        WarehouseHeldError: a run is at work.
    """
    settings = Settings()
    if RunLock(settings.home_dir).holder():
        raise WarehouseHeldError(HELD)
    if not settings.warehouse_path.exists():
        with duckdb.connect() as connection:
            yield connection
        return
    try:
        with Warehouse.of(settings).connect(read_only=True) as connection:
            yield connection
    except WarehouseLockedError as error:
        raise WarehouseHeldError(HELD) from error


def rows_set_aside(
    connection: duckdb.DuckDBPyConnection,
    condition: str = "true",
    values: Sequence[object] = (),
    *,
    limit: int | None = None,
) -> list[Row]:
    """Return rows of quarantine, by their place.

    `line` is the line of a file that the door has read; a gate knows only the `row` of its load.
    `decided` is what somebody has decided on the row and no run has carried out yet.
    """
    if not connection.execute(HAS_ROWS).fetchall():
        return []
    found = connection.execute(
        f"select {', '.join(COLUMNS)}, decided_order from quality.quarantine_rows as entries "
        f"where {condition} order by source, table_name, load_id, entries.line, quarantine_id"
        + (f" limit {limit}" if limit else ""),
        list(values),
    ).fetchall()
    made = store_of_home().decisions(area=AREA) if found else []
    last = {decision.subject: decision for decision in made}
    rows = []
    for *told, decided_order in found:
        row = dict(zip(COLUMNS, told, strict=True))
        by_a_gate = str(row["rule"]).startswith(BY_A_GATE)
        row["row"], row["line"] = (row["line"], None) if by_a_gate else (None, row["line"])
        subjects = (row["quarantine_id"], f"{LOAD_PREFIX}{row['load_id']}")
        waits = [
            last[name]
            for name in subjects
            if name in last and last[name].decision_order > decided_order and row["is_waiting"]
        ]
        decided = max(waits, key=lambda decision: decision.decision_order, default=None)
        row["decided"] = decided and {
            "verb": decided.verb,
            "author": decided.author,
            "decided_at": decided.decided_at,
        }
        rows.append(row)
    return rows


def row_named(connection: duckdb.DuckDBPyConnection, quarantine_id: str) -> Row:
    """Return one row of quarantine.

    Raises:
        CommandLineError: there is no such row.
    """
    found = rows_set_aside(connection, "quarantine_id = ?", [quarantine_id])
    if not found:
        raise CommandLineError(f"there is no row {quarantine_id}: `c360 quarantine list --all`")
    return found[0]


def content_of(connection: duckdb.DuckDBPyConnection, quarantine_id: str) -> dict[str, Any]:
    """Return what a row holds, as it was delivered: personal data."""
    content = connection.execute(
        "select content from quality.quarantine_rows where quarantine_id = ?", [quarantine_id]
    ).fetchall()
    values: dict[str, Any] = json.loads(content[0][0])
    return values


def row_to_decide_on(quarantine_id: str) -> list[Row] | None:
    """Return a row that waits, in a list; nothing where nobody can look, since a run is at work.

    Raises:
        CommandLineError: there is no such row, or it does not wait any more.
    """
    try:
        with looking() as connection:
            row = row_named(connection, quarantine_id)
    except WarehouseHeldError:
        return None
    if not row["is_waiting"]:
        raise CommandLineError(
            f"{quarantine_id} does not wait any more ({row['state']}): nothing is left to decide"
        )
    return [row]


def waiting_rows_of(load_id: str) -> list[Row] | None:
    """Return the rows of a load that wait; nothing where nobody can look.

    Raises:
        CommandLineError: none waits.
    """
    try:
        with looking() as connection:
            rows = rows_set_aside(connection, "is_waiting and load_id = ?", [load_id])
    except WarehouseHeldError:
        return None
    if not rows:
        raise CommandLineError(f"no row of load {load_id} waits in quarantine")
    return rows

"""Find the rows that a suite judges: those of this run, or the whole table.

A landing suite judges the rows that this run landed; when it landed none, those of the latest run
that did. So a bad day that was accepted once doesn't stop every day after it, and a day without a
delivery is judged like the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from orchestration.gates.errors import MissingRelationError
from orchestration.gates.suites import Suite

BATCH_VIEW = "gate_batch"
LOAD_COLUMN = "_load_id"
RUN_COLUMN = "run_id"
LAST_ACCEPTED = """
    select max(started_order) from quality.runs
    where as_of in (select as_of from quality.accepted_runs)
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """A relation to validate, with its columns and its number of rows."""

    schema: str | None
    name: str
    columns: tuple[str, ...]
    rows: int

    @property
    def relation(self) -> str:
        """Return the name of the relation in SQL."""
        return f'"{self.schema}"."{self.name}"' if self.schema else self.name


def open_batch(connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str) -> Batch:
    """Return the rows that the suite judges in this run: a view, or the whole table.

    Raises:
        MissingRelationError: the table is not in the warehouse.
    """
    columns = columns_of(connection, suite.layer, suite.table)
    if not columns:
        raise MissingRelationError(f"no table {suite.label} in the warehouse")
    rows_of_run = _rows_of_run(connection, suite, columns, run_id)
    if rows_of_run is None:
        return _counted(connection, suite.layer, suite.table, columns)
    table = f'"{suite.layer}"."{suite.table}"'
    connection.execute(
        f"create or replace temp view {BATCH_VIEW} as select * from {table} where {rows_of_run}"
    )
    return _counted(connection, None, BATCH_VIEW, columns)


def columns_of(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> tuple[str, ...]:
    """Return the columns of a table or view in their order; nothing if it doesn't exist."""
    try:
        rows = connection.execute(f'describe "{schema}"."{name}"').fetchall()
    except duckdb.CatalogException:
        return ()
    return tuple(row[0] for row in rows)


def _rows_of_run(
    connection: duckdb.DuckDBPyConnection, suite: Suite, columns: Sequence[str], run_id: str
) -> str | None:
    """Return the condition that picks the rows of the run; None picks the whole table."""
    if suite.layer == "landing" and LOAD_COLUMN in columns:
        loads = _loads_to_judge(connection, suite.table, run_id)
        if loads is None:
            return None
        of_loads = f"{LOAD_COLUMN} in ({', '.join(loads) or 'null'})"
        return _with_replayed_rows(connection, columns, of_loads)
    if suite.layer == "quality" and RUN_COLUMN in columns:
        # With the attempts that this run continues: what closed the gate then is still there.
        attempts = ", ".join(_literal(each) for each in sorted(_attempts(connection, run_id)))
        return f"{RUN_COLUMN} in ({attempts})"
    return None


def _loads_to_judge(
    connection: duckdb.DuckDBPyConnection, table: str, run_id: str
) -> list[str] | None:
    """Return the loads of the run and of the attempts it continues; else the latest run's.

    With those of earlier runs that ended before this gate, so that nobody has judged them.
    """
    if not columns_of(connection, "quality", "loads"):
        return None
    loads = connection.execute(
        "select load_id, run_id from quality.loads"
        " where source || '_' || table_name = ? and rows_landed > 0"
        " order by load_order asc, load_id asc",
        [table],
    ).fetchall()
    if not loads:
        return []
    attempts = _attempts(connection, run_id)
    judged = attempts if any(load[1] in attempts for load in loads) else {loads[-1][1]}
    judged |= _runs_not_judged(connection, table)
    return [_literal(load[0]) for load in loads if load[1] in judged]


def _attempts(connection: duckdb.DuckDBPyConnection, run_id: str) -> set[str]:
    """Return the run, with the earlier ones of its moment: it goes on from where they ended."""
    if not columns_of(connection, "quality", "runs"):
        return {run_id}
    rows = connection.execute(
        "select run_id from quality.runs where as_of in"
        " (select as_of from quality.runs where run_id = ?)",
        [run_id],
    ).fetchall()
    return {run_id, *(row[0] for row in rows)}


def _runs_not_judged(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """Return the runs since the last accepted one that never came to the gate of a table."""
    needed = ("runs", "accepted_runs", "gate_results")
    if not all(columns_of(connection, "quality", name) for name in needed):
        return set()
    rows = connection.execute(
        f"""
        select run_id from quality.runs
        where started_order > coalesce(({LAST_ACCEPTED}), 0) and run_id not in (
            select run_id from quality.gate_results where layer = 'landing' and table_name = ?
        )
        """,
        [table],
    ).fetchall()
    return {row[0] for row in rows}


def _with_replayed_rows(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str], of_loads: str
) -> str:
    """Return the condition with rows that came back from quarantine and that no gate has seen.

    Without those that a steward has waived: he has judged them himself.
    """
    if "_row" not in columns or not columns_of(connection, "quality", "quarantine_events"):
        return of_loads
    if not connection.execute("select 1 from quality.quarantine_events limit 1").fetchall():
        return of_loads
    back = (
        "select (load_id, landing_row) from quality.quarantine_events where outcome = 'replayed' "
        "and run_id not in (select run_id from quality.accepted_runs)"
    )
    waived = (
        "select (load_id, landing_row) from quality.quarantine_events where outcome = 'waived' "
        "and coalesce(waived_until, date '9999-12-31') >= "
        "(select cast(max_by(as_of, started_order) as date) from quality.runs)"
    )
    place = f"({LOAD_COLUMN}, _row)"
    return f"({of_loads} or {place} in ({back})) and {place} not in ({waived})"


def _counted(
    connection: duckdb.DuckDBPyConnection, schema: str | None, name: str, columns: tuple[str, ...]
) -> Batch:
    batch = Batch(schema, name, columns, rows=0)
    counted = connection.execute(f"select count(*) from {batch.relation}").fetchone()
    return replace(batch, rows=int(counted[0]) if counted else 0)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

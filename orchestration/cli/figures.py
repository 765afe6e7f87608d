"""Read the figures of a run out of the warehouse: rows, customers, gates, quarantine.

Counts and names only, never a value. A table that does not exist yet counts as empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from orchestration.publishing.contents import quoted
from orchestration.warehouse import LAYERS

COUNTED_LAYERS = tuple(layer for layer in LAYERS if layer not in ("staging", "quality"))

LOADS = """
    select
        coalesce(sum(rows_received), 0), coalesce(sum(rows_landed), 0),
        coalesce(sum(rows_quarantined), 0), coalesce(sum(rows_refused), 0)
    from quality.loads
    where run_id in (select unnest(?))
"""

REFUSED = """
    select source || '.' || table_name, file, reason
    from quality.loads
    where status = 'refused' and run_id in (select unnest(?))
    order by source asc, table_name asc, file asc
"""

# A run that was continued has evaluated some gates under its first id: the newest word counts.
GATES = """
    with evaluations as (

        select
            layer, table_name, expectation_type, coalesce(column_name, '') as column_name,
            severity, success, coalesce(rows_failing, 0) as rows_failing, coalesce(why, '') as why,
            dense_rank() over (
                partition by layer, table_name
                order by list_position(?, run_id) asc
            ) as age
        from quality.gate_results
        where run_id in (select unnest(?))

    )

    select distinct * exclude (age)
    from evaluations
    where age = 1
    order by severity asc, layer asc, table_name asc, expectation_type asc, column_name asc
"""

QUARANTINE = """
    select source || '.' || table_name, rule, count(*)
    from quality.quarantine
    group by all
    order by all
"""
WAITING = """
    select source || '.' || table_name, rule, count(*)
    from quality.quarantine_rows
    where is_waiting
    group by all
    order by all
"""

NOT_CARRIED_OUT = """
    select quarantine_id, reason
    from quality.quarantine_events
    where outcome in ('failed', 'void') and run_id in (select unnest(?::varchar[]))
    order by event_order asc
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that does not hold."""

    layer: str
    table: str
    expectation: str
    column: str
    severity: str
    rows_failing: int
    why: str


@dataclass(frozen=True, slots=True)
class Gates:
    """How many expectations were looked at, and those that do not hold."""

    evaluated: int
    findings: tuple[Finding, ...]

    @property
    def critical(self) -> tuple[Finding, ...]:
        """Those that stop a run."""
        return tuple(finding for finding in self.findings if finding.severity == "critical")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Those that don't."""
        return tuple(finding for finding in self.findings if finding.severity != "critical")


@dataclass(frozen=True, slots=True)
class Loads:
    """What the door counted."""

    received: int
    landed: int
    quarantined: int
    refused: int


@dataclass(frozen=True, slots=True)
class RefusedLoad:
    """A file that did not get in, and why."""

    table: str
    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantine:
    """How many rows of a source table wait that a rule has set aside."""

    table: str
    rule: str
    rows: int


@dataclass(frozen=True, slots=True)
class NotCarriedOut:
    """What a steward has decided on, a row or a load in quarantine, and why nothing came of it."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What a run left in the warehouse."""

    rows: dict[str, int]
    loads: Loads
    refused: tuple[RefusedLoad, ...]
    person_records: int
    customers: int
    id_events: dict[str, int]
    gates: Gates
    not_carried_out: tuple[NotCarriedOut, ...] = ()


def run_figures(connection: duckdb.DuckDBPyConnection, run_ids: Sequence[str]) -> RunFigures:
    """Return the figures of a run, given its id and then those of the runs it continued."""
    tables = _tables(connection)
    ids = list(run_ids)
    has_loads = ("quality", "loads") in tables
    loads = connection.execute(LOADS, [ids]).fetchone() if has_loads else None
    refused = connection.execute(REFUSED, [ids]).fetchall() if has_loads else []
    return RunFigures(
        rows={
            layer: sum(_count(connection, *table) for table in tables if table[0] == layer)
            for layer in COUNTED_LAYERS
        },
        loads=Loads(*map(int, loads or (0, 0, 0, 0))),
        refused=tuple(RefusedLoad(*row) for row in refused),
        person_records=_count_if(connection, tables, "identity", "identity_map"),
        customers=_count_if(connection, tables, "marts", "customer_360"),
        id_events=_id_events(connection, tables, ids),
        gates=gates_of(connection, ids),
        not_carried_out=not_carried_out(connection, ids),
    )


def gates_of(connection: duckdb.DuckDBPyConnection, run_ids: Sequence[str]) -> Gates:
    """Return what the gates of a run found."""
    if ("quality", "gate_results") not in _tables(connection):
        return Gates(0, ())
    ids = list(run_ids)
    rows = connection.execute(GATES, [ids, ids]).fetchall()
    findings = [Finding(*row[:5], *row[6:]) for row in rows if not row[5]]
    return Gates(len(rows), tuple(findings))


def quarantine(connection: duckdb.DuckDBPyConnection) -> tuple[Quarantine, ...]:
    """Return how many rows are in quarantine, by source table and rule."""
    if ("quality", "quarantine") not in _tables(connection):
        return ()
    # The view is there once a gate has run; before, every row set aside waits.
    views = connection.execute("select view_name from duckdb_views()").fetchall()
    query = WAITING if ("quarantine_rows",) in views else QUARANTINE
    return tuple(Quarantine(*row) for row in connection.execute(query).fetchall())


def not_carried_out(
    connection: duckdb.DuckDBPyConnection, run_ids: Sequence[str]
) -> tuple[NotCarriedOut, ...]:
    """Return the decisions on rows in quarantine that a run could not carry out."""
    if ("quality", "quarantine_events") not in _tables(connection):
        return ()
    found = connection.execute(NOT_CARRIED_OUT, [list(run_ids)]).fetchall()
    return tuple(NotCarriedOut(*row) for row in found)


def last_run_id(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the run that the warehouse was last written by."""
    if ("quality", "runs") not in _tables(connection):
        return None
    row = connection.execute("select max_by(run_id, started_order) from quality.runs").fetchone()
    return str(row[0]) if row and row[0] else None


def _id_events(
    connection: duckdb.DuckDBPyConnection, tables: set[tuple[str, str]], ids: list[str]
) -> dict[str, int]:
    if ("identity", "id_history") not in tables:
        return {}
    query = (
        "select event, count(*) from identity.id_history "
        "where run_id in (select unnest(?)) group by event order by event asc"
    )
    return dict(connection.execute(query, [ids]).fetchall())


def _tables(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    found = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    return {(schema, table) for schema, table in found}


def _count_if(
    connection: duckdb.DuckDBPyConnection, tables: set[tuple[str, str]], schema: str, table: str
) -> int:
    return _count(connection, schema, table) if (schema, table) in tables else 0


def _count(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> int:
    row = connection.execute(f"select count(*) from {quoted(schema, table)}").fetchone()
    return int(row[0]) if row else 0

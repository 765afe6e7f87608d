"""Carry out what stewards decided on quarantined rows: put them back, once, or refuse them.

Kinds of decisions, on a row (`Q...`) or on all waiting rows of a load (`load:<load id>`):
`quarantine.correct` with `values` (column: value in ISO form), `quarantine.waive` with `until`,
`quarantine.refuse`, `quarantine.accept`. The original stays in `quality.quarantine`; a row that is
put back keeps its load, so that its load's account still balances.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from orchestration.gates.quarantine_tables import create_quarantine_tables
from orchestration.landing import column_types
from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import CsvFormat
from orchestration.landing.landing_table import BOOKKEEPING, ensure_landing_table, qualified
from orchestration.landing.sql_text import identifier, json_path, literal
from orchestration.landing.transaction import transaction

AREA = "quarantine"
LOAD_PREFIX = "load:"  # names all waiting rows of a load
TO_REPLAY = "rows_to_replay"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one row; `reason` says why it could not go back, without a value."""

    quarantine_id: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """All that was decided on one waiting row: its corrections, and the last word."""

    quarantine_id: str
    verb: str
    decision_order: int
    values: dict[str, str | None]
    until: date | None


def replay(
    connection: duckdb.DuckDBPyConnection,
    contracts: Sequence[Contract],
    *,
    run_id: str,
    as_of: datetime,
) -> list[Replayed]:
    """Carry out the landed decisions on waiting rows that have not been carried out yet.

    Doing it again changes nothing. A correction that can't be read as the contract says leaves the
    row where it is, and says so.
    """
    create_quarantine_tables(connection)
    rulings = _rulings(connection)
    done: list[Replayed] = []
    for contract in contracts:
        of_table = _waiting_of(connection, contract, rulings)
        if of_table:
            ensure_landing_table(connection, contract)
            done += _carry_out(connection, contract, of_table, (run_id, as_of))
    return done


def _rulings(connection: duckdb.DuckDBPyConnection) -> dict[str, Ruling]:
    rows = connection.execute(
        """
        select rows.quarantine_id, made.kind, made.decision_order, made.payload, rows.decided_order
        from quality.quarantine_rows as rows
        inner join landing.steward_decisions as made
            on made.subject in (rows.quarantine_id, 'load:' || rows.load_id)
        where rows.is_waiting and made.kind like 'quarantine.%'
        order by rows.quarantine_id asc, made.decision_order asc
        """
    ).fetchall()
    rulings: dict[str, Ruling] = {}
    fresh: set[str] = set()
    for quarantine_id, kind, order, payload, decided in rows:
        told, before = json.loads(payload), rulings.get(quarantine_id)
        values = {**(before.values if before else {}), **told.get("values", {})}
        until = date.fromisoformat(told["until"]) if told.get("until") else None
        verb = kind.removeprefix(f"{AREA}.")
        rulings[quarantine_id] = Ruling(quarantine_id, verb, order, values, until)
        if order > decided:
            fresh.add(quarantine_id)
    return {name: rulings[name] for name in fresh}


def _waiting_of(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rulings: dict[str, Ruling]
) -> list[Ruling]:
    found = connection.execute(
        "select quarantine_id from quality.quarantine_rows "
        "where source = ? and table_name = ? and is_waiting order by quarantine_id asc",
        [contract.source, contract.table],
    ).fetchall()
    return [rulings[name] for (name,) in found if name in rulings]


def _carry_out(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rulings: Sequence[Ruling],
    run: tuple[str, datetime],
) -> list[Replayed]:
    _stage(connection, contract, rulings)
    judged = connection.execute(
        f"select quarantine_id, verb, fault from {TO_REPLAY} order by quarantine_id asc"
    ).fetchall()
    done = [Replayed(name, *_outcome(verb, fault)) for name, verb, fault in judged]
    with transaction(connection):
        connection.execute(f"alter table {TO_REPLAY} add column outcome varchar")
        connection.executemany(
            f"update {TO_REPLAY} set outcome = ? where quarantine_id = ?",
            [[each.outcome, each.quarantine_id] for each in done],
        )
        names = [identifier(name) for name in contract.columns]
        connection.execute(
            f"insert into {qualified(contract)} ({', '.join([*names, *BOOKKEEPING])}) "
            f"select {', '.join(names)}, load_id, $as_of, file, landing_row from {TO_REPLAY} "
            "where outcome in ('replayed', 'waived') order by quarantine_id asc",
            {"as_of": run[1]},
        )
        _note(connection, done, run)
        _account(connection)
    return done


def _outcome(verb: str, fault: str | None) -> tuple[str, str]:
    if verb == "refuse":
        return "refused", ""
    if fault:
        return "failed", fault
    return ("replayed", "") if verb == "correct" else ("waived", "")


def _stage(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rulings: Sequence[Ruling]
) -> None:
    """Type the rows with their corrections into a table, each with what is still wrong with it."""
    connection.execute(
        "create or replace temp table rulings (quarantine_id varchar, verb varchar, "
        "decision_order bigint, corrections varchar, until date)"
    )
    connection.executemany(
        "insert into rulings values (?, ?, ?, ?, ?)",
        [
            [each.quarantine_id, each.verb, each.decision_order, json.dumps(each.values),
             each.until]
            for each in rulings
        ],
    )  # fmt: skip
    values = dict(_typed(contract))
    columns = ", ".join(f"{value} as {identifier(name)}" for name, value in values.items())
    faults = ", ".join(_faults(contract, values))
    # A row of a gate goes back to its place; one of the door never had one, and gets a negative.
    connection.execute(
        f"""
        create or replace temp table {TO_REPLAY} as
        select
            rulings.quarantine_id, rulings.verb, rulings.decision_order, rulings.until,
            entries.load_id, entries.file,
            case when entries.is_typed then entries.line else -entries.line end as landing_row,
            {columns},
            nullif(concat_ws('; ', {faults}), '') as fault
        from quality.quarantine_rows as entries
        inner join rulings on entries.quarantine_id = rulings.quarantine_id
        """
    )


def _typed(contract: Contract) -> Iterable[tuple[str, str]]:
    decimal = contract.format.decimal if isinstance(contract.format, CsvFormat) else "."
    for name, column in contract.columns.items():
        path = literal(json_path(name))
        delivered = f"json_extract_string(content, {path})"
        corrected = f"json_extract_string(corrections, {path})"
        is_corrected = f"json_exists(corrections, {path})"
        as_delivered = column_types.typed(column, delivered, "VARCHAR", decimal)
        kind = column_types.sql_type(column)
        yield (
            name,
            f"case when {is_corrected} then try_cast(nullif({corrected}, '') as {kind}) "
            f"when is_typed then try_cast({delivered} as {kind}) else {as_delivered} end",
        )


def _faults(contract: Contract, values: dict[str, str]) -> Iterable[str]:
    for name, column in contract.columns.items():
        path = literal(json_path(name))
        given = f"coalesce(json_extract_string(corrections, {path}), "
        given += f"json_extract_string(content, {path}), '')"
        if column.required:
            missing = literal(f"{name} is missing, or not {column_types.expectation(column)}")
            yield f"case when ({values[name]}) is null then {missing} end"
        else:
            wrong = literal(f"{name} is not {column_types.expectation(column)}")
            yield (
                f"case when verb = 'correct' and trim({given}) <> '' "
                f"and ({values[name]}) is null then {wrong} end"
            )


def _note(
    connection: duckdb.DuckDBPyConnection, done: Sequence[Replayed], run: tuple[str, datetime]
) -> None:
    last = connection.execute(
        "select coalesce(max(event_order), 0) from quality.quarantine_events"
    ).fetchall()[0][0]
    for number, each in enumerate(done, start=1):
        connection.execute(
            f"insert into quality.quarantine_events "
            f"select quarantine_id, decision_order, ?, ?, until, load_id, landing_row, ?, ?, ? "
            f"from {TO_REPLAY} where quarantine_id = ?",
            [each.outcome, each.reason or None, *run, last + number, each.quarantine_id],
        )


def _account(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"""
        update quality.loads
        set
            rows_landed = rows_landed + moved.landed,
            rows_refused = rows_refused + moved.refused,
            rows_quarantined = rows_quarantined - moved.landed - moved.refused
        from (
            select
                load_id,
                count(*) filter (where outcome in ('replayed', 'waived')) as landed,
                count(*) filter (where outcome = 'refused') as refused
            from {TO_REPLAY}
            group by load_id
        ) as moved
        where loads.load_id = moved.load_id
        """
    )

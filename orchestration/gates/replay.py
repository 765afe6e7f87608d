"""Carry out what stewards decided on quarantined rows: put them back, once, or refuse them.

What was decided is summed up in `rulings`. The original stays in `quality.quarantine`; a row that
is put back keeps its load, so that its load's account still balances.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.gates.quarantine_tables import BY_A_GATE, create_quarantine_tables
from orchestration.gates.rulings import Ruling, note_void_decisions, rulings
from orchestration.landing import column_types
from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import CsvFormat
from orchestration.landing.landing_table import BOOKKEEPING, ensure_landing_table, qualified
from orchestration.landing.sql_text import identifier, json_path, literal
from orchestration.landing.transaction import transaction

TO_REPLAY = "rows_to_replay"
UNKNOWN_COLUMN = "a correction names a column that the contract does not have"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one row, or of a void decision; `reason` says why, without a value."""

    quarantine_id: str
    outcome: str
    reason: str = ""


def replay(
    connection: duckdb.DuckDBPyConnection,
    contracts: Sequence[Contract],
    *,
    run_id: str,
    as_of: datetime,
) -> list[Replayed]:
    """Carry out the landed decisions on waiting rows that have not been carried out yet.

    Doing it again changes nothing. A correction that can't be read as the contract says leaves the
    row where it is, and says so; so does a decision on a row that does not wait.
    """
    create_quarantine_tables(connection)
    decided = rulings(connection)
    done: list[Replayed] = []
    for contract in contracts:
        of_table = [each for each in decided if each.table == (contract.source, contract.table)]
        if of_table:
            ensure_landing_table(connection, contract)
            done += _carry_out(connection, contract, of_table, (run_id, as_of))
    void = note_void_decisions(connection, run_id, as_of)
    return [*done, *(Replayed(subject, "void", reason) for subject, reason in void)]


def _carry_out(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    decided: Sequence[Ruling],
    run: tuple[str, datetime],
) -> list[Replayed]:
    _stage(connection, contract, decided)
    with transaction(connection):
        names = [identifier(name) for name in contract.columns]
        connection.execute(
            f"insert into {qualified(contract)} ({', '.join([*names, *BOOKKEEPING])}) "
            f"select {', '.join(names)}, _load_id, $as_of, _source_file, _row from {TO_REPLAY} "
            "where _outcome in ('replayed', 'waived') order by _quarantine_id asc",
            {"as_of": run[1]},
        )
        _note(connection, run)
        _account(connection)
    done = connection.execute(
        f"select _quarantine_id, _outcome, coalesce(_reason, '') from {TO_REPLAY} "
        "order by _quarantine_id asc"
    ).fetchall()
    return [Replayed(*each) for each in done]


def _stage(
    connection: duckdb.DuckDBPyConnection, contract: Contract, decided: Sequence[Ruling]
) -> None:
    """Type the rows with their corrections into a table, each with what becomes of it."""
    connection.execute(
        """
        create or replace temp table rulings as
        select
            unnest($names::varchar[]) as quarantine_id,
            unnest($verbs::varchar[]) as verb,
            unnest($orders::bigint[]) as decision_order,
            unnest($corrections::varchar[]) as corrections,
            unnest($unknown::boolean[]) as has_unknown_column,
            cast(unnest($untils::varchar[]) as date) as until
        """,
        {
            "names": [each.quarantine_id for each in decided],
            "verbs": [each.verb for each in decided],
            "orders": [each.decision_order for each in decided],
            "corrections": [json.dumps(each.values) for each in decided],
            "unknown": [not each.named.issubset(contract.columns) for each in decided],
            "untils": [each.until for each in decided],
        },
    )
    values = dict(_typed(contract))
    columns = ", ".join(f"{value} as {identifier(name)}" for name, value in values.items())
    faults = ", ".join(_faults(contract, values))
    # A row of a gate goes back to its place; one of the door never had one, and gets a negative.
    connection.execute(
        f"""
        create or replace temp table {TO_REPLAY} as
        select
            *,
            case
                when _verb = 'refuse' then 'refused'
                when _fault is not null then 'failed'
                when _verb = 'correct' then 'replayed'
                else 'waived'
            end as _outcome,
            case when _verb <> 'refuse' then _fault end as _reason
        from (
            select
                rulings.quarantine_id as _quarantine_id, rulings.verb as _verb,
                rulings.decision_order as _decision_order, rulings.until as _until,
                entries.load_id as _load_id, entries.file as _source_file,
                case when starts_with(entries.rule, '{BY_A_GATE}') then entries.line
                    else -entries.line end as _row,
                {columns},
                nullif(concat_ws('; ', {faults}), '') as _fault
            from quality.quarantine_rows as entries
            inner join rulings on entries.quarantine_id = rulings.quarantine_id
        )
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
    yield f"case when has_unknown_column then {literal(UNKNOWN_COLUMN)} end"
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


def _note(connection: duckdb.DuckDBPyConnection, run: tuple[str, datetime]) -> None:
    connection.execute(
        f"""
        insert into quality.quarantine_events
        select
            _quarantine_id, _decision_order, _outcome, _reason, _until, _load_id, _row,
            $run_id, $as_of,
            (select coalesce(max(event_order), 0) from quality.quarantine_events)
                + row_number() over (order by _quarantine_id asc)
        from {TO_REPLAY}
        order by _quarantine_id asc
        """,
        {"run_id": run[0], "as_of": run[1]},
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
                _load_id,
                count(*) filter (where _outcome in ('replayed', 'waived')) as landed,
                count(*) filter (where _outcome = 'refused') as refused
            from {TO_REPLAY}
            group by _load_id
        ) as moved
        where loads.load_id = moved._load_id
        """
    )

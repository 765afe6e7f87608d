"""Take the rows of one opened file in: type them, set aside what breaks a rule, insert the rest.

The fast way types while it reads, in one pass, and asks once whether anything is wrong. If so, the
careful way numbers the rows and decides for each. Both land the same rows; which one is taken only
costs time.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.landing import column_types
from orchestration.landing.contract import Contract
from orchestration.landing.landing_table import BOOKKEEPING, qualified
from orchestration.landing.reading import RAW_ROWS, RawColumns, Reader
from orchestration.landing.set_aside import (
    SET_ASIDE,
    decide_faults,
    decide_repetitions,
    has_repetitions,
    refuse_if_hopeless,
)
from orchestration.landing.sql_text import identifier, literal

TYPED_ROWS = "typed_rows"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows went which way."""

    received: int
    landed: int
    quarantined: int
    refused: int


def prepare(connection: duckdb.DuckDBPyConnection, contract: Contract, reader: Reader) -> bool:
    """Bring the typed rows into TYPED_ROWS and say whether they are all in order.

    If not, the numbered rows and the decisions on them stand in RAW_ROWS and SET_ASIDE.

    Raises:
        FileRefusedError: the file as a whole is not what the contract says.
    """
    if _type_at_once(connection, contract, reader):
        return True
    reader.number_rows(connection)
    refuse_if_hopeless(connection)
    raw = reader.raw.renamed()
    typed = _typed(contract, raw)
    decide_faults(connection, contract, raw, typed)
    named = ", ".join(f"{value} as {identifier(name)}" for name, value in typed.items())
    connection.execute(
        f"create or replace temp table {TYPED_ROWS} as select _position, {named} "
        f"from {RAW_ROWS} anti join {SET_ASIDE} using (_position)"
    )
    decide_repetitions(connection, contract, TYPED_ROWS)
    return False


def insert_rows(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    load: tuple[str, datetime, str],
    *,
    in_order: bool,
) -> Counts:
    """Insert the rows into the landing table, and those set aside into quarantine.

    `load` is the load's id, its time and the file. Belongs into the transaction that records the
    load.
    """
    load_id, loaded_at, file = load
    names = [identifier(name) for name in contract.columns]
    stamp = [literal(load_id), f"timestamp {literal(loaded_at.isoformat())}", literal(file)]
    position = "rowid + 1" if in_order else "_position"
    kept = TYPED_ROWS if in_order else f"{TYPED_ROWS} anti join {SET_ASIDE} using (_position)"
    landed = _changed_rows(
        connection,
        f"insert into {qualified(contract)} ({', '.join([*names, *BOOKKEEPING])}) "
        f"select {', '.join([*names, *stamp, position])} from {kept}",
    )
    if in_order:
        return Counts(_count(connection, TYPED_ROWS), landed, 0, 0)
    quarantined = _quarantine(connection, contract, stamp)
    refused = _count(connection, f"{SET_ASIDE} where fate = 'refused'")
    return Counts(_count(connection, RAW_ROWS), landed, quarantined, refused)


def _type_at_once(
    connection: duckdb.DuckDBPyConnection, contract: Contract, reader: Reader
) -> bool:
    typed = _typed(contract, reader.raw)
    tests = [reader.broken]
    parts = zip(
        contract.columns.items(), reader.raw.expressions, reader.raw.physical_types, strict=True
    )
    for (name, column), raw, physical in parts:
        tests.append(column_types.missing(column, raw, typed[name], physical))
        tests.append(column_types.unreadable(column, raw, typed[name], physical))
    faulty = " or ".join(test for test in tests if test != column_types.NEVER) or "false"
    named = ", ".join(f"{value} as {identifier(name)}" for name, value in typed.items())
    try:
        connection.execute(
            f"create or replace temp table {TYPED_ROWS} as "
            f"select {named}, {faulty} as _faulty from {reader.relation}"
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        return False  # a row that DuckDB's reader can't take: the careful way will say which
    if connection.execute(f"select 1 from {TYPED_ROWS} where _faulty limit 1").fetchall():
        return False
    return not has_repetitions(connection, contract, TYPED_ROWS)


def _typed(contract: Contract, raw: RawColumns) -> dict[str, str]:
    parts = zip(contract.columns.items(), raw.expressions, raw.physical_types, strict=True)
    return {
        name: column_types.typed(column, expression, physical, raw.decimal)
        for (name, column), expression, physical in parts
    }


def _quarantine(connection: duckdb.DuckDBPyConnection, contract: Contract, stamp: list[str]) -> int:
    load_id, loaded_at, file = stamp
    pairs = ", ".join(f"{literal(name)}: r{index}" for index, name in enumerate(contract.columns))
    broken = "case when _whole is not null then to_json({'line': _whole})"
    content = f"{broken} else to_json({{{pairs}}}) end"
    return _changed_rows(
        connection,
        f"insert into quality.quarantine select {load_id}, {literal(contract.source)}, "
        f"{literal(contract.table)}, {file}, {SET_ASIDE}._line, column_name, rule, reason, "
        f"cast({content} as varchar), {loaded_at} "
        f"from {SET_ASIDE} inner join {RAW_ROWS} using (_position) "
        "where fate = 'quarantined' order by _position",
    )


def _changed_rows(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    return int(connection.execute(statement).fetchall()[0][0])


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"select count(*) from {relation}").fetchall()[0][0])

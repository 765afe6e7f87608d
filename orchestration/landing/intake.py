"""Take the rows of one opened file in: type them, set aside what breaks a rule, insert the rest.

The quick way types while it reads and asks once whether anything is wrong. Only when a line is no
row, or a row at fault has to be told its line in a file whose lines and rows differ, is the file
read again line by line. Both ways land the same rows; which one is taken only costs time.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.landing.contract import Contract
from orchestration.landing.errors import FileRefusedError
from orchestration.landing.landing_table import BOOKKEEPING, qualified
from orchestration.landing.reading import RawRows, Reader
from orchestration.landing.set_aside import (
    SET_ASIDE,
    decide_faults,
    decide_repetitions,
    has_repetitions,
    refuse_if_hopeless,
)
from orchestration.landing.sql_text import identifier, literal
from orchestration.landing.typed_rows import TYPED_ROWS, type_rows


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows went which way."""

    received: int
    landed: int
    quarantined: int
    refused: int


def prepare(connection: duckdb.DuckDBPyConnection, contract: Contract, reader: Reader) -> bool:
    """Bring the typed rows into TYPED_ROWS and say whether they are all in order.

    If not, the decisions on those that are not stand in SET_ASIDE.

    Raises:
        FileRefusedError: the file as a whole is not what the contract says.
    """
    rows = reader.rows
    is_read = _type_at_once(connection, contract, rows)
    if is_read and _all_in_order(connection, contract):
        return True
    if not is_read or not reader.tells_lines_of(_count(connection, TYPED_ROWS)):
        rows = reader.rows_line_by_line(connection)
        if not _type_at_once(connection, contract, rows):
            raise FileRefusedError("its lines can't be read in the form that the contract says")
    refuse_if_hopeless(connection)
    decide_faults(connection, contract, rows)
    decide_repetitions(connection, contract)
    return _count(connection, SET_ASIDE) == 0


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
    kept = TYPED_ROWS if in_order else f"{TYPED_ROWS} anti join {SET_ASIDE} using (_position)"
    landed = _changed_rows(
        connection,
        f"insert into {qualified(contract)} ({', '.join([*names, *BOOKKEEPING])}) "
        f"select {', '.join([*names, *stamp, '_position'])} from {kept}",
    )
    received = _count(connection, TYPED_ROWS)
    if in_order:
        return Counts(received, landed, 0, 0)
    quarantined = _quarantine(connection, contract, stamp)
    refused = _count(connection, f"{SET_ASIDE} where fate = 'refused'")
    return Counts(received, landed, quarantined, refused)


def _type_at_once(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: RawRows) -> bool:
    try:
        type_rows(connection, contract, rows)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        return False  # a line that DuckDB's reader can't take: reading line by line will say which
    return True


def _all_in_order(connection: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    faulty = f"select 1 from {TYPED_ROWS} where _fault is not null limit 1"
    return not connection.execute(faulty).fetchall() and not has_repetitions(connection, contract)


def _quarantine(connection: duckdb.DuckDBPyConnection, contract: Contract, stamp: list[str]) -> int:
    """Write the rows set aside with their content: the values as delivered, or the line."""
    load_id, loaded_at, file = stamp
    typed = ", ".join(
        f"{literal(name)}: cast({identifier(name)} as varchar)" for name in contract.columns
    )
    content = f"coalesce(_fault, cast(to_json({{{typed}}}) as varchar))"
    return _changed_rows(
        connection,
        f"insert into quality.quarantine select {load_id}, {literal(contract.source)}, "
        f"{literal(contract.table)}, {file}, {SET_ASIDE}._line, column_name, rule, reason, "
        f"{content}, {loaded_at} "
        f"from {SET_ASIDE} inner join {TYPED_ROWS} using (_position) "
        "where fate = 'quarantined' order by _position",
    )


def _changed_rows(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    return int(connection.execute(statement).fetchall()[0][0])


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"select count(*) from {relation}").fetchall()[0][0])

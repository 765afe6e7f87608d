"""The landing table of a contract: made when missing, widened when the contract grew."""

import duckdb

from orchestration.landing.column_types import sql_type
from orchestration.landing.contract import Contract
from orchestration.landing.errors import ContractError
from orchestration.landing.sql_text import identifier

BOOKKEEPING = {
    "_load_id": "VARCHAR",
    "_loaded_at": "TIMESTAMP",
    "_source_file": "VARCHAR",
    "_row": "BIGINT",
}


def qualified(contract: Contract) -> str:
    """Return the quoted name of the landing table."""
    return f"landing.{identifier(contract.landing_name)}"


def ensure_landing_table(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create the table, or add the columns that the contract declares since.

    A column that left the contract keeps the rows it has; new rows have none of it.

    Raises:
        ContractError: a column has another type than the rows already landed, and they don't fit
        the new one.
    """
    wanted = {name: sql_type(column) for name, column in contract.columns.items()} | BOOKKEEPING
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in wanted.items())
    connection.execute(f"create table if not exists {qualified(contract)} ({columns})")
    there = {
        str(row[0]): str(row[1])
        for row in connection.execute(f"describe {qualified(contract)}").fetchall()
    }
    for name, kind in wanted.items():
        if name not in there:
            connection.execute(
                f"alter table {qualified(contract)} add column {identifier(name)} {kind}"
            )
        elif there[name] != kind:
            _change_type(connection, contract, name, kind)


def _change_type(
    connection: duckdb.DuckDBPyConnection, contract: Contract, name: str, kind: str
) -> None:
    try:
        connection.execute(
            f"alter table {qualified(contract)} "
            f"alter column {identifier(name)} set data type {kind}"
        )
    except duckdb.Error:
        message = (
            f"{contract.label}: column {name} can't become {kind}: rows already landed do not fit"
        )
        raise ContractError((message,)) from None

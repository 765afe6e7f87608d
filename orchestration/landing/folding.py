"""Fold rows past their retention into daily signals: what is kept of a click (decision 0044).

A contract that says `fold` keeps its rows for `retention_days`. What is older is counted by day
and by the columns it names, and the rows themselves are deleted, in one transaction: no event is
ever there twice, or nowhere.
"""

from datetime import datetime

import duckdb

from orchestration.landing.column_types import sql_type
from orchestration.landing.contract import Contract
from orchestration.landing.landing_table import qualified
from orchestration.landing.sql_text import identifier

SIGNAL_COLUMNS = {
    "signal_date": "DATE",
    "event_count": "BIGINT",
    "first_at": "TIMESTAMP",
    "last_at": "TIMESTAMP",
    "_folded_at": "TIMESTAMP",
    "_folded_by": "VARCHAR",
}
FOLDS = """
    create table if not exists quality.folds (
        source varchar,
        table_name varchar,
        folded_at timestamp,
        rows_folded bigint,
        repeated_rows bigint,
        signals bigint
    )
"""


def folded_table(contract: Contract) -> str:
    """Return the quoted name of the table that keeps the daily signals of a contract."""
    return f"landing.{identifier(contract.folded_name)}"


def ensure_folded_table(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create the table of daily signals if the contract folds, or add the columns it lacks."""
    if contract.fold is None:
        return
    kinds = {name: sql_type(contract.columns[name]) for name in contract.fold.by}
    columns = ", ".join(f"{identifier(name)} {kind}" for name, kind in kinds.items())
    signals = ", ".join(f"{name} {kind}" for name, kind in SIGNAL_COLUMNS.items())
    table = folded_table(contract)
    connection.execute(f"create table if not exists {table} ({columns}, {signals})")
    for name, kind in kinds.items():  # a contract may fold by more than it did
        connection.execute(
            f"alter table {table} add column if not exists {identifier(name)} {kind}"
        )


def fold_expired(
    connection: duckdb.DuckDBPyConnection, contract: Contract, *, run_id: str, as_of: datetime
) -> int:
    """Fold whole days that are past the retention and return how many rows they had.

    Of rows of one key only the first counts, as everywhere. What this run has landed stays for its
    gates to count, also when the run is resumed. Has to run in a transaction.
    """
    if contract.fold is None:
        return 0
    ensure_folded_table(connection, contract)
    at, by = identifier(contract.fold.at), _listed(contract.fold.by)
    is_expired = (
        f"{at} < date_trunc('day', $as_of::timestamp) - to_days({contract.retention_days}) "
        "and _load_id not in (select load_id from quality.loads where run_id = $run_id)"
    )
    expired = (
        f"select *, row_number() over (partition by {_listed(contract.key)} "
        f"order by _load_id, _row) as _repetition from {qualified(contract)} where {is_expired}"
    )
    given: dict[str, object] = {"as_of": as_of, "run_id": run_id}
    counted = connection.execute(
        f"select count(*), count(*) filter (where _repetition > 1) from ({expired})", given
    ).fetchall()
    rows, repeated = int(counted[0][0]), int(counted[0][1])
    if not rows:
        return 0
    connection.execute(
        f"insert into {folded_table(contract)} ({by}, {', '.join(SIGNAL_COLUMNS)}) "
        f"select {by}, {at}::date, count(*), min({at}), "
        f"max({at}), $as_of::timestamp, $run_id from ({expired}) where _repetition = 1 "
        f"group by {by}, {at}::date order by all",
        given,
    )
    connection.execute(f"delete from {qualified(contract)} where {is_expired}", given)
    _remember(connection, contract, given, rows, repeated)
    return rows


def _remember(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    given: dict[str, object],
    rows: int,
    repeated: int,
) -> None:
    connection.execute(FOLDS)
    connection.execute(
        "insert into quality.folds select $source, $table, $as_of::timestamp, $rows, $repeated, "
        f"count(*) from {folded_table(contract)} where _folded_by = $run_id",
        {
            **given,
            "source": contract.source,
            "table": contract.table,
            "rows": rows,
            "repeated": repeated,
        },
    )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(identifier(name) for name in names)

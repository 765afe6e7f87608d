"""The load manifest: one row of `quality.loads` per file, and the accounts of the rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import duckdb

from orchestration.landing.contract import Contract
from orchestration.landing.errors import UnbalancedLoadError

Status = Literal["landed", "refused"]
REPEATED_FILE = "repeated file"


@dataclass(frozen=True, slots=True)
class Load:
    """What became of one file."""

    load_id: str
    source: str
    table_name: str
    file: str
    content_hash: str
    contract_hash: str
    bytes: int
    run_id: str
    loaded_at: datetime
    rows_received: int
    rows_landed: int
    rows_quarantined: int
    rows_refused: int
    status: Status
    reason: str | None

    def check_balance(self) -> None:
        """Make sure that every row received is landed, quarantined or refused.

        Raises:
            UnbalancedLoadError: rows were lost or doubled.
        """
        accounted = self.rows_landed + self.rows_quarantined + self.rows_refused
        if self.rows_received != accounted:
            raise UnbalancedLoadError(
                f"{self.source}.{self.table_name}, {self.file}: {self.rows_received} rows "
                f"received, {accounted} accounted for"
            )


@dataclass(frozen=True, slots=True)
class EarlierLoad:
    """What the manifest remembers of an earlier file of the same table."""

    file: str
    content_hash: str
    contract_hash: str
    rows_received: int
    status: Status
    reason: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a file stands to earlier ones; `repeats` is the load that brought the same content."""

    is_known: bool
    repeats: EarlierLoad | None
    repetition: int


def earlier_loads(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[EarlierLoad]:
    """Return the loads of a table in the order they were made."""
    rows = connection.execute(
        "select file, content_hash, contract_hash, rows_received, status, reason "
        "from quality.loads where source = ? and table_name = ? order by load_order",
        [contract.source, contract.table],
    ).fetchall()
    return [EarlierLoad(*row) for row in rows]


def standing(
    earlier: list[EarlierLoad], contract: Contract, file: str, content: str, contract_hash: str
) -> Standing:
    """Say whether a file is known, or repeats what another one brought.

    A full delivery is a state: the same content after another one is news, since the state went
    back. A file that was refused is looked at again when the contract has changed.
    """
    of_file = [load for load in earlier if load.file == file]
    landed = [load for load in earlier if load.status == "landed"]
    if contract.delivery == "full":
        of_file, landed = of_file[-1:], landed[-1:]
    is_known = any(
        load.content_hash == content and not _deserves_another_try(load, contract_hash)
        for load in of_file
    )
    repeats = next((load for load in landed if load.content_hash == content), None)
    repetition = sum(load.file == file and load.content_hash == content for load in earlier)
    return Standing(is_known, repeats, repetition)


def record_load(connection: duckdb.DuckDBPyConnection, load: Load) -> None:
    """Write a load and the table's account of the run; belongs into the transaction of the rows."""
    load.check_balance()
    connection.execute(
        """
        insert into quality.loads
        select $load_id, (select coalesce(max(load_order), 0) + 1 from quality.loads), $source,
            $table_name, $file, $content_hash, $contract_hash, $bytes, $run_id, $loaded_at,
            $rows_received, $rows_landed, $rows_quarantined, $rows_refused, $status, $reason
        """,
        {name: getattr(load, name) for name in Load.__dataclass_fields__},
    )
    account_for(connection, load.run_id, load.source, load.table_name)


def account_for(
    connection: duckdb.DuckDBPyConnection, run_id: str, source: str, table_name: str
) -> None:
    """Write the landing account of one table and run, in place of an earlier one."""
    name = f"{source}_{table_name}"
    connection.execute(
        "delete from quality.row_accounting "
        "where run_id = ? and layer = 'landing' and table_name = ?",
        [run_id, name],
    )
    connection.execute(
        """
        insert into quality.row_accounting
        select $run_id, 'landing', $name,
            coalesce(sum(rows_received), 0), coalesce(sum(rows_landed), 0),
            coalesce(sum(rows_quarantined + rows_refused), 0),
            coalesce(sum(rows_received) = sum(rows_landed + rows_quarantined + rows_refused), true)
        from quality.loads
        where run_id = $run_id and source = $source and table_name = $table_name
        """,
        {"run_id": run_id, "name": name, "source": source, "table_name": table_name},
    )


def _deserves_another_try(load: EarlierLoad, contract_hash: str) -> bool:
    refused = load.status == "refused" and load.reason != REPEATED_FILE
    return refused and load.contract_hash != contract_hash

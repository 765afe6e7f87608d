"""Name the files of the inbox that no contract asks for: nobody reads them; someone must know."""

from collections.abc import Sequence
from pathlib import Path

from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import DatabaseLocation
from orchestration.landing.deliveries import find_deliveries

IN_THE_INBOX = "{inbox}/"


def unclaimed_files(contracts: Sequence[Contract], inbox_dir: Path) -> tuple[str, ...]:
    """Return the finished files that no contract's pattern or database names, sorted."""
    claimed = {
        delivery.file
        for contract in contracts
        if contract.location.files
        for delivery in find_deliveries(inbox_dir, contract.location.files)
    }
    databases = tuple(
        contract.location.database.partition(IN_THE_INBOX)[2].partition("?")[0]
        for contract in contracts
        if isinstance(contract.location, DatabaseLocation)
        and IN_THE_INBOX in contract.location.database
    )
    return tuple(
        delivery.file
        for delivery in find_deliveries(inbox_dir, "**/*")
        # A database has a journal or a write-ahead log beside it, named after it.
        if delivery.file not in claimed and not delivery.file.startswith(databases)
    )

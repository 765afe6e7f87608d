"""The door: every row enters the warehouse through `land`, typed and accounted for (D2, D3)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.landing.arrivals import Arrivals
from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import FilesLocation
from orchestration.landing.deliveries import (
    Delivery,
    find_deliveries,
    find_oddities,
    split_settled,
)
from orchestration.landing.folding import fold_expired
from orchestration.landing.landing_table import ensure_landing_table
from orchestration.landing.manifest import Load, account_for
from orchestration.landing.runs import begin_run
from orchestration.landing.transaction import transaction
from orchestration.landing.visit import Outcome, Visit, take_in
from orchestration.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class LandingResult:
    """What a visit brought; messages name source, file, line and column, never a value."""

    loads: tuple[Load, ...] = ()
    undeclared_columns: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    postponed: tuple[str, ...] = ()

    @property
    def rows_received(self) -> int:
        """Rows in the files of this visit."""
        return sum(load.rows_received for load in self.loads)

    @property
    def rows_landed(self) -> int:
        """Rows that are in the landing table now."""
        return sum(load.rows_landed for load in self.loads)

    @property
    def rows_quarantined(self) -> int:
        """Rows set aside with their content."""
        return sum(load.rows_quarantined for load in self.loads)

    @property
    def rows_refused(self) -> int:
        """Rows of refused and repeated files, and repeated rows."""
        return sum(load.rows_refused for load in self.loads)

    @property
    def files_refused(self) -> int:
        """Files of which nothing landed."""
        return sum(load.status == "refused" for load in self.loads)


def land(  # noqa: PLR0913 - the signature says all that a visit depends on
    contract: Contract,
    *,
    warehouse: Warehouse,
    inbox_dir: Path,
    landing_dir: Path,
    run_id: str,
    as_of: datetime,
    settle_seconds: float = 0,
) -> LandingResult:
    """Land what has arrived for one contract since the last visit.

    Each file is one transaction: it is in the warehouse wholly, with its account, or not at all.

    Raises:
        SourceUnavailableError: a database or an API did not answer.
        WarehouseLockedError: another process holds the warehouse.
    """
    arrived = _arrivals(contract, inbox_dir, landing_dir, as_of)
    deliveries = find_deliveries(arrived.below, arrived.pattern)
    settled, writing = split_settled(deliveries, settle_seconds)
    visit = Visit(contract, run_id, as_of, landing_dir / "plain" / contract.landing_name)
    with warehouse.connect() as connection:
        with transaction(connection):
            begin_run(connection, run_id, as_of)
            ensure_landing_table(connection, contract)
            fold_expired(connection, contract, run_id=run_id, as_of=as_of)
        outcomes = [take_in(connection, visit, delivery) for delivery in settled]
        if not any(outcome.load for outcome in outcomes):
            with transaction(connection):
                account_for(connection, run_id, contract.source, contract.table)
    arrived.forget(tuple(outcome.delivery.path for outcome in outcomes if outcome.is_done))
    return _result(contract, arrived, outcomes, writing)


def _arrivals(contract: Contract, inbox_dir: Path, landing_dir: Path, as_of: datetime) -> Arrivals:
    if isinstance(contract.location, FilesLocation):
        return Arrivals(inbox_dir, contract.location.files)
    # dlt takes more than a second to import, and most contracts are files.
    from orchestration.landing.extracts import extract

    return extract(contract, inbox_dir, landing_dir, as_of)


def _result(
    contract: Contract,
    arrived: Arrivals,
    outcomes: list[Outcome],
    writing: tuple[Delivery, ...],
) -> LandingResult:
    changing = (outcome.delivery for outcome in outcomes if outcome.is_changing)
    postponed = tuple(sorted(delivery.file for delivery in (*writing, *changing)))
    undeclared = {name for outcome in outcomes for name in outcome.undeclared}
    problems = [*arrived.problems]
    problems += [
        f"{contract.place(name)}: is no file that can be read (a folder, a pipe, a link that leads "
        "nowhere); nothing of it is landed"
        for name in find_oddities(arrived.below, arrived.pattern)
    ]
    problems += [message for outcome in outcomes for message in outcome.problems]
    problems += [
        f"{contract.place(file)}: still being written; it waits for the next run"
        for file in postponed
    ]
    return LandingResult(
        loads=tuple(outcome.load for outcome in outcomes if outcome.load is not None),
        undeclared_columns=tuple(sorted(undeclared | set(arrived.undeclared))),
        problems=tuple(problems),
        postponed=postponed,
    )

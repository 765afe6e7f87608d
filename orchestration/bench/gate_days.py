"""Let day after day of the sample company through the door and its gates, and say what they find.

Landing and the gates over it only: a day takes a second or two, so that sixty can pass. Contracts
that are not files are left out, since their source has no days.
"""

import shutil
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from orchestration.bench.faults import Fault, break_file
from orchestration.gates.history import record_source_tables
from orchestration.gates.profiles import measure_run
from orchestration.gates.quarantine_tables import accept_run
from orchestration.gates.runner import GateResult, run_gate
from orchestration.gates.suites import Suite
from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import FilesLocation
from orchestration.landing.door import land
from orchestration.landing.runs import begin_run
from orchestration.warehouse import Warehouse

PLAIN_CHECKS = frozenset(
    {
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_be_unique",
        "expect_compound_columns_to_be_unique",
        "expect_column_values_to_be_in_set",
    }
)


@dataclass(frozen=True, slots=True)
class DayFound:
    """What the gates found on a day: (table or key, cause), and what plain checks would have."""

    stops: frozenset[tuple[str, str]]
    incidents: frozenset[tuple[str, str]]
    plain: frozenset[tuple[str, str]]

    def names(self, fault: Fault) -> bool:
        """Say whether a cause was found that is right for a fault, at the table it happened to."""
        found = self.stops | self.incidents
        return any(
            fault.table in place and any(cause.startswith(name) for name in fault.causes)
            for place, cause in found
        )


@dataclass(slots=True)
class GateDays:
    """A home in which days pass."""

    home: Path
    sample_inbox: Path
    contracts: tuple[Contract, ...]
    suites: tuple[Suite, ...]
    runs: int = 0
    last_landed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Leave out what has no days."""
        self.contracts = tuple(
            each for each in self.contracts if isinstance(each.location, FilesLocation)
        )

    @property
    def warehouse(self) -> Warehouse:
        """Return the warehouse of this home."""
        return Warehouse(self.home / "warehouse.duckdb", self.home / "tmp", "2GB")

    def copy_to(self, home: Path) -> "GateDays":
        """Return the same state in another folder, to break a day in."""
        shutil.copytree(self.home, home)
        return GateDays(home, self.sample_inbox, self.contracts, self.suites, self.runs)

    def pass_day(
        self, day: date, fault: Fault | None = None, *, is_first: bool = False
    ) -> DayFound:
        """Deliver a day's files, broken if a fault is given, land them, and run the gates."""
        self._deliver(day, fault, everything=is_first)
        self.runs += 1
        run_id = f"run-{self.runs}"
        as_of = datetime.combine(day + timedelta(days=1), time(3))
        with self.warehouse.connect() as connection:
            begin_run(connection, run_id, as_of)
        record_source_tables(self.warehouse, self.contracts)
        landed = {
            contract.landing_name
            for contract in self.contracts
            if self._land(contract, run_id, as_of)
        }
        with self.warehouse.connect() as connection:
            measure_run(connection, self.suites, run_id, as_of)
        results = [
            run_gate(
                suite,
                warehouse=self.warehouse,
                run_id=run_id,
                as_of=as_of,
                results_dir=self.home / "results",
            )
            for suite in self.suites
            if suite.layer == "quality" or suite.table in landed
        ]
        found = _found(results)
        if not found.stops:
            with self.warehouse.connect() as connection:
                accept_run(connection, run_id)
        return found

    def _land(self, contract: Contract, run_id: str, as_of: datetime) -> bool:
        result = land(
            contract,
            warehouse=self.warehouse,
            inbox_dir=self.home / "inbox",
            landing_dir=self.home / "landing",
            run_id=run_id,
            as_of=as_of,
        )
        return result.rows_landed > 0

    def _deliver(self, day: date, fault: Fault | None, *, everything: bool) -> None:
        for contract in self.contracts:
            is_broken = fault is not None and fault.table == contract.landing_name
            if is_broken and fault is not None and fault.days_late:
                continue
            for delivered in sorted(self.sample_inbox.glob(str(contract.location.files))):
                named = delivered.stem.rpartition("_")[2]
                if named != day.isoformat() and not (everything and named < day.isoformat()):
                    continue
                target = self.home / "inbox" / delivered.relative_to(self.sample_inbox)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(delivered, target)
                if is_broken and fault is not None:
                    break_file(target, contract, fault)


def _found(results: list[GateResult]) -> DayFound:
    stops: set[tuple[str, str]] = set()
    incidents: set[tuple[str, str]] = set()
    plain: set[tuple[str, str]] = set()
    for result in results:
        for cause in result.causes:
            place = f"{result.layer}.{result.table} {cause.column}"
            (stops if cause.severity == "critical" else incidents).add((place, cause.name))
        for outcome in (*result.outcomes, *result.set_aside):
            if not outcome.success and outcome.type in PLAIN_CHECKS:
                plain.add((f"{result.layer}.{result.table}", outcome.type))
    return DayFound(frozenset(stops), frozenset(incidents), frozenset(plain))

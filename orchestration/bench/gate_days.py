"""Let day after day of a sample company pass its gates, and say what they find.

Landing with its gates takes a second or two a day. With `layers` the day goes on as a daily run
does: conformed, identity and marts, each with its gates, until one of them stops it.
"""

import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from orchestration.bench.company_layers import LAYERS_BEHIND, CompanyLayers, land_no_decisions
from orchestration.bench.compiled_models import FailedTest
from orchestration.bench.fault_files import break_file, break_sqlite
from orchestration.bench.faults import Fault
from orchestration.gates.history import record_source_tables
from orchestration.gates.profiles import measure_run
from orchestration.gates.quarantine_tables import accept_run
from orchestration.gates.runner import GateResult, run_gate
from orchestration.gates.suites import Suite
from orchestration.identity.settings import engine_settings
from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import FilesLocation
from orchestration.landing.door import land
from orchestration.landing.runs import begin_run
from orchestration.sample.calendar import SampleConfig
from orchestration.sample.company import add_day, make_sample
from orchestration.warehouse import Warehouse

SEED = 7
PLAIN_CHECKS = frozenset(
    {
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_be_unique",
        "expect_compound_columns_to_be_unique",
        "expect_column_values_to_be_in_set",
    }
)
Places = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DayFound:
    """What the gates found on a day: (table or key, cause), and what plain checks would have."""

    stops: Places = frozenset()
    incidents: Places = frozenset()
    plain: Places = frozenset()

    def names(self, fault: Fault) -> bool:
        """Say whether a cause was found that is right for a fault, at the table it happened to."""
        return any(
            any(table in place for table in (fault.table, *fault.seen_at))
            and any(cause.startswith(name) for name in fault.causes)
            for place, cause in self.stops | self.incidents
        )

    def beyond(self, clean: "DayFound") -> "DayFound":
        """Return what a clean day has not."""
        known = clean.stops | clean.incidents
        return DayFound(self.stops - known, self.incidents - known, self.plain - clean.plain)

    def and_also(self, other: "DayFound") -> "DayFound":
        """Return what both found."""
        return DayFound(
            self.stops | other.stops, self.incidents | other.incidents, self.plain | other.plain
        )


@dataclass(slots=True)
class GateDays:
    """A home in which days pass."""

    home: Path
    contracts: tuple[Contract, ...]
    suites: tuple[Suite, ...]
    layers: CompanyLayers | None = None
    runs: int = 0

    @property
    def warehouse(self) -> Warehouse:
        """Return the warehouse of this home."""
        return Warehouse(self.home / "warehouse.duckdb", self.home / "tmp", "2GB")

    @property
    def company(self) -> Path:
        """Return the folder of the company whose days pass."""
        return self.home / "company"

    def begin(self, *, customers: int, day: date) -> None:
        """Make the company, with all that came before its first day."""
        make_sample(self.company, customers=customers, days=1, seed=SEED, end_date=day)

    def copy_to(self, home: Path) -> "GateDays":
        """Return the same state in another folder, to let a day pass in."""
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.home, home)
        return GateDays(home, self.contracts, self.suites, self.layers, self.runs)

    def pass_day(
        self, fault: Fault | None = None, *, enough: Callable[[DayFound], bool] | None = None
    ) -> DayFound:
        """Deliver a day, broken if a fault is given, and let it pass until a gate stops it.

        Args:
            fault: what happens to the day.
            enough: asked after every layer; when it says so, the rest of the day is left out.
        """
        if self.runs:
            self._deliver(fault)
        self.runs += 1
        with ExitStack() as held:
            if self.runs > 1:  # on the first day dbt needs the file for itself
                held.enter_context(self.warehouse.connect())
            return self._pass(fault, enough)

    def _pass(self, fault: Fault | None, enough: Callable[[DayFound], bool] | None) -> DayFound:
        config = SampleConfig.read(self.company)
        run_id = f"run-{self.runs}"
        as_of = datetime.combine(config.date_of(config.days), time(3))
        found = self._land_all(run_id, as_of)
        for layer in LAYERS_BEHIND if self.layers else ():
            if found.stops or (enough and enough(found)):
                return found
            found = found.and_also(self._pass_layer(layer, run_id, as_of, fault))
        if not found.stops:
            with self.warehouse.connect() as connection:
                accept_run(connection, run_id)
        return found

    def _land_all(self, run_id: str, as_of: datetime) -> DayFound:
        with self.warehouse.connect() as connection:
            begin_run(connection, run_id, as_of)
        record_source_tables(self.warehouse, self.contracts)
        if self.layers:
            land_no_decisions(self.warehouse, self.home, run_id=run_id, as_of=as_of)
        landed = {
            contract.landing_name
            for contract in self.contracts
            if self._land(contract, run_id, as_of)
        }
        with self.warehouse.connect() as connection:
            measure_run(connection, self.suites, run_id, as_of)
        judging = [
            suite for suite in self.suites if suite.layer == "quality" or suite.table in landed
        ]
        return self._judge(judging, run_id, as_of)

    def _pass_layer(
        self, layer: str, run_id: str, as_of: datetime, fault: Fault | None
    ) -> DayFound:
        if self.layers is None:
            return DayFound()
        settings = engine_settings()
        if fault and fault.threshold is not None:
            other = settings.clustering.model_copy(update={"threshold": fault.threshold})
            settings = settings.model_copy(update={"clustering": other})
        failed = self.layers.build(
            layer, self.home, self.warehouse, run_id=run_id, as_of=as_of, settings=settings
        )
        if fault and layer in fault.spoils:
            with self.warehouse.connect() as connection:
                connection.execute(fault.spoils[layer])
        built = self.layers.tables(layer, self.home)
        judging = [
            suite
            for suite in self.suites
            if suite.layer == layer and (built is None or suite.table in built)
        ]
        return self._judge(judging, run_id, as_of).and_also(_of_tests(failed))

    def _judge(self, suites: Iterable[Suite], run_id: str, as_of: datetime) -> DayFound:
        results = [
            run_gate(
                suite,
                warehouse=self.warehouse,
                run_id=run_id,
                as_of=as_of,
                results_dir=self.home / "results",
            )
            for suite in suites
        ]
        return _found(results)

    def _land(self, contract: Contract, run_id: str, as_of: datetime) -> bool:
        result = land(
            contract,
            warehouse=self.warehouse,
            inbox_dir=self.company / "inbox",
            landing_dir=self.home / "landing",
            run_id=run_id,
            as_of=as_of,
        )
        return result.rows_landed > 0

    def _deliver(self, fault: Fault | None) -> None:
        inbox = self.company / "inbox"
        before = {path for path in inbox.rglob("*") if path.is_file()}
        add_day(self.company)
        if fault is None:
            return
        for contract in self.contracts:
            if contract.landing_name != fault.table:
                continue
            if not isinstance(contract.location, FilesLocation):
                break_sqlite(inbox, fault)
                continue
            for delivered in sorted(set(inbox.glob(str(contract.location.files))) - before):
                if fault.days_late:
                    delivered.unlink()
                elif fault.sends_yesterday:
                    earlier = max(before & set(delivered.parent.iterdir()))
                    delivered.write_bytes(earlier.read_bytes())
                else:
                    break_file(delivered, contract, fault)


def _of_tests(failed: Iterable[FailedTest]) -> DayFound:
    stops = {(each.place, f"dbt: {each.name}") for each in failed if each.stops}
    warns = {(each.place, f"dbt: {each.name}") for each in failed if not each.stops}
    plain = {(each.place, each.name) for each in failed if each.is_plain}
    return DayFound(frozenset(stops), frozenset(warns), frozenset(plain))


def _found(results: Iterable[GateResult]) -> DayFound:
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

"""Let day after day of a sample company pass its gates, and say what they find.

Landing with its gates takes a second or two a day. With `layers` the day goes on as a daily run
does: conformed, identity and marts, each with its gates, until one of them stops it.
"""

import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from orchestration.bench.company_layers import LAYERS_BEHIND, CompanyLayers, land_no_decisions
from orchestration.bench.compiled_models import FailedTest
from orchestration.bench.day_found import DayFound, of_gates, of_tests
from orchestration.bench.fault_files import break_file, break_sqlite
from orchestration.bench.faults import Fault
from orchestration.gates.history import record_source_tables
from orchestration.gates.profiles import measure_run
from orchestration.gates.quarantine_tables import accept_run
from orchestration.gates.runner import run_gate
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


@dataclass(slots=True)
class GateDays:
    """A home in which days pass."""

    home: Path
    contracts: tuple[Contract, ...]
    suites: tuple[Suite, ...]
    layers: CompanyLayers | None = None
    runs: int = 0
    delivered: frozenset[Path] = frozenset()
    is_waived: bool = False  # whatever stops a day, a steward finds it right and lets it pass

    @property
    def run_id(self) -> str:
        """Return the id of the run of the day."""
        return f"run-{self.runs}"

    @property
    def as_of(self) -> datetime:
        """Return the moment that the run of the day speaks for."""
        config = SampleConfig.read(self.company)
        return datetime.combine(config.date_of(config.days), time(3))

    @property
    def warehouse(self) -> Warehouse:
        """Return the warehouse of this home."""
        # One thread: on days as small as these two cost a third more than they gain.
        return Warehouse(self.home / "warehouse.duckdb", self.home / "tmp", "2GB", threads=1)

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
        return replace(self, home=home)

    def pass_day(
        self, fault: Fault | None = None, *, enough: Callable[[DayFound], bool] | None = None
    ) -> DayFound:
        """Deliver a day, broken if a fault is given, and let it pass until a gate stops it.

        Args:
            fault: what happens to the day.
            enough: asked after every layer; when it says so, the rest of the day is left out.
        """
        if self.runs:
            self.deliver(fault)
        self.runs += 1
        with ExitStack() as held:
            if self.runs > 1:  # on the first day dbt needs the file for itself
                held.enter_context(self.warehouse.connect())
            return self._pass(fault, enough)

    def _pass(self, fault: Fault | None, enough: Callable[[DayFound], bool] | None) -> DayFound:
        self.open_run()
        landed = self.land(self.contracts)
        self.measure(self.suites)
        return self.go_on(self.judge(self.landing_suites(landed)), fault, enough)

    def open_run(self) -> None:
        """Begin the run of the day, as a daily run does."""
        with self.warehouse.connect() as connection:
            begin_run(connection, self.run_id, self.as_of)
        record_source_tables(self.warehouse, self.contracts)
        if self.layers:
            land_no_decisions(self.warehouse, self.home, run_id=self.run_id, as_of=self.as_of)

    def land(self, contracts: Iterable[Contract]) -> set[str]:
        """Land what the contracts name, and return the tables that got rows."""
        return {contract.landing_name for contract in contracts if self._land(contract)}

    def measure(self, suites: Iterable[Suite]) -> None:
        """Measure what has landed, for the suites of its tables."""
        with self.warehouse.connect() as connection:
            measure_run(connection, tuple(suites), self.run_id, self.as_of)

    def landing_suites(self, landed: Collection[str]) -> list[Suite]:
        """Return the gates behind landing: those of the tables that got rows, and of all loads."""
        return [each for each in self.suites if each.layer == "quality" or each.table in landed]

    def go_on(
        self,
        found: DayFound,
        fault: Fault | None,
        enough: Callable[[DayFound], bool] | None,
        layers: Sequence[str] = LAYERS_BEHIND,
    ) -> DayFound:
        """Let the rest of the day pass until something stops it, and accept it if nothing does."""
        for layer in layers if self.layers else ():
            if self._is_stopped(found) or (enough and enough(found)):
                return found
            failed = self.build(layer, fault)
            self.spoil(layer, fault)
            found = found.and_also(self.judge_layer(layer)).and_also(of_tests(failed))
        if not self._is_stopped(found):
            with self.warehouse.connect() as connection:
                accept_run(connection, self.run_id)
        return found

    def _is_stopped(self, found: DayFound) -> bool:
        return bool(found.stops) and not self.is_waived

    def build(self, layer: str, fault: Fault | None = None) -> list[FailedTest]:
        """Build a layer, by the threshold of a fault if it has one; return the failed tests."""
        if self.layers is None:
            return []
        settings = engine_settings()
        if fault and fault.threshold is not None:
            other = settings.clustering.model_copy(update={"threshold": fault.threshold})
            settings = settings.model_copy(update={"clustering": other})
        return self.layers.build(
            layer,
            self.home,
            self.warehouse,
            run_id=self.run_id,
            as_of=self.as_of,
            settings=settings,
        )

    def spoil(self, layer: str, fault: Fault | None) -> None:
        """Do to a layer that has just been built what a fault does to it."""
        if fault and layer in fault.spoils:
            with self.warehouse.connect() as connection:
                connection.execute(fault.spoils[layer])

    def judge_layer(self, layer: str) -> DayFound:
        """Ask the gates of a layer."""
        built = self.layers.tables(layer, self.home) if self.layers else None
        of_layer = [each for each in self.suites if each.layer == layer]
        return self.judge(each for each in of_layer if built is None or each.table in built)

    def judge(self, suites: Iterable[Suite]) -> DayFound:
        """Ask some gates."""
        return of_gates(
            run_gate(
                suite,
                warehouse=self.warehouse,
                run_id=self.run_id,
                as_of=self.as_of,
                results_dir=self.home / "results",
            )
            for suite in suites
        )

    def _land(self, contract: Contract) -> bool:
        result = land(
            contract,
            warehouse=self.warehouse,
            inbox_dir=self.company / "inbox",
            landing_dir=self.home / "landing",
            run_id=self.run_id,
            as_of=self.as_of,
        )
        return result.rows_landed > 0

    def deliver(self, fault: Fault | None = None) -> None:
        """Deliver the files of the next day, broken if a fault is given."""
        inbox = self.company / "inbox"
        before = {path for path in inbox.rglob("*") if path.is_file()}
        add_day(self.company)
        after = {path for path in inbox.rglob("*") if path.is_file()}
        self.delivered = frozenset(path.relative_to(inbox) for path in after - before)
        if fault is not None:
            self.break_delivered(fault)

    def break_delivered(self, fault: Fault) -> None:
        """Break what has been delivered last."""
        inbox = self.company / "inbox"
        contract = next((each for each in self.contracts if each.landing_name == fault.table), None)
        if contract is None:
            return
        if not isinstance(contract.location, FilesLocation):
            break_sqlite(inbox, fault)
            return
        files = sorted(inbox.glob(str(contract.location.files)))
        earlier = [path for path in files if path.relative_to(inbox) not in self.delivered]
        for path in sorted({*files} - {*earlier}):
            if fault.days_late:
                path.unlink()
            elif fault.sends_yesterday:
                path.write_bytes(earlier[-1].read_bytes())
            else:
                break_file(path, contract, fault)

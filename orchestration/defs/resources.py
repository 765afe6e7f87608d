"""The resources of a run: the current run with its warehouse, and dbt."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from dagster_dbt import DbtCliResource

from orchestration.defs.warehouse.project import dbt_project
from orchestration.gates.data_docs import build_data_docs
from orchestration.gates.held_loads import hold_loads
from orchestration.gates.history import record_source_tables
from orchestration.gates.incident_book import IncidentBook
from orchestration.gates.notifications import Notifier
from orchestration.gates.replay import Replayed, replay
from orchestration.gates.suites import load_suites
from orchestration.identity.settings import EngineSettings, read_settings
from orchestration.landing.contract import load_contracts
from orchestration.landing.runs import begin_run
from orchestration.priority import give_way
from orchestration.run_lock import RunLock
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.landed_decisions import land_decisions
from orchestration.warehouse import Warehouse

AS_OF_TAG = "c360/as_of"


@dataclass(slots=True)
class HeldWarehouse:
    """Keeps the file open from gate to gate.

    Opening and closing it takes a tenth of a second, and there are some sixty gates in a row.
    """

    warehouse: Warehouse
    _held: ExitStack | None = None

    def hold(self) -> Warehouse:
        """Return the warehouse, open until it is released."""
        if self._held is None:
            with ExitStack() as opened:
                opened.enter_context(self.warehouse.connect())
                self._held = opened.pop_all()
        return self.warehouse

    def release(self) -> Warehouse:
        """Return the warehouse, closed: with memory given back, and free for another process."""
        held, self._held = self._held, None
        if held is not None:
            held.close()
        return self.warehouse


@dataclass(frozen=True, slots=True)
class CurrentRun:
    """What every step of one run shares: its id, its `as_of` (naive UTC) and the warehouse."""

    run_id: str
    as_of: datetime
    settings: Settings
    held: HeldWarehouse
    book: IncidentBook
    engine: EngineSettings  # of identity resolution: the same for every step

    def released_warehouse(self) -> Warehouse:
        """Close the file that gates hold, and return the warehouse for a step that is no gate.

        Ask for it before another process starts.
        """
        return self.held.release()

    def held_warehouse(self) -> Warehouse:
        """Return the warehouse for one gate of many, and keep the file open for the next."""
        return self.held.hold()

    @property
    def results_dir(self) -> Path:
        """Folder of the validation results of this warehouse."""
        return self.settings.home_dir / "gate_results"


def run_as_of(run: dg.DagsterRun, instance: dg.DagsterInstance) -> datetime:
    """Return the `as_of` of a run: its tag, else the moment the run was created."""
    if tag := run.tags.get(AS_OF_TAG):
        return datetime.fromisoformat(tag)
    record = instance.get_run_record_by_id(run.run_id)
    created = record.create_timestamp if record else datetime.now(UTC)
    return created.astimezone(UTC).replace(tzinfo=None, microsecond=0)


@dg.resource(
    description="The current run: lock, as_of, warehouse; builds the Data Docs when it ends."
)
def current_run(context: dg.InitResourceContext) -> Iterator[CurrentRun]:
    """Hold the run lock from the first step to the last, and leave the Data Docs up to date."""
    run, instance = context.dagster_run, context.instance
    if run is None or instance is None:
        raise dg.DagsterInvariantViolationError("current_run exists only inside a run")
    settings = Settings()
    give_way()
    with RunLock(settings.home_dir).acquire(run.run_id):
        scope = scope_of(run.run_id, run_as_of(run, instance), settings)
        contracts = load_contracts(settings.sources_dir)
        with scope.released_warehouse().connect() as connection:
            begin_run(connection, scope.run_id, scope.as_of)
            land_decisions(connection, scope.book.store, run_id=scope.run_id, as_of=scope.as_of)
            hold_loads(connection, run_id=scope.run_id, as_of=scope.as_of)
            done = replay(connection, contracts, run_id=scope.run_id, as_of=scope.as_of)
        tell_what_was_not_done(context.log, done)
        record_source_tables(scope.released_warehouse(), contracts)
        with data_docs_at_the_end(scope):
            yield scope


def tell_what_was_not_done(log: dg.DagsterLogManager | None, done: Sequence[Replayed]) -> None:
    """Warn of the decisions on rows in quarantine that could not be carried out."""
    for each in done:
        if log is not None and each.outcome in ("failed", "void"):
            log.warning(f"{each.quarantine_id} is not carried out: {each.reason}")


def scope_of(run_id: str, as_of: datetime, settings: Settings) -> CurrentRun:
    """Return what the steps of a run share."""
    book = IncidentBook(
        store=DecisionStore.of(settings),
        run_id=run_id,
        as_of=as_of,
        manifest=dbt_project().manifest_path,
        notify=Notifier(settings.notifications_path, settings.notification_addresses, as_of),
    )
    engine = read_settings(settings.identity_settings_path)
    held = HeldWarehouse(Warehouse.of(settings))
    return CurrentRun(run_id, as_of, settings, held, book, engine)


@contextmanager
def data_docs_at_the_end(scope: CurrentRun) -> Iterator[None]:
    """Build the Data Docs also after a gate has stopped the run: that is when they are read."""
    try:
        yield
    finally:
        scope.held.release()
        suites = load_suites(scope.settings.expectations_dirs)
        build_data_docs(scope.results_dir, scope.settings.docs_dir, suites)


class DbtCommandLine(DbtCliResource):
    """dbt as a child process, and nothing of it in this one.

    What a build made is read from the warehouse by our own connection, so that dagster-dbt need not
    import and configure dbt's adapter here for every build.
    """

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        return


@dg.definitions
def resources() -> dg.Definitions:
    """Bind the resources by the names that assets ask for."""
    dbt = DbtCommandLine(project_dir=dbt_project())  # type: ignore[arg-type]  # lost in subclasses
    return dg.Definitions(resources={"current_run": current_run, "dbt": dbt})

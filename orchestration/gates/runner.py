"""Run one gate: judge, keep what was found, say whether the run may go on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter

import duckdb

from orchestration.gates.accounting import record_accounting
from orchestration.gates.causes import Cause, causes_of, waived_positions
from orchestration.gates.errors import MissingRelationError
from orchestration.gates.failing_key_table import store_keys
from orchestration.gates.failure_reasons import reason_of_error
from orchestration.gates.golden_values import create_golden_values
from orchestration.gates.history import create_history_views
from orchestration.gates.identity_estimates import record_estimates
from orchestration.gates.identity_measures import measure_identity, record_carriers
from orchestration.gates.incident_book import IncidentBook
from orchestration.gates.incidents import Incident
from orchestration.gates.linked_edges import link_edges
from orchestration.gates.outcomes import ExpectationOutcome, Judged, outcome_of
from orchestration.gates.quarantine_tables import create_quarantine_tables
from orchestration.gates.relations import Batch, open_batch
from orchestration.gates.results import (
    create_results_table,
    note_waived,
    store_outcomes,
    store_validation_result,
)
from orchestration.gates.row_quarantine import rows_to_set_aside, set_rows_aside
from orchestration.gates.stopped_loads import record_undecided_loads
from orchestration.gates.suite_figures import measure_figures
from orchestration.gates.suites import Suite
from orchestration.gates.touched import customers_touched
from orchestration.warehouse import Warehouse

CAUSES_TOLD = 5


@dataclass(frozen=True, slots=True)
class GateResult:
    """What a gate found; one critical expectation that fails, or can't be computed, is enough.

    Unless a steward has waived all its incidents for the day of the run.
    """

    layer: str
    table: str
    run_id: str
    success: bool
    outcomes: tuple[ExpectationOutcome, ...]
    suite_version: str
    seconds: float
    result_path: Path
    causes: tuple[Cause, ...] = ()
    incidents: tuple[Incident, ...] = ()
    set_aside: tuple[ExpectationOutcome, ...] = ()

    @property
    def in_one_line(self) -> str:
        """Return which gate, which cause, and what to do."""
        critical = [cause for cause in self.causes if cause.severity == "critical"]
        told = [f"{cause.name}{f' ({cause.column})' if cause.column else ''}" for cause in critical]
        if len(told) > CAUSES_TOLD:
            told = [*told[:CAUSES_TOLD], f"and {len(told) - CAUSES_TOLD} causes more"]
        ids = [cause.incident_id for cause in critical]
        return (
            f"the gate of {self.layer}.{self.table} is closed: {'; '.join(told)}. "
            f"See `c360 incidents show {ids[0] if ids else ''}` and decide"
        )


@dataclass(frozen=True, slots=True)
class GateRun:
    """What the gates of one run share."""

    warehouse: Warehouse
    run_id: str
    as_of: datetime
    results_dir: Path
    book: IncidentBook | None = None


def run_gate(  # noqa: PLR0913 - a gate depends on what a run is made of
    suite: Suite,
    *,
    warehouse: Warehouse,
    run_id: str,
    as_of: datetime,
    results_dir: Path,
    book: IncidentBook | None = None,
) -> GateResult:
    """Judge the rows of this run by a suite; keep the outcomes as rows and as JSON.

    An expectation that can't be computed counts as failed, with the reason. Nothing that is kept
    holds a value of a row. No connection is open when this returns. With a `book`, what fails
    opens an incident, and what a steward has waived does not close the gate.
    """
    started = perf_counter()
    run = GateRun(warehouse, run_id, as_of, results_dir, book)
    with warehouse.connect() as connection:
        prepare(connection, suite, run_id, as_of)
        found = _judge(suite, connection, run)
        path = store_validation_result(
            [each.result for each in found.judged],
            suite,
            run_id=run_id,
            as_of=as_of,
            results_dir=results_dir,
        )
        store_outcomes(connection, suite, found.outcomes, run_id, as_of)
        causes = tuple(causes_of(suite, (*found.outcomes, *found.set_aside)))
        store_keys(connection, suite, causes, run_id, as_of)
        customers = customers_touched(connection, suite, found.batch, causes)
        incidents = book.record(suite, causes, customers) if book else []
        waived = {each.incident_id for each in incidents if each.is_waived_at(as_of)}
        let_pass = waived_positions(causes, waived)
        note_waived(connection, suite, run_id, let_pass)
    return GateResult(
        layer=suite.layer,
        table=suite.table,
        run_id=run_id,
        success=all(
            each.success or each.severity != "critical" or each.position in let_pass
            for each in found.outcomes
        ),
        outcomes=found.outcomes,
        suite_version=suite.version,
        seconds=perf_counter() - started,
        result_path=path,
        causes=causes,
        incidents=tuple(incidents),
        set_aside=found.set_aside,
    )


def prepare(
    connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str, as_of: datetime
) -> None:
    """Bring the tables of `quality` that suites ask up to date."""
    create_results_table(connection)
    record_accounting(connection, suite, run_id)
    if suite.layer == "quality":
        create_quarantine_tables(connection)
        create_history_views(connection)
        record_undecided_loads(connection, run_id, as_of)
    if suite.label == "conformed.int_contact_points__normalised":
        record_carriers(connection, run_id, as_of)
    if suite.label == "identity.identity_map":
        link_edges(connection)
        measure_identity(connection, run_id, as_of)
        record_estimates(connection, run_id, as_of)
        connection.execute("drop table if exists temp.linked_edges")  # the file stays open
    if suite.label == "marts.customer_360":
        create_golden_values(connection)


@dataclass(frozen=True, slots=True)
class _Found:
    judged: list[Judged]
    outcomes: tuple[ExpectationOutcome, ...]
    batch: Batch | None
    set_aside: tuple[ExpectationOutcome, ...]


def _judge(suite: Suite, connection: duckdb.DuckDBPyConnection, run: GateRun) -> _Found:
    # Local: GX takes seconds to import, and the code location that lists the gates must load fast.
    from orchestration.gates.validation import configuration_of, not_computed, validate

    started = perf_counter()
    batch = None
    aside: list[ExpectationOutcome] = []
    try:
        batch = open_batch(connection, suite, run.run_id)
        measure_figures(connection, suite, batch, (run.run_id, run.as_of))
        judged = validate(suite, connection=connection, batch=batch, as_of=run.as_of)
        bad = rows_to_set_aside(judged, suite, batch)
        if bad:
            set_rows_aside(connection, suite, bad, run_id=run.run_id, as_of=run.as_of)
            record_accounting(connection, suite, run.run_id)
            aside = _set_aside_outcomes(judged, suite, batch)
            batch = open_batch(connection, suite, run.run_id)
            judged = validate(suite, connection=connection, batch=batch, as_of=run.as_of)
    except (MissingRelationError, duckdb.Error) as error:
        # A gate that can't be computed is closed: what it would have found is not known.
        is_ours = isinstance(error, MissingRelationError)
        reason = str(error) if is_ours else reason_of_error(error)
        judged = [
            not_computed(configuration_of(expectation, position), reason)
            for position, expectation in enumerate(suite.expectations)
        ]
    share = (perf_counter() - started) / len(judged)
    outcomes = tuple(
        outcome_of(each, suite, batch, share, position) for position, each in enumerate(judged)
    )
    return _Found(judged, outcomes, batch, tuple(aside))


def _set_aside_outcomes(
    judged: Sequence[Judged], suite: Suite, batch: Batch
) -> list[ExpectationOutcome]:
    """Return what the rows set aside have failed, as warnings: the rest of the day goes on."""
    return [
        replace(outcome_of(each, suite, batch, 0.0, position), severity="warning")
        for position, each in enumerate(judged)
        if not each.result.success and each.severity == "critical"
    ]

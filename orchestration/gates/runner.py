"""Run one gate: judge, keep what was found, say whether the run may go on."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter

import duckdb

from orchestration.gates.accounting import record_accounting
from orchestration.gates.errors import MissingRelationError
from orchestration.gates.history import create_history_views
from orchestration.gates.outcomes import ExpectationOutcome, outcome_of
from orchestration.gates.relations import open_batch
from orchestration.gates.results import (
    create_results_table,
    store_outcomes,
    store_validation_result,
)
from orchestration.gates.suites import Suite
from orchestration.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class GateResult:
    """What a gate found; one critical expectation that fails, or can't be computed, is enough."""

    layer: str
    table: str
    run_id: str
    success: bool
    outcomes: tuple[ExpectationOutcome, ...]
    suite_version: str
    seconds: float
    result_path: Path


def run_gate(
    suite: Suite, *, warehouse: Warehouse, run_id: str, as_of: datetime, results_dir: Path
) -> GateResult:
    """Judge the rows of this run by a suite; keep the outcomes as rows and as JSON.

    An expectation that can't be computed counts as failed, with the reason. Nothing that is kept
    holds a value of a row. No connection is open when this returns.
    """
    started = perf_counter()
    with warehouse.connect() as connection:
        prepare(connection, suite, run_id)
        outcomes, path = _judge(suite, connection, run_id, as_of, results_dir)
        store_outcomes(connection, suite, outcomes, run_id, as_of)
    return GateResult(
        layer=suite.layer,
        table=suite.table,
        run_id=run_id,
        success=all(outcome.success for outcome in outcomes if outcome.severity == "critical"),
        outcomes=outcomes,
        suite_version=suite.version,
        seconds=perf_counter() - started,
        result_path=path,
    )


def prepare(connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str) -> None:
    """Bring the tables of `quality` that suites ask up to date."""
    create_results_table(connection)
    record_accounting(connection, suite, run_id)
    if suite.layer == "quality":
        create_history_views(connection)


def _judge(
    suite: Suite,
    connection: duckdb.DuckDBPyConnection,
    run_id: str,
    as_of: datetime,
    results_dir: Path,
) -> tuple[tuple[ExpectationOutcome, ...], Path]:
    # Local: GX takes seconds to import, and the code location that lists the gates must load fast.
    from orchestration.gates.validation import configuration_of, not_computed, validate

    started = perf_counter()
    batch = None
    try:
        batch = open_batch(connection, suite, run_id)
        judged = validate(suite, connection=connection, batch=batch, as_of=as_of)
    except MissingRelationError as error:
        judged = [
            not_computed(configuration_of(expectation, position), str(error))
            for position, expectation in enumerate(suite.expectations)
        ]
    share = (perf_counter() - started) / len(judged)
    outcomes = tuple(outcome_of(each, suite, batch, share) for each in judged)
    path = store_validation_result(
        [each.result for each in judged],
        suite,
        run_id=run_id,
        as_of=as_of,
        results_dir=results_dir,
    )
    return outcomes, path

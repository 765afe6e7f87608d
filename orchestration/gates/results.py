"""Keep what a gate found: rows in `quality.gate_results`, and GX's validation result as JSON.

Both are replaced when the same gate runs again in the same run, so that a resumed run leaves no
second set.
"""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.gates.outcomes import ExpectationOutcome
from orchestration.gates.suites import Suite

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult

GATE_RESULTS = """
    create table if not exists quality.gate_results (
        run_id varchar,
        layer varchar,
        table_name varchar,
        expectation_type varchar,
        column_name varchar,
        severity varchar,
        success boolean,
        rows_seen bigint,
        rows_failing bigint,
        failing_keys varchar,
        why varchar,
        as_of timestamp,
        reason varchar,
        suite_version varchar,
        expectation_order bigint,
        is_waived boolean
    )
"""


def create_results_table(connection: duckdb.DuckDBPyConnection) -> None:
    """Create `quality.gate_results` where it is missing: suites compare with earlier runs in it."""
    connection.execute(GATE_RESULTS)
    # A home that is older than the column.
    connection.execute("alter table quality.gate_results add column if not exists is_waived bool")


def store_outcomes(
    connection: duckdb.DuckDBPyConnection,
    suite: Suite,
    outcomes: Sequence[ExpectationOutcome],
    run_id: str,
    as_of: datetime,
) -> None:
    """Replace the rows of this gate and run in `quality.gate_results`."""
    rows = [
        [
            *(run_id, suite.layer, suite.table, outcome.type, outcome.column, outcome.severity),
            *(outcome.success, outcome.rows_seen, outcome.rows_failing),
            *(json.dumps(outcome.failing_keys), outcome.why, as_of, outcome.reason or None),
            *(suite.version, position, False),
        ]
        for position, outcome in enumerate(outcomes)
    ]
    marks = ", ".join("?" * len(rows[0]))
    connection.execute("begin")
    try:
        connection.execute(
            "delete from quality.gate_results where run_id = ? and layer = ? and table_name = ?",
            [run_id, suite.layer, suite.table],
        )
        # One statement for all rows: DuckDB takes a millisecond for each one given alone.
        values = ", ".join([f"({marks})"] * len(rows))
        flat = [value for row in rows for value in row]
        connection.execute(f"insert into quality.gate_results values {values}", flat)
        connection.execute("commit")
    except duckdb.Error:
        connection.execute("rollback")
        raise


def note_waived(
    connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str, positions: Collection[int]
) -> None:
    """Note which expectations of this gate and run fail and stop nothing: stewards waived them."""
    if positions:
        connection.execute(
            "update quality.gate_results set is_waived = true where run_id = ? and layer = ? "
            "and table_name = ? and not success and expectation_order in (select unnest(?))",
            [run_id, suite.layer, suite.table, sorted(positions)],
        )


def result_path(results_dir: Path, suite: Suite) -> Path:
    """Return where the latest validation result of a suite is kept."""
    return results_dir / suite.layer / f"{suite.table}.json"


def store_validation_result(
    results: "Sequence[ExpectationValidationResult]",
    suite: Suite,
    *,
    run_id: str,
    as_of: datetime,
    results_dir: Path,
) -> Path:
    """Write GX's validation result of a suite, in place of the one before, and return its path."""
    path = result_path(results_dir, suite)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(
        validation_result(results, suite, run_id, as_of),
        indent=1,
        sort_keys=True,
        ensure_ascii=False,
    )
    unfinished = path.with_suffix(".json.part")
    unfinished.write_text(content + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path


def validation_result(
    results: "Sequence[ExpectationValidationResult]", suite: Suite, run_id: str, as_of: datetime
) -> dict[str, Any]:
    """Return GX's validation result of a suite as JSON, in GX's own shape."""
    # Local: GX takes seconds to import, and it has been imported by whoever holds its results.
    from great_expectations import __version__ as version
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
    )
    from great_expectations.validator.validation_statistics import calc_validation_statistics

    statistics = calc_validation_statistics(list(results))
    whole = ExpectationSuiteValidationResult(
        success=statistics.success,
        results=list(results),
        suite_name=suite.name,
        statistics={
            "evaluated_expectations": statistics.evaluated_expectations,
            "successful_expectations": statistics.successful_expectations,
            "unsuccessful_expectations": statistics.unsuccessful_expectations,
            "success_percent": statistics.success_percent,
        },
        meta={
            "great_expectations_version": version,
            "run_id": {"run_name": run_id, "run_time": as_of.replace(tzinfo=UTC).isoformat()},
            "validation_time": as_of.replace(tzinfo=UTC).isoformat(),
            "suite_version": suite.version,
        },
    )
    content: dict[str, Any] = whole.to_json_dict()  # type: ignore[no-untyped-call]
    return content

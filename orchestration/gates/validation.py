"""Validate one suite against one batch with GX.

Importing this module imports Great Expectations, which takes seconds: callers import it when a gate
runs.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from datetime import datetime
from functools import cache
from itertools import chain, islice
from typing import Any
from uuid import UUID

import duckdb
import great_expectations
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context.data_context.ephemeral_data_context import (
    EphemeralDataContext,
)
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.exceptions.exceptions import GreatExpectationsError
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.validator.validator import Validator
from sqlalchemy.exc import SQLAlchemyError

from orchestration.gates.duckdb_metrics import execution_engine
from orchestration.gates.errors import UnsupportedPatternError
from orchestration.gates.failing_key_table import forget_keys, note_keys
from orchestration.gates.failing_keys import INCIDENTS_BY_KEY, KEYS_SHOWN
from orchestration.gates.failing_rows import failing_rows
from orchestration.gates.failure_reasons import reason_of_error
from orchestration.gates.kept_configurations import kept_configurations
from orchestration.gates.outcomes import Judged, is_told_by_key
from orchestration.gates.regular_expressions import to_re2
from orchestration.gates.relations import Batch
from orchestration.gates.row_quarantine import tolerated_rows
from orchestration.gates.suites import Suite

COMPUTING_ERRORS = (
    GreatExpectationsError,
    SQLAlchemyError,
    duckdb.Error,
    AssertionError,
    KeyError,
    TypeError,
    ValueError,
)


@cache
def data_context() -> EphemeralDataContext:
    """Return the one GX context of this process: in memory, no progress bars, no analytics."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )
    return great_expectations.get_context(mode="ephemeral", project_config=config)


def validate(
    suite: Suite, *, connection: duckdb.DuckDBPyConnection, batch: Batch, as_of: datetime
) -> list[Judged]:
    """Return GX's result of every expectation, in the order of the suite.

    An expectation that can't be computed comes back as failed with its reason, and the others are
    computed all the same. Results may still hold observed values: `outcomes` takes them out. The
    keys of all rows that fail critical expectations wait in `failing_key_table`.
    """
    forget_keys(connection)
    judged: dict[int, Judged] = {}
    computable: list[ExpectationConfiguration] = []
    for position, expectation in enumerate(suite.expectations):
        configuration = configuration_of(expectation, position)
        problem = (
            problem_of_columns(configuration, batch, suite)
            or problem_of_patterns(configuration, connection)
            or problem_of_arguments(configuration, as_of)
        )
        if problem:
            judged[position] = not_computed(configuration, problem)
        else:
            computable.append(configuration)
    if computable:
        judged.update(_computed(computable, suite, connection, batch))
    return [judged[position] for position in range(len(suite.expectations))]


def configuration_of(expectation: Mapping[str, Any], position: int) -> ExpectationConfiguration:
    """Return GX's configuration of an expectation; its id holds its position in the suite."""
    return ExpectationConfiguration(
        type=expectation["type"],
        kwargs=deepcopy(expectation["kwargs"]),
        meta=deepcopy(expectation["meta"]),
        severity=expectation["severity"],
        id=str(UUID(int=position)),
    )


def position_of(id_: str) -> int:
    """Return the position in the suite that an expectation's id holds."""
    return UUID(id_).int


def not_computed(configuration: ExpectationConfiguration, reason: str) -> Judged:
    """Return the verdict on an expectation that counts as failed because it can't be computed."""
    information = {
        "raised_exception": True,
        "exception_message": reason,
        "exception_traceback": None,
    }
    result = ExpectationValidationResult(
        success=False, expectation_config=configuration, exception_info=information
    )
    return Judged(configuration, result)


def problem_of_columns(
    configuration: ExpectationConfiguration, batch: Batch, suite: Suite
) -> str | None:
    """Return which columns of an expectation the batch lacks."""
    missing = sorted(columns_of(configuration.kwargs) - set(batch.columns))
    return f"no column {', '.join(missing)} in {suite.label}" if missing else None


def problem_of_patterns(
    configuration: ExpectationConfiguration, connection: duckdb.DuckDBPyConnection
) -> str | None:
    """Return which regular expression of an expectation DuckDB can't read."""
    for pattern in patterns_of(configuration.kwargs):
        try:
            connection.execute("select regexp_matches('', ?)", [to_re2(pattern)])
        except (UnsupportedPatternError, duckdb.Error) as error:
            return f"the regular expression {pattern} can't be read: {error}"
    return None


def problem_of_arguments(configuration: ExpectationConfiguration, as_of: datetime) -> str | None:
    """Return why GX doesn't accept an expectation.

    Suite parameters (`{"$PARAMETER": "as_of"}`) are replaced on the way: `as_of` is the moment the
    run speaks for, `today` its date.
    """
    known = {"as_of": as_of.isoformat(sep=" "), "today": as_of.date().isoformat()}
    try:
        configuration.process_suite_parameters(suite_parameters=known)
        configuration.to_domain_obj()
    except COMPUTING_ERRORS as error:
        # These speak of the suite only: no row has been read.
        return f"is not an expectation that GX accepts: {' '.join(str(error).split())}"
    return None


def is_critical(configuration: ExpectationConfiguration) -> bool:
    """Say whether an expectation stops the run."""
    return str(getattr(configuration.severity, "value", configuration.severity)) == "critical"


def rows_wanted(suite: Suite, batch: Batch, configuration: ExpectationConfiguration) -> int:
    """Return how many failing rows to name: those set aside, or told apart, and one more."""
    shown = INCIDENTS_BY_KEY + 1 if is_told_by_key(configuration) else KEYS_SHOWN
    if not is_critical(configuration):
        return shown
    return max(shown, tolerated_rows(suite, batch.rows) + 1)


def columns_of(kwargs: Mapping[str, Any]) -> set[str]:
    """Return the columns an expectation is about."""
    single = {kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs}
    return single | set(kwargs.get("column_list", ()))


def patterns_of(kwargs: Mapping[str, Any]) -> list[str]:
    """Return the regular expressions of an expectation."""
    single = [kwargs["regex"]] if isinstance(kwargs.get("regex"), str) else []
    return [*single, *kwargs.get("regex_list", ())]


def _computed(
    configurations: Sequence[ExpectationConfiguration],
    suite: Suite,
    connection: duckdb.DuckDBPyConnection,
    batch: Batch,
) -> Iterator[tuple[int, Judged]]:
    engine = execution_engine(connection)
    engine.load_relation(batch.schema, batch.name)
    validator = Validator(execution_engine=engine, data_context=data_context())
    by_id = {str(configuration.id): configuration for configuration in configurations}
    try:
        with kept_configurations():
            results = validator.graph_validate(
                configurations=list(configurations),
                runtime_configuration={"catch_exceptions": True, "result_format": "BASIC"},
            )
    except COMPUTING_ERRORS as error:
        reason = reason_of_error(error)
        yield from (
            (position_of(id_), not_computed(configuration, reason))
            for id_, configuration in by_id.items()
        )
        return
    for result in results:
        id_ = str(getattr(result.expectation_config, "id", ""))
        configuration = by_id[id_]
        rows: Sequence[Mapping[str, Any]] = ()
        if not result.success and result.result:
            # The verdict stands without its keys; a key that can't be computed must not undo it.
            with suppress(*COMPUTING_ERRORS):
                wanted = rows_wanted(suite, batch, configuration)
                limit = None if is_critical(configuration) else wanted
                found = failing_rows(validator, engine, configuration, batch, suite, limit)
                rows = list(islice(found, wanted))
                if is_critical(configuration):
                    note_keys(connection, position_of(id_), chain(rows, found), suite)
        yield position_of(id_), Judged(configuration, result, rows)

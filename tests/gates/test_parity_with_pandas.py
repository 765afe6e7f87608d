"""The DuckDB adapter gives the verdicts and counts that GX itself gives on pandas."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import pytest

from orchestration.gates.relations import Batch
from orchestration.gates.validation import configuration_of, data_context, validate
from tests.gates.conftest import AS_OF
from tests.gates.parity_matrix import EXPECTATIONS, NAMES, TAKES_MOSTLY, TYPES


def people(rows: int, missing_every: int | None) -> pd.DataFrame:
    """Return rows with repeated and unicode values; every so many-th value is null."""

    def column(make: Any, shift: int) -> list[Any]:
        return [
            None if missing_every and (row + shift) % missing_every == 0 else make(row)
            for row in range(rows)
        ]

    columns = {
        "key": column(lambda row: f"K{row}", 1),
        "text": column(lambda row: NAMES[row % len(NAMES)], 2),
        "amount": column(lambda row: Decimal(row % 7) / 4, 3),
        "number": column(lambda row: row % 5, 4),
        "ratio": column(lambda row: (row % 11) / 8, 5),
        "share": column(lambda row: (row % 3) / 8, 8),
        "day": column(lambda row: date(2020, 1, 1 + row % 28), 6),
        "moment": column(lambda row: datetime(2020, 1, 1 + row % 28, row % 24), 7),  # noqa: DTZ001
    }
    frame = pd.DataFrame(columns, dtype=object)
    frame["number"] = frame["number"].astype("Int64")
    frame["ratio"] = frame["ratio"].astype("float64")
    frame["share"] = frame["share"].astype("float64")
    frame["moment"] = pd.to_datetime(frame["moment"])
    return frame


FRAMES = {
    "full": people(60, None),
    "with nulls": people(60, 7),
    "only nulls": people(6, 1),
    "one row": people(1, None),
    "empty": people(0, None),
}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name, frame in FRAMES.items():
            columns = ", ".join(f"{column} {type_}" for column, type_ in TYPES.items())
            connection.execute(f'create table "{name}" ({columns})')
            connection.register("frame", frame)
            cast = ", ".join(f"cast({column} as {type_})" for column, type_ in TYPES.items())
            if len(frame):
                connection.execute(f'insert into "{name}" select {cast} from frame')
        yield connection


def on_duckdb(connection: duckdb.DuckDBPyConnection, frame: str, suite: Any) -> Any:
    batch = Batch("main", frame, tuple(TYPES), len(FRAMES[frame]))
    return validate(suite, connection=connection, batch=batch, as_of=AS_OF)[0].result


def on_pandas(frame: str, expectation: dict[str, Any]) -> Any:
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.validator.validator import Validator

    engine = PandasExecutionEngine(batch_data_dict={"frame": FRAMES[frame]})
    configuration = configuration_of(expectation, 0)
    configuration.process_suite_parameters(
        suite_parameters={
            "as_of": AS_OF.isoformat(sep=" "),
            "today": AS_OF.date().isoformat(),
        }
    )
    validator = Validator(execution_engine=engine, data_context=data_context())
    return validator.graph_validate(
        configurations=[configuration], runtime_configuration={"result_format": "BASIC"}
    )[0]


def assert_same(ours: Any, theirs: Any) -> None:
    assert not theirs.exception_info.get("raised_exception", True), "GX on pandas can't compute it"
    assert not ours.exception_info.get("raised_exception", True), ours.exception_info
    assert ours.success == theirs.success
    for count in ("element_count", "unexpected_count", "missing_count"):
        assert ours.result.get(count) == theirs.result.get(count), count


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", EXPECTATIONS)
def test_same_verdict_as_pandas(name, frame, connection, suite_of):
    expectation = EXPECTATIONS[name]
    ours = on_duckdb(connection, frame, suite_of("quality.people", expectation))
    assert_same(ours, on_pandas(frame, expectation))


@pytest.mark.parametrize("mostly", [0.0, 0.5, 0.85, 0.99, 1.0])
@pytest.mark.parametrize("name", TAKES_MOSTLY)
def test_same_verdict_as_pandas_where_some_rows_may_fail(name, mostly, connection, suite_of):
    expectation = EXPECTATIONS[name]
    expectation = {**expectation, "kwargs": {**expectation["kwargs"], "mostly": mostly}}
    ours = on_duckdb(connection, "with nulls", suite_of("quality.people", expectation))
    assert_same(ours, on_pandas("with nulls", expectation))

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
from tests.gates.conftest import AS_OF, expect

ABOVE_TWO = {
    "type": "comparison",
    "column": {"name": "number"},
    "operator": ">",
    "parameter": 2,
}
TYPES = {
    "key": "varchar",
    "text": "varchar",
    "amount": "decimal(18,2)",
    "number": "bigint",
    "ratio": "double",
    "share": "double",
    "day": "date",
    "moment": "timestamp",
}

NAMES = [
    "Nguyễn Thị Mai",
    "محمد",
    "Алишер",
    "O'Brien",
    "Ann  Lee",
    "ann@example.com",
    "",
    " ",
    "日本",
]


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

EXPECTATIONS = {
    "not null": expect("expect_column_values_to_not_be_null", column="text"),
    "null": expect("expect_column_values_to_be_null", column="text"),
    "unique key": expect("expect_column_values_to_be_unique", column="key"),
    "unique text": expect("expect_column_values_to_be_unique", column="text"),
    "unique amount": expect("expect_column_values_to_be_unique", column="amount"),
    "unique pair": expect("expect_compound_columns_to_be_unique", column_list=["text", "number"]),
    "unique key pair": expect(
        "expect_compound_columns_to_be_unique", column_list=["key", "number"]
    ),
    "in set of text": expect(
        "expect_column_values_to_be_in_set", column="text", value_set=[*NAMES[:4], ""]
    ),
    "in set of numbers": expect(
        "expect_column_values_to_be_in_set", column="number", value_set=[0, 1, 2]
    ),
    "not in set": expect(
        "expect_column_values_to_not_be_in_set", column="text", value_set=["O'Brien", "محمد"]
    ),
    "number between": expect(
        "expect_column_values_to_be_between", column="number", min_value=1, max_value=3
    ),
    "number strictly between": expect(
        "expect_column_values_to_be_between",
        column="number",
        min_value=1,
        max_value=3,
        strict_min=True,
        strict_max=True,
    ),
    "amount not negative": expect(
        "expect_column_values_to_be_between", column="amount", min_value=0
    ),
    "amount between": expect(
        "expect_column_values_to_be_between", column="amount", min_value=0.25, max_value=1
    ),
    "ratio between": expect(
        "expect_column_values_to_be_between", column="ratio", min_value=0, max_value=0.75
    ),
    "moment between": expect(
        "expect_column_values_to_be_between",
        column="moment",
        min_value="2020-01-03 00:00:00",
        max_value="2020-01-20 12:00:00",
    ),
    "day between": expect(
        "expect_column_values_to_be_between",
        column="day",
        min_value="2020-01-03",
        max_value="2020-01-20",
    ),
    "day up to the run": expect(
        "expect_column_values_to_be_between", column="day", max_value={"$PARAMETER": "today"}
    ),
    "moment up to the run": expect(
        "expect_column_values_to_be_between", column="moment", max_value={"$PARAMETER": "as_of"}
    ),
    "length between": expect(
        "expect_column_value_lengths_to_be_between", column="text", min_value=1, max_value=8
    ),
    "length equals": expect("expect_column_value_lengths_to_equal", column="text", value=4),
    "word characters": expect("expect_column_values_to_match_regex", column="text", regex=r"^\w+$"),
    "has a space": expect("expect_column_values_to_match_regex", column="text", regex=r"\s"),
    "e-mail": expect(
        "expect_column_values_to_match_regex", column="text", regex=r"^[^@\s]+@[^@\s]+\.[a-z]+$"
    ),
    "no at sign": expect("expect_column_values_to_not_match_regex", column="text", regex="@"),
    "any pattern": expect(
        "expect_column_values_to_match_regex_list",
        column="text",
        regex_list=["@", "^O'"],
        match_on="any",
    ),
    "all patterns": expect(
        "expect_column_values_to_match_regex_list",
        column="text",
        regex_list=["n", "e"],
        match_on="all",
    ),
    "none of the patterns": expect(
        "expect_column_values_to_not_match_regex_list", column="text", regex_list=["@", "日"]
    ),
    "pair greater": expect(
        "expect_column_pair_values_a_to_be_greater_than_b",
        column_A="number",
        column_B="ratio",
        or_equal=True,
        ignore_row_if="either_value_is_missing",
    ),
    "pair greater where one is missing": expect(
        "expect_column_pair_values_a_to_be_greater_than_b",
        column_A="ratio",
        column_B="share",
        ignore_row_if="both_values_are_missing",
    ),
    "pair equal": expect(
        "expect_column_pair_values_to_be_equal",
        column_A="ratio",
        column_B="share",
    ),
    "pair in set": expect(
        "expect_column_pair_values_to_be_in_set",
        column_A="text",
        column_B="number",
        value_pairs_set=[[NAMES[0], 0], [NAMES[1], 1], [NAMES[4], None]],
    ),
    "different within a row": expect(
        "expect_select_column_values_to_be_unique_within_record",
        column_list=["ratio", "share"],
    ),
    "sum of a row": expect(
        "expect_multicolumn_sum_to_equal", column_list=["ratio", "share"], sum_total=1
    ),
    "unique among some rows": expect(
        "expect_column_values_to_be_unique",
        column="text",
        row_condition=ABOVE_TWO,
    ),
    "unique pair among some rows": expect(
        "expect_compound_columns_to_be_unique",
        column_list=["text", "number"],
        row_condition=ABOVE_TWO,
    ),
    "unique pair without missing": expect(
        "expect_compound_columns_to_be_unique",
        column_list=["text", "number"],
        ignore_row_if="any_value_is_missing",
    ),
    "median": expect("expect_column_median_to_be_between", column="ratio", min_value=0.1),
    "spread": expect("expect_column_stdev_to_be_between", column="ratio", min_value=0.1),
    "quantiles": expect(
        "expect_column_quantile_values_to_be_between",
        column="ratio",
        quantile_ranges={"quantiles": [0.1, 0.5], "value_ranges": [[0, 0.5], [0.1, 0.9]]},
        allow_relative_error=False,
    ),
    "contains values": expect(
        "expect_column_distinct_values_to_contain_set", column="number", value_set=[0, 1]
    ),
    "equals values": expect(
        "expect_column_distinct_values_to_equal_set", column="number", value_set=[0, 1, 2, 3, 4]
    ),
    "most common": expect(
        "expect_column_most_common_value_to_be_in_set", column="number", value_set=[0]
    ),
    "z score": expect(
        "expect_column_value_z_scores_to_be_less_than",
        column="ratio",
        threshold=1.2,
        double_sided=True,
    ),
    "only some rows": expect(
        "expect_column_values_to_be_in_set",
        column="text",
        value_set=NAMES[:3],
        row_condition=ABOVE_TWO,
    ),
    "row count": expect("expect_table_row_count_to_be_between", min_value=2, max_value=100),
    "column set": expect(
        "expect_table_columns_to_match_set", column_set=list(TYPES), exact_match=True
    ),
    "column exists": expect("expect_column_to_exist", column="day"),
    "mean": expect("expect_column_mean_to_be_between", column="ratio", min_value=0.1, max_value=9),
    "sum": expect("expect_column_sum_to_be_between", column="ratio", min_value=1, max_value=99),
    "smallest": expect("expect_column_min_to_be_between", column="ratio", min_value=0),
    "largest": expect("expect_column_max_to_be_between", column="ratio", max_value=1),
    "distinct share": expect(
        "expect_column_proportion_of_unique_values_to_be_between", column="text", min_value=0.2
    ),
    "distinct count": expect(
        "expect_column_unique_value_count_to_be_between", column="text", min_value=1, max_value=8
    ),
    "filled share": expect(
        "expect_column_proportion_of_non_null_values_to_be_between", column="text", min_value=0.9
    ),
    "distinct values in set": expect(
        "expect_column_distinct_values_to_be_in_set", column="number", value_set=[0, 1, 2, 3, 4]
    ),
}
TAKES_MOSTLY = [
    name
    for name, expectation in EXPECTATIONS.items()
    if expectation["type"].startswith(("expect_column_value", "expect_column_pair"))
    and not expectation["type"].endswith("to_exist")
]


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

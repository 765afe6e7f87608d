import json

import duckdb
import pytest

from orchestration.gates.suites import read_suite
from tests.gates.conftest import AS_OF, RUN, expect, suite_content, written

ORDERS = """
    create table conformed.orders as
    select * from (values
        ('O1', 10.5, 'paid'), ('O2', -1.0, 'paid'), ('O2', 3.0, null), ('O4', null, 'odd')
    ) as orders (order_id, amount, status)
"""
NOT_NEGATIVE = expect("expect_column_values_to_be_between", column="amount", min_value=0)


@pytest.fixture
def orders(warehouse):
    with warehouse.connect() as connection:
        connection.execute(ORDERS)
    return warehouse


def test_a_gate_reports_counts_and_keys_of_what_fails(orders, suite_of, gate):
    suite = suite_of(
        "conformed.orders",
        NOT_NEGATIVE,
        expect("expect_column_values_to_be_unique", column="order_id"),
        expect("expect_column_values_to_be_in_set", column="status", value_set=["paid"]),
        expect("expect_table_row_count_to_be_between", min_value=1),
        key=("order_id",),
    )
    result = gate(suite)
    assert not result.success
    assert [
        (outcome.success, outcome.rows_seen, outcome.rows_failing, outcome.failing_keys)
        for outcome in result.outcomes
    ] == [
        (False, 4, 1, ("O2",)),
        (False, 4, 2, ("O2",)),
        (False, 4, 1, ("O4",)),
        (True, 4, None, ()),
    ]
    assert result.suite_version == suite.version
    assert all(outcome.seconds > 0 for outcome in result.outcomes)


def test_a_warning_does_not_close_the_gate(orders, suite_of, gate):
    warning = {**NOT_NEGATIVE, "severity": "warning"}
    result = gate(suite_of("conformed.orders", warning))
    assert result.success
    assert [outcome.success for outcome in result.outcomes] == [False]


def test_a_figure_to_keep_asks_nobody_to_look(orders, suite_of, gate):
    kept = gate(suite_of("conformed.orders", {**NOT_NEGATIVE, "severity": "info"}))
    assert (kept.success, kept.causes, kept.outcomes[0].rows_failing) == (True, (), 1)
    lost = expect("expect_column_values_to_be_null", severity="info", column="gone")
    assert [cause.name for cause in gate(suite_of("conformed.orders", lost)).causes] != []


def test_a_sql_expectation_names_its_rows_by_their_key(orders, suite_of, gate):
    query = "select * from {batch} where amount < 0 or amount is null"
    sql = expect("unexpected_rows_expectation", unexpected_rows_query=query)
    (outcome,) = gate(suite_of("conformed.orders", sql, key=("order_id",))).outcomes
    assert (outcome.rows_failing, outcome.failing_keys) == (2, ("O2", "O4"))


def test_a_sql_expectation_names_groups_by_the_things_they_are(orders, suite_of, gate):
    query = "select 'web_shop' as source_system from {batch} having count(*) > 1"
    sql = expect("unexpected_rows_expectation", unexpected_rows_query=query)
    (outcome,) = gate(suite_of("conformed.orders", sql, key=("order_id",))).outcomes
    assert outcome.failing_keys == ("web_shop",)


def test_at_most_five_keys_are_told(warehouse, suite_of, gate):
    with warehouse.connect() as connection:
        connection.execute("create table marts.t as select 'K' || range as id from range(10, 30)")
    suite = suite_of("marts.t", expect("expect_column_values_to_be_null", column="id"), key=("id",))
    assert gate(suite).outcomes[0].failing_keys == ("K10", "K11", "K12", "K13", "K14")


def test_a_suite_for_a_missing_table_fails_with_the_reason(warehouse, suite_of, gate):
    result = gate(suite_of("marts.nowhere", expect("expect_column_to_exist", column="a")))
    assert not result.success
    assert result.outcomes[0].reason == "no table marts.nowhere in the warehouse"


def test_an_expectation_on_a_missing_column_fails_with_the_reason(orders, suite_of, gate):
    missing = expect("expect_column_values_to_not_be_null", column="colour")
    result = gate(suite_of("conformed.orders", missing, NOT_NEGATIVE))
    assert [outcome.reason for outcome in result.outcomes] == [
        "no column colour in conformed.orders",
        "",
    ]
    assert result.outcomes[1].rows_failing == 1


@pytest.mark.parametrize(
    ("expectation", "reason"),
    [
        (
            expect("expect_column_values_to_match_regex", column="status", regex="^(a"),
            "the regular expression ^(a can't be read: Invalid Input Error: missing ): ^(a",
        ),
        (
            expect("expect_column_values_to_match_regex", column="status", regex="(?!a)"),
            "the regular expression (?!a) can't be read: "
            "Invalid Input Error: invalid perl operator: (?!",
        ),
        (
            expect("expect_column_values_to_be_between", column="amount", min_value=0, low=3),
            "is not an expectation that GX accepts: 1 validation error for "
            "ExpectColumnValuesToBeBetween low extra fields not permitted (type=value_error.extra)",
        ),
        (
            expect(
                "unexpected_rows_expectation", unexpected_rows_query="select colour from {batch}"
            ),
            'could not be computed: Binder Error: Referenced column "colour" not found in FROM '
            "clause!",
        ),
        (
            expect("expect_column_values_to_be_between", column="status", min_value=3),
            "could not be computed: ColumnValuesBetween metrics cannot be computed on column of "
            "type VARCHAR.",
        ),
    ],
)
def test_what_cannot_be_computed_fails_with_its_reason_and_the_rest_is_computed(
    expectation, reason, orders, suite_of, gate
):
    result = gate(suite_of("conformed.orders", expectation, NOT_NEGATIVE))
    broken, sound = result.outcomes
    assert (broken.success, broken.reason) == (False, reason)
    assert (sound.rows_seen, sound.rows_failing) == (4, 1)
    assert not result.success


def test_an_empty_table_passes_what_is_asked_of_its_rows(warehouse, suite_of, gate):
    with warehouse.connect() as connection:
        connection.execute("create table marts.t (id varchar, amount decimal(18, 2))")
    suite = suite_of(
        "marts.t", expect("expect_column_values_to_be_unique", column="id"), NOT_NEGATIVE
    )
    assert [(outcome.success, outcome.rows_failing) for outcome in gate(suite).outcomes] == [
        (True, 0),
        (True, 0),
    ]


def test_the_outcomes_are_kept_once_per_run_and_table(orders, suite_of, gate):
    suite = suite_of("conformed.orders", NOT_NEGATIVE, key=("order_id",))
    gate(suite)
    gate(suite)
    gate(suite, run_id="run-2")
    with orders.connect() as connection:
        rows = connection.execute(
            "select run_id, layer, table_name, expectation_type, column_name, severity, success,"
            " rows_seen, rows_failing, failing_keys, why, as_of, suite_version"
            " from quality.gate_results order by run_id"
        ).fetchall()
    kept = (
        *("conformed", "orders", "expect_column_values_to_be_between", "amount", "critical"),
        *(False, 4, 1, '["O2"]', "the test says so", AS_OF, suite.version),
    )
    assert rows == [(RUN, *kept), ("run-2", *kept)]


def test_the_same_gate_writes_the_same_bytes(orders, suite_of, gate):
    suite = suite_of("conformed.orders", NOT_NEGATIVE, key=("order_id",))
    first = gate(suite).result_path.read_bytes()
    assert gate(suite).result_path.read_bytes() == first
    assert json.loads(first)["statistics"]["unsuccessful_expectations"] == 1


def test_no_connection_is_open_when_a_gate_returns(orders, suite_of, gate):
    gate(suite_of("conformed.orders", NOT_NEGATIVE))
    with duckdb.connect(str(orders.path), read_only=True) as connection:
        assert connection.execute("select count(*) from conformed.orders").fetchone() == (4,)


def test_suite_parameters_are_the_moment_of_the_run(warehouse, suite_of, gate):
    with warehouse.connect() as connection:
        connection.execute(
            "create table marts.t as select timestamp '2026-11-21 03:00:00' as seen_at,"
            " date '2026-11-22' as seen_on"
        )
    suite = suite_of(
        "marts.t",
        *(
            expect("expect_column_values_to_be_between", column=column, max_value=maximum)
            for column, maximum in (
                ("seen_at", {"$PARAMETER": "as_of"}),
                ("seen_on", {"$PARAMETER": "today"}),
            )
        ),
    )
    assert [outcome.success for outcome in gate(suite).outcomes] == [True, False]


def test_a_suite_with_a_broken_expectation_still_says_which(tmp_path, orders, gate):
    content = suite_content("conformed.orders", NOT_NEGATIVE)
    content["expectations"][0]["kwargs"]["min_value"] = {"$PARAMETER": "yesterday"}
    suite = read_suite(written(tmp_path / "broken", "conformed.orders", content))
    (outcome,) = gate(suite).outcomes
    assert outcome.reason.startswith("is not an expectation that GX accepts: No value found for")

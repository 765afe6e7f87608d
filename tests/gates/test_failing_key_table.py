"""The keys of all rows that fail what is critical, of the latest run of every gate."""

import pytest

from orchestration.defs.gates import gate_metadata
from tests.gates.conftest import expect

NOT_NULL = "expect_column_values_to_not_be_null"
ROWS = 1_200


@pytest.fixture
def kept(warehouse):
    def read(condition: str = "true") -> list[str]:
        with warehouse.connect() as connection:
            found = connection.execute(
                f"select failing_key from quality.failing_keys where {condition} order by all"
            ).fetchall()
        return [key for (key,) in found]

    return read


@pytest.fixture
def people(warehouse):
    def make(name: str) -> None:
        with warehouse.connect() as connection:
            connection.execute(
                f"create or replace table marts.people as select 'K' || n as id, {name} as name,"
                f" null as city from range(10000, {10000 + ROWS}) as numbers (n)"
            )

    return make


def test_keys_are_kept_in_full_while_messages_tell_the_first(suite_of, gate, people, kept):
    people("null")
    expectations = (expect(NOT_NULL, column="name"), expect(NOT_NULL, "warning", column="city"))
    suite = suite_of("marts.people", *expectations, key=("id",))
    result = gate(suite)
    assert kept("column_name = 'name'") == [f"K{n}" for n in range(10000, 10000 + ROWS)]
    assert kept(f"incident_id <> '{result.causes[0].incident_id}'") == []
    assert [len(outcome.failing_keys) for outcome in result.outcomes] == [5, 5]
    told = gate_metadata(result)["failing_expectations"].records[0].data["failing_keys"]
    assert told == "K10000, K10001, K10002, K10003, K10004, ..."

    people("'x'")
    gate(suite, run_id="run-2")
    assert kept() == []


def test_keys_of_a_query_are_kept_too(suite_of, gate, people, kept):
    people("null")
    query = "select id from {batch} where name is null and id < 'K10010'"
    sql = expect("unexpected_rows_expectation", unexpected_rows_query=query)
    gate(suite_of("marts.people", sql, key=("id",)))
    gate(suite_of("marts.people", sql, key=("id",)))
    assert kept() == [f"K{n}" for n in range(10000, 10010)]


def test_keys_without_an_incident_of_their_own_are_those_of_the_one_they_share(
    suite_of, gate, people, kept
):
    people("null")
    query = "select id from {batch} where name is null"
    sql = expect("unexpected_rows_expectation", unexpected_rows_query=query)
    sql["meta"]["incident_per_key"] = True
    result = gate(suite_of("marts.people", sql, key=("id",)))
    (shared,) = (cause.incident_id for cause in result.causes if not cause.column)
    assert len(kept()) == ROWS
    assert len(kept(f"incident_id = '{shared}'")) == ROWS - 100
    (own,) = (cause.incident_id for cause in result.causes if cause.column == "K10007")
    assert kept(f"incident_id = '{own}'") == ["K10007"]
    assert len(gate_metadata(result)["failing_expectations"].records[0].data["failing_keys"]) < 50


def test_gate_of_a_missing_table_has_no_keys_of_the_one_before(suite_of, gate, people, kept):
    people("null")
    gate(suite_of("marts.people", expect(NOT_NULL, column="name"), key=("id",)))
    gate(suite_of("marts.nowhere", expect(NOT_NULL, column="name"), key=("id",)))
    assert kept("table_name = 'nowhere'") == []
    assert len(kept()) == ROWS

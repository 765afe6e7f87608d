"""Expectations whose every failing key is an incident of its own."""

import pytest

from tests.gates.conftest import expect
from tests.gates.gated_days import GOOD, Days

NAMELESS = "select n as customer_id, null::varchar as name from range(10, {}) as numbers (n)"
NO_NAME = "select 10 as customer_id"
NO_KEY = "select count(*) as missing from {batch} where name is null having count(*) > 0"


def by_key(query: str, severity: str = "critical") -> dict:
    expectation = expect("unexpected_rows_expectation", severity, unexpected_rows_query=query)
    return {
        **expectation,
        "meta": {"why": "the test", "cause": "source late", "incident_per_key": True},
    }


@pytest.fixture
def days(warehouse, suite_of, tmp_path):
    late = by_key("select customer_id from {batch} where name is null")
    return Days(warehouse, suite_of("marts.people", late, key=("customer_id",)), tmp_path)


def test_every_key_has_an_incident_and_the_gate_waits_for_all_of_them(days):
    assert not days.judge(NAMELESS.format(17)).success
    keys = {incident.column: incident.failing_keys for incident in days.incidents}
    assert keys == {str(key): (str(key),) for key in range(10, 17)}
    days.waive(*days.incidents[:5])
    assert not days.judge(NAMELESS.format(17)).success
    days.waive(*days.incidents)
    assert days.judge(NAMELESS.format(17)).success


def test_keys_beyond_the_first_hundred_are_one_incident_that_closes_the_gate_too(days):
    days.judge(NAMELESS.format(10 + 130))
    assert len(days.incidents) == 101
    (rest,) = (incident for incident in days.incidents if not incident.column)
    days.waive(*(incident for incident in days.incidents if incident != rest))
    assert not days.judge(NAMELESS.format(10 + 130)).success
    days.waive(rest)
    assert days.judge(NAMELESS.format(10 + 130)).success


def test_gate_that_can_not_be_computed_is_closed(days):
    assert not days.judge(NO_NAME).success
    (incident,) = days.incidents
    assert (incident.severity, incident.cause) == (
        "critical",
        "gate could not be computed: the test",
    )


def test_gate_of_a_missing_table_is_closed(suite_of, gate):
    result = gate(suite_of("marts.nowhere", by_key("select customer_id from {batch}")))
    assert not result.success
    assert [cause.column for cause in result.causes] == [""]


def test_what_has_no_key_closes_the_gate_all_the_same(days, suite_of):
    nameless = by_key(NO_KEY)
    days.suite = suite_of("marts.people", nameless, key=("customer_id",))
    assert not days.judge(NAMELESS.format(17)).success
    assert [(each.column, each.cause) for each in days.incidents] == [("", "source late")]


def test_what_could_not_be_looked_at_is_not_over(days):
    days.judge(NAMELESS.format(12))
    days.waive(*(incident for incident in days.incidents if incident.column == "10"))
    days.judge(NO_NAME)
    states = {incident.column: incident.state for incident in days.incidents}
    assert states == {"10": "waived", "11": "new", "": "new"}
    days.judge(GOOD)
    assert {incident.state for incident in days.incidents} == {"closed"}
    assert [verb for verb, _ in days.told] == ["open"] * 3 + ["close"] * 3


def test_key_that_can_not_be_named_today_is_not_over(days, suite_of):
    days.judge(NAMELESS.format(12))
    nameless = by_key(NO_KEY)
    days.suite = suite_of("marts.people", nameless, key=("customer_id",))
    days.judge(NAMELESS.format(12))
    assert {incident.state for incident in days.incidents} == {"new"}

import json
from datetime import datetime, timedelta

import pytest

from orchestration.gates.errors import IncidentOverError
from orchestration.gates.notifications import Notifier
from orchestration.steward.errors import DecisionConflictError
from tests.gates.conftest import AS_OF, expect
from tests.gates.gated_days import BAD, GOOD, Days

NOT_NULL = ("expect_column_values_to_not_be_null",)


@pytest.fixture
def days(warehouse, suite_of, tmp_path):
    expectations = (
        expect(*NOT_NULL, column="name"),
        expect("expect_column_values_to_be_unique", "warning", column="customer_id"),
    )
    return Days(warehouse, suite_of("marts.people", *expectations, key=("customer_id",)), tmp_path)


def test_one_cause_is_one_incident_that_counts_while_it_lasts_and_closes_itself(days):
    assert days.judge(GOOD).success
    assert not days.incidents
    assert not days.judge(BAD).success
    days.judge(BAD)
    (incident,) = days.incidents
    assert (incident.state, incident.cause, incident.column) == ("new", "missing values", "name")
    assert (incident.times_seen, incident.rows_failing, incident.customers) == (2, 10, 10)
    assert days.judge(GOOD).success
    assert days.incidents[0].state == "closed"
    assert days.told == [("open", "missing values"), ("close", "missing values")]


def test_incident_that_comes_back_opens_again_with_its_history(days):
    for rows in (BAD, GOOD, BAD):
        days.judge(rows)
    (incident,) = days.incidents
    assert (incident.state, incident.times_reopened) == ("new", 1)
    assert [event.verb for event in incident.history] == ["open", "close", "reopen"]


def test_gate_run_again_in_the_same_run_counts_once(days):
    days.judge(BAD)
    days.judge(BAD, run_id="run-1")
    days.judge(BAD, run_id="run-1")
    assert [event.verb for event in days.incidents[0].history] == ["open", "seen"]


def test_waived_incident_lets_the_run_pass_up_to_its_day_and_no_longer(days):
    days.judge(BAD)
    until = (AS_OF + timedelta(days=2)).date().isoformat()
    days.decide("waive", until=until)
    assert days.judge(BAD).success
    assert days.incidents[0].state == "waived"
    assert not days.judge(BAD).success
    assert days.incidents[0].state == "new"


def test_incident_called_resolved_opens_again_when_the_gate_still_fails(days):
    days.judge(BAD)
    days.decide("acknowledge")
    days.decide("assign", assignee="bob")
    assert (days.incidents[0].state, days.incidents[0].assignee) == ("assigned", "bob")
    days.decide("resolve")
    assert not days.incidents[0].is_open
    assert not days.judge(BAD, run_id="run-1b").success
    assert days.incidents[0].state == "new"


@pytest.mark.parametrize("verb", ["acknowledge", "assign", "resolve"])
@pytest.mark.parametrize("over", ["resolved", "closed"])
def test_nobody_but_its_gate_opens_an_incident_that_is_over(days, over, verb):
    days.judge(BAD)
    if over == "resolved":
        days.decide("resolve")
    else:
        days.judge(GOOD)
    with pytest.raises(IncidentOverError, match=f"is {over}"):
        days.incidents[0].check_open()
    days.decide(verb)  # from a program that has not asked
    assert days.incidents[0].state == over
    days.judge(BAD)
    assert days.incidents[0].state == "new"


def test_second_of_two_stewards_at_the_same_moment_is_told(days):
    days.judge(BAD)
    (incident,) = days.incidents
    seen = days.store.latest("incident", incident.incident_id)
    days.decide("acknowledge")
    from orchestration.steward.decisions import Draft

    late = Draft("incident.resolve", incident.incident_id, "bob", "mended")
    with pytest.raises(DecisionConflictError, match="ann has decided"):
        days.store.append(late, decided_at=AS_OF, seen=seen)
    assert days.incidents[0].state == "acknowledged"


def test_grave_incidents_that_touch_many_come_first(days):
    days.judge(BAD)
    days.judge("select 1 as customer_id, null as name from range(50)")
    first, second = days.incidents
    assert (first.severity, second.severity) == ("critical", "warning")
    assert first.urgency < second.urgency


def test_columns_that_fail_together_are_one_cause(days, suite_of):
    columns = ("one", "two", "three")
    days.suite = suite_of("marts.people", *(expect(*NOT_NULL, column=name) for name in columns))
    days.judge("select null as one, null as two, null as three from range(40)")
    assert [each.cause for each in days.incidents] == ["columns shifted"]


def test_broken_gate_is_an_incident_of_its_own(days):
    days.judge("select 1 as customer_id")
    causes = [each.cause for each in days.incidents]
    assert causes == ["gate could not be computed: the test says so"]


def test_notifications_stand_in_a_file_and_hold_no_value(days, tmp_path):
    days.judge(BAD)
    days.store.append_all([], decided_at=AS_OF)
    file = tmp_path / "notifications.jsonl"
    notifier = Notifier(file, (), datetime(2026, 11, 21))  # noqa: DTZ001
    notifier("open", days.incidents[0])
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["title"] == "marts.people.name: missing values"

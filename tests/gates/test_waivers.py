"""What a waiver lets pass, and what it does not."""

import pytest

from orchestration.gates.incident_book import NEWS
from orchestration.gates.notifications import WORDS
from orchestration.landing.runs import begin_run
from orchestration.publishing.errors import GateNotPassedError
from orchestration.publishing.gate_results import refuse_unless_passed
from tests.gates.conftest import AS_OF, expect
from tests.gates.gated_days import BAD, GOOD, Days

MISSING = "select n as customer_id, case when n > {} then 'x' end as name from range(1, 101) t (n)"
FEW, MANY = MISSING.format(3), MISSING.format(90)


def asked(severity: str, condition: str) -> dict:
    query = f"select count(*) from {{batch}} where name is null having count(*) {condition}"
    expectation = expect("unexpected_rows_expectation", severity, unexpected_rows_query=query)
    meta = {"why": "a band, and one far beyond", "cause": "missing values"}
    return {**expectation, "meta": meta}


@pytest.fixture
def days(warehouse, suite_of, tmp_path):
    suite = suite_of("marts.people", expect("expect_column_values_to_not_be_null", column="name"))
    return Days(warehouse, suite, tmp_path)


@pytest.fixture
def banded(warehouse, suite_of, tmp_path):
    band = (asked("warning", "between 1 and 20"), asked("critical", "> 20"))
    return Days(warehouse, suite_of("marts.people", *band), tmp_path)


def test_waiver_of_a_warning_does_not_let_what_is_critical_pass(banded):
    assert banded.judge(FEW).success
    banded.waive()
    assert banded.judge(FEW).incidents[0].state == "waived"
    assert not banded.judge(MANY).success
    (incident,) = banded.incidents
    assert (incident.state, incident.severity) == ("new", "critical")
    assert banded.told == [("open", "missing values"), ("escalate", "missing values")]


def test_waiver_of_what_is_critical_holds_through_milder_days(banded):
    banded.judge(MANY)
    banded.waive()
    for rows in (MANY, FEW, MANY):
        assert banded.judge(rows).success
    assert banded.incidents[0].state == "waived"
    assert banded.told == [("open", "missing values")]


def test_warning_that_becomes_critical_is_told_once_and_waits_for_somebody_anew(banded):
    banded.judge(FEW)
    banded.decide("assign", assignee="bob")
    for _ in range(2):
        assert not banded.judge(MANY).success
    (incident,) = banded.incidents
    assert (incident.state, incident.assignee, incident.times_seen) == ("new", "bob", 3)
    assert [verb for verb, _ in banded.told] == ["open", "escalate"]


def test_every_news_has_its_word():
    assert set(WORDS) == NEWS


@pytest.mark.parametrize("verb", ["acknowledge", "assign"])
def test_whoever_looks_at_it_takes_nobodys_waiver_back(days, verb):
    days.judge(BAD)
    days.waive(days=1)
    days.decide(verb, assignee="bob")
    assert days.judge(BAD).success
    (incident,) = days.incidents
    assert (incident.state, incident.assignee == "bob") == ("waived", verb == "assign")
    assert not days.judge(BAD).success


def test_waiver_that_has_run_out_keeps_nobody_from_taking_it_over(days):
    days.judge(BAD)
    days.waive(days=0)
    days.day += 1
    days.decide("acknowledge")
    assert days.incidents[0].state == "acknowledged"


def test_resolving_ends_a_waiver(days):
    days.judge(BAD)
    days.waive()
    days.decide("resolve")
    assert not days.judge(BAD).success


def test_day_that_a_steward_has_waived_is_published(days, warehouse):
    with warehouse.connect() as connection:
        for day in range(1, 4):
            begin_run(connection, f"run-{day}", AS_OF)
    days.judge(BAD)
    with warehouse.connect() as connection, pytest.raises(GateNotPassedError, match="people"):
        refuse_unless_passed(connection)
    days.waive()
    for rows in (BAD, GOOD):
        assert days.judge(rows).success
        with warehouse.connect() as connection:
            refuse_unless_passed(connection)
            seen = "select bool_or(is_waived) from quality.gate_results where run_id = ?"
            (is_waived,) = connection.execute(seen, [f"run-{days.day}"]).fetchone()
        assert is_waived == (rows == BAD)

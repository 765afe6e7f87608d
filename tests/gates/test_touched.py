"""How many customers a cause touches, also where that can't be computed."""

import pytest

from tests.gates.conftest import expect
from tests.gates.gated_days import Days

SEVEN = "select 'C' || n as customer_id from range(7) as numbers (n)"


def asked(columns: str) -> dict:
    query = f"select {columns} from {{batch}} having count(*) > 3"
    return expect("unexpected_rows_expectation", unexpected_rows_query=query)


@pytest.mark.parametrize(
    ("columns", "customers"),
    [("count(*) - 2 as records_touched", 5), ("count(*) as n", 7)],
)
def test_rows_that_say_how_many_are_believed(warehouse, suite_of, tmp_path, columns, customers):
    days = Days(warehouse, suite_of("marts.people", asked(columns)), tmp_path)
    days.judge(SEVEN)
    assert days.incidents[0].customers == customers


def test_query_that_fails_is_an_incident_all_the_same(warehouse, suite_of, tmp_path):
    broken = asked("sum(gone) as records_touched")
    days = Days(warehouse, suite_of("marts.people", broken), tmp_path)
    assert not days.judge(SEVEN).success
    (incident,) = days.incidents
    assert incident.cause == "gate could not be computed: the test says so"
    assert incident.customers == 7

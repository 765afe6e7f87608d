"""A gate judges the rows of its run."""

import pytest

from orchestration.landing.runs import create_quality_tables
from tests.gates.conftest import RUN, expect

LOADS = """
    insert into quality.loads by name
    select *, rows_landed as rows_received, 0 as rows_quarantined, 0 as rows_refused
    from (values
        ('L1', 1, 'crm', 'people', 'run-0', 2),
        ('L2', 2, 'crm', 'people', 'run-1', 1),
        ('L3', 3, 'crm', 'people', 'run-1', 0),
        ('L4', 4, 'crm', 'others', 'run-2', 9)
    ) as loads (load_id, load_order, source, table_name, run_id, rows_landed)
"""
PEOPLE = """
    create table landing.crm_people as
    select * from (values ('C1', 'L1'), ('C2', 'L1'), ('C1', 'L2')) as people (id, _load_id)
"""
ROWS = expect("expect_table_row_count_to_be_between", min_value=0)
UNIQUE = expect("expect_column_values_to_be_unique", column="id")


@pytest.fixture
def people(warehouse):
    with warehouse.connect() as connection:
        create_quality_tables(connection)
        connection.execute(LOADS)
        connection.execute(PEOPLE)
    return warehouse


def rows_judged(result):
    return result.outcomes[0].rows_seen


@pytest.mark.usefixtures("people")
def test_a_landing_gate_judges_the_rows_that_its_run_landed(suite_of, gate):
    result = gate(suite_of("landing.crm_people", ROWS, UNIQUE), run_id=RUN)
    assert rows_judged(result) == 1
    assert result.success


@pytest.mark.usefixtures("people")
def test_a_landing_gate_of_a_run_without_a_delivery_judges_the_latest_one(suite_of, gate):
    assert rows_judged(gate(suite_of("landing.crm_people", ROWS), run_id="run-9")) == 1


def test_a_table_that_nothing_was_landed_in_is_judged_as_empty(people, suite_of, gate):
    with people.connect() as connection:
        connection.execute("delete from quality.loads")
    assert rows_judged(gate(suite_of("landing.crm_people", ROWS))) == 0


@pytest.mark.usefixtures("people")
def test_a_gate_of_the_run_itself_judges_the_rows_of_the_run(suite_of, gate):
    assert rows_judged(gate(suite_of("quality.loads", ROWS), run_id="run-1")) == 2


def test_a_gate_further_in_judges_the_whole_table(warehouse, suite_of, gate):
    with warehouse.connect() as connection:
        connection.execute("create table marts.t as select range as id from range(3)")
    assert rows_judged(gate(suite_of("marts.t", ROWS))) == 3

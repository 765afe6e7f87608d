import pytest

from orchestration.gates.accounting import record_accounting
from tests.gates.conftest import RUN, expect

ROWS = expect("expect_table_row_count_to_be_between", min_value=0)
LOADS = """
    create table quality.loads as
    select 'L1' as load_id, 1 as load_order, 'crm' as source, 'people' as table_name,
        'run-1' as run_id, 5 as rows_received, 3 as rows_landed, 2 as rows_quarantined,
        0 as rows_refused
"""


def recorded(warehouse, suite, run_id=RUN):
    with warehouse.connect() as connection:
        record_accounting(connection, suite, run_id)
        record_accounting(connection, suite, run_id)  # a resumed run leaves no second row
        return connection.execute(
            "select layer, table_name, rows_in, rows_out, rows_set_aside, is_balanced"
            " from quality.row_accounting order by all"
        ).fetchall()


@pytest.mark.parametrize(("landed", "is_balanced"), [(3, True), (2, False)])
def test_rows_that_a_load_says_it_landed_are_counted_in_the_table(
    warehouse, suite_of, landed, is_balanced
):
    with warehouse.connect() as connection:
        connection.execute(LOADS)
        connection.execute(
            f"create table landing.crm_people as select 'L1' as _load_id from range({landed})"
        )
    assert recorded(warehouse, suite_of("landing.crm_people", ROWS)) == [
        ("landing", "crm_people", 5, landed, 2, is_balanced)
    ]


def test_a_record_without_a_customer_unbalances_the_identity_map(warehouse, suite_of):
    with warehouse.connect() as connection:
        connection.execute(
            "create table conformed.int_person_records__normalised as"
            " select 'r' || range as source_record_id from range(3)"
        )
        connection.execute(
            "create table identity.identity_map as"
            " select 'r' || range as source_record_id from range(2)"
        )
    assert recorded(warehouse, suite_of("identity.identity_map", ROWS)) == [
        ("identity", "identity_map", 3, 2, 0, False)
    ]


def test_what_dbt_counts_is_copied(warehouse, suite_of):
    with warehouse.connect() as connection:
        connection.execute(
            "create table marts.rpt_row_balance as select 'fct_orders' as table_name,"
            " 4 as rows_in, 3 as rows_out, 1 as rows_set_aside, true as is_balanced"
        )
    assert recorded(warehouse, suite_of("marts.rpt_row_balance", ROWS)) == [
        ("marts", "fct_orders", 4, 3, 1, True)
    ]


def test_a_table_without_an_equation_leaves_no_row(warehouse, suite_of):
    assert recorded(warehouse, suite_of("marts.dim_products", ROWS)) == []

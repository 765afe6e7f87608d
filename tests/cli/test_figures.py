import pytest

from orchestration.cli.figures import (
    Finding,
    Loads,
    Quarantine,
    RefusedLoad,
    last_run_id,
    quarantine,
    run_figures,
)
from orchestration.warehouse import Warehouse

WAREHOUSE = """
create table quality.runs (run_id varchar, as_of timestamp, started_order bigint);
insert into quality.runs values ('first', '2026-11-21', 1), ('second', '2026-11-22', 2);
create table quality.loads (
    source varchar, table_name varchar, file varchar, run_id varchar, rows_received bigint,
    rows_landed bigint, rows_quarantined bigint, rows_refused bigint, status varchar, reason varchar
);
insert into quality.loads values
    ('crm', 'contacts', 'a.csv', 'first', 10, 9, 1, 0, 'landed', null),
    ('crm', 'contacts', 'b.csv', 'second', 7, 5, 2, 0, 'landed', null),
    ('pos', 'receipts', 'c.csv', 'second', 4, 0, 0, 4, 'refused', 'no column receipt_no');
create table quality.quarantine (source varchar, table_name varchar, rule varchar);
insert into quality.quarantine values
    ('crm', 'contacts', 'type'), ('crm', 'contacts', 'type'), ('crm', 'contacts', 'key');
create table quality.gate_results (
    run_id varchar, layer varchar, table_name varchar, expectation_type varchar,
    column_name varchar, severity varchar, success boolean, rows_failing bigint, why varchar
);
insert into quality.gate_results values
    ('first', 'landing', 'crm_contacts', 'unique', 'contact_id', 'critical', true, 0, 'a key'),
    ('first', 'marts', 'customer_360', 'not_null', 'customer_id', 'critical', false, 3, 'an id'),
    ('second', 'marts', 'customer_360', 'not_null', 'customer_id', 'critical', true, 0, 'an id'),
    ('second', 'marts', 'customer_360', 'row_count', null, 'warning', false, null, 'a sudden drop');
create table landing.crm_contacts as from range(14);
create table marts.customer_360 as from range(5);
create table marts.fct_orders as from range(8);
create table identity.identity_map as from range(12);
create table identity.id_history (event varchar, run_id varchar);
insert into identity.id_history values
    ('created', 'first'), ('merged', 'second'), ('created', 'second'), ('created', 'second');
"""


@pytest.fixture
def connection(tmp_path):
    warehouse = Warehouse(tmp_path / "warehouse.duckdb", tmp_path / "tmp", "500MB", 1)
    with warehouse.connect() as connection:
        yield connection


def test_empty_warehouse_has_nothing_to_tell(connection):
    figures = run_figures(connection, ["first"])
    assert figures.loads == Loads(0, 0, 0, 0)
    assert (figures.person_records, figures.customers, figures.id_events) == (0, 0, {})
    assert figures.gates.evaluated == 0
    assert quarantine(connection) == ()
    assert last_run_id(connection) is None


def test_figures_are_those_of_the_run_alone(connection):
    connection.execute(WAREHOUSE)
    figures = run_figures(connection, ["second"])

    assert figures.rows == {
        "landing": 14,
        "conformed": 0,
        "identity": 16,
        "marts": 13,
    }
    assert figures.loads == Loads(received=11, landed=5, quarantined=2, refused=4)
    assert figures.refused == (RefusedLoad("pos.receipts", "c.csv", "no column receipt_no"),)
    assert (figures.person_records, figures.customers) == (12, 5)
    assert figures.id_events == {"created": 2, "merged": 1}


def test_continued_run_counts_with_the_one_it_continues(connection):
    connection.execute(WAREHOUSE)
    figures = run_figures(connection, ["second", "first"])

    assert figures.loads == Loads(received=21, landed=14, quarantined=3, refused=4)
    assert figures.gates.evaluated == 3
    assert figures.gates.critical == ()  # failed at first, holds in the continuation
    assert figures.gates.warnings == (
        Finding("marts", "customer_360", "row_count", "", "warning", 0, "a sudden drop"),
    )


def test_quarantine_is_counted_by_table_and_rule(connection):
    connection.execute(WAREHOUSE)
    assert quarantine(connection) == (
        Quarantine("crm.contacts", "key", 1),
        Quarantine("crm.contacts", "type", 2),
    )
    assert last_run_id(connection) == "second"

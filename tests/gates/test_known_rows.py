"""Rows that come again, held against themselves: what no column shows taken as a whole."""

import pytest

from orchestration.gates.column_measures import BOOKKEEPING
from orchestration.gates.known_rows import changes_of_known_rows
from orchestration.gates.measures import create_measure_tables
from orchestration.gates.relations import Batch
from orchestration.landing.runs import create_quality_tables
from tests.gates.conftest import expect

COLUMNS = ("shop", "customer_no", "email", "born_on", *sorted(BOOKKEEPING))
PEOPLE = """
    select 'S' || n % 2 as shop, 'W' || {key} as customer_no, 'someone' || n || '@mail.example' as
        email, date '1980-01-01' + n::int as born_on, 'L{load}' as _load_id,
        timestamp '2026-01-01' + to_days({load}) as _loaded_at, 'f' as _source_file, n as _row
    from range(1, 101) as numbers (n)
"""


@pytest.fixture
def changes(warehouse, suite_of):
    unique = expect("expect_column_values_to_be_unique", column="customer_no")
    suite = suite_of("landing.shop_customers", unique, key=("shop", "customer_no"))

    def measured(today: str, key: str = "n", before=None):
        """Return share and rows of each figure, when today's rows are the second load."""
        with warehouse.connect() as connection:
            create_quality_tables(connection)
            create_measure_tables(connection)
            connection.execute(
                "create schema if not exists landing; create or replace table "
                f"landing.shop_customers as {PEOPLE.format(key='n', load=1)}"
            )
            if before:
                before(connection)
            rows = f"select * replace ({today}) from ({PEOPLE.format(key=key, load=2)})"
            connection.execute(f"insert into landing.shop_customers {rows}")
            connection.execute(
                "create or replace temp view today as "
                "from landing.shop_customers where _load_id = 'L2'"
            )
            found = changes_of_known_rows(connection, suite, Batch(None, "today", COLUMNS, 100), 1)
        return {(column, measure): (value, rows) for column, measure, _, value, rows in found}

    return measured


def test_values_in_other_rows_are_told_where_each_column_is_as_ever(changes):
    moved = "'someone' || (_row % 100 + 1) || '@mail.example' as email"
    assert changes(moved) == {
        ("email", "changed"): (1.0, 100),
        ("born_on", "changed"): (0.0, 100),
        ("", "known"): (1.0, 100),
    }


def test_dates_a_day_early_are_told_and_a_few_corrections_are_few(changes):
    assert changes("born_on - 1 as born_on")["born_on", "changed"] == (1.0, 100)
    few = changes("if(_row <= 7, null, email) as email")
    assert few["email", "changed"] == (0.07, 100)


def test_records_under_new_keys_are_no_known_ones_and_are_told_by_their_addresses(changes):
    assert changes("email as email", key="(n + 76)") == {
        ("email", "changed"): (1.0, 24),
        ("born_on", "changed"): (1.0, 24),
        ("", "known"): (0.24, 100),
        ("email", "known_otherwise"): (1.0, 76),
    }
    strangers = "'new' || email as email"
    assert changes(strangers, key="(n + 100)")["email", "known_otherwise"] == (0.0, 100)


def test_of_many_versions_the_newest_counts(changes):
    def earlier(connection):
        rows = "select * replace ('L0' as _load_id, 'old' || email as email, "
        rows += "_loaded_at - interval 1 day as _loaded_at) from landing.shop_customers"
        connection.execute(f"insert into landing.shop_customers {rows}")

    assert changes("email as email", before=earlier)["email", "changed"] == (0.0, 100)


def test_what_no_run_has_published_is_not_known(changes):
    def stopped(connection):
        rows = "select * replace ('L1b' as _load_id, 'bad' || email as email, "
        rows += "_loaded_at + interval 1 hour as _loaded_at) from landing.shop_customers"
        connection.execute(f"insert into landing.shop_customers {rows}")
        connection.execute("insert into quality.loads by name select 'L1b' as load_id, 'r2' run_id")
        connection.execute("insert into quality.runs values ('r1', '2026-01-01', 1)")
        connection.execute("insert into quality.runs values ('r2', '2026-01-02', 2)")
        connection.execute("insert into quality.accepted_runs values ('r1', '2026-01-01')")

    assert changes("email as email", before=stopped)["email", "changed"] == (0.0, 100)

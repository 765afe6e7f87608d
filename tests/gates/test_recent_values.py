"""Values of today against those of the last runs: what is gone, and what nobody had before."""

from datetime import timedelta

import pytest

from orchestration.gates.measures import create_measure_tables
from orchestration.gates.quarantine_tables import accept_run
from orchestration.gates.recent_values import against_recent_values
from orchestration.gates.relations import open_batch
from orchestration.landing.runs import begin_run, create_quality_tables
from tests.gates.conftest import AS_OF, expect

USUAL = {
    "receipt_no": "'R' || {day} || '-' || n",
    "shop": "'S' || n % 20",
    "till": "(n % 12)::bigint",
    "email": "'b{day}-' || n || '@' || ['mail', 'post', 'web'][1 + n % 3] || '.example'",
}
SILENT = {"shop": "'S' || n % 10"}
FIRST_LOAD = 30_000


class Shops:
    """A table of receipts, delivered day after day."""

    def __init__(self, connection, suite) -> None:
        """Begin before the first day."""
        self.connection, self.suite, self.day = connection, suite, 0
        create_quality_tables(connection)
        create_measure_tables(connection)

    def deliver(self, changed=(), *, rows: int = 100, is_accepted: bool = True):
        """Land a day, and return its figures as (column, measure): (value, rows)."""
        self.day += 1
        run_id, load_id = f"run-{self.day}", f"L{self.day:03d}"
        as_of = AS_OF + timedelta(days=self.day)
        shape = {**USUAL, **dict(changed)}
        columns = {name: sql.format(day=self.day) for name, sql in shape.items()}
        listed = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
        query = (
            f"select {listed}, '{load_id}' as _load_id, timestamp '{as_of}' as _loaded_at, "
            f"'f' as _source_file, n as _row from range(1, {rows} + 1) as numbers (n)"
        )
        begin_run(self.connection, run_id, as_of)
        self.connection.execute(
            f"create table if not exists landing.till_receipts as {query} limit 0"
        )
        self.connection.execute(f"insert into landing.till_receipts {query}")
        self.connection.execute(
            "insert into quality.loads by name select ? as load_id, ? as load_order, 'till' as "
            "source, 'receipts' as table_name, ? as run_id, ? as rows_landed",
            [load_id, self.day, run_id, rows],
        )
        batch = open_batch(self.connection, self.suite, run_id)
        found = against_recent_values(self.connection, self.suite, batch, as_of)
        if is_accepted:
            accept_run(self.connection, run_id)
        return {(column, name): (round(value, 2), seen) for column, name, _, value, seen in found}


@pytest.fixture
def shops(warehouse, suite_of):
    suite = suite_of(
        "landing.till_receipts",
        expect("expect_column_values_to_be_unique", column="receipt_no"),
        key=("receipt_no",),
    )
    with warehouse.connect() as connection:
        connection.execute("create schema if not exists landing")
        yield Shops(connection, suite)


def test_usual_day_lacks_nobody_and_brings_no_host_that_is_new(shops):
    no_new_host = {("email", "new_host"): (0.0, 100)}
    assert [shops.deliver() for _ in range(3)] == [{}, no_new_host, no_new_host]
    assert shops.deliver() == {
        ("shop", "usual_values_gone"): (0.0, 20),
        ("till", "usual_values_gone"): (0.0, 12),
        **no_new_host,
    }


def test_half_of_the_shops_silent_is_half_of_what_was_expected(shops):
    shops.deliver(rows=FIRST_LOAD)
    for _ in range(4):
        shops.deliver()
    assert shops.deliver(SILENT)["shop", "usual_values_gone"] == (0.5, 20)


def test_values_that_come_now_and_then_are_not_expected_daily(shops):
    for day in range(6):
        shops.deliver({"shop": f"'S' || (n % 12 + {day} * 12)"})
    assert ("shop", "usual_values_gone") not in shops.deliver()


def test_shops_that_opened_are_no_part_that_is_missing(shops):
    for _ in range(4):
        shops.deliver()
    assert shops.deliver({"shop": "'S' || n % 25"})["shop", "usual_values_gone"] == (0.0, 20)


def test_days_that_were_not_accepted_do_not_say_what_is_usual(shops):
    for _ in range(4):
        shops.deliver()
    shops.deliver(SILENT, is_accepted=False)
    assert shops.deliver(SILENT, is_accepted=False)["shop", "usual_values_gone"] == (0.5, 20)


def test_host_that_nobody_had_before_is_told_with_its_share(shops):
    for _ in range(4):
        shops.deliver()
    masked = {"email": "'buyer' || n || if(n <= 80, '@masked.example', '@Mail.example')"}
    assert shops.deliver(masked)["email", "new_host"] == (0.8, 100)
    assert shops.deliver(masked)["email", "new_host"] == (0.0, 100), "accepted, it is known"

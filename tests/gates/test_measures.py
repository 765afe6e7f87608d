"""Figures against their own history: a usual day passes, a day of another shape does not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from orchestration.gates.errors import GateConfigurationError
from orchestration.gates.measures import create_measure_tables
from orchestration.gates.profiles import measure_run
from orchestration.gates.quarantine_tables import accept_run
from orchestration.gates.suites import read_suite
from orchestration.landing.runs import begin_run, create_quality_tables
from tests.gates.conftest import AS_OF, expect

USUAL: Mapping[str, str] = {
    "order_no": "'DK' || lpad((n * 37 + {day})::varchar, 8, '0')",
    "email": "'buyer' || (n * 7919 + {day}) || '@mail.example'",
    "currency": "case when n % 5 = 0 then 'KES' else 'TZS' end",
    "amount": "((n * 7919 + {day} * 13) % 5000 / 10 + 20)::decimal(18, 2)",
    "quantity": "(n % 4 + 1)::bigint",
    "sold_at": "timestamp '2026-01-01' + to_days({day}) + to_minutes((n * 13) % 600 + 480)",
    "born_on": "date '1960-01-01' + ((n * 7919 + {day}) % 14000)::integer",
}
DAY_AND_MONTH = "make_date(1980 + (n % 20)::int, (n % 12 + 1)::int, (n % 12 + 1)::int)"
SHAPES = {
    "one value on many rows": {
        "email": "case when n % 3 = 0 then 'no@mail.example' else {email} end"
    },
    "another mix of values": {"currency": "'USD'"},
    "amounts of another size": {"amount": "{amount} * 100"},
    "sign turned round": {"quantity": "-{quantity}"},
    "shifted clock": {"sold_at": "{sold_at} + to_hours(7)"},
    "day and month swapped": {"born_on": DAY_AND_MONTH},
    "missing values": {"email": "case when n % 2 = 0 then {email} end"},
    "wrong format": {"order_no": "'R-' || chr((65 + n % 20)::int)"},
    "broken encoding": {"email": "case when n % 5 = 0 then 'zoÃ«@' || n else {email} end"},
    "decimals lost": {"amount": "trunc({amount})::decimal(18, 2)"},
    "dates in the future": {"sold_at": "{sold_at} + interval 1 year"},
}


class Counter:
    """A table of one till, delivered day after day."""

    def __init__(self, warehouse, suite) -> None:
        """Begin on the first day."""
        self.warehouse, self.suite, self.day = warehouse, suite, 0

    def deliver(self, shape: Mapping[str, str] | None = None, rows: int = 400) -> set[str]:
        """Land and measure a day, accept it if it is usual; return the families out of band."""
        self.day += 1
        run_id, as_of = f"run-{self.day}", AS_OF + timedelta(days=self.day)
        columns = {name: sql.format(day=self.day) for name, sql in USUAL.items()}
        columns |= {name: sql.format(**columns) for name, sql in (shape or {}).items()}
        listed = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
        query = (
            f"select {listed}, 'L{self.day}' as _load_id, timestamp '{as_of}' as _loaded_at, "
            f"'f' as _source_file, n as _row from range(1, {rows} + 1) as numbers (n)"
        )
        with self.warehouse.connect() as connection:
            create_quality_tables(connection)
            begin_run(connection, run_id, as_of)
            connection.execute(f"create table if not exists landing.till_sales as {query} limit 0")
            connection.execute(f"insert into landing.till_sales {query}")
            connection.execute(
                "insert into quality.loads by name select ? as load_id, ? as load_order, 'till' as "
                "source, 'sales' as table_name, ? as run_id, ? as rows_received, ? as rows_landed",
                [f"L{self.day}", self.day, run_id, rows, rows],
            )
            measure_run(connection, (self.suite,), run_id, as_of)
            create_measure_tables(connection)
            found = connection.execute(
                "select distinct family from quality.measure_facts where widths_off > 1"
            ).fetchall()
            if not found:
                accept_run(connection, run_id)
        return {row[0] for row in found}


@pytest.fixture
def counter(warehouse, suite_of):
    currencies = ["KES", "TZS", "USD"]
    suite = suite_of(
        "landing.till_sales",
        expect("expect_column_values_to_be_in_set", column="currency", value_set=currencies),
    )
    text = suite.path.read_text(encoding="utf-8")
    suite.path.write_text(text.replace('"key"', '"tolerance": 0.02, "key"'), encoding="utf-8")
    return Counter(warehouse, read_suite(suite.path))


def test_usual_days_are_usual_and_each_other_shape_is_named(counter):
    assert [counter.deliver() for _ in range(8)] == [set()] * 8
    for family, shape in SHAPES.items():
        assert family in counter.deliver(shape), family
    assert counter.deliver() == set(), "days that were not accepted teach nothing"


def test_dates_of_the_day_are_usual_in_both_parts_of_every_month(counter):
    for day in range(1, 40):
        assert counter.deliver({"born_on": f"date '{AS_OF:%Y-%m-%d}' + {day}"}, rows=60) == set()


def test_volume_is_held_against_what_the_source_usually_brings(counter):
    for rows in (400, 380, 420, 410, 390, 400):
        assert counter.deliver(rows=rows) == set()
    assert counter.deliver(rows=1000) == {"unusual volume"}
    assert counter.deliver(rows=100) == {"unusual volume"}


def test_column_that_few_rows_fill_is_judged_by_those(counter):
    rare = {"email": "case when n <= {rare} then {email} end"}
    for filled in (12, 9, 11, 12, 10, 9, 11):
        shape = {"email": rare["email"].replace("{rare}", str(filled))}
        assert counter.deliver(shape) == set()
    one_of_three = {"email": "case when n <= 3 then 'no@mail.example' end"}
    assert counter.deliver(one_of_three) == set()


def test_without_a_history_there_is_no_verdict(counter):
    for _ in range(3):
        counter.deliver()
    assert counter.deliver(SHAPES["amounts of another size"]) == set()


def test_no_value_of_a_row_is_kept(counter):
    counter.deliver()
    with counter.warehouse.connect() as connection:
        kept = connection.execute("select distinct measure from quality.measures").fetchall()
        names = connection.execute("select distinct column_name from quality.measures").fetchall()
    assert {row[0] for row in names} == {"", *USUAL}
    assert not any("@" in row[0] or "TZS" in row[0] for row in kept)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 'all', averige(amount), count(*) from {batch}", "averige"),
        ("select 'all', avg(amount), count(*) from landing.till_sale", "till_sale"),
        ("select 'all', avg(amout), count(*) from {batch}", "amout"),
    ],
)
def test_figure_with_a_slip_in_it_stops_the_run_and_says_where(counter, sql, said):
    figure = {"name": "share", "family": "missing values", "sql": sql}
    counter.suite = replace(counter.suite, figures=(figure,))
    with pytest.raises(GateConfigurationError, match=rf"landing\.till_sales: .*{said}"):
        counter.deliver()

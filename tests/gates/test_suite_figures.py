"""Figures that a suite names itself, held against the runs that were accepted before."""

import json
from datetime import timedelta

import pytest

from orchestration.gates.golden_values import FIELDS
from orchestration.gates.quarantine_tables import accept_run
from orchestration.gates.runner import run_gate
from orchestration.gates.suites import read_suite
from orchestration.landing.runs import begin_run
from orchestration.settings import PROJECT_DIR
from tests.gates.conftest import AS_OF, suite_content, written

BAND = (
    "select measure from quality.measure_facts where layer = 'marts' and table_name = 'customers' "
    "and widths_off > 2 /* {batch} */"
)
BAND_ASKED = {
    "type": "unexpected_rows_expectation",
    "kwargs": {"unexpected_rows_query": BAND},
    "severity": "critical",
    "meta": {"why": "The customers are others than yesterday.", "cause": "main metrics drifted"},
}
SIZE = {
    "name": "revenue",
    "family": "main metrics drifted",
    "sql": "select 'all', ln(1 + avg(revenue)), count(*) from {batch}",
}
TIED = {
    **SIZE,
    "name": "with_an_account",
    "needs": "marts.accounts",
    "sql": "select 'all', avg((known.customer_id is not null)::int), count(*) from {batch} as rows "
    "left join marts.accounts as known on rows.customer_id = known.customer_id",
}
GOLDEN = ", ".join(f"'{name} ' || n as {name}" for name in FIELDS)


def suite_with(folder, *figures):
    content = suite_content("marts.customers", BAND_ASKED)
    content["meta"]["figures"] = list(figures)
    return read_suite(written(folder, "marts.customers", content))


class Company:
    """A mart that is judged day by day."""

    def __init__(self, warehouse, folder, suite) -> None:
        """Begin before the first day."""
        self.warehouse, self.folder, self.suite, self.day = warehouse, folder, suite, 0

    def judge(self, rows: str):
        """Judge the mart of another day, and accept it if its gate is open."""
        self.day += 1
        run_id, as_of = f"run-{self.day}", AS_OF + timedelta(days=self.day)
        with self.warehouse.connect() as connection:
            begin_run(connection, run_id, as_of)
            connection.execute(f"create or replace table {self.suite.label} as {rows}")
        result = run_gate(
            self.suite,
            warehouse=self.warehouse,
            run_id=run_id,
            as_of=as_of,
            results_dir=self.folder / "results",
        )
        if result.success:
            with self.warehouse.connect() as connection:
                accept_run(connection, run_id)
        return result


def customers(revenue: float) -> str:
    return f"select n as customer_id, {revenue} as revenue from range(100) as numbers (n)"


def test_figure_of_another_size_than_in_accepted_runs_closes_the_gate(warehouse, tmp_path):
    company = Company(warehouse, tmp_path, suite_with(tmp_path, SIZE))
    usual = [company.judge(customers(100 + day)).success for day in range(6)]
    assert usual == [True] * 6

    closed = company.judge(customers(5))
    assert [cause.name for cause in closed.causes] == ["main metrics drifted"]
    assert company.judge(customers(104)).success


def test_gate_whose_figure_cannot_be_computed_is_closed_and_says_why(warehouse, tmp_path):
    broken = {**SIZE, "sql": "select 'all', avg(turnover), count(*) from {batch}"}
    result = Company(warehouse, tmp_path, suite_with(tmp_path, broken)).judge(customers(1))

    assert not result.success
    assert "turnover" in result.outcomes[0].reason


def test_figure_that_ties_two_tables_waits_for_the_other_one(warehouse, tmp_path):
    company = Company(warehouse, tmp_path, suite_with(tmp_path, TIED, SIZE))
    assert company.judge(customers(1)).success
    with warehouse.connect() as connection:
        connection.execute("create table marts.accounts as select 1 as customer_id")
    assert company.judge(customers(1)).success
    with warehouse.connect() as connection:
        measured = connection.execute(
            "select run_id, measure from quality.measures order by all"
        ).fetchall()
    assert measured == [("run-1", "revenue"), ("run-2", "revenue"), ("run-2", "with_an_account")]


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ({**SIZE, "family": "weather"}, "family must be one of"),
        ({"name": "revenue"}, "holds name, family, sql"),
        ({**SIZE, "needs": "marts.accounts"}, "needs must be a table"),
        ({**TIED, "needs": "marts.acounts"}, "needs must be a table"),
        ("revenue", "holds name, family, sql"),
    ],
)
def test_figure_that_is_not_well_formed_is_told(figure, said, tmp_path):
    with pytest.raises(Exception, match=said):
        suite_with(tmp_path, figure)


def test_golden_values_that_flip_are_counted_for_those_who_were_there_before(warehouse, tmp_path):
    path = PROJECT_DIR / "expectations" / "marts" / "customer_360.json"
    ours = json.loads(path.read_text(encoding="utf-8"))
    flipped = [each for each in ours["meta"]["figures"] if each["name"] == "flipped"]
    content = suite_content("marts.customer_360", BAND_ASKED)
    content["meta"]["figures"] = flipped
    company = Company(
        warehouse, tmp_path, read_suite(written(tmp_path, "marts.customer_360", content))
    )
    company.judge(f"select n as customer_id, {GOLDEN} from range(100) as numbers (n)")
    other = GOLDEN.replace("'email ' || n", "case when n < 125 then 'new' else 'email ' || n end")
    company.judge(f"select n as customer_id, {other} from range(100, 200) as numbers (n)")
    company.judge(f"select n as customer_id, {GOLDEN} from range(100, 300) as numbers (n)")

    with warehouse.connect() as connection:
        found = connection.execute(
            "select run_id, column_name, value, rows_seen from quality.measures "
            "where column_name in ('email', 'phone') order by all"
        ).fetchall()
    assert found == [("run-3", "email", 0.25, 100), ("run-3", "phone", 0.0, 100)]

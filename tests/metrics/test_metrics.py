"""One definition per figure: what MetricFlow says, what the mart holds, and the raw files agree.

The raw files are read with the standard library alone, so that nothing of ours is asked twice.
"""

import csv
import json
import shutil
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.settings import PROJECT_DIR
from tests.support.command_line import environment_of
from tests.support.services import need

PROJECT = PROJECT_DIR / "dbt_project"
METRICS = yaml.safe_load(
    (PROJECT / "models" / "marts" / "_marts__metrics.yml").read_text(encoding="utf-8")
)["metrics"]
KNOWN = "from marts.customer_360 where not is_test_account"
REACHED = (
    "(is_contactable_email or is_contactable_sms or is_contactable_phone"
    " or is_contactable_post or is_contactable_push)"
)
IN_MARTS = {
    "customers": f"select count(*) {KNOWN}",
    "active_customers": f"select count(*) {KNOWN} and activity_state in ('new', 'active')",
    "new_customers": f"select count(*) {KNOWN} and activity_state = 'new'",
    "lapsing_customers": f"select count(*) {KNOWN} and activity_state = 'lapsing'",
    "lost_customers": f"select count(*) {KNOWN} and activity_state = 'lost'",
    "buyers": f"select count(*) {KNOWN} and order_count > 0",
    "repeat_buyers": f"select count(*) {KNOWN} and order_count > 1",
    "contactable_customers": f"select count(*) {KNOWN} and {REACHED}",
    "overdue_amount_usd": "select sum(overdue_amount_usd) from marts.customer_360",
    "revenue_usd": "select sum(revenue_usd) from marts.fct_orders",
    "returned_amount_usd": "select sum(returned_amount_usd) from marts.fct_orders",
    "orders": "select count(*) from marts.fct_orders"
    " where not (is_cancelled or is_return_only or is_in_future)",
    "tickets": "select count(*) from marts.fct_tickets",
    "open_tickets": "select count(*) from marts.fct_tickets where is_open",
    "satisfaction": "select avg(satisfaction) from marts.fct_tickets",
    "person_records": "select count(*) from marts.customer_identities",
    "recorded_customers": "select count(distinct customer_id) from marts.customer_identities",
    "repeat_rate": "select count(*) filter (where order_count > 1)"
    f" / count(*) filter (where order_count > 0) {KNOWN}",
    "consent_coverage": f"select avg(case when {REACHED} then 1 else 0 end) {KNOWN}",
    "average_order_value_usd": "select sum(revenue_usd) / count(*) filter"
    " (where not (is_cancelled or is_return_only or is_in_future)) from marts.fct_orders",
    "match_rate": "select 1 - count(distinct customer_id) / count(*)"
    " from marts.customer_identities",
}


@pytest.fixture(scope="module")
def mf(published_home, tmp_path_factory):
    """Run MetricFlow in a copy of the project, over a copy of the warehouse."""
    need(find_spec("dbt_metricflow"), "MetricFlow is not installed: uv sync --extra metrics")
    folder = tmp_path_factory.mktemp("metrics")
    project = folder / "dbt_project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    shutil.copytree(published_home / "dbt", project / "target")
    shutil.copy(published_home / "warehouse.duckdb", folder / "warehouse.duckdb")

    def run(*arguments: str) -> str:
        quiet = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}
        done = subprocess.run(
            [Path(sys.executable).parent / "mf", *arguments],
            cwd=project,
            env=environment_of(folder, DBT_PROFILES_DIR=str(project), **quiet),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def measured(mf, tmp_path_factory):
    """Every metric, as MetricFlow computes it."""
    file = tmp_path_factory.mktemp("answers") / "metrics.csv"
    mf("query", "--metrics", ",".join(metric["name"] for metric in METRICS), "--csv", str(file))
    with file.open(encoding="utf-8", newline="") as answers:
        (row,) = csv.DictReader(answers)
    return {name: float(value) for name, value in row.items()}


def test_the_semantic_layer_is_valid(mf):
    assert "ERRORS: 0" in mf("validate-configs", "--skip-dw")


def test_every_metric_is_described_owned_and_compared():
    assert {metric["name"] for metric in METRICS} == IN_MARTS.keys()
    for metric in METRICS:
        assert metric["description"]
        assert metric["config"]["meta"]["owner"].startswith("team:")


@pytest.mark.parametrize("metric", IN_MARTS)
def test_a_metric_is_what_the_mart_holds(measured, published_home, metric):
    stable = published_home / "serving" / "customer_360.duckdb"
    with duckdb.connect(str(stable), read_only=True) as snapshot:
        (held,) = snapshot.execute(IN_MARTS[metric]).fetchone()
    assert measured[metric] == pytest.approx(float(held), rel=1e-9)


def delivered(home, pattern, **form):
    (file,) = (home / "inbox").glob(pattern)
    with file.open(encoding=form.pop("encoding", "utf-8"), newline="") as lines:
        if file.suffix == ".jsonl":
            return [json.loads(line) for line in lines]
        return list(csv.DictReader(lines, **form))


@pytest.fixture(scope="module")
def raw(published_home):
    """Figures of the sources' own files."""
    with (PROJECT / "seeds" / "exchange_rates.csv").open(encoding="utf-8") as rates:
        units = {
            row["currency_code"]: Decimal(row["units_per_usd"]) for row in csv.DictReader(rates)
        }
    orders = delivered(published_home, "webshop/orders/*.csv")
    receipts = delivered(published_home, "pos/receipts/*.txt", encoding="latin-1", delimiter="|")
    tickets = delivered(published_home, "support/tickets/*.jsonl")
    kept = [row for row in orders if row["order_status"] != "cancelled"] + receipts
    cent = Decimal("0.01")
    dollars = [
        (Decimal(row["total_amount"]) / units[row["currency"]]).quantize(cent, ROUND_HALF_UP)
        for row in kept
    ]
    answers = [ticket["satisfaction"] for ticket in tickets if ticket["satisfaction"] is not None]
    return {
        "revenue_usd": float(sum(dollars)),
        "orders": sum(Decimal(row["total_amount"]) >= 0 for row in kept),
        "tickets": len({ticket["ticket_id"] for ticket in tickets}),
        "open_tickets": sum(ticket["ticket_status"] in ("open", "pending") for ticket in tickets),
        "satisfaction": sum(answers) / len(answers),
    }


@pytest.mark.parametrize(
    "metric", ["revenue_usd", "orders", "tickets", "open_tickets", "satisfaction"]
)
def test_a_metric_is_what_the_files_of_the_sources_say(measured, raw, metric):
    # A cent for each order: the raw sum is rounded order by order, half up.
    assert measured[metric] == pytest.approx(float(raw[metric]), abs=0.02, rel=1e-6)


def test_the_lineage_of_a_metric_reaches_the_sources(published_home):
    from orchestration.lineage.pipeline_graph import pipeline_graph
    from orchestration.settings import PACKAGE_DIR

    graph = pipeline_graph(PACKAGE_DIR / "sources", published_home / "dbt")
    ends = {str(end) for end in graph.walk(graph.find("metrics.revenue_usd.value"), "up").ends}
    assert "source.pos.receipts.total_amount" in ends

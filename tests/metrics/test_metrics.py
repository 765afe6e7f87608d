"""One definition per figure: what MetricFlow says, what the mart holds, and the raw files agree.

The raw files are read by code that knows nothing of ours (`raw_figures.py`, `raw_consents.py`).
"""

import csv
import shutil
import subprocess
import sys
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

from orchestration.settings import PROJECT_DIR
from tests.metrics.raw_consents import Decided, contactable
from tests.metrics.raw_figures import RawFiles
from tests.support.command_line import environment_of
from tests.support.services import need

PROJECT = PROJECT_DIR / "dbt_project"
METRICS = yaml.safe_load(
    (PROJECT / "models" / "marts" / "_marts__metrics.yml").read_text(encoding="utf-8")
)["metrics"]
AS_OF = datetime.fromisoformat("2026-07-01")  # of the published home
IDENTITIES = "from marts.customer_identities where is_current"
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
    "open_pipeline_usd": "select sum(value_usd) from marts.fct_opportunities where is_open",
    "won_opportunities": "select count(*) from marts.fct_opportunities where is_won",
    "decided_opportunities": "select count(*) from marts.fct_opportunities where is_won or is_lost",
    "win_rate": "select avg(case when is_won then 1 else 0 end) from marts.fct_opportunities"
    " where is_won or is_lost",
    "person_records": f"select count(*) {IDENTITIES}",
    "recorded_customers": f"select count(distinct customer_id) {IDENTITIES}",
    "repeat_rate": "select count(*) filter (where order_count > 1)"
    f" / count(*) filter (where order_count > 0) {KNOWN}",
    "consent_coverage": f"select avg(case when {REACHED} then 1 else 0 end) {KNOWN}",
    "average_order_value_usd": "select sum(revenue_usd) / count(*) filter"
    " (where not (is_cancelled or is_return_only or is_in_future)) from marts.fct_orders",
    "match_rate": f"select 1 - count(distinct customer_id) / count(*) {IDENTITIES}",
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


def asked(home, query):
    with duckdb.connect(str(home / "serving" / "customer_360.duckdb"), read_only=True) as snapshot:
        return snapshot.execute(query).fetchall()


@pytest.fixture(scope="module")
def raw_files(published_home):
    """The inbox, who is who, and who the truth says is a test account."""
    people = dict(asked(published_home, f"select source_record_id, customer_id {IDENTITIES}"))
    truth = published_home / "truth"
    persons = pq.read_table(truth / "persons.parquet").to_pylist()
    nobody = {row["entity_id"] for row in persons if "test_account" in (row["tags"] or ())}
    records = pq.read_table(truth / "identities.parquet").to_pylist()
    return RawFiles(
        published_home / "inbox",
        PROJECT / "seeds" / "exchange_rates.csv",
        AS_OF,
        people,
        {
            people[row["source_record_id"]]
            for row in records
            if row["entity_id"] in nobody and row["source_record_id"] in people
        },
    )


@pytest.fixture(scope="module")
def decided(published_home):
    """Who carries which address, and which contact points are golden."""
    carriers, placeholders = {}, set()
    with duckdb.connect(str(published_home / "warehouse.duckdb"), read_only=True) as warehouse:
        carried = warehouse.execute(
            "select identifier_kind, identifier_value, customer_id, is_placeholder "
            "from marts.int_customer_identifiers__collected"
        ).fetchall()
    for kind, value, customer, is_placeholder in carried:
        carriers.setdefault((kind, value), set()).add(customer)
        if is_placeholder:
            placeholders.add((kind, value))
    with_device = {
        customer
        for (kind, _), owners in carriers.items()
        for customer in owners
        if kind == "device" and len(owners) == 1
    }
    golden = asked(
        published_home,
        "select customer_id, email, phone is not null, "
        "street_raw is not null and city is not null from marts.customer_360",
    )
    points = {
        customer: {
            "email": email,
            "has_phone": has_phone,
            "has_post": has_post,
            "has_device": customer in with_device,
        }
        for customer, email, has_phone, has_post in golden
    }
    return Decided(carriers, placeholders, points)


@pytest.fixture(scope="module")
def raw(raw_files, decided):
    """Every metric, out of the sources' own files."""
    reached = len(contactable(raw_files, decided))
    return {
        **raw_files.figures(),
        "contactable_customers": reached,
        "consent_coverage": reached / len(raw_files.known),
    }


def test_every_metric_is_worked_out_from_the_files_as_well(raw):
    assert raw.keys() == IN_MARTS.keys()


@pytest.mark.parametrize("metric", IN_MARTS)
def test_a_metric_is_what_the_files_of_the_sources_say(measured, raw, metric):
    assert measured[metric] == pytest.approx(float(raw[metric]), abs=0.001, rel=1e-9)


def test_the_lineage_of_a_metric_reaches_the_sources(published_home):
    from orchestration.lineage.pipeline_graph import pipeline_graph
    from orchestration.settings import PACKAGE_DIR

    graph = pipeline_graph(PACKAGE_DIR / "sources", published_home / "dbt")
    ends = {str(end) for end in graph.walk(graph.find("metrics.revenue_usd.value"), "up").ends}
    assert "source.pos.receipts.total_amount" in ends

"""The whole way from the contracts to the marts, over what a real run has compiled.

`hand_made_lineage.yml` was written from the models by hand; nothing of it may be missing, and
nothing may be invented.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.identity import households, identity_tables
from orchestration.identity.accounts import account_tables
from orchestration.identity.column_lineage import declared_lineage, declared_rows
from orchestration.identity.history import memberships
from orchestration.identity.judging import ruling_tables
from orchestration.identity.proposing import proposed_changes
from orchestration.landing.contract import load_contracts
from orchestration.lineage.columns import ROWS
from orchestration.lineage.dbt_artifacts import Artifacts
from orchestration.lineage.errors import LineageError
from orchestration.lineage.graph import ColumnGraph
from orchestration.lineage.page import page_of
from orchestration.lineage.pipeline_graph import add_models, pipeline_graph
from orchestration.requirements.use_case import load_use_cases, use_case_folder
from orchestration.settings import PACKAGE_DIR
from tests.support.command_line import c360

HAND_MADE = yaml.safe_load(
    Path(__file__).with_name("hand_made_lineage.yml").read_text(encoding="utf-8")
)["columns"]
SEEDS = {"exchange_rates"}
WRITTEN = {
    identity_tables: (
        "SCORED_EDGES",
        "MODELS",
        "MODEL_COMPARISONS",
        "CLUSTERS",
        "REVIEW_QUEUE",
        "IDENTITY_MAP",
        "ID_HISTORY",
        "CUSTOMER_ALIASES",
    ),
    ruling_tables: ("JUDGEMENTS", "JUDGED_PAIRS"),
    memberships: ("MEMBERSHIP_HISTORY",),
    households: ("HOUSEHOLDS",),
    account_tables: ("ACCOUNTS", "ACCOUNT_PEOPLE"),
    proposed_changes: ("PROPOSED_CHANGES",),
}


def flattened(names: list) -> Iterator[str]:
    for name in names:
        if isinstance(name, list):
            yield from flattened(name)
        else:
            yield name


@pytest.fixture(scope="module")
def graph(published_home):
    return pipeline_graph(PACKAGE_DIR / "sources", published_home / "dbt")


def test_the_list_made_by_hand_is_long_enough():
    assert len(HAND_MADE) >= 40


@pytest.mark.parametrize("column", HAND_MADE)
def test_nothing_is_missing_and_nothing_invented(graph, column):
    ends = graph.walk(graph.find(f"marts.{column}"), "up").ends
    # What ends elsewhere is a constant: no column of any source.
    found = {
        str(end).partition(".")[2]
        for end in ends
        if end.layer in ("source", "quality") or end.table in SEEDS
    }
    assert found == set(flattened(HAND_MADE[column]))


def test_every_model_can_be_followed_also_those_in_python(graph, published_home):
    models = Artifacts.of(published_home / "dbt").models()
    assert {model["name"] for model in models if model["language"] == "python"}
    assert graph.unread == []


def test_what_a_python_model_declares_is_in_the_warehouse(graph, published_home):
    models = Artifacts.of(published_home / "dbt").models()
    in_python = {model["name"] for model in models if model["language"] == "python"}
    declared = {
        source[:3]
        for column, sources in graph.upstream.items()
        if column.layer == "marts" and column.table in in_python
        for source in sources
        if source.column != ROWS
    }
    with duckdb.connect(str(published_home / "warehouse.duckdb"), read_only=True) as warehouse:
        there = warehouse.execute(
            "select schema_name, table_name, column_name from duckdb_columns()"
        ).fetchall()
    assert declared
    assert declared - set(there) == set()


def test_what_use_cases_are_measured_on_is_what_they_name(graph):
    needs = [need for case in load_use_cases(use_case_folder(None)) for need in case.needs]
    (coverage,) = [
        column
        for column in graph.upstream
        if (column.table, column.column) == ("int_use_case_needs__measured", "coverage")
    ]
    assert {f"{name.table}.{name.column}" for name in graph.upstream[coverage]} == {
        need.attribute for need in needs
    }


def test_what_use_cases_hold_values_against_is_what_they_name(graph):
    needs = [need for case in load_use_cases(use_case_folder(None)) for need in case.needs]
    columns = {f"{name.table}.{name.column}" for name in graph.upstream if name.layer == "marts"}
    named = {
        f"{need.attribute.partition('.')[0]}.{word}"
        for need in needs
        for word in re.findall(r"[a-z_0-9]+", need.valid_when or "")
    }
    (valid,) = [
        column
        for column in graph.upstream
        if (column.table, column.column) == ("int_use_case_needs__measured", "valid_share")
    ]
    found = {f"{name.table}.{name.column}" for name in graph.upstream[valid]}
    assert found == named & columns


def test_a_python_model_says_what_its_columns_are_made_of(published_home):
    artifacts = Artifacts.of(published_home / "dbt")
    (model,) = [node for node in artifacts.models() if node["name"] == "customer_identities"]
    said = {"made_of": ["identity.identity_map.customer_id"]}
    columns = {"customer_id": {"description": "Customer", "config": {"meta": said}}}
    node = {**model, "language": "python", "columns": columns}
    changed = {**artifacts.manifest, "nodes": {"model.ours": node}}
    graph = ColumnGraph()
    add_models(graph, Artifacts(artifacts.target, changed))
    assert graph.unread == []
    found = graph.walk(graph.find("marts.customer_identities.customer_id"), "up")
    assert [str(column) for column in found.ends] == ["identity.identity_map.customer_id"]


def test_every_column_of_every_mart_is_there(graph, published_home):
    columns = {(name.table, name.column) for name in graph.upstream if name.layer == "marts"}
    assert ("customer_360", "revenue_usd") in columns
    assert ("customer_timeline", "occurred_at") in columns


def test_the_way_of_a_source_column_leads_through_the_identity_step(graph):
    down = graph.walk(graph.find("source.loyalty.members.birth_date"), "down")
    assert graph.find("identity.scored_edges.level_birth_date") in down.columns
    assert graph.find("marts.customer_360.customer_id") in down.columns
    assert graph.find("marts.customer_360.income_band") not in down.columns


def test_what_the_identity_step_declares_is_what_it_writes(graph):
    schemas = {
        name.lower(): {column.name for column in getattr(module, name)}
        for module, names in WRITTEN.items()
        for name in names
    }
    declared = {table: set(columns) for table, columns in declared_lineage().items()}
    assert declared == schemas
    assert set(declared_rows()) <= set(declared)
    for columns in declared_lineage().values():
        for name in (name for made_of in columns.values() for name in made_of):
            graph.find(name)


def test_every_contract_column_starts_a_way(graph):
    for contract in load_contracts(PACKAGE_DIR / "sources"):
        for name in contract.columns:
            landed = graph.find(f"landing.{contract.landing_name}.{name}")
            (source,) = graph.upstream[landed]
            assert source.table == contract.label
            assert graph.about[source]["sensitivity"] == contract.columns[name].sensitivity


def test_before_the_first_run_there_is_nothing_to_show(tmp_path):
    with pytest.raises(LineageError, match="nothing has been built here yet"):
        pipeline_graph(PACKAGE_DIR / "sources", tmp_path)


def test_the_page_holds_the_graph_and_cannot_be_broken_out_of(graph):
    page = page_of(graph)
    assert '"customer_360","revenue_usd"' in page
    assert page.count("</script>") == 1


def test_the_verb_shows_both_directions_for_machines(published_home):
    shown = c360(published_home, "lineage", "customer_360.revenue_usd", "--up", "--down", "--json")
    assert shown.code == 0, shown.errors
    found = shown.json()
    assert "source.webshop.orders.total_amount" in found["up"]["ends"]
    used = {column["name"] for column in found["down"]["columns"]}
    assert "exposure.dashboard_overview.states.revenue_usd" in used
    assert (published_home / "docs" / "lineage.html").exists()


def test_the_verb_says_which_columns_there_are(published_home):
    shown = c360(published_home, "lineage", "customer_360.revenue")
    assert shown.code == 2
    assert "revenue_usd" in shown.errors

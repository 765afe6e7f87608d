import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.settings import PROJECT_DIR
from tests.marts.building import DBT_PROJECT, dbt, rows
from tests.marts.clickstream import CLICKSTREAM, sessions_of_the_clickstream
from tests.marts.conformed_columns import COLUMNS
from tests.marts.conformed_world import AS_OF
from tests.marts.crowded_world import crowded_world
from tests.marts.past_days import build_again, known_on, on_day
from tests.support.services import need

MARTS = DBT_PROJECT / "models" / "marts"
MODELS = {
    model["name"]: model
    for path in sorted(MARTS.rglob("*__models.yml"))
    for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
}
PUBLISHED = sorted(
    name for name, model in MODELS.items() if "published" in model.get("config", {}).get("tags", [])
)
FILES = {path.stem: path for kind in ("*.sql", "*.py") for path in MARTS.rglob(kind)}


def test_bi_sees_these_tables_and_no_helper():
    assert PUBLISHED == [
        "account_360",
        "account_contacts",
        "account_identities",
        "customer_360",
        "customer_aliases",
        "customer_categories",
        "customer_enrichments",
        "customer_freshness",
        "customer_households",
        "customer_identities",
        "customer_next_products",
        "customer_sales",
        "customer_service",
        "customer_social",
        "customer_timeline",
        "customer_traits",
        "customer_web_days",
        "dim_accounts",
        "dim_campaigns",
        "dim_households",
        "dim_products",
        "fct_abandoned_carts",
        "fct_attributed_touches",
        "fct_invoices",
        "fct_mentions",
        "fct_opportunities",
        "fct_order_lines",
        "fct_orders",
        "fct_quotes",
        "fct_sessions",
        "fct_tickets",
        "rpt_attribution",
        "rpt_campaigns",
        "rpt_changes",
        "rpt_cohorts",
        "rpt_customer_states",
        "rpt_debtors",
        "rpt_forecast_quality",
        "rpt_funnel",
        "rpt_input_problems",
        "rpt_landed_columns",
        "rpt_look_alikes",
        "rpt_prediction_quality",
        "rpt_revenue_forecast",
        "rpt_row_balance",
        "rpt_sales_pipeline",
        "rpt_searches",
        "rpt_segment_overlaps",
        "rpt_segment_sizes",
        "rpt_segments",
        "rpt_social_topics",
        "rpt_use_case_needs",
        "rpt_use_cases",
        "rpt_vendors",
        "segment_look_alikes",
        "segment_memberships",
    ]


# Published without a gate of their own, and what guards them; whoever adds a mart decides.
GUARDED_OTHERWISE = {
    "account_identities": "dbt ties it to dim_accounts",
    "customer_aliases": "dbt asserts that no alias is in use",
    "customer_categories": "dbt asserts that categories make up the revenue",
    "customer_freshness": "dbt ties it to customer_360",
    "customer_households": "the gate of dim_households counts its members",
    "customer_web_days": "dbt ties it to customer_360; fct_sessions has the gate of the events",
    "dim_accounts": "the gate of account_360 counts it",
    "dim_campaigns": "the balance of rows",
    "dim_products": "the balance of rows",
    "fct_abandoned_carts": "dbt ties it to fct_sessions",
    "fct_quotes": "the balance of rows; the gate of fct_opportunities, to which dbt ties it",
    "rpt_forecast_quality": "the gate of rpt_revenue_forecast, which it makes",
    "rpt_funnel": "the gate of fct_sessions, which it counts",
    "rpt_input_problems": "it tells of oddities, and nothing goes by it",
    "rpt_landed_columns": "it is about columns, and nothing goes by it",
    "rpt_prediction_quality": "the gate of customer_traits",
    "rpt_sales_pipeline": "the gate of fct_opportunities, which it counts",
    "rpt_segment_overlaps": "the gate of segment_memberships, which it counts",
    "rpt_segment_sizes": "the gate of segment_memberships, which it counts",
    "rpt_use_case_needs": "it is about columns, and nothing goes by it",
    "rpt_use_cases": "it is about columns, and nothing goes by it",
}


def test_a_published_mart_has_a_gate_or_is_guarded_otherwise():
    gated = {path.stem for path in (PROJECT_DIR / "expectations" / "marts").glob("*.json")}
    assert sorted(set(PUBLISHED) - gated) == sorted(GUARDED_OTHERWISE)


def test_every_model_is_described():
    assert sorted(MODELS) == sorted(FILES)
    assert [
        name
        for name, model in MODELS.items()
        if not model["description"].startswith("One row per ")
    ] == []


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_model_opens_with_its_grain(name):
    opening = {".sql": "-- Grain: one row per ", ".py": '"""Grain: one row per '}
    assert FILES[name].read_text(encoding="utf-8").startswith(opening[FILES[name].suffix])


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_mart_has_an_enforced_contract_with_every_column_typed_and_meant(name):
    model = MODELS[name]
    assert model["config"]["contract"] == {"enforced": True}
    assert [column["name"] for column in model["columns"] if not column.get("data_type")] == []
    assert [column["name"] for column in model["columns"] if not column.get("description")] == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_mart_has_a_tested_key(name):
    model = MODELS[name]
    columns = {column["name"]: column.get("data_tests", []) for column in model["columns"]}
    keys = [[column] for column, tests in columns.items() if "unique" in tests]
    keys += [
        test["unique_combination"]["arguments"]["columns"] for test in model.get("data_tests", [])
    ]
    assert len(keys) == 1
    assert "not_null" in columns[keys[0][0]]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_columns_in_the_description_are_those_of_the_table(built, name):
    stored = rows(
        built,
        "select column_name from duckdb_columns() where schema_name = 'marts' "
        f"and table_name = '{name}' order by column_index",
    )
    assert sorted(column["name"] for column in MODELS[name]["columns"]) == sorted(
        column for (column,) in stored
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_shuffled_rows_give_the_same_mart_in_the_same_order(built, built_again_shuffled, name):
    first = rows(built, f"select * from marts.{name}")
    assert first == rows(built_again_shuffled, f"select * from marts.{name}")
    assert first or name == "customer_aliases"


@pytest.mark.parametrize("name", sorted(name for name in MODELS if name.startswith("int_")))
def test_shuffled_rows_give_the_same_helper_rows(built, built_again_shuffled, name):
    query = f"select * from marts.{name} order by all"
    assert rows(built, query) == rows(built_again_shuffled, query)


def test_every_mart_is_balanced_and_something_was_set_aside(built):
    balance = rows(built, "select * from marts.rpt_row_balance")
    assert all(is_balanced for *_, is_balanced in balance)
    set_aside = {table: aside for table, _, _, aside, _ in balance if aside}
    assert set(set_aside) == {"consents", "customer_timeline", "payments", "tickets"}


def test_the_made_up_conformed_layer_has_only_columns_the_real_one_has():
    described = {
        model["name"]: {column["name"] for column in model["columns"]}
        for folder in ("models/conformed", "seeds")
        for path in (DBT_PROJECT / folder).rglob("*.yml")
        for document in [yaml.safe_load(path.read_text(encoding="utf-8"))]
        for model in document.get("models", []) + document.get("seeds", [])
    }
    made_up = {
        table.removeprefix("conformed."): set(columns)
        for table, columns in COLUMNS.items()
        if table.startswith("conformed.")
    }
    assert {table: columns - described[table] for table, columns in made_up.items()} == {
        table: set() for table in made_up
    }


def test_every_rule_of_the_marts_holds_on_its_examples(built: Path):
    dbt(built, "test", "--select", "test_type:unit,config.schema:marts")


def test_every_segment_that_comes_with_the_project_can_be_used(built: Path):
    refused = rows(built, "select reason from marts.rpt_segments where status = 'refused'")
    assert refused == []


def test_what_an_earlier_try_of_the_run_or_a_later_run_put_into_a_segment_is_forgotten(
    built, built_again_shuffled
):
    stays = "select * from marts.int_segment_stays__recorded order by all"
    assert rows(built_again_shuffled, stays) == rows(built, stays)
    assert rows(built_again_shuffled, f"select count(*) from ({stays})") > [(0,)]


TRAITS = (
    "customer_traits",
    "customer_sales",
    "customer_categories",
    "customer_next_products",
    "int_customer_rfm__scored",
    "rpt_prediction_quality",
    "rpt_revenue_forecast",
    "rpt_forecast_quality",
    "rpt_cohorts",
    "rpt_customer_states",
    "rpt_changes",
)
VIEWED = ("int_buyers__dated", "int_buyers__predicted", "int_next_products__ranked")
THEN = AS_OF - timedelta(days=90)


@pytest.fixture(scope="module")
def past_days(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Homes of a day 90 days ago: built with what came later at hand, and on that day."""
    homes = {}
    for name, world in {"later": on_day, "then": known_on}.items():
        homes[name] = tmp_path_factory.mktemp(name)
        warehouse = homes[name] / "warehouse.duckdb"  # compiled SQL names the file
        shutil.copy(built / "warehouse.duckdb", warehouse)
        with duckdb.connect(str(warehouse)) as connection:
            build_again(connection, built, world(crowded_world(), THEN), TRAITS)
    return homes


@pytest.mark.parametrize("name", TRAITS)
def test_no_trait_of_a_past_day_sees_what_came_later(past_days, name):
    # what forbids to write to somebody counts at once, whatever its date, and so does its point
    without = "exclude (lead_score, lead_reasons)" if name == "customer_traits" else ""
    query = f"select * {without} from marts.{name} order by all"
    told = rows(past_days["then"], query)
    assert told
    assert rows(past_days["later"], query) == told


@pytest.mark.parametrize("name", VIEWED)
def test_what_is_said_today_of_a_past_day_was_said_on_that_day(built, past_days, name):
    without = "view_name, purchases_after" if name == "int_buyers__dated" else "view_name"
    query = f"select * exclude ({without}) from marts.{name} where view_name = "
    told = rows(built, f"{query}'testing' order by all")
    assert told
    assert told == rows(past_days["then"], f"{query}'now' order by all")


def test_visits_and_funnel_of_a_real_shop_are_those_its_own_file_tells(built: Path, tmp_path: Path):
    need(CLICKSTREAM.exists(), "no ../shared/data beside the project")
    with sessions_of_the_clickstream(built / "dbt" / "compiled", tmp_path) as clicks:
        theirs = clicks.execute(
            "select user_id, min(timestamp), max(timestamp), count(*) from raw_clicks "
            "group by user_id, session_id order by all"
        ).fetchall()
        ours = clicks.execute(
            "select customer_id, started_at, ended_at, event_count from marts.fct_sessions "
            "order by all"
        ).fetchall()
        assert len(theirs) == 3605
        assert ours == theirs
        reached = clicks.execute(
            """
            select sum(looks), sum(carts), sum(buys) from (
                select
                    max(event in ('search', 'product_view', 'add_to_cart', 'purchase'))::int looks,
                    max(event in ('add_to_cart', 'purchase'))::int as carts,
                    max(event = 'purchase')::int as buys
                from raw_clicks
                group by session_id
            )
            """
        ).fetchall()
        funnel = clicks.execute(
            "select sum(looked_session_count), sum(carted_session_count), "
            "sum(bought_session_count) from marts.rpt_funnel"
        ).fetchall()
        assert funnel == reached

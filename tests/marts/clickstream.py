"""The clickstream of ../shared/data in the shape of our conformed layer, run through our models."""

from pathlib import Path

import duckdb

CLICKSTREAM = Path(__file__).parents[3] / "shared/data/retentioneering_ecom/ecom.csv.gz"
MODELS = ("int_web_events__sessioned", "fct_sessions", "rpt_funnel")
# The shop's own names become the words that all sources share.
EVENTS = """
    select
        'click:' || row_number() over (order by user_id, timestamp, event) as interaction_id,
        user_id as device_id,
        'web' as channel,
        case event
            when 'product_view' then 'view' when 'add_to_cart' then 'cart' else event
        end as interaction_type,
        timestamp as occurred_at,
        null::varchar as campaign_id,
        null::varchar as subject,
        user_id as customer_id,
        'source_record' as attributed_by
    from raw_clicks
"""


def sessions_of_the_clickstream(compiled: Path, home: Path) -> duckdb.DuckDBPyConnection:
    """Build the models of visits from the SQL that dbt compiled; `raw_clicks` is the file."""
    connection = duckdb.connect(str(home / "warehouse.duckdb"))
    connection.execute("create table raw_clicks as from read_csv(?)", [str(CLICKSTREAM)])
    for schema in ("conformed", "marts", "quality"):
        connection.execute(f"create schema {schema}")
    connection.execute(f"create table clicks as {EVENTS}")
    connection.execute("create table conformed.int_interactions__unioned as from clicks")
    connection.execute("create table marts.int_interactions__attributed as from clicks")
    connection.execute(
        "create table quality.runs as "
        "select max(occurred_at) as as_of, 1 as started_order from clicks"
    )
    for model in MODELS:
        path = compiled / "customer_360" / "models" / "marts" / "web" / f"{model}.sql"
        sql = path.read_text(encoding="utf-8")
        connection.execute(f"create table marts.{model} as {sql}")
    return connection

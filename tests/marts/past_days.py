"""Build the marts of another day again, by the SQL that dbt has compiled and our own Python."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.traits.buyers import predict_buyers
from orchestration.traits.forecast import forecast_revenue
from tests.marts.conformed_world import Row, write_world

World = Mapping[str, Sequence[Row]]

# When a row came to be known. People's records have no day of their own: they are as they are.
KNOWN_SINCE = {
    "conformed.int_orders__unioned": "ordered_at",
    "conformed.int_interactions__unioned": "occurred_at",
    "conformed.int_tickets__unioned": "opened_at",
    "conformed.int_opportunities__unioned": "opened_at",
    "conformed.int_quotes__unioned": "drafted_at",
    "conformed.int_consents__unioned": "changed_at",
    "conformed.int_channel_preferences__unioned": "source_updated_at",
}
PYTHON_MODELS: Mapping[str, tuple[str, Callable[[pd.DataFrame], pd.DataFrame]]] = {
    "int_buyers__predicted": ("int_buyers__dated", predict_buyers),
    "int_revenue__forecast": ("int_revenue__weekly", forecast_revenue),
}


def on_day(world: World, as_of: datetime) -> World:
    """Return the world with the clock set to a day, and with all that came later."""
    return {**world, "quality.runs": [{"run_id": "then", "as_of": as_of, "started_order": 1}]}


def known_on(world: World, as_of: datetime) -> World:
    """Return the world as it was on a day: nothing later has happened, no list price has risen."""
    kept = dict(on_day(world, as_of))
    for table, column in KNOWN_SINCE.items():
        kept[table] = [row for row in world[table] if not is_later(row[column], as_of)]
    there = {row["order_id"] for row in kept["conformed.int_orders__unioned"]}
    lines = "conformed.int_order_lines__unioned"
    kept[lines] = [row for row in world[lines] if row["order_id"] in there]
    products = "conformed.int_products__unioned"
    kept[products] = [{**row, "price_usd": 9} for row in world[products]]
    return kept


def is_later(moment: object, as_of: datetime) -> bool:
    if isinstance(moment, datetime):
        return moment > as_of
    return isinstance(moment, date) and moment > as_of.date()


def build_again(
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    world: World,
    wanted: Sequence[str],
    write: Callable[[duckdb.DuckDBPyConnection, World], None] = write_world,
) -> None:
    """Write the world, and build the wanted marts with all that they are made of."""
    write(connection, world)
    target = home / "dbt"
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    made_of = ancestors(manifest, wanted)
    parents = {key: made_of & set(manifest[key]["depends_on"]["nodes"]) for key in made_of}
    for key in TopologicalSorter(parents).static_order():
        node = manifest[key]
        table = f"{node['schema']}.{node['name']}"
        if node["name"] in PYTHON_MODELS:
            read, predict = PYTHON_MODELS[node["name"]]
            connection.register("made", predict(connection.execute(f"from marts.{read}").df()))
            connection.execute(f"create or replace table {table} as from made")
        elif node["schema"] == "marts" and node["config"]["materialized"] == "table":
            compiled = target / "compiled" / node["package_name"] / node["original_file_path"]
            sql = compiled.read_text(encoding="utf-8")
            connection.execute(f"create or replace table {table} as {sql}")


def ancestors(manifest: Mapping[str, Mapping], wanted: Sequence[str]) -> set[str]:
    """Return the models that the wanted ones are made of, and themselves."""
    waiting = [key for key, node in manifest.items() if node["name"] in wanted]
    found: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key in found or not key.startswith("model."):
            continue
        found.add(key)
        waiting += manifest[key]["depends_on"]["nodes"]
    return found

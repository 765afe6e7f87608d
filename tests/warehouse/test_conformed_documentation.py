"""What the YAML says about staging and conformed is what the built tables have."""

import json

from tests.warehouse.landed_world import LandedWorld


def test_the_described_columns_are_the_columns_of_the_table_in_order(
    built_world: LandedWorld,
) -> None:
    manifest = json.loads(
        (built_world.home / "target" / "manifest.json").read_text(encoding="utf-8")
    )
    described = {
        (node["schema"], node["name"]): list(node["columns"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in ("staging", "conformed")
    }
    built = built_world.rows(
        "select schema_name, table_name, list(column_name order by column_index)"
        " from duckdb_columns() where schema_name in ('staging', 'conformed') group by all"
    )
    tables = {(schema, name): columns for schema, name, columns in built}
    differing = [name for name, columns in described.items() if tables[name] != columns]
    assert len(described) > 40
    assert differing == []


def test_the_unit_tests_of_staging_and_conformed_pass(built_world: LandedWorld) -> None:
    tested = built_world.dbt(
        "test",
        "--select",
        "path:models/staging",
        "path:models/conformed",
        "--resource-type",
        "unit_test",
    )
    assert tested.returncode == 0, tested.stdout[-4000:]

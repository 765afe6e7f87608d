"""A layer of the warehouse reads only what stands before it; personal columns stay marked."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.landing.contract import load_contracts
from orchestration.settings import PACKAGE_DIR, PROJECT_DIR

DBT_PROJECT = PROJECT_DIR / "dbt_project"
Manifest = dict[str, Any]

# What a folder of models may read: sources by their name, models and seeds by their layer.
MAY_READ = {
    "staging": {"source landing", "source quality"},
    "conformed": {"staging", "conformed", "seeds", "source quality"},
    "marts": {"conformed", "marts", "seeds", "source identity", "source quality"},
}
# The count of rows looks at every layer below it (decision D3).
COUNTS_ROWS = {"row_balance": {"source landing"}}
# A personal column of a source under the name that all sources share.
RENAMED = {"gender": "sex", "postal_code": "postcode"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    target = tmp_path_factory.mktemp("dbt")
    command = [str(Path(sys.executable).parent / "dbt"), "--no-use-colors", "parse"]
    own = {"C360_HOME": str(target), "DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target)}
    parsed = subprocess.run(
        command, cwd=DBT_PROJECT, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert parsed.returncode == 0, parsed.stdout[-3000:]
    return json.loads((target / "manifest.json").read_text(encoding="utf-8"))


def models(manifest: Manifest) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def layer_of(manifest: Manifest, unique_id: str) -> str:
    if unique_id in manifest["sources"]:
        return f"source {manifest['sources'][unique_id]['source_name']}"
    node = manifest["nodes"][unique_id]
    return "seeds" if node["resource_type"] == "seed" else node["fqn"][1]


def test_every_layer_reads_only_the_layers_before_it(manifest):
    crossings = [
        f"{model['name']} reads {parent}"
        for model in models(manifest)
        for parent in model["depends_on"]["nodes"]
        if layer_of(manifest, parent)
        not in MAY_READ[model["fqn"][1]] | COUNTS_ROWS.get(model["name"], set())
    ]
    assert crossings == []


def test_every_landing_table_has_one_staging_model_and_no_other_reads_it(manifest):
    readers: dict[str, list[str]] = {}
    for model in models(manifest):
        for parent in model["depends_on"]["nodes"]:
            if layer_of(manifest, parent) == "source landing" and model["name"] not in COUNTS_ROWS:
                readers.setdefault(manifest["sources"][parent]["name"], []).append(model["name"])
    contracts = load_contracts(PACKAGE_DIR / "sources")
    staged = {each.landing_name: [f"stg_{each.source}__{each.table}"] for each in contracts}
    folded = {
        each.folded_name: [f"stg_{each.source}__{each.table}_daily"]
        for each in contracts
        if each.fold
    }
    assert readers == staged | folded


def test_a_staging_model_stands_in_the_folder_of_its_source(manifest):
    misplaced = [
        model["name"]
        for model in models(manifest)
        if model["fqn"][1] == "staging" and not model["name"].startswith(f"stg_{model['fqn'][2]}__")
    ]
    assert misplaced == []


def test_a_schema_is_a_layer(manifest):
    strange = [
        f"{model['name']} in {model['schema']}"
        for model in models(manifest)
        if model["schema"] != model["fqn"][1]
    ]
    assert strange == []


def test_only_source_specific_models_name_a_staging_model(manifest):
    named = [
        model["name"]
        for model in models(manifest)
        if model["fqn"][1] != "staging"
        and "source_specific" not in model["fqn"]
        and re.search(r"ref\(\s*['\"]stg_", model["raw_code"])
    ]
    assert named == []


def test_rows_of_every_staging_model_are_counted(manifest):
    project = yaml.safe_load((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    staged = sorted(model["name"] for model in models(manifest) if model["fqn"][1] == "staging")
    assert project["vars"]["staging_models"] == staged


def test_every_model_and_column_is_described_and_the_description_opens_with_the_grain(manifest):
    poor = [
        model["name"]
        for model in models(manifest)
        if not model["description"].startswith("One row per ")
        or not model["columns"]
        or not all(column["description"] for column in model["columns"].values())
    ]
    assert poor == []


def test_a_personal_column_stays_marked_in_every_model_that_has_it(manifest):
    personal = {
        RENAMED.get(name, name)
        for contract in load_contracts(PACKAGE_DIR / "sources")
        for name, column in contract.columns.items()
        if column.is_personal
    }
    unmarked = [
        f"{model['name']}.{name}"
        for model in models(manifest)
        for name, column in model["columns"].items()
        if name.removesuffix("_raw") in personal
        and "pii" not in (column["config"].get("meta") or column["meta"])
    ]
    assert unmarked == []


def test_every_table_that_is_no_mere_step_tests_its_key(manifest):
    keyed = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") in ("unique", "unique_combination")
    }
    without = [model["name"] for model in models(manifest) if model["unique_id"] not in keyed]
    assert [name for name in without if not name.startswith("int_")] == []


def test_a_model_can_be_read_in_one_go():
    long = {
        path.stem: lines
        for path in (DBT_PROJECT / "models").rglob("*.sql")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 120
    }
    assert long == {}

"""The two ways to start Dagster name the same code location."""

import tomllib
from pathlib import Path

import yaml

PROJECT = Path(__file__).parents[2]


def test_workspace_and_pyproject_name_the_same_code_location():
    pyproject = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["tool"]["dg"]["project"]
    workspace = yaml.safe_load((PROJECT / "workspace.yaml").read_text(encoding="utf-8"))
    module = workspace["load_from"][0]["python_module"]
    assert module["location_name"] == project["code_location_name"]
    assert module["module_name"] == f"{project['root_module']}.definitions"


def test_every_transitive_version_is_pinned():
    pyproject = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = pyproject["tool"]["uv"]["constraint-dependencies"]
    assert len(pins) > 100
    assert all("==" in pin and "://" not in pin for pin in pins)

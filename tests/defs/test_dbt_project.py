"""The dbt project as Dagster reads it."""

import pytest
from dagster_dbt import DbtProject

from orchestration.cli.failures import describe_exception
from orchestration.defs.warehouse.project import DbtProjectError, parse

PROJECT = """
name: small
profile: small
"""
PROFILES = """
small:
  target: dev
  outputs: {dev: {type: duckdb, path: ":memory:"}}
"""


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "small"
    (folder / "macros").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
    (folder / "profiles.yml").write_text(PROFILES, encoding="utf-8")
    return DbtProject(folder, profiles_dir=folder, target_path=tmp_path / "target")


def test_a_manifest_is_written(project):
    parse(project)
    assert project.manifest_path.exists()


def test_a_file_that_dbt_cant_read_is_named(project):
    path = project.project_dir / "macros" / "_macros.yml"
    path.write_text("macros: [{name: m, arguments: [{nature: x}]}]", encoding="utf-8")
    with pytest.raises(DbtProjectError) as caught:
        parse(project)
    assert "macros/_macros.yml" in describe_exception(caught.value)

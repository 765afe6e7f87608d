"""The dbt project that is run, and its manifest."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from dagster_dbt import DagsterDbtCliRuntimeError, DagsterDbtProjectPreparer, DbtProject

from orchestration.publishing.documentation import TableDocumentation
from orchestration.settings import Settings

PARSED = {".sql", ".yml", ".yaml", ".csv", ".md"}
DBT_WORDS = "Errors parsed from dbt logs:"


class DbtProjectError(RuntimeError):
    """The dbt project can't be read."""


@cache
def dbt_project() -> DbtProject:
    """Return the dbt project, with a manifest that is no older than its files.

    A fresh clone has no manifest, and without one Dagster cannot load the code location.

    Raises:
        DbtProjectError: A file of the project is at fault.
    """
    settings = Settings()
    target = settings.home_dir / "dbt"
    project = DbtProject(
        project_dir=settings.dbt_project_dir,
        profiles_dir=settings.dbt_project_dir,
        target_path=target,
        packaged_project_dir=None,
    )
    if not project.manifest_path.exists() or changed_since(
        project.manifest_path.stat().st_mtime, project_files(settings.dbt_project_dir)
    ):
        parse(project)
    return project


def parse(project: DbtProject) -> None:
    """Write the manifest of a dbt project into its target folder.

    Raises:
        DbtProjectError: A file of the project is at fault. The words are dbt's, which has read
            the project's files and no data.
    """
    target = Path(project.target_path)
    target.mkdir(parents=True, exist_ok=True)
    try:
        DagsterDbtProjectPreparer().prepare(project)
    except DagsterDbtCliRuntimeError as error:
        words = str(error).partition(DBT_WORDS)[2].strip() or f"see {target / 'dbt.log'}"
        raise DbtProjectError(f"dbt can't read {project.project_dir}: {words}") from error


def project_files(project_dir: Path) -> Iterable[Path]:
    """Yield the files that a dbt manifest depends on."""
    for path in project_dir.rglob("*"):
        parts = path.relative_to(project_dir).parts
        if path.suffix in PARSED and parts[0] not in {"target", "logs"}:
            yield path


def changed_since(moment: float, files: Iterable[Path]) -> bool:
    """Return whether any file was written after the moment (seconds since the epoch)."""
    return any(path.stat().st_mtime > moment for path in files)


def published_models() -> tuple[str, ...]:
    """Return the names of the marts that BI sees: the enabled models tagged `published`."""
    return tuple(sorted(node["name"] for node in _published_nodes()))


def published_documentation() -> dict[str, TableDocumentation]:
    """Return what the project says of each published mart: descriptions and key."""
    return {
        node["name"]: TableDocumentation(
            description=node["description"],
            columns={name: column["description"] for name, column in node["columns"].items()},
            key=tuple(node.get("primary_key") or ()),
        )
        for node in _published_nodes()
    }


def _published_nodes() -> list[Mapping[str, Any]]:
    manifest = json.loads(dbt_project().manifest_path.read_text(encoding="utf-8"))
    nodes = manifest["nodes"].values()
    return [node for node in nodes if "published" in node.get("tags", [])]

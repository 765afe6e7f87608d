"""Read from dbt's target folder what its models, seeds and exposures are, without running dbt.

The compiled SQL is what the last build ran, so nothing here needs the warehouse: the way of a
figure can be shown while a run holds it.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from orchestration.lineage.errors import LineageError


@dataclass(frozen=True, slots=True)
class Artifacts:
    """The manifest of a dbt project and the folder of its target."""

    target: Path
    manifest: Mapping[str, Any]

    @classmethod
    def of(cls, target: Path) -> "Artifacts":
        """Read the manifest.

        Raises:
            LineageError: dbt has not run in this home.
        """
        path = target / "manifest.json"
        if not path.exists():
            raise LineageError("nothing has been built here yet: `c360 run` builds it")
        return cls(target, json.loads(path.read_text(encoding="utf-8")))

    def models(self) -> list[Mapping[str, Any]]:
        """Return the models, each after those it reads; ties go by name."""
        nodes = {
            key: node
            for key, node in self.manifest["nodes"].items()
            if node["resource_type"] == "model"
        }
        order = TopologicalSorter(
            {
                key: sorted(name for name in nodes[key]["depends_on"]["nodes"] if name in nodes)
                for key in sorted(nodes)
            }
        )
        return [nodes[key] for key in order.static_order()]

    def tables_read(self, model: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return layer and name of every table that a model may read."""
        known = {**self.manifest["nodes"], **self.manifest["sources"]}
        return [
            (known[key]["schema"], known[key]["name"])
            for key in model["depends_on"]["nodes"]
            if key in known
        ]

    def compiled_sql(self, node: Mapping[str, Any]) -> str | None:
        """Return the SQL that dbt ran for a model, if it ever did."""
        path = self.target / "compiled" / node["package_name"] / node["original_file_path"]
        return path.read_text(encoding="utf-8") if path.exists() else None

    def seeds(self) -> dict[tuple[str, str], list[str]]:
        """Return the columns of every seed, out of the first line of its file."""
        found = {}
        for node in self.manifest["nodes"].values():
            if node["resource_type"] == "seed":
                path = Path(node["root_path"] or "", node["original_file_path"])
                with path.open(encoding="utf-8", newline="") as file:
                    found[node["schema"], node["name"]] = next(csv.reader(file))
        return found

    def sources(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        """Return the columns of every table that dbt reads and does not make."""
        return {
            (node["schema"], node["name"]): node["columns"]
            for node in self.manifest["sources"].values()
        }

    def published(self) -> frozenset[str]:
        """Return the names of the marts that are part of a snapshot."""
        return frozenset(node["name"] for node in self.models() if "published" in node["tags"])

    def exposures(self) -> list[Mapping[str, Any]]:
        """Return who uses the marts, by name."""
        found: list[Mapping[str, Any]] = list(self.manifest["exposures"].values())
        return sorted(found, key=lambda exposure: str(exposure["name"]))

    def semantic_manifest(self) -> Mapping[str, Any]:
        """Return the semantic models and metrics; nothing in a project without any."""
        path = self.target / "semantic_manifest.json"
        found: Mapping[str, Any] = (
            json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        )
        return found
